"""Charges: customs charges as fractions of a value, for many goods at once; the linear side of customs."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import polars as pl

from boxbuild.law.classes import Classes
from boxbuild.law.duties import TableDuties
from boxbuild.law.law import Law
from boxbuild.law.steps import CIF, LEVIES, RULES, STEP_ACCOUNTS

ACCOUNTS: Final = tuple(STEP_ACCOUNTS.values())
"""What goods pay on arrival, in the order of the ledger."""

CLAIMS: Final = {
    "form": pl.String(),
    "end_use": pl.String(),
    "agreement": pl.String(),
    "rvc": pl.Float64(),
    "tariff_shift": pl.Boolean(),
}
"""What an importer claims of goods beside their classification and origin."""

GOODS: Final = pl.Schema(
    {"country": pl.String(), "hs": pl.String(), **CLAIMS, "origin": pl.String(), "bucket": pl.Int64()}
)
"""Goods on arrival: country of destination, classification, claims, country of origin (null: none that is known), and
bucket. Columns that are missing are null."""

_DIGITS: Final = 15
"""Decimals that fractions are rounded to: what float arithmetic leaves behind them is noise."""


class Charges:
    """Customs charges under a law.

    Parameters
    ----------
    law
        Its setting ``law`` decides: ``off``, nothing is charged; ``tables``, the rows of the table ``duties``;
        ``book``, the law book, in which a row of ``duties`` takes the place of basic duty and surcharge.
    """

    def __init__(self, law: Law) -> None:
        self.law = law

    @property
    def none(self) -> bool:
        """Whether nothing is charged on any goods."""
        return not self.law.by_book and (self.law.off or self.law.network["duties"].is_empty())

    @cached_property
    def _table(self) -> TableDuties:
        return TableDuties(self.law.network)

    @cached_property
    def _classes(self) -> Classes:
        return Classes(self.law)

    def factors(self, goods: pl.DataFrame) -> pl.DataFrame:
        """Return what goods pay as fractions of their value on arrival (cost, insurance, freight and royalty).

        Parameters
        ----------
        goods
            See :data:`GOODS`.

        Returns
        -------
        DataFrame
            Float64 columns :data:`ACCOUNTS`, in the rows' order. Goods that originate in the country of destination
            pay nothing.
        """
        if self.law.by_book:
            return self._by_book(goods)
        nothing = pl.zeros(goods.height, pl.Float64, eager=True)
        duty = nothing if self.law.off else self._table.rates(goods)
        return pl.DataFrame({account: duty if account == "duty" else nothing for account in ACCOUNTS})

    def rates(self, goods: pl.DataFrame) -> pl.DataFrame:
        """Return the rates of the law book, in percent, null where no parameter holds.

        Returns
        -------
        DataFrame
            A column ``<levy>_rate`` for each of :data:`boxbuild.law.steps.LEVIES`, and ``table_rate``: the fraction
            that a row of ``duties`` sets.
        """
        asked = _asked(goods)
        found = {f"{levy}_rate": self._classes.numbers(asked, levy) for levy in LEVIES}
        return pl.DataFrame({**found, "table_rate": self._table.found(asked)})

    def _by_book(self, goods: pl.DataFrame) -> pl.DataFrame:
        settings = self.law.network.settings
        frame = self.rates(goods).with_columns(
            pl.lit(1.0).alias(CIF),
            stuck=pl.lit(float(settings.igst_stuck)),
            finance_rate=pl.lit(float(settings.finance_rate)),
            credit_days=pl.lit(float(settings.igst_credit_days)),
            by_table=pl.col("table_rate").is_not_null(),
        )
        frame = frame.with_columns(pl.col("^.*_rate$").fill_null(0.0))
        for name, rule in RULES.items():
            linear = rule.formula.linear()
            if rule.by_table is not None:
                linear = pl.when("by_table").then(rule.by_table.linear()).otherwise(linear)
            frame = frame.with_columns(linear.alias(name))
        foreign = _asked(goods).select(pl.col("country").ne_missing(pl.col("origin"))).to_series()
        return frame.select(
            pl.when(foreign).then(pl.col(name)).otherwise(0.0).round(_DIGITS).alias(account)
            for name, account in STEP_ACCOUNTS.items()
        )


def _asked(goods: pl.DataFrame) -> pl.DataFrame:
    return goods.select(
        (pl.col(name) if name in goods.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in GOODS.items()
    )
