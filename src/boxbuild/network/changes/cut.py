"""Rows cut in time: before a change, during it and after it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import polars as pl

from boxbuild.errors import ChangeError
from boxbuild.network import catalogue
from boxbuild.network.changes.change import Change, falls_due, splits

DURING: Final = "during the change"
"""Name of the column that says which rows the change speaks of; no table has one of that name."""

FIRST, LAST = date.min, date.max


def cut(frame: pl.DataFrame, chosen: pl.Series, change: Change) -> pl.DataFrame:
    """Return a table with its chosen rows cut so that the change holds for whole rows; `DURING` says for which.

    Raises
    ------
    ChangeError
        No chosen row holds on any day of the change.
    """
    frame = frame.with_columns(chosen.alias(DURING))
    if change.dated and splits(change.table):
        frame = _pieces(_held(frame, change.table), change)
    elif change.dated and falls_due(change.table):
        due = pl.col("due").is_between(pl.lit(change.from_ or FIRST), pl.lit(change.until or LAST))
        frame = frame.with_columns((pl.col(DURING) & due).alias(DURING))
    if not frame[DURING].any():
        raise ChangeError(f"no row that is meant holds {_days(change)}", "widen from and until")
    return frame


def _held(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Add the first and last day on which each row holds."""
    opened = pl.col("from").fill_null(FIRST)
    if "until" in frame.columns:
        return frame.with_columns(opened=opened, closed=pl.col("until").fill_null(LAST))
    key = [name for name in catalogue.table(table).key if name != "from"]
    following = opened.shift(-1).over(key, order_by=opened)
    if table == "rates":  # before a currency's first rate, that one counts
        opened = pl.when(opened == opened.min().over(key)).then(pl.lit(FIRST)).otherwise(opened)
    return frame.with_columns(opened=opened, closed=(following - timedelta(days=1)).fill_null(LAST))


def _pieces(frame: pl.DataFrame, change: Change) -> pl.DataFrame:
    start, end = change.from_ or FIRST, change.until or LAST
    meets = (pl.col("opened") <= end) & (pl.col("closed") >= start)
    rows = frame.with_row_index("order").with_columns((pl.col(DURING) & meets).alias(DURING))
    met = rows.filter(pl.col(DURING))
    pieces = [
        rows.filter(~pl.col(DURING)).with_columns(part=pl.lit(0)),
        met.with_columns(
            pl.col("opened").clip(lower_bound=start), pl.col("closed").clip(upper_bound=end), part=pl.lit(1)
        ).pipe(_dated),
    ]
    if start > FIRST:
        before = met.filter(pl.col("opened") < start)
        pieces.append(before.with_columns(closed=start - timedelta(days=1), part=pl.lit(0)).pipe(_outside))
    if end < LAST:
        after = met.filter(pl.col("closed") > end)
        pieces.append(after.with_columns(opened=end + timedelta(days=1), part=pl.lit(2)).pipe(_outside))
    return pl.concat(pieces).sort("order", "part").drop("order", "part", "opened", "closed")


def _outside(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.lit(value=False).alias(DURING)).pipe(_dated)


def _dated(rows: pl.DataFrame) -> pl.DataFrame:
    """Write the first and last day into the columns of the table; the first and last of all days are blanks."""
    written = {"from": pl.col("opened"), "until": pl.col("closed")}
    return rows.with_columns(
        pl.when(day.is_in([FIRST, LAST])).then(None).otherwise(day).alias(name)
        for name, day in written.items()
        if name in rows.columns
    )


def _days(change: Change) -> str:
    if change.from_ and change.until:
        return f"from {change.from_} until {change.until}"
    return f"from {change.from_} on" if change.from_ else f"until {change.until}"
