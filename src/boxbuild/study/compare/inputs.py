"""Inputs: in which rows and settings two networks differ, told by key and by the days on which rows hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import polars as pl

from boxbuild.network import catalogue
from boxbuild.network.catalogue import Table
from boxbuild.network.network import Network

ASIDE: Final = ("source", "note")
"""Columns that say where a row comes from, and change nothing."""

SCHEMA: Final = {
    "table": pl.String(),
    "row": pl.String(),
    "change": pl.String(),
    "column": pl.String(),
    "before": pl.String(),
    "after": pl.String(),
    "from": pl.Date(),
    "until": pl.Date(),
    "source": pl.String(),
}

Row = dict[str, Any]


def input_differences(first: Network, other: Network) -> pl.DataFrame:
    """Return what must be edited in one network to have the other.

    Returns
    -------
    DataFrame
        ``table`` (or ``settings``, ``law file``), ``row`` (its key), ``change`` (changed, added, gone), ``column``,
        ``before`` and ``after`` (texts), the days ``from`` and ``until`` on which they differ (blank: open), and
        ``source``: where the later row says that it comes from. A row that is cut in time differs on the days on which
        its figures do, however it is cut.
    """
    lines = [*_settings(first, other), *_law_files(first, other)]
    for name in catalogue.TABLES:
        if not first[name].equals(other[name]):
            lines += _table(catalogue.table(name), first[name], other[name])
    return pl.DataFrame(lines, schema=SCHEMA, orient="row")


def _settings(first: Network, other: Network) -> Iterator[tuple[object, ...]]:
    for column in catalogue.table("settings").columns:
        one, two = (getattr(network.settings, column.name) for network in (first, other))
        if one != two:
            yield ("settings", column.name, "changed", column.name, shown(one), shown(two), None, None, None)


def _law_files(first: Network, other: Network) -> Iterator[tuple[object, ...]]:
    one, two = first.law_files, other.law_files
    for file in sorted({*one, *two}):
        if one.get(file) != two.get(file):
            verb = "changed" if file in one and file in two else "added" if file in two else "gone"
            yield ("law file", file, verb, "", None, None, None, None, None)


def _table(table: Table, first: pl.DataFrame, other: pl.DataFrame) -> Iterator[tuple[object, ...]]:
    """Differences of one table: rows that are alike in both are left aside before anything is looked at."""
    told = [name for name in table.names if name not in ASIDE]
    one = first.join(other, on=told, how="anti", nulls_equal=True, maintain_order="left")
    two = other.join(first, on=told, how="anti", nulls_equal=True, maintain_order="left")
    group = [name for name in table.key if name != "from"]
    keys = pl.concat([one.select(group), two.select(group)]).unique(maintain_order=True)
    dated = "from" in table.key
    # of rows cut in time, the pieces that are alike are needed, too: they say where the others end
    before = _grouped(first.join(keys, on=group, how="semi", nulls_equal=True) if dated else one, group)
    after = _grouped(other.join(keys, on=group, how="semi", nulls_equal=True) if dated else two, group)
    for key in keys.rows():
        pair = before.get(key, []), after.get(key, [])
        yield from _in_time(table, key, *pair) if dated else _whole(table, key, *pair)


def _grouped(frame: pl.DataFrame, group: list[str]) -> Mapping[tuple[object, ...], list[Row]]:
    found: dict[tuple[object, ...], list[Row]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(tuple(row[name] for name in group), []).append(row)
    return found


def _whole(table: Table, key: tuple[object, ...], before: list[Row], after: list[Row]) -> Iterator[tuple[object, ...]]:
    name = row_name(key)
    if len(before) == len(after) == 1:
        yield from _changed(table, name, before[0], after[0], None, None)
        return
    for row in before:
        yield (table.name, name, "gone", "", _content(table, row), None, None, None, None)
    for row in after:
        yield (table.name, name, "added", "", None, _content(table, row), None, None, row.get("source"))


def _in_time(
    table: Table, key: tuple[object, ...], before: list[Row], after: list[Row]
) -> Iterator[tuple[object, ...]]:
    """Compare the rows of one key day by day; days on which the same differs are told once."""
    found: list[tuple[object, ...]] = []
    for start, end in _pieces(table, [*before, *after]):
        one, two = _holding(table, before, start), _holding(table, after, start)
        if one is None and two is None:
            continue
        lines = _lines(table, row_name(key), one, two, start, end)
        for line in lines:
            place = next((at for at, old in enumerate(found) if _goes_on(old, line)), None)
            if place is None:
                found.append(line)
            else:
                found[place] = (*found[place][:7], line[7], line[8])
    yield from found


def _lines(
    table: Table, name: str, one: Row | None, two: Row | None, start: date | None, end: date | None
) -> list[tuple[object, ...]]:
    if one is not None and two is not None:
        return list(_changed(table, name, one, two, start, end))
    if two is not None:
        return [(table.name, name, "added", "", None, _content(table, two), start, end, two.get("source"))]
    return [(table.name, name, "gone", "", _content(table, one or {}), None, start, end, None)]


def _goes_on(old: tuple[object, ...], line: tuple[object, ...]) -> bool:
    """Whether a difference is that of the days before."""
    end, start = old[7], line[6]
    if not isinstance(end, date) or not isinstance(start, date):
        return False
    return old[:6] == line[:6] and start == end + timedelta(days=1)


def _pieces(table: Table, rows: list[Row]) -> list[tuple[date | None, date | None]]:
    """The horizon cut wherever a row begins or ends; a blank is open."""
    cuts = {row["from"] for row in rows if row["from"] is not None}
    if "until" in table.names:
        cuts |= {row["until"] + timedelta(days=1) for row in rows if row["until"] is not None}
    edges = [None, *sorted(cuts)]
    ends = [edge - timedelta(days=1) for edge in edges[1:] if edge is not None]
    return list(zip(edges, [*ends, None], strict=True))


def _holding(table: Table, rows: list[Row], start: date | None) -> Row | None:
    """The row that holds on the first day of a piece."""
    day = start or date.min
    begun = [row for row in rows if (row["from"] or date.min) <= day]
    if "until" in table.names:
        return next((row for row in begun if day <= (row["until"] or date.max)), None)
    return max(begun, key=lambda row: row["from"] or date.min, default=None)


def _changed(
    table: Table, name: str, one: Row, two: Row, start: date | None, end: date | None
) -> Iterator[tuple[object, ...]]:
    for column in table.names:
        # of rows that are cut in time, the days stand beside the figures
        if column in ASIDE or (column in ("from", "until") and "from" in table.key):
            continue
        if one[column] != two[column]:
            texts = shown(one[column]), shown(two[column])
            yield (table.name, name, "changed", column, *texts, start, end, two.get("source"))


def _content(table: Table, row: Row) -> str:
    """What a whole row says, its key and what is blank apart."""
    skipped = {*table.key, *ASIDE, "from", "until"}
    told = [
        f"{column.name} {shown(row[column.name])}"
        for column in table.columns
        if column.name not in skipped
        and row.get(column.name) is not None
        and not (column.default and shown(row[column.name]) == column.default)
    ]
    return ", ".join(told)


def row_name(key: tuple[object, ...]) -> str:
    """Return the key of a row as a text."""
    return " ".join(str(part) for part in key if part is not None) or "(blank)"


def shown(value: object) -> str | None:
    """Return a cell as a person writes it: no zeros after the last digit, yes or no; ``None`` where it is blank."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)
