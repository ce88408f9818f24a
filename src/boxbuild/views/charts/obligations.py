"""Obligations of export schemes: what the exports of a plant earn against what the scheme asks of its imports.

    asked = (1 + least value addition / 100) × CIF of what is imported under the scheme
    earned = FOB of what is exported under it

As the audit counts them (:mod:`boxbuild.audit.exempt.obligations`), in floats.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.law.law import Law
from boxbuild.law.schemes import SCHEMES, least_value_addition
from boxbuild.network.currency import exchange_frame
from boxbuild.plan.exempt import by_lane
from boxbuild.plan.ledger.arrivals import spread_arrivals
from boxbuild.plan.ledger.book import Book

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

ZONE: Final = "sez"
_EARNED: Final = pl.Schema({"scheme": pl.String(), "site": pl.String(), "fob": pl.Float64(), "cif": pl.Float64()})


def obligations(plan: Plan) -> pl.DataFrame:
    """Return ``scheme``, ``site``, ``fob``, ``cif`` and ``asked`` of every plant that has to earn something.

    Home currency, over the horizon, not discounted; zones are plants of the scheme ``sez``.
    """
    law = Law.of(plan.network)
    empty = _EARNED.to_frame().with_columns(asked=pl.lit(0.0))
    if law.off:
        return empty
    least = {name: least_value_addition(law, scheme) for name, scheme in SCHEMES.items() if scheme.obliged}
    factor = {ZONE: 1.0} | {name: 1 + float(value) / 100 for name, value in least.items() if value is not None}
    worth = _Worth(plan, law)
    parts = [empty.drop("asked"), *worth.streams(), *worth.zones()]
    return (
        pl.concat([part.select(pl.col(name).cast(dtype) for name, dtype in _EARNED.items()) for part in parts])
        .filter(pl.col("scheme").is_in(list(factor)))
        .group_by("scheme", "site")
        .agg(pl.col("fob", "cif").sum())
        .with_columns(asked=pl.col("cif") * pl.col("scheme").replace_strict(factor, return_dtype=pl.Float64))
        .sort("scheme", "site")
    )


@dataclass(frozen=True)
class _Worth:
    plan: Plan
    law: Law

    @cached_property
    def book(self) -> Book:
        return Book(self.plan.network, self.plan.tables, self.law)

    @cached_property
    def _rates(self) -> pl.DataFrame:
        return exchange_frame(self.plan.network)

    def _home(self, rows: pl.DataFrame, amount: pl.Expr, currency: str, bucket: str) -> pl.DataFrame:
        """Add ``home``: an amount in home currency, at the rate of a bucket."""
        home = self.plan.network.settings.home_currency
        named = rows.with_columns(amount=amount, paid_in=pl.col(currency).fill_null(home))
        rates = self._rates.rename({"currency": "paid_in", "bucket": bucket})
        joined = named.join(rates, on=["paid_in", bucket], how="left", maintain_order="left")
        return joined.with_columns(home=pl.col("amount") * pl.col("exchange"))

    def _fob(self, rows: pl.DataFrame) -> pl.DataFrame:
        value = pl.col("value").cast(pl.Float64) * pl.col("quantity")
        return self._home(rows, value, "value_currency", "bucket").with_columns(fob=pl.col("home"), cif=pl.lit(0.0))

    def _bought(self, rows: pl.DataFrame) -> pl.DataFrame:
        arrived = spread_arrivals(rows, self.book.calendar)
        price = (pl.col("price").cast(pl.Float64) + pl.col("freight").cast(pl.Float64)) * _part()
        return self._home(arrived, price, "currency", "arrival").with_columns(fob=pl.lit(0.0), cif=pl.col("home"))

    def _shipped(self, rows: pl.DataFrame) -> pl.DataFrame:
        arrived = spread_arrivals(rows, self.book.calendar)
        value = pl.col("value").cast(pl.Float64) * (1 + pl.col("insurance")) * _part()
        freight = pl.col("per_unit").cast(pl.Float64) + pl.col("per_kg").cast(pl.Float64) * pl.col("weight_kg")
        valued = self._home(arrived, value, "value_currency", "arrival").with_columns(goods=pl.col("home"))
        carried = self._home(valued.drop("exchange"), freight * _part(), "currency", "arrival")
        return carried.with_columns(fob=pl.lit(0.0), cif=pl.col("goods") + pl.col("home"))

    def streams(self) -> Iterator[pl.DataFrame]:
        """Yield what plants under schemes import and export, and what one plant's stream sends to another's."""
        rows = self.plan["exempt"]
        if rows.is_empty():
            return
        suppliers = self.plan.network["sources"].select("offer", "supplier").unique("offer", keep="first")
        bought = rows.filter(pl.col("flow") == "buy").rename({"key": "offer", "site": "destination"})
        bought = bought.join(suppliers, on="offer", how="left", maintain_order="left")
        yield self._bought(self.book.offered(bought)).with_columns(site="destination")
        exported = self.book.carried(by_lane(rows.filter(pl.col("flow") == "export")).drop("site"))
        yield self._fob(exported).with_columns(site="origin")
        moved = self.book.carried(by_lane(rows.filter(pl.col("flow") == "ship")).drop("site"))
        home = pl.col("left_country") == self.plan.network.settings.home_country
        between = self._fob(moved.filter(home))
        yield between.with_columns(site="origin")
        yield between.with_columns(site="destination", cif="fob", fob=pl.lit(0.0))
        yield self._shipped(moved.filter(~home)).with_columns(site="destination")

    def zones(self) -> Iterator[pl.DataFrame]:
        """Yield what zones of the home country ship abroad and bring in from abroad."""
        home = self.plan.network.settings.home_country
        sites = self.plan.network["sites"]
        zones = sites.filter((pl.col("regime") == ZONE) & (pl.col("country") == home))["site"].to_list()
        if not zones:
            return
        zone = pl.lit(ZONE).alias("scheme")
        arrives, leaves = pl.col("destination").is_in(zones), pl.col("origin").is_in(zones)
        abroad, foreign = pl.col("country") != home, pl.col("left_country") != home
        bought = self.book.buys.filter(arrives & (pl.col("origin_country") != home))
        yield self._bought(bought).with_columns(zone, site="destination")
        yield self._fob(self.book.shipments.filter(leaves & abroad)).with_columns(zone, site="origin")
        yield self._shipped(self.book.shipments.filter(arrives & foreign)).with_columns(zone, site="destination")


def _part() -> pl.Expr:
    return pl.col("quantity") * pl.col("days") / pl.col("window")
