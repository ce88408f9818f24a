"""A report as HTML that reads without a script: headings, sentences, facts, trees, and every picture as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from boxbuild.views.charts import Chart
from boxbuild.views.page.numbers import SIGNS, TEXT_KINDS, shown, status
from boxbuild.views.page.tables import Table, table_of

MOST_ROWS: Final = 100
"""Rows of a table that stand in the HTML; the script has all of them."""

LONG: Final = 30
"""A text of more signs runs over several lines."""

_STEPS: Final = (0.25, 0.5, 0.7, 0.85, 0.95, 0.9995, 1.0005)


def picture(chart: Chart) -> Iterator[str]:
    """Yield the first picture of a chart as HTML."""
    first = chart.pictures()[0]
    draw = {"facts": facts, "tree": tree, "heat": heat}.get(chart.kind)
    if draw is not None:
        yield from draw(first.data)
    elif chart.kind == "table":
        yield '<div class="grid" hidden></div>'
        yield from scrolled(table_of("table", first.data), chart.title)
    else:
        yield f'<div class="picture" hidden role="img" tabindex="0" aria-labelledby="t-{escape(chart.name)}"'
        yield f' aria-describedby="y-{escape(chart.name)}"></div><ul class="legend" hidden></ul>'


def numbers(chart: Chart) -> Iterator[str]:
    """Yield the table behind a drawn picture, closed until it is asked for."""
    first = chart.pictures()[0]
    yield '<details class="numbers"><summary>Show as table</summary>'
    yield from scrolled(table_of(chart.kind, first.data, first.unit), chart.title)
    yield "</details>"


def scrolled(table: Table, title: str) -> Iterator[str]:
    """Yield a table in a box that scrolls by itself."""
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}: table">'
    yield from html_table(table)
    yield "</div>"


def html_table(table: Table) -> Iterator[str]:
    """Yield a table as HTML; of a long one, the first rows and how many more there are."""
    yield "<table><thead><tr>"
    for column in table.columns:
        yield f'<th scope="col"{_side(column)}>{escape(heading(column))}</th>'
    yield "</tr></thead><tbody>"
    for row in table.rows[:MOST_ROWS]:
        cells = (_cell(value, column) for value, column in zip(row, table.columns, strict=True))
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table>"
    more = len(table.rows) - MOST_ROWS
    if more > 0:
        yield f'<p class="more">and {more:,} more rows</p>'


def heading(column: Mapping[str, Any]) -> str:
    """Return the heading of a column: that of a status goes without saying, but not unsaid."""
    return str(column["title"]) or ("status" if column["kind"] == "status" else "")


def _side(column: Mapping[str, Any], text: str = "") -> str:
    if column["kind"] not in TEXT_KINDS:
        return ' class="n"'
    return ' class="d"' if column["kind"] == "date" else ' class="long"' if len(text) > LONG else ""


def _cell(value: Any, column: Mapping[str, Any]) -> str:
    label = f' data-title="{escape(heading(column))}"'
    if column["kind"] == "status" and value:
        kind, word = status(str(value))
        sign = f'<b aria-hidden="true">{SIGNS[kind]}</b> ' if kind in SIGNS else ""
        return f'<td class="status {kind}"{label}>{sign}{escape(word)}</td>'
    text = shown(value, column["kind"], column.get("decimals"))
    return f"<td{_side(column, text)}{label}>{escape(text)}</td>"


def facts(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield facts as cards: name, value, note, with the sign of their status."""
    yield '<dl class="facts">'
    for fact in data["facts"]:
        kind = fact.get("status") or "none"
        sign = f'<b aria-hidden="true">{SIGNS[kind]}</b> ' if kind in SIGNS else ""
        said = f'<span class="unseen"> ({kind})</span>' if kind in SIGNS else ""
        yield f'<div class="fact {escape(kind)}"><dt>{escape(fact["name"])}</dt>'
        yield f"<dd>{sign}{escape(str(fact['value']))}{said}</dd>"
        if fact.get("note"):
            yield f'<dd class="note">{escape(fact["note"])}</dd>'
        yield "</div>"
    yield "</dl>"


def tree(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield a tree as lists that open and close; of the first root, two levels are open."""
    yield '<ul class="tree">'
    for place, node in enumerate(data["roots"]):
        yield from _node(node, 2 if place == 0 else 0)
    yield "</ul>"


def _node(node: Mapping[str, Any], opened: int) -> Iterator[str]:
    children = node.get("children") or ()
    line = f'<span class="name">{escape(node["name"])}</span>'
    if node.get("note"):
        line += f' <span class="note">{escape(node["note"])}</span>'
    line += f' <span class="value">{escape(str(node["value"]))}</span>'
    if not children:
        yield f'<li><div class="leaf">{line}</div></li>'
        return
    yield f"<li><details{' open' if opened > 0 else ''}><summary>{line}</summary><ul>"
    for child in children:
        yield from _node(child, opened - 1)
    yield "</ul></details></li>"


def heat(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield a heat map as a table whose cells are shaded by their value and say it."""
    table = table_of("heat", data)
    shares, load = data["kind"] != "number", data["kind"] == "load"
    most = max((abs(cell[2]) for cell in data["values"] if cell[2] is not None), default=0.0) or 1.0
    yield '<div class="scroll heat" tabindex="0" role="region" aria-label="table"><table><thead><tr><td></td>'
    for label in data["across"]:
        yield f'<th scope="col">{escape(str(label))}</th>'
    yield "</tr></thead><tbody>"
    for name, *cells in table.rows:
        yield f'<tr><th scope="row">{escape(str(name))}</th>'
        for value in cells:
            if value is None:
                yield "<td></td>"
            else:
                level = shade(value) if load else min(int(abs(value) / most * 6), 5)
                yield f'<td class="h{level}">{heat_text(value, shares=shares)}</td>'
        yield "</tr>"
    yield "</tbody></table></div>"


def shade(share: float) -> int:
    """Return the shade of a share: 0 (empty) to 5 (nearly full), 6 full, 7 over."""
    return sum(share >= step for step in _STEPS)


def heat_text(value: float, *, shares: bool) -> str:
    """Return what stands in a cell of a heat map: whole per cents, or few signs."""
    if shares:
        return f"{value * 100:.0f}"
    return f"{value / 1000:.0f}k" if abs(value) >= 10_000 else f"{value:.0f}"
