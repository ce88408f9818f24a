// How pictures look: the colours of the style sheet, patterns beside them, and words without markup.
const COLOURS = 8;
const PATTERNS = [
  null,
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 },
  { symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.5 },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: 0 },
  { symbol: "triangle", dashArrayX: [[9, 9], [0, 9, 9, 0]], dashArrayY: [7, 2], symbolSize: 0.6 },
];
const DASHES = ["solid", [7, 4], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2]];
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"];
const page = { patterns: false, printing: false };

function look() {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(`--${name}`).trim();
  const found = Object.fromEntries(["ink", "soft", "line", "ground", "raised", "mark", "bad", "sea", "land", "shore"].map((name) => [name, value(name)]));
  found.colours = Array.from({ length: COLOURS }, (_, place) => value(`c${place + 1}`));
  found.font = getComputedStyle(document.body).fontFamily;
  return found;
}

// A pattern from the second round of colours on, so that no two series look alike; on demand and on paper, everywhere.
function decal(place, ground) {
  const round = Math.floor(place / COLOURS);
  const kind = page.patterns || page.printing ? (place + round) % PATTERNS.length : round % PATTERNS.length;
  return PATTERNS[kind] ? { ...PATTERNS[kind], color: ground, symbolKeepAspect: true } : { symbol: "none" };
}

// Names may hold braces: none of them begins a style.
const clean = (text) => String(text).replaceAll("{", "{\u200b");

function tooltip(ink, formatter, trigger = "item") {
  return {
    trigger, formatter, renderMode: "richText", confine: true, backgroundColor: ink.ground, borderColor: ink.soft, borderWidth: 1, padding: [8, 10],
    textStyle: { color: ink.ink, fontFamily: ink.font, fontSize: 12, lineHeight: 17, rich: { b: { fontWeight: 700, color: ink.ink, lineHeight: 19 } } },
    axisPointer: { type: "shadow", shadowStyle: { color: ink.soft, opacity: 0.12 } }, transitionDuration: 0,
  };
}

const bold = (text) => `{b|${String(text).replaceAll("{", "(").replaceAll("}", ")")}}`;

function cut(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

// A swatch that shows colour, and pattern or line, without a word of style.
function swatch(colour, place, dash) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [key, value] of Object.entries({ width: 18, height: 12, "aria-hidden": "true" })) svg.setAttribute(key, value);
  const draw = (tag, attributes) => {
    const element = document.createElementNS(space, tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    svg.append(element);
  };
  if (dash) {
    draw("line", { x1: 0, y1: 6, x2: 18, y2: 6, stroke: colour, "stroke-width": 2.5, ...(dash === "solid" ? {} : { "stroke-dasharray": dash.join(" ") }) });
    return svg;
  }
  draw("rect", { x: 2, y: 0, width: 14, height: 12, rx: 2, fill: colour });
  const round = Math.floor(place / COLOURS);
  const pattern = page.patterns || page.printing ? (place + round) % PATTERNS.length : round % PATTERNS.length;
  const ground = look().ground, strokes = { stroke: ground, "stroke-width": 1.5 };
  const lines = { 1: [[2, 12, 14, 0], [8, 12, 18, 2]], 3: [[2, 0, 14, 12], [8, 0, 18, 10]], 4: [[2, 3, 16, 3], [2, 8, 16, 8]] }[pattern];
  for (const [x1, y1, x2, y2] of lines || []) draw("line", { x1, y1, x2, y2, ...strokes });
  if (pattern === 2) for (const cx of [5, 9, 13]) draw("circle", { cx, cy: 6, r: 1.6, fill: ground });
  if (pattern === 5) for (const x of [3, 8, 13]) draw("path", { d: `M${x} 9l2 -5 2 5z`, fill: ground });
  return svg;
}
