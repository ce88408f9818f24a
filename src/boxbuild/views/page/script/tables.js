// The table behind a chart, as tables.py has it.
const column = (title, kind = "text", decimals = null) => ({ name: title, title, kind, decimals });
const headingOf = (one) => one.title || (one.kind === "status" ? "status" : "");
const byValue = (one, other) => other.value - one.value;

function seriesTable(data, unit) {
  const kind = unit === "share" ? "percent" : "number";
  const series = [...data.series];
  if (data.limit) series.push({ name: "limit", values: data.limit });
  return {
    columns: [column(""), ...series.map((one) => column(one.name, kind))],
    rows: data.across.map((label, place) => [label, ...series.map((one) => one.values[place])]),
  };
}

// Each step of a waterfall with where its bar begins and ends.
function ends(steps) {
  let soFar = 0;
  return steps.map((step) => {
    const begin = step.kind === "total" ? 0 : soFar;
    soFar = step.kind === "total" ? step.value : soFar + step.value;
    return { ...step, begin, end: soFar };
  });
}

function flatten(nodes, depth = 0) {
  return nodes.flatMap((node) => [
    [" ".repeat(4 * depth) + node.name, node.value, node.note || null],
    ...flatten(node.children || [], depth + 1),
  ]);
}

const TABLES = {
  facts: (data) => ({
    columns: [column(""), column("value"), column("note")],
    rows: data.facts.map((fact) => [fact.name, fact.value, fact.note || null]),
  }),
  table: (data) => ({ columns: data.columns, rows: data.rows }),
  bars: seriesTable,
  lines: seriesTable,
  heat: (data) => {
    const kind = data.kind === "number" ? "number" : "percent";
    const rows = data.down.map((label) => [label, ...data.across.map(() => null)]);
    for (const [x, y, value] of data.values) rows[y][x + 1] = value;
    return { columns: [column(""), ...data.across.map((label) => column(label, kind, kind === "percent" ? 0 : null))], rows };
  },
  sankey: (data, unit) => {
    const titles = new Map(data.nodes.map((node) => [node.name, node.title]));
    return {
      columns: [column("from"), column("to"), column(unit || "value", "number")],
      rows: [...data.links].sort(byValue).map((link) => [titles.get(link.source), titles.get(link.target), link.value]),
    };
  },
  waterfall: (data, unit) => ({
    columns: [column("step"), column(unit || "value", "number"), column("so far", "number")],
    rows: ends(data.steps).map((step) => [step.name, step.value, step.end]),
  }),
  map: (data) => {
    const titles = new Map(data.places.map((place) => [place.name, place.title]));
    const flows = [...data.flows].sort((one, other) => (other.money || 0) - (one.money || 0) || (other.units || 0) - (one.units || 0));
    return {
      columns: [column("from"), column("to"), column("by"), column("units", "number", 0), column("money", "money")],
      rows: flows.map((flow) => [titles.get(flow.origin) ?? flow.origin, titles.get(flow.destination) ?? flow.destination, flow.mode, flow.units, flow.money]),
    };
  },
  tree: (data) => ({ columns: [column(""), column("value"), column("note")], rows: flatten(data.roots) }),
};

const tableOf = (kind, data, unit) => TABLES[kind](data, unit);

// Text that a spreadsheet takes: nothing in it is a formula.
function separated(table, sign) {
  const cell = (value, one) => {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    let text = one.kind === "status" ? status(value)[1] : String(value);
    if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return text.includes(sign) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const head = table.columns.map((one) => cell(headingOf(one), { kind: "text" })).join(sign);
  return [head, ...table.rows.map((row) => row.map((value, place) => cell(value, table.columns[place])).join(sign))].join("\r\n") + "\r\n";
}
