"""Days: windows of dates as windows of day numbers, in which the options that are taken count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from boxbuild.network.network import Network


@dataclass(frozen=True)
class Days:
    """The days of a plan, counted from its start.

    Parameters
    ----------
    horizon
        Number of days.
    ready
        Day from which what needs an option can be used, for the options that are taken.
    """

    start: date
    horizon: int
    ready: Mapping[str, int]

    @property
    def weeks(self) -> int:
        """Number of 7-day weeks, the last one perhaps shorter."""
        return -(-self.horizon // 7)

    def number(self, column: str) -> pl.Expr:
        """Return the day numbers of a column of dates."""
        return (pl.col(column) - self.start).dt.total_days()

    def windows(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows with the first and the last day on which they can be used; none where the last is the smaller."""
        first = self.number("from").clip(lower_bound=0).fill_null(0)
        if "option" in rows.columns:
            ready = pl.col("option").replace_strict(
                pl.Series(list(self.ready), dtype=pl.String),
                pl.Series(list(self.ready.values()), dtype=pl.Int64),
                default=self.horizon,
            )
            first = pl.when(pl.col("option").is_null()).then(first).otherwise(pl.max_horizontal(first, ready))
        last = self.number("until").clip(upper_bound=self.horizon - 1).fill_null(self.horizon - 1)
        return rows.with_columns(first_day=first, last_day=last)


def days_of(network: Network, options: pl.DataFrame) -> Days:
    """Return the days of a plan that takes options (schema ``options``)."""
    start = network.settings.start
    ready = {option: (day - start).days for option, day in options.select("option", "ready").iter_rows()}
    return Days(start, network.calendar.horizon, ready)
