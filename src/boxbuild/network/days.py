"""Day numbers of dates in frames, counted from the start of the plan."""

from __future__ import annotations

from datetime import date

import polars as pl


def day_of(column: str, start: date) -> pl.Expr:
    """Return the day number of a column of dates; a blank stays blank."""
    return (pl.col(column) - pl.lit(start)).dt.total_days()


def date_of(column: str, start: date) -> pl.Expr:
    """Return the date of a column of day numbers."""
    return pl.lit(start) + pl.duration(days=pl.col(column))
