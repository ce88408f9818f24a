"""Classes: which parameter of a levy holds for many goods at once; the twin of :mod:`boxbuild.law.classify`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Final

import polars as pl

from boxbuild.law.law import Law
from boxbuild.law.parameter import GOODS_LEVIES, Goods
from boxbuild.law.preference import conditions

_KIND: Final = ("country", "hs", "form", "end_use", "agreement", "origin")
_WORDS: Final = ("agreement", "form", "end_use")

_PARAMETERS: Final = pl.Schema(
    {
        "parameter": pl.String(),
        "levy": pl.String(),
        "unit": pl.String(),
        "country": pl.String(),
        "prefix": pl.String(),
        "named_form": pl.String(),
        "named_end_use": pl.String(),
        "named_agreement": pl.String(),
        "origins": pl.List(pl.String()),
        "not_origins": pl.List(pl.String()),
        "since": pl.Date(),
        "until": pl.Date(),
        "number": pl.Float64(),
    }
)


class Classes:
    """The parameters on goods of a law, as known on its day.

    Parameters
    ----------
    law
        Gives the book, the day by which it is known, and the calendar.
    days
        The day whose law counts in each bucket; without it, the bucket's first day.
    """

    def __init__(self, law: Law, days: Sequence[date] | None = None) -> None:
        self.law = law
        self._day_of = law.day_of if days is None else tuple(days)
        self._days = pl.DataFrame(
            {"bucket": range(len(self._day_of)), "day": self._day_of}, schema={"bucket": pl.Int64, "day": pl.Date}
        )

    def numbers(self, goods: pl.DataFrame, levy: str, unit: str = "percent") -> pl.Series:
        """Return the number of the parameter that holds for each row of goods, null where there is none.

        Parameters
        ----------
        goods
            Columns of :data:`boxbuild.law.charges.GOODS`.
        levy, unit
            Which parameters are asked for.
        """
        return self.held(goods, levy, unit)["number"].alias(levy)

    def held(self, goods: pl.DataFrame, levy: str, unit: str = "percent") -> pl.DataFrame:
        """Return ``parameter``, ``since`` and ``number`` of what holds for each row of goods, null where nothing does.

        A named agreement comes before a form, a form before an end use, an end use before a longer prefix of the
        classification, that before a named origin. An agreement that is claimed counts only where what is declared
        meets its rule (:mod:`boxbuild.law.preference`).
        """
        asked = self._preferred(goods).select(*_KIND, "bucket")
        keys = [*_KIND, "bucket"]
        winners = self._winners(asked.unique(maintain_order=True), levy, unit)
        joined = asked.join(winners, on=keys, how="left", nulls_equal=True, maintain_order="left")
        return joined.select("parameter", "since", "number")

    def _winners(self, asked: pl.DataFrame, levy: str, unit: str) -> pl.DataFrame:
        kinds = asked.select(_KIND).unique(maintain_order=True)
        rows = self._parameters.filter(levy=levy, unit=unit)
        named_origin = pl.col("origins").list.len() > 0
        origin = pl.col("origin")
        candidates = kinds.join(rows, on="country", maintain_order="left_right").filter(
            pl.col("hs").fill_null("").str.starts_with(pl.col("prefix")),
            *(pl.col(f"named_{word}").is_null() | pl.col(f"named_{word}").eq_missing(pl.col(word)) for word in _WORDS),
            ~named_origin | (origin.is_not_null() & pl.col("origins").list.contains(origin)),
            origin.is_null() | ~pl.col("not_origins").list.contains(origin),
        )
        ranks = [
            *(pl.col(f"named_{word}").is_not_null() for word in _WORDS),
            pl.col("prefix").str.len_chars(),
            named_origin,
        ]
        return (
            asked.join(self._days, on="bucket", maintain_order="left")
            .join(candidates, on=_KIND, nulls_equal=True, maintain_order="left_right")
            .filter(pl.col("since") <= pl.col("day"), pl.col("until").is_null() | (pl.col("day") <= pl.col("until")))
            .sort(ranks, descending=True, maintain_order=True)
            .unique([*_KIND, "bucket"], keep="first", maintain_order=True)
            .select(*_KIND, "bucket", "parameter", "since", "number")
        )

    def _preferred(self, goods: pl.DataFrame) -> pl.DataFrame:
        """Blank the agreements that are claimed without right."""
        key = ["country", "agreement", "origin", "bucket"]
        claims = goods.select(key).drop_nulls("agreement").unique(maintain_order=True)
        days = self._day_of
        rules = [
            conditions(self.law, country, name, days[bucket], origin)
            for country, name, origin, bucket in claims.iter_rows()
        ]
        asked = claims.with_columns(
            pl.Series("ruled", [rule is not None for rule in rules], pl.Boolean),
            pl.Series(
                "share",
                [None if rule is None or rule.share is None else float(rule.share) for rule in rules],
                pl.Float64,
            ),
            pl.Series("shift", [rule.shift if rule else True for rule in rules], pl.Boolean),
        )
        declared = goods.join(asked, on=key, how="left", nulls_equal=True, maintain_order="left")
        met = (
            pl.col("ruled")
            & (pl.col("share").is_null() | (pl.col("rvc") >= pl.col("share")).fill_null(value=False))
            & (~pl.col("shift") | pl.col("tariff_shift").fill_null(value=False))
        )
        return declared.with_columns(agreement=pl.when(met).then("agreement"))

    @cached_property
    def _parameters(self) -> pl.DataFrame:
        """A row for each parameter on goods, prefix of its classification, and window of a value."""
        rows = [
            {
                "parameter": parameter.id,
                "levy": parameter.levy,
                "unit": parameter.unit,
                "country": parameter.country,
                "prefix": prefix,
                "named_form": goods.form,
                "named_end_use": goods.end_use,
                "named_agreement": goods.agreement,
                "origins": list(goods.origin),
                "not_origins": list(goods.not_origin),
                "since": window.since,
                "until": window.until,
                "number": float(window.value.number),
            }
            for parameter in self.law.book.parameters.values()
            if parameter.levy in GOODS_LEVIES
            for goods in (parameter.goods or Goods(),)
            for prefix in goods.hs or ("",)
            for window in parameter.windows(self.law.known_on)
        ]
        return pl.DataFrame(rows, schema=_PARAMETERS)
