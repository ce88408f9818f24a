// Numbers for people, as numbers.py has them.
const DASH = "–";
const SIGNS = { good: "✓", warn: "▲", bad: "✕" };
const TEXT_KINDS = ["text", "date", "status"];

function number(value, decimals) {
  const text = value.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return /[1-9]/.test(text) ? text : text.replace("-", "");
}

function percent(value, decimals = 1) {
  const step = 10 ** -decimals, shown = value * 100;
  if (shown > 0 && shown < step) return `<${step.toFixed(decimals)} %`;
  if (shown > 100 - step && shown < 100 - 1e-7) return `>${(100 - step).toFixed(decimals)} %`;
  return `${number(shown, decimals)} %`;
}

// Five or six signs: 1,234 or 12.3 k, 4.56 m, 7.89 bn.
function short(value) {
  if (value === null || value === undefined) return DASH;
  for (const [from, size, unit] of [[1e9, 1e9, " bn"], [1e6, 1e6, " m"], [1e4, 1e3, " k"]]) {
    if (Math.abs(value) >= from) return number(value / size, Math.abs(value / size) < 100 ? 2 : 1) + unit;
  }
  return number(value, Math.abs(value) >= 100 || value === Math.round(value) ? 0 : 2);
}

// The same for an axis: no zeros that say nothing.
function tick(value, unit) {
  if (unit === "share") return `${number(value * 100, 0)} %`;
  return short(value).replace(/(\.\d*?)0+(?= |$)/, "$1").replace(/\.(?= |$)/, "");
}

function places(value, kind) {
  if (kind === "money" && Math.abs(value) < 1e5) return 2;
  return value === Math.round(value) || Math.abs(value) >= 1000 ? 0 : 2;
}

function shown(value, kind, decimals) {
  if (value === null || value === undefined || value === "") return DASH;
  if (TEXT_KINDS.includes(kind) || typeof value === "string") return String(value);
  if (kind === "percent") return percent(value, decimals ?? 1);
  return number(value, decimals ?? places(value, kind));
}

function status(cell) {
  const found = /^(good|warn|bad|none):\s*([^]*)$/.exec(cell);
  return found ? [found[1], found[2].trim()] : ["none", cell];
}

function full(value, unit) {
  if (value === null || value === undefined) return DASH;
  if (unit === "share") return percent(value);
  return number(value, places(value, "number")) + (unit ? ` ${unit}` : "");
}
