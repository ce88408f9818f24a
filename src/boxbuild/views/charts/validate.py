"""Whether the data of a chart is what its kind asks for: every key, every length, nothing that JSON has not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from boxbuild.views.charts.chart import Chart, Report

Data = Mapping[str, Any]


def problems(report: Report) -> list[str]:
    """Return what is wrong with the charts of a report, one sentence each; empty where nothing is."""
    charts = [chart for section in report.sections for chart in section.charts]
    names = [chart.name for chart in charts]
    found = [f"two charts are called {name}" for name in sorted({name for name in names if names.count(name) > 1})]
    return found + [f"{chart.name}: {one}" for chart in charts for one in chart_problems(chart)]


def chart_problems(chart: Chart) -> list[str]:
    """Return what is wrong with one chart, in every picture that it can show."""
    try:
        json.dumps(chart.as_dict(), allow_nan=False)
    except (TypeError, ValueError) as error:
        return [f"not JSON: {error}"]
    found = [] if chart.says.rstrip().endswith(".") else ["its sentence does not end"]
    found += (
        [] if bool(chart.by) == bool(chart.choices) else ["choices without a name for them, or the other way round"]
    )
    for picture in chart.pictures():
        place = f"{picture.label}: " if picture.label else ""
        found += [f"{place}{one}" for one in _CHECKS[chart.kind](picture.data)]
    return found


def _keys(data: Data, *keys: str) -> Iterator[str]:
    yield from (f"lacks {key}" for key in keys if key not in data)


def _facts(data: Data) -> Iterator[str]:
    yield from _keys(data, "facts")
    for one in data.get("facts", ()):
        yield from _keys(one, "name", "value", "status", "note")
        if one.get("status") not in ("good", "warn", "bad", "none") or not isinstance(one.get("value"), str):
            yield f"fact {one.get('name')} has no status or no text"


def _table(data: Data) -> Iterator[str]:
    yield from _keys(data, "columns", "rows")
    columns = data.get("columns", ())
    for column in columns:
        yield from _keys(column, "name", "title", "kind", "decimals")
    for row in data.get("rows", ()):
        if len(row) != len(columns):
            yield f"a row has {len(row)} cells for {len(columns)} columns"
        for column, cell in zip(columns, row, strict=False):
            yield from _cell(column, cell)


def _cell(column: Data, cell: object) -> Iterator[str]:
    kind = column["kind"]
    if cell is None:
        return
    if kind in ("number", "money", "percent") and not isinstance(cell, (int, float)):
        yield f"column {column['name']}: {cell!r} is no number"
    if kind in ("text", "date", "status") and not isinstance(cell, str):
        yield f"column {column['name']}: {cell!r} is no text"
    if kind == "status" and str(cell).partition(": ")[0] not in ("good", "warn", "bad", "none"):
        yield f"column {column['name']}: {cell!r} is no status"


def _bars(data: Data) -> Iterator[str]:
    yield from _keys(data, "across", "series", "stacked", "limit")
    yield from _series(data)
    limit = data.get("limit")
    if limit is not None and len(limit) != len(data.get("across", ())):
        yield "the limit is not as long as the axis"


def _lines(data: Data) -> Iterator[str]:
    yield from _keys(data, "across", "series")
    yield from _series(data)
    for one in data.get("series", ()):
        yield from _keys(one, "kind", "stack")
        if one.get("kind") not in ("line", "bar", "area"):
            yield f"series {one.get('name')} is drawn in no known way"


def _series(data: Data) -> Iterator[str]:
    for one in data.get("series", ()):
        yield from _keys(one, "name", "values")
        if len(one.get("values", ())) != len(data.get("across", ())):
            yield f"series {one.get('name')} is not as long as the axis"


def _heat(data: Data) -> Iterator[str]:
    yield from _keys(data, "across", "down", "values", "kind")
    wide, high = len(data.get("across", ())), len(data.get("down", ()))
    for across, down, _ in data.get("values", ()):
        if not (0 <= across < wide and 0 <= down < high):
            yield f"cell {across}, {down} is not on the map"


def _sankey(data: Data) -> Iterator[str]:
    yield from _keys(data, "nodes", "links")
    layers = {node["name"]: node["layer"] for node in data.get("nodes", ())}
    if len(layers) != len(data.get("nodes", ())):
        yield "two nodes have one name"
    for link in data.get("links", ()):
        yield from _keys(link, "source", "target", "value")
        if link["source"] not in layers or link["target"] not in layers:
            yield f"link {link['source']} to {link['target']} has no node"
        elif layers[link["source"]] >= layers[link["target"]]:
            yield f"link {link['source']} to {link['target']} goes back"
        if link["value"] is None or link["value"] < 0:
            yield f"link {link['source']} to {link['target']} is below zero"


def _waterfall(data: Data) -> Iterator[str]:
    yield from _keys(data, "steps")
    for step in data.get("steps", ()):
        yield from _keys(step, "name", "value", "kind")
        if step.get("kind") not in ("step", "total"):
            yield f"step {step.get('name')} is neither step nor total"


def _map(data: Data) -> Iterator[str]:
    yield from _keys(data, "coast", "places", "flows")
    for place in data.get("places", ()):
        yield from _keys(place, "name", "title", "kind", "longitude", "latitude", "country", "value")
    known = {place["name"] for place in data.get("places", ())}
    for flow in data.get("flows", ()):
        yield from _keys(flow, "origin", "destination", "mode", "units", "money")
        if not {flow["origin"], flow["destination"]} <= known:
            yield f"flow {flow['origin']} to {flow['destination']} has no place"


def _tree(data: Data) -> Iterator[str]:
    yield from _keys(data, "roots")
    stack = list(data.get("roots", ()))
    while stack:
        node = stack.pop()
        yield from _keys(node, "name", "value", "note", "children")
        stack += node.get("children", ())


_CHECKS: Final[Mapping[str, Callable[[Data], Iterator[str]]]] = {
    "facts": _facts,
    "table": _table,
    "bars": _bars,
    "lines": _lines,
    "heat": _heat,
    "sankey": _sankey,
    "waterfall": _waterfall,
    "map": _map,
    "tree": _tree,
}
