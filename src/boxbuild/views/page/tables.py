"""The table behind a chart: every number that it draws, by kind; ``tables.js`` says the same of other choices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

SHARE: Final = "share"
"""The unit of what is shown as per cents."""


@dataclass(frozen=True)
class Table:
    """Columns as in a chart of kind table, and rows."""

    columns: tuple[Mapping[str, Any], ...]
    rows: tuple[tuple[Any, ...], ...]


def table_of(kind: str, data: Mapping[str, Any], unit: str = "") -> Table:
    """Return the numbers of a picture as a table.

    Parameters
    ----------
    kind, data
        As in a chart.
    unit
        Unit of its numbers, for the heading of their column.
    """
    return TABLES[kind](data, unit)


def _column(title: str, kind: str = "text", decimals: int | None = None) -> Mapping[str, Any]:
    return {"name": title, "title": title, "kind": kind, "decimals": decimals}


def _facts(data: Mapping[str, Any], unit: str) -> Table:
    columns = (_column(""), _column("value"), _column("note"))
    return Table(columns, tuple((fact["name"], fact["value"], fact.get("note") or None) for fact in data["facts"]))


def _table(data: Mapping[str, Any], unit: str) -> Table:
    return Table(tuple(data["columns"]), tuple(tuple(row) for row in data["rows"]))


def _series(data: Mapping[str, Any], unit: str) -> Table:
    series = list(data["series"])
    kind = "percent" if unit == SHARE else "number"
    columns = [_column("")] + [_column(one["name"], kind) for one in series]
    values = [one["values"] for one in series]
    if data.get("limit"):
        columns.append(_column("limit", kind))
        values.append(data["limit"])
    return Table(tuple(columns), tuple(zip(data["across"], *values, strict=True)))


def _heat(data: Mapping[str, Any], unit: str) -> Table:
    kind = "number" if data["kind"] == "number" else "percent"
    decimals = 0 if kind == "percent" else None
    cells = {(y, x): value for x, y, value in data["values"]}
    columns = [_column("")] + [_column(label, kind, decimals) for label in data["across"]]
    rows = ((label, *(cells.get((y, x)) for x in range(len(data["across"])))) for y, label in enumerate(data["down"]))
    return Table(tuple(columns), tuple(rows))


def _sankey(data: Mapping[str, Any], unit: str) -> Table:
    titles = {node["name"]: node["title"] for node in data["nodes"]}
    links = sorted(data["links"], key=lambda link: -link["value"])
    columns = (_column("from"), _column("to"), _column(unit or "value", "number"))
    return Table(columns, tuple((titles[one["source"]], titles[one["target"]], one["value"]) for one in links))


def _waterfall(data: Mapping[str, Any], unit: str) -> Table:
    columns = (_column("step"), _column(unit or "value", "number"), _column("so far", "number"))
    return Table(columns, tuple((step["name"], step["value"], end) for step, (_, end) in zip_steps(data["steps"])))


def zip_steps(steps: Any) -> Iterator[tuple[Mapping[str, Any], tuple[float, float]]]:
    """Yield each step of a waterfall with where its bar begins and ends."""
    so_far = 0.0
    for step in steps:
        begin = 0.0 if step["kind"] == "total" else so_far
        so_far = step["value"] if step["kind"] == "total" else so_far + step["value"]
        yield step, (begin, so_far)


def _map(data: Mapping[str, Any], unit: str) -> Table:
    titles = {place["name"]: place["title"] for place in data["places"]}
    flows = sorted(data["flows"], key=lambda flow: (-(flow["money"] or 0), -(flow["units"] or 0)))
    columns = (_column("from"), _column("to"), _column("by"), _column("units", "number", 0), _column("money", "money"))
    rows = (
        (
            *(titles.get(one[end], one[end]) for end in ("origin", "destination")),
            one["mode"],
            one["units"],
            one["money"],
        )
        for one in flows
    )
    return Table(columns, tuple(rows))


def _tree(data: Mapping[str, Any], unit: str) -> Table:
    def walk(nodes: Any, depth: int) -> Iterator[tuple[Any, ...]]:
        for node in nodes:
            yield (" " * 4 * depth + node["name"], node["value"], node.get("note") or None)
            yield from walk(node.get("children") or (), depth + 1)

    return Table((_column(""), _column("value"), _column("note")), tuple(walk(data["roots"], 0)))


TABLES: Final[Mapping[str, Callable[[Mapping[str, Any], str], Table]]] = {
    "facts": _facts,
    "table": _table,
    "bars": _series,
    "lines": _series,
    "heat": _heat,
    "sankey": _sankey,
    "waterfall": _waterfall,
    "map": _map,
    "tree": _tree,
}
