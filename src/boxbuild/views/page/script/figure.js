// One chart of the page: its data, read when it is first seen; its picture, its choices, its table.
const DRAWN = ["bars", "lines", "sankey", "waterfall", "map"];
const drawings = {
  bars: (data, unit, ink, width, off) => seriesOption("bars", data, unit, ink, width, off),
  lines: (data, unit, ink, width, off) => seriesOption("lines", data, unit, ink, width, off),
  waterfall: waterfallOption,
  sankey: sankeyOption,
  map: mapOption,
};
const heights = {
  bars: (data, width) => (runsDown(data, width) ? data.across.length * 24 + 40 : width < 520 ? 260 : 320),
  lines: (data, width) => (width < 520 ? 260 : 320),
  waterfall: (data) => data.steps.length * 27 + 34,
  sankey: sankeyHeight,
  map: mapHeight,
};
// A picture that needs more room than there is scrolls in its box.
const least = (kind, data) => (kind === "sankey" ? 704 : kind === "bars" ? seriesWidth(data) : 0);
const PAPER = 690;

class Figure {
  constructor(element) {
    this.element = element;
    this.body = element.querySelector(".body");
    this.select = element.querySelector("select");
    this.off = new Set();
    this.view = {};
    if (this.select) {
      element.querySelector(".choose").hidden = false;
      this.select.addEventListener("change", () => this.choose());
    }
  }

  get chart() {
    this.read ??= JSON.parse(this.element.querySelector(":scope > script").textContent);
    return this.read;
  }

  get picture() {
    const { data, unit, says, choices } = this.chart, one = choices[this.select ? Number(this.select.value) : 0];
    return one ? { data: { ...data, ...one.data }, unit: one.unit || unit, says: one.says || says } : { data, unit, says };
  }

  // Begin: what stands in the page is the first choice already, so only pictures and grids are made.
  begin() {
    if (this.begun) return;
    this.begun = true;
    const { kind } = this.chart, again = this.select && this.select.value !== "0";
    if (DRAWN.includes(kind)) this.openBox();
    if (kind === "table") this.grid();
    if (kind === "heat") this.show();
    if (DRAWN.includes(kind)) { this.acts(this.element.querySelector(".numbers .scroll")); this.draw(); }
    if (again) this.choose();
  }

  // Its height, before it is seen, so that nothing moves when it is drawn.
  reserve() {
    if (this.begun || !DRAWN.includes(this.chart.kind)) return;
    const { data } = this.picture, { kind } = this.chart;
    this.body.style.minHeight = `${heights[kind](data, Math.max(this.body.clientWidth, least(kind, data)))}px`;
  }

  openBox() {
    this.body.style.minHeight = "0";
    this.box = this.body.querySelector(".picture");
    this.box.hidden = false;
    this.body.querySelector(".legend").hidden = false;
    const wide = make("div", { name: "wide" });
    this.box.before(wide);
    wide.append(this.box);
    if (this.chart.kind === "map") this.steer();
    if (this.chart.kind === "waterfall") this.closer();
    this.box.addEventListener("keydown", (event) => this.step(event));
  }

  choose() {
    const { says } = this.picture;
    this.begin();
    this.off.clear();
    this.element.querySelector(".says").textContent = says;
    this.element.querySelector(".chosen b").textContent = this.select.selectedOptions[0].textContent;
    if (DRAWN.includes(this.chart.kind)) { this.draw(); this.tabulate(); } else if (this.chart.kind === "table") this.grid(); else this.show();
    say(says);
  }

  show() {
    const { data, unit } = this.picture, { kind, title } = this.chart;
    this.body.replaceChildren(...(kind === "facts" ? factCards(data) : kind === "tree" ? treeList(data) : heatTable(data, unit, title)));
  }

  draw() {
    const { data, unit } = this.picture, { kind } = this.chart, ink = look();
    this.box.style.minWidth = page.printing ? "0" : `${least(kind, data)}px`;
    const width = page.printing ? PAPER : this.box.clientWidth;
    this.box.style.height = `${heights[kind](data, width)}px`;
    this.drawing ??= echarts.init(this.box, null, { renderer: "svg", width });
    this.drawing.resize({ width, height: this.box.clientHeight || heights[kind](data, width) });
    this.drawing.setOption(drawings[kind](data, unit, ink, width, this.off, this.view), { notMerge: true });
    if (this.near) this.near.hidden = !closeBegin(ends(data.steps));
    this.legend(kind, data, ink);
    this.box.dataset.drawn = "yes";
  }

  legend(kind, data, ink) {
    const list = this.body.querySelector(".legend");
    const keys = kind === "map" ? mapKeys(data, ink) : kind === "bars" || kind === "lines" ? seriesKeys(kind, data, ink) : [];
    const held = list.contains(document.activeElement) ? [...list.children].indexOf(document.activeElement.parentElement) : -1;
    list.replaceChildren(...(keys.length < 2 ? [] : keys.map((key) => make("li", {}, this.key(key)))));
    list.children[held]?.firstChild.focus();
  }

  key({ text, place, colour, dash, fixed }) {
    const drawn = colour ? [swatch(colour, place, dash)] : [];
    if (fixed) return make("span", { name: "key" }, ...drawn, text);
    const button = make("button", { type: "button", "aria-pressed": String(!this.off.has(place)) }, ...drawn, text);
    button.addEventListener("click", () => {
      if (!this.off.delete(place)) this.off.add(place);
      this.draw();
    });
    return button;
  }

  // Arrow keys walk through what is drawn, and say it.
  step(event) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const { kind } = this.chart, table = tableOf(kind, this.picture.data, this.picture.unit);
    if (event.key === "Escape") { this.drawing.dispatchAction({ type: "hideTip" }); return; }
    if (!way) return;
    event.preventDefault();
    this.at = Math.min(Math.max((this.at ?? -1) + way, 0), table.rows.length - 1);
    const row = table.rows[this.at];
    say(row.map((value, place) => `${place ? `${table.columns[place].title} ` : ""}${shown(value, table.columns[place].kind, table.columns[place].decimals)}`).join(", "));
    if (["bars", "lines", "waterfall"].includes(kind)) this.drawing.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: this.at });
  }

  steer() {
    const by = make("select", { "aria-label": "Width of a flow" }, make("option", { value: "money", text: "flows by money" }), make("option", { value: "units", text: "flows by units" }));
    by.addEventListener("change", () => { this.view.by = by.value; this.draw(); });
    const zoom = (text, words, factor) => {
      const button = make("button", { type: "button", text, "aria-label": words, title: words });
      button.addEventListener("click", () => {
        this.view.zoom = factor ? Math.min(Math.max((this.view.zoom || 1) * factor, 1), 24) : 1;
        this.view.center = this.view.zoom > 1 ? this.centre() : undefined;
        this.draw();
      });
      return button;
    };
    this.body.prepend(make("p", { name: "acts steer" }, by, zoom("+", "Zoom in", 1.8), zoom("−", "Zoom out", 1 / 1.8), zoom("Whole map", "Show the whole map", 0)));
  }

  // The first step often dwarfs the others: the axis may begin nearer to them, and says so.
  closer() {
    const button = make("button", { type: "button", "aria-pressed": "false", text: "Closer look" });
    button.addEventListener("click", () => {
      this.view.close = !this.view.close;
      button.setAttribute("aria-pressed", String(this.view.close));
      this.draw();
    });
    this.near = make("p", { name: "acts steer" }, button);
    this.body.prepend(this.near);
  }

  // The middle of the map as it was moved; at first, where most happens.
  centre() {
    const moved = this.drawing.getOption().geo[0].center;
    if (moved) return moved;
    const busiest = [...this.picture.data.places].filter((place) => place.kind === "plant").sort((one, other) => (other.value || 0) - (one.value || 0))[0];
    return busiest ? [busiest.longitude, busiest.latitude] : undefined;
  }

  tabulate() {
    const { data, unit } = this.picture, table = tableOf(this.chart.kind, data, unit);
    this.element.querySelector(".numbers .scroll").replaceChildren(...htmlTable(table, Infinity));
  }

  // Copy and download, above a table.
  acts(before, extra = []) {
    const copy = make("button", { type: "button", text: "Copy" }), save = make("button", { type: "button", text: "Download CSV" });
    const table = () => tableOf(this.chart.kind, this.picture.data, this.picture.unit);
    copy.addEventListener("click", () => copied(separated(table(), "\t")).then((done) => say(done ? "copied" : "the browser did not let us copy")));
    save.addEventListener("click", () => saved(`${this.element.id.slice(2)}.csv`, separated(table(), ",")));
    before.before(make("p", { name: "acts" }, ...extra, copy, save));
  }

  grid() {
    const table = tableOf("table", this.picture.data), box = this.body.querySelector(".grid"), still = this.body.querySelector(".scroll");
    still.replaceChildren(...htmlTable(table));
    this.made?.destroy();
    this.made = undefined;
    this.body.querySelector(".acts")?.remove();
    const big = table.rows.length >= GRID_ROWS;
    box.hidden = !big;
    still.hidden = big;
    if (!big) { this.acts(still); return; }
    const find = make("input", { type: "search", placeholder: "Filter rows", "aria-label": `Filter rows: ${this.chart.title}` });
    const count = make("span", { name: "count", text: `${number(table.rows.length, 0)} rows` });
    this.made = gridOf(box, table, (left, all) => { count.textContent = left === all ? `${number(all, 0)} rows` : `${number(left, 0)} of ${number(all, 0)} rows`; });
    find.addEventListener("input", () => this.made.look(find.value));
    this.acts(box, [find, count]);
  }
}

function say(text) {
  document.getElementById("said").textContent = text;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function saved(name, text) {
  const place = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  const link = make("a", { href: place, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(place), 10000);
}
