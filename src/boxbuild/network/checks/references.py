"""Names that no table knows."""

from __future__ import annotations

import polars as pl

from boxbuild.network import catalogue
from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.closest import closest_hints
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_dangling_references(network: Network) -> list[Issue]:
    """Find names that the table they refer to does not have. Currencies are checked with the rates."""
    found: list[Issue] = []
    for table in catalogue.tables():
        frame = network.tables[table.name]
        for column in table.columns:
            if column.references is None or column.type == "currency":
                continue
            target, name = column.references
            known = network.tables[target][name].drop_nulls().unique(maintain_order=True)
            bad = frame[column.name].unique(maintain_order=True).drop_nulls()
            bad = bad.filter(~bad.is_in(known.implode()))
            if not bad.is_empty():
                found += _dangling(network, f"{table.name}.{column.name}", bad, target, known)
    return found


def _dangling(network: Network, place: str, bad: pl.Series, target: str, known: pl.Series) -> list[Issue]:
    table, _, column = place.partition(".")
    hints = closest_hints(bad, known)
    rows = numbered(network, table).filter(pl.col(column).is_in(bad.implode()))
    rows = rows.select("row", column).with_columns(
        hint=pl.col(column).replace_strict(hints, default=f"add it to the table {target}", return_dtype=pl.String)
    )
    return issues(rows, place, "dangling-reference", f"is not in the table {target}", hint="{hint}")
