"""What is wrong beyond the bad cells: the checks between tables, run on the rest of the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from boxbuild.files.cells import standing_in
from boxbuild.files.tables import Read
from boxbuild.network import catalogue
from boxbuild.network.checks import check
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def beyond_cells(network: Network, known: Sequence[Issue], tables: Mapping[str, Read]) -> list[Issue]:
    """Return what the checks between tables find, without what only repeats a bad cell.

    The checks stop where a required value is missing. A bad amount or day therefore has a harmless one in its place
    while they run, and nothing but errors of other cells is kept of its row.
    """
    bad = {(issue.table, issue.row, issue.column) for issue in known if issue.severity == "error"}
    filled, replaced = _with_stand_ins(network, known)

    def says_more(issue: Issue) -> bool:
        if (issue.table, issue.row, issue.column) in bad:
            return False
        if issue.row is None:
            return True
        if issue.table in tables and issue.row in tables[issue.table].ragged:
            return False
        return (issue.table, issue.row) not in replaced or (issue.severity == "error" and bool(issue.column))

    return [issue for issue in check(filled) if says_more(issue)]


def _with_stand_ins(network: Network, known: Sequence[Issue]) -> tuple[Network, set[tuple[str, int | None]]]:
    frames = dict(network.tables)
    replaced: set[tuple[str, int | None]] = set()
    rows: dict[tuple[str, str], list[int]] = {}
    for issue in known:
        if issue.severity == "error" and issue.row is not None and issue.table in frames and issue.column:
            rows.setdefault((issue.table, issue.column), []).append(issue.row)
    for (name, place), where in rows.items():
        column = catalogue.table(name).column(place)
        value = standing_in(column, network.settings.start)
        if value is None or not column.required or column.key:
            continue
        index = pl.int_range(pl.len()).is_in(where)
        frames[name] = frames[name].with_columns(
            pl.when(index).then(pl.lit(value).cast(column.dtype)).otherwise(pl.col(place)).alias(place)
        )
        replaced |= {(name, row) for row in where}
    return Network(network.settings, frames, network.name), replaced
