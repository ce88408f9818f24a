// Bars and lines over the same axis.
const LINES = 14;

const longest = (data) => Math.max(...data.across.map((label) => label.length));
const shapeOf = (one, kind) => one.kind || (kind === "bars" ? "bar" : "line");

// Bars run downwards where the names under them would not fit.
function runsDown(data, width) {
  return longest(data) > 12 && !data.limit && (data.stacked || data.series.length === 1) && data.series.every((one) => !one.kind) && data.across.length <= 60 && width / data.across.length < longest(data) * 6.2;
}

// Bars side by side need room: so much, and then the box scrolls.
function seriesWidth(data) {
  return data.stacked || data.series.length < 2 || data.series.some((one) => one.kind) ? 0 : data.across.length * Math.max(data.series.length * 7 + 12, longest(data) > 10 ? 92 : 0) + 60;
}

function seriesOption(kind, data, unit, ink, width, off) {
  const narrow = width < 520, down = kind === "bars" && runsDown(data, width), crowded = seriesWidth(data) > 0;
  const shapes = data.series.map((one) => shapeOf(one, kind)), bars = shapes.includes("bar");
  const drawn = data.series.flatMap((one, place) => (off.has(place) ? [] : [seriesOf(one, place, shapes, kind, data, ink)]));
  if (data.limit) drawn.push(limitOf(data, ink));
  const names = {
    type: "category", data: data.across, axisTick: { show: false }, axisLine: { lineStyle: { color: ink.soft } }, inverse: down, boundaryGap: bars || Boolean(data.limit),
    axisLabel: down
      ? { color: ink.ink, fontSize: 11.5, interval: 0, formatter: (text) => cut(text, narrow ? 18 : 40) }
      : crowded && longest(data) > 10 && width / data.across.length > 60
        ? { color: ink.soft, fontSize: 10.5, lineHeight: 13, interval: 0, width: Math.floor((width - 60) / data.across.length) - 8, overflow: "break" }
        : { color: ink.soft, fontSize: 11, hideOverlap: true, formatter: (text) => cut(text, narrow ? 10 : 18) },
  };
  const amounts = {
    type: "value", name: unit === "share" ? "" : unit, nameTextStyle: { color: ink.soft, fontSize: 11, align: down ? "right" : "left", padding: [0, 0, 0, -4] }, nameGap: 10, splitNumber: narrow && down ? 3 : 4,
    position: down ? "top" : undefined, axisLabel: { color: ink.soft, fontSize: 11, hideOverlap: true, formatter: (value) => tick(value, unit) }, splitLine: { lineStyle: { color: ink.line } },
  };
  return {
    animation: false, textStyle: { fontFamily: ink.font },
    grid: { left: 4, right: down ? 40 : 12, top: 26, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: tooltip(ink, (found) => seriesWords(found, data, unit), "axis"),
    xAxis: down ? amounts : names, yAxis: down ? names : amounts, series: drawn,
  };
}

function seriesOf(one, place, shapes, kind, data, ink) {
  const colour = ink.colours[place % COLOURS], shape = shapes[place];
  const common = { id: String(place), name: one.name, data: one.values, itemStyle: { color: colour }, emphasis: { disabled: true } };
  if (shape === "bar") {
    const stack = (kind === "bars" ? data.stacked && "all" : one.stack) || undefined;
    return {
      ...common, type: "bar", stack, barMaxWidth: 44, barCategoryGap: "22%", barGap: "8%", z: 2,
      itemStyle: { color: colour, borderColor: ink.ground, borderWidth: stack ? 0.75 : 0, decal: decal(place, ink.ground) },
    };
  }
  const area = shape === "area", dash = dashOf(shapes, place);
  return {
    ...common, type: "line", stack: one.stack || undefined, symbol: SYMBOLS[place % SYMBOLS.length], symbolSize: 5, showSymbol: !area && data.across.length <= 30,
    lineStyle: { color: colour, width: area ? 1.25 : 2.25, type: area ? "solid" : dash }, connectNulls: false, z: area ? 1 : 3,
    areaStyle: area ? { color: colour, opacity: 0.45, decal: decal(place, ink.ground) } : undefined,
  };
}

// The first line is whole, the others are dashed each in its way.
const dashOf = (shapes, place) => DASHES[shapes.slice(0, place).filter((shape) => shape === "line").length % DASHES.length];

function limitOf(data, ink) {
  return {
    id: "limit", name: "limit", type: "line", step: "middle", data: data.limit, symbol: "none", z: 5,
    lineStyle: { color: ink.ink, width: 1.75, type: [5, 3] }, itemStyle: { color: ink.ink }, emphasis: { disabled: true },
  };
}

function seriesWords(found, data, unit) {
  const place = found[0].dataIndex, rows = [];
  for (const one of found) {
    if (one.value === null || one.value === undefined || Number.isNaN(one.value) || (one.value === 0 && found.length > 3)) continue;
    rows.push(`${full(one.value, unit)}   ${clean(cut(one.seriesName, 40))}`);
  }
  const more = rows.length - LINES;
  const total = data.stacked && found.length > 1 ? [`${full(data.series.reduce((sum, one) => sum + (one.values[place] || 0), 0), unit)}   in all`] : [];
  return [bold(data.across[place]), ...rows.slice(0, LINES), ...(more > 0 ? [`and ${more} more: see the table`] : []), ...total].join("\n");
}

function seriesKeys(kind, data, ink) {
  const shapes = data.series.map((one) => shapeOf(one, kind));
  const keys = data.series.map((one, place) => ({ text: one.name, place, colour: ink.colours[place % COLOURS], dash: shapes[place] === "line" ? dashOf(shapes, place) : null }));
  return data.limit ? [...keys, { text: "limit", place: -1, colour: ink.ink, dash: [5, 3], fixed: true }] : keys;
}
