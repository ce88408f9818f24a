// Tables that sort and filter; the static table stays for paper.
const GRID_ROWS = 9;

function cellWords(value, one) {
  if (one.kind === "status" && value) {
    const [kind, word] = status(value);
    return make("span", { name: kind }, ...marked(kind, word));
  }
  return document.createTextNode(shown(value, one.kind, one.decimals));
}

function gridOf(box, table, count) {
  const named = table.columns.map((one, place) => {
    const right = !TEXT_KINDS.includes(one.kind);
    return {
      title: "", field: `f${place}`, cssClass: right ? "right" : "", headerSortStartingDir: right ? "desc" : "asc", minWidth: 70, maxInitialWidth: 360,
      sorter: right ? numbersApart : wordsApart, formatter: (cell) => cellWords(cell.getValue(), one),
      titleFormatter: () => make("button", { type: "button", name: "sort", text: headingOf(one) || "name" }),
    };
  });
  const rows = table.rows.map((row) => Object.fromEntries(row.map((value, place) => [`f${place}`, value])));
  const grid = new tabulator.Tabulator(box, {
    data: rows, columns: named, layout: "fitDataTable", maxHeight: 460, headerSortElement: "",
    placeholder: make("p", { text: "no row has all these words" }),
  });
  grid.on("dataFiltered", (filters, left) => count(left.length, rows.length));
  const words = rows.map((row) => table.columns.map((one, place) => `${row[`f${place}`] ?? ""} ${shown(row[`f${place}`], one.kind, one.decimals)}`).join(" ").toLowerCase());
  rows.forEach((row, place) => { row.words = words[place]; });
  grid.look = (text) => {
    const asked = text.toLowerCase().split(/\s+/).filter(Boolean);
    grid.setFilter((row) => asked.every((word) => row.words.includes(word)));
  };
  return grid;
}

// What is missing is last, whichever way.
function apart(compare) {
  return (one, other, first, second, column, way) => {
    const last = way === "asc" ? 1 : -1;
    if (one === null || one === undefined) return other === null || other === undefined ? 0 : last;
    return other === null || other === undefined ? -last : compare(one, other);
  };
}
const numbersApart = apart((one, other) => one - other);
const wordsApart = apart((one, other) => String(one).localeCompare(String(other), "en", { numeric: true }));
