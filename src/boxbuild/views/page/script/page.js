// The page: figures when they are seen, the menu, the scheme, patterns and paper.
const root = document.documentElement;
const figures = new Map([...document.querySelectorAll("figure.chart")].map((element) => [element, new Figure(element)]));
const each = (action) => { for (const figure of figures.values()) action(figure); };
const redraw = () => each((figure) => { if (figure.drawing) figure.draw(); });

root.classList.add("enhanced");
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); figures.get(entry.target).begin(); }
}, { rootMargin: "300px" });
for (const element of figures.keys()) seen.observe(element);

// The scheme: the system's until a reader chooses.
const dark = matchMedia("(prefers-color-scheme: dark)");
const schemeButton = document.getElementById("scheme");
const isDark = () => (root.dataset.scheme ? root.dataset.scheme === "dark" : dark.matches);
const kept = { get: () => { try { return localStorage.getItem("boxbuild-scheme"); } catch { return null; } }, set: (value) => { try { localStorage.setItem("boxbuild-scheme", value); } catch { /* a frame may have no storage */ } } };
function scheme(value) {
  if (value) root.dataset.scheme = value;
  schemeButton.setAttribute("aria-pressed", String(isDark()));
  redraw();
}
schemeButton.addEventListener("click", () => { const value = isDark() ? "light" : "dark"; kept.set(value); scheme(value); });
dark.addEventListener("change", () => scheme());
scheme(["light", "dark"].includes(kept.get()) ? kept.get() : undefined);

const patternsButton = document.getElementById("patterns");
function patterns(on) {
  page.patterns = on;
  patternsButton.setAttribute("aria-pressed", String(on));
  redraw();
}
patternsButton.addEventListener("click", () => patterns(!page.patterns));
if (matchMedia("(prefers-contrast: more)").matches) patterns(true);

// Paper: everything drawn, light, as wide as a page.
document.getElementById("paper").addEventListener("click", () => print());
let before;
addEventListener("beforeprint", () => {
  before = root.dataset.scheme;
  root.dataset.scheme = "light";
  page.printing = true;
  each((figure) => { figure.begin(); if (figure.drawing) figure.draw(); });
});
addEventListener("afterprint", () => {
  page.printing = false;
  if (before) root.dataset.scheme = before; else delete root.dataset.scheme;
  redraw();
});

// The menu: beside the page, or above it behind a button; where one reads is marked.
const menuButton = document.getElementById("menu"), list = document.getElementById("sections");
const narrow = matchMedia("(max-width: 62rem)");
const close = () => { list.classList.remove("open"); menuButton.setAttribute("aria-expanded", "false"); };
const fold = () => { menuButton.hidden = !narrow.matches; close(); };
menuButton.addEventListener("click", () => menuButton.setAttribute("aria-expanded", String(list.classList.toggle("open"))));
list.addEventListener("click", close);
addEventListener("keydown", (event) => { if (event.key === "Escape" && list.classList.contains("open")) { close(); menuButton.focus(); } });
narrow.addEventListener("change", fold);
fold();
const links = new Map([...list.querySelectorAll("a")].map((link) => [document.getElementById(link.hash.slice(1)), link]));
function where() {
  let now;
  for (const section of links.keys()) if (section.getBoundingClientRect().top <= innerHeight * 0.35) now = section;
  now ??= links.keys().next().value;
  for (const [section, link] of links) if (section === now) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
  if (now) menuButton.textContent = links.get(now).textContent;
}
let waiting = false;
addEventListener("scroll", () => { if (!waiting) { waiting = true; requestAnimationFrame(() => { waiting = false; where(); }); } }, { passive: true });
where();

// Heights, when the browser has nothing else to do.
const idle = window.requestIdleCallback ?? ((action) => setTimeout(action, 200));
idle(() => each((figure) => figure.reserve()));

let turn;
addEventListener("resize", () => { clearTimeout(turn); turn = setTimeout(() => { if (!page.printing) redraw(); }, 120); });
document.querySelector(".tools").hidden = false;
