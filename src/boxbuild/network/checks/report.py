"""From the rows of a frame in which something is wrong to issues that name their place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from string import Formatter

import polars as pl

from boxbuild.network.issues import Issue, Severity
from boxbuild.network.network import Network


def numbered(network: Network, table: str) -> pl.DataFrame:
    """Return a table, defaults in place of blanks, with the index of each row in the column ``row``."""
    return network[table].with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))


def issues(
    rows: pl.DataFrame,
    place: str,
    code: str,
    reason: str,
    *,
    hint: str = "",
    severity: Severity = "error",
) -> list[Issue]:
    """Return one issue for each row.

    Parameters
    ----------
    rows
        The wrong rows, with ``row``; the column of the place gives the value that is shown.
    place
        Table and column, ``sources.price``; the table alone when no single column is to blame.
    reason, hint
        Templates: ``{item}`` is the row's item, and so on for every column of ``rows``.
    """
    table, _, column = place.partition(".")
    named = {name for template in (reason, hint) for _, name, _, _ in Formatter().parse(template) if name}
    shows = [name for name in rows.columns if name in {"row", column, *named}]
    return [
        Issue(
            code=code,
            reason=reason.format_map(shown),
            severity=severity,
            table=table,
            row=int(str(shown["row"])),
            column=column,
            value=str(shown[column]) if column in shown else "",
            hint=hint.format_map(shown),
        )
        for shown in map(_shown, rows.select(shows).iter_rows(named=True))
    ]


def _shown(row: dict[str, object]) -> dict[str, object]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return value
