"""Duty by the table ``duties``: the rate that a country charges on goods that enter it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from boxbuild.network.windows import buckets_frame

if TYPE_CHECKING:
    from boxbuild.network.network import Network

GOODS = ("country", "hs", "origin", "bucket")


class TableDuties:
    """The rates of the table ``duties``.

    Of the rows of the country of destination that are in force on the first day of the bucket of arrival, the
    one with the longest prefix of the goods' classification counts; among those, one that names the origin
    before one that does not; among those, the latest. Goods without a classification, goods that no row
    matches and goods that originate in the country of destination pay nothing.

    Parameters
    ----------
    network
        Gives the table and the calendar.
    """

    def __init__(self, network: Network) -> None:
        self._days = buckets_frame(network.calendar).select("bucket", day="start")
        self._duties = network["duties"].select(
            "country",
            prefix="hs",
            named="origin",
            since=pl.col("from").fill_null(date.min),
            rate="rate",
            length=pl.col("hs").str.len_chars(),
        )

    def rates(self, goods: pl.DataFrame) -> pl.Series:
        """Return the rate of duty of each row of goods.

        Parameters
        ----------
        goods
            ``country`` (of destination), ``hs`` and ``origin`` (a country), both of which may be null, and
            ``bucket`` (of arrival).

        Returns
        -------
        Series
            Fraction of the assessable value, Float64, in the rows' order.
        """
        return self.found(goods).fill_null(0.0)

    def found(self, goods: pl.DataFrame) -> pl.Series:
        """Return the rate of each row of goods like :meth:`rates`, null where no row of the table matches."""
        asked = goods.select(pl.col(name).cast(pl.Int64 if name == "bucket" else pl.String) for name in GOODS)
        found = asked.join(self._winners(asked), on=GOODS, how="left", nulls_equal=True, maintain_order="left")
        return found["rate"]

    def _winners(self, asked: pl.DataFrame) -> pl.DataFrame:
        # The candidates do not depend on the bucket: they are found once per kind of goods.
        kinds = asked.select("country", "hs", "origin").unique()
        foreign = kinds.filter(pl.col("hs").is_not_null() & pl.col("country").ne_missing(pl.col("origin")))
        candidates = [
            foreign.filter(pl.col("hs").str.len_chars() >= length)
            .with_columns(prefix=pl.col("hs").str.slice(0, length))
            .join(self._duties.filter(length=length), on=("country", "prefix"))
            .filter(pl.col("named").is_null() | (pl.col("named") == pl.col("origin")))
            for length in self._duties["length"].unique()
        ]
        if not candidates:
            return asked.clear().with_columns(rate=pl.lit(0.0))
        dated = asked.unique().join(self._days, on="bucket")
        return (
            dated.join(pl.concat(candidates), on=("country", "hs", "origin"), nulls_equal=True)
            .filter(pl.col("since") <= pl.col("day"))
            .sort("length", pl.col("named").is_not_null(), "since", descending=True, maintain_order=True)
            .unique(GOODS, keep="first", maintain_order=True)
            .select(*GOODS, "rate")
        )
