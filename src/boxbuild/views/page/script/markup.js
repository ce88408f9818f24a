// Elements made from data; text goes in as text, never as markup.
function make(tag, { text, name, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined && text !== null) element.textContent = text;
  element.append(...children);
  return element;
}

function marked(kind, word) {
  return SIGNS[kind] ? [make("b", { text: SIGNS[kind], "aria-hidden": "true" }), ` ${word}`] : [word];
}

function cellOf(value, one) {
  if (one.kind === "status" && value) {
    const [kind, word] = status(value);
    return make("td", { name: `status ${kind}`, "data-title": headingOf(one) }, ...marked(kind, word));
  }
  const text = shown(value, one.kind, one.decimals);
  const side = !TEXT_KINDS.includes(one.kind) ? "n" : one.kind === "date" ? "d" : text.length > LONG ? "long" : "";
  return make("td", { name: side, "data-title": headingOf(one), text });
}

const MOST_ROWS = 100;
const LONG = 30;

function htmlTable(table, most = MOST_ROWS) {
  const heads = table.columns.map((one) => make("th", { scope: "col", text: headingOf(one), name: TEXT_KINDS.includes(one.kind) ? "" : "n" }));
  const rows = table.rows.slice(0, most).map((row) => make("tr", {}, ...row.map((value, place) => cellOf(value, table.columns[place]))));
  const found = [make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows))];
  const more = table.rows.length - most;
  if (more > 0) found.push(make("p", { name: "more", text: `and ${number(more, 0)} more rows` }));
  return found;
}

function factCards(data) {
  const cards = data.facts.map((fact) => {
    const kind = fact.status || "none";
    const value = make("dd", {}, ...marked(kind, fact.value));
    if (SIGNS[kind]) value.append(make("span", { name: "unseen", text: ` (${kind})` }));
    const card = make("div", { name: `fact ${kind}` }, make("dt", { text: fact.name }), value);
    if (fact.note) card.append(make("dd", { name: "note", text: fact.note }));
    return card;
  });
  return [make("dl", { name: "facts" }, ...cards)];
}

function branch(node, opened) {
  const line = [make("span", { name: "name", text: node.name })];
  if (node.note) line.push(" ", make("span", { name: "note", text: node.note }));
  line.push(" ", make("span", { name: "value", text: node.value }));
  const children = node.children || [];
  if (!children.length) return make("li", {}, make("div", { name: "leaf" }, ...line));
  const list = make("ul");
  const details = make("details", {}, make("summary", {}, ...line), list);
  const fill = () => { if (!list.childElementCount) list.append(...children.map((child) => branch(child, opened - 1))); };
  if (opened > 0) { details.open = true; fill(); }
  details.addEventListener("toggle", fill);
  return make("li", {}, details);
}

const treeList = (data) => [make("ul", { name: "tree" }, ...data.roots.map((node, place) => branch(node, place ? 0 : 2)))];

const SHADES = [0.25, 0.5, 0.7, 0.85, 0.95, 0.9995, 1.0005];

function heatTable(data, unit, title) {
  const table = tableOf("heat", data), shares = data.kind !== "number", load = data.kind === "load";
  const most = Math.max(...data.values.map((cell) => Math.abs(cell[2] ?? 0)), 0) || 1;
  const cell = (value, place) => {
    if (value === null) return make("td");
    const level = load ? SHADES.filter((step) => value >= step).length : Math.min(Math.trunc((Math.abs(value) / most) * 6), 5);
    const text = shares ? number(value * 100, 0) : Math.abs(value) >= 1e4 ? `${number(value / 1000, 0)}k` : number(value, 0);
    const said = shares ? percent(value) : full(value, unit);
    return make("td", { name: `h${level}`, text, title: `${table.columns[place].title}: ${said}` });
  };
  const heads = data.across.map((label) => make("th", { scope: "col", text: label }));
  const rows = table.rows.map(([label, ...values]) => make("tr", {}, make("th", { scope: "row", text: label, title: label }), ...values.map((value, place) => cell(value, place + 1))));
  const inner = make("table", {}, make("thead", {}, make("tr", {}, make("td"), ...heads)), make("tbody", {}, ...rows));
  const box = make("div", { name: "scroll heat", tabindex: "0", role: "region", "aria-label": `${title}: table` }, inner);
  return load ? [box, heatScale()] : [box];
}

function heatScale() {
  const words = ["under 25 %", "25", "50", "70", "85", "95", "full", "over"];
  return make("ul", { name: "scale", "aria-label": "Shades" }, ...words.map((text, level) => make("li", { name: `h${level}`, text })));
}
