"""The book: what the accounts read: the flows of a plan with the rows of the network that price them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from boxbuild.errors import DataError
from boxbuild.law.charges import Charges
from boxbuild.network.currency import exchange_rates
from boxbuild.network.windows import bucket_of, effective, effective_or_begun
from boxbuild.plan.ledger.arrivals import spread_arrivals
from boxbuild.plan.ledger.exact import Exact, array, constant
from boxbuild.plan.ledger.lines import key

if TYPE_CHECKING:
    from boxbuild.law.law import Law
    from boxbuild.network.calendar import Calendar
    from boxbuild.network.network import Network

LANE = ("origin", "destination", "mode", "lane_item")


@dataclass(frozen=True)
class Book:
    """A plan's tables beside the network that prices them.

    Parameters
    ----------
    network
        The network.
    tables
        The tables of the plan (see :data:`boxbuild.plan.schemas.SCHEMAS`).
    law
        What the plan obeys.
    arrived
        ``buys`` and ``shipments`` with the bucket of ``arrival`` of each quantity; ``None`` where flows
        arrive spread over buckets, as in a plan by bucket.
    """

    network: Network
    tables: Mapping[str, pl.DataFrame]
    law: Law
    arrived: Mapping[str, pl.DataFrame] | None = None

    @property
    def calendar(self) -> Calendar:
        """The horizon, cut into buckets."""
        return self.network.calendar

    @cached_property
    def factors(self) -> Exact:
        """What one unit of home currency in each bucket is worth at the plan's start, to 28 digits."""
        with localcontext(prec=28):
            yearly = 1 + self.network.settings.discount_rate
            return array([yearly ** (Decimal(-day) / 365) for day in self.calendar.edges[:-1]])

    @cached_property
    def _rates(self) -> Mapping[str, tuple[Decimal, ...]]:
        return exchange_rates(self.network)

    def exchange(self, rows: pl.DataFrame, currency: str = "currency", bucket: str = "bucket") -> Exact:
        """Return the home currency for one unit of each row's currency, in each row's bucket."""
        home = self.network.settings.home_currency
        currencies = rows[currency].fill_null(home)
        used = sorted(currencies.unique())
        if used in ([], [home]):
            return constant(Decimal(1), rows.height)
        missing = sorted(set(used) - set(self._rates))
        if missing:
            raise DataError(f"no rate for the currency {', '.join(missing)}", hint="add it to the table rates")
        table = array([rate for one in used for rate in self._rates[one]])
        first = {one: place * self.calendar.count for place, one in enumerate(used)}
        of_currency = currencies.replace_strict(first, return_dtype=pl.Int64).to_numpy()
        return table[of_currency + rows[bucket].to_numpy()]

    @cached_property
    def charges(self) -> Charges:
        """Customs charges under the law."""
        return Charges(self.law)

    @cached_property
    def sites(self) -> pl.DataFrame:
        """``site``, ``partner`` and ``country``."""
        return self.network["sites"].select("site", "partner", "country")

    @cached_property
    def items(self) -> pl.DataFrame:
        """``item``, ``hs``, ``weight_kg``, ``value`` and ``value_currency``."""
        return self.network["items"].select("item", "hs", "weight_kg", value="value", value_currency="currency")

    @cached_property
    def buys(self) -> pl.DataFrame:
        """Purchases with the row of ``sources`` that holds on the first day of their bucket."""
        return self.offered(self.tables["buys"])

    @cached_property
    def shipments(self) -> pl.DataFrame:
        """Shipments with the row of ``lanes`` that holds on the first day of their bucket."""
        return self.carried(self.tables["shipments"])

    @cached_property
    def builds(self) -> pl.DataFrame:
        """Builds with the row of ``operations`` that holds on the first day of their bucket."""
        rows = self._in_force(self.network["operations"], ["site", "item", "option"]).drop("source", "note")
        priced = self._joined("builds", self.tables["builds"], rows, ["site", "item", "option", "bucket"])
        return priced.join(self.sites, on="site", how="left", maintain_order="left").with_columns(
            key("site", "item", "option")
        )

    @cached_property
    def buys_arrived(self) -> pl.DataFrame:
        """Purchases by ``arrival`` bucket: of ``quantity``, the part ``days / window`` arrives then."""
        if self.arrived is None:
            return spread_arrivals(self.buys, self.calendar)
        return self.offered(self.arrived["buys"]).with_columns(days=1, window=1)

    @cached_property
    def shipments_arrived(self) -> pl.DataFrame:
        """Shipments by ``arrival`` bucket: of ``quantity``, the part ``days / window`` arrives then."""
        if self.arrived is None:
            return spread_arrivals(self.shipments, self.calendar)
        return self.carried(self.arrived["shipments"]).with_columns(days=1, window=1)

    @cached_property
    def demand(self) -> pl.DataFrame:
        """Demand with its ``due_bucket`` and the value of the item."""
        demand = self.network["demand"]
        return demand.with_columns(due_bucket=bucket_of(self.calendar, demand["due"])).join(
            self.items, on="item", how="left", maintain_order="left"
        )

    def last_bucket(self, table: str, name: str) -> pl.DataFrame:
        """Return ``name`` and ``bucket``: the last one in which a row of that name holds; none, no row."""
        rows = effective(self.network[table].select(name, "from", "until"), self.calendar)
        return rows.group_by(name, maintain_order=True).agg(pl.col("bucket").max())

    def offered(self, buys: pl.DataFrame) -> pl.DataFrame:
        """Return purchases with the row of ``sources`` that holds on the first day of their bucket."""
        suppliers = self._left("supplier").join(
            self.sites.select("partner", supplier="site"), on="supplier", maintain_order="left"
        )
        priced = self._joined("buys", buys, self._offers, ["offer", "bucket"])
        return (
            priced.join(suppliers, on="supplier", how="left", maintain_order="left")
            .join(self._destinations, on="destination", how="left", maintain_order="left")
            .join(self.items, on="item", how="left", maintain_order="left")
            .with_columns(
                key("offer", "destination"),
                site="destination",
                origin_country=pl.coalesce("origin", "left_country"),
            )
        )

    def carried(self, shipments: pl.DataFrame) -> pl.DataFrame:
        """Return shipments with the row of ``lanes`` that holds on the first day of their bucket."""
        priced = self._joined("shipments", shipments, self._lanes, [*LANE, "bucket"])
        return (
            priced.join(self._left("origin"), on="origin", how="left", maintain_order="left")
            .join(self._destinations, on="destination", how="left", maintain_order="left")
            .join(self.items, on="item", how="left", maintain_order="left")
            .with_columns(key(*LANE, "item"), site="destination", origin_country="left_country")
        )

    @cached_property
    def _offers(self) -> pl.DataFrame:
        rows = self._in_force(self.network["sources"], ["offer"])
        return rows.drop("item", "supplier", "destination", "source", "note")

    @cached_property
    def _lanes(self) -> pl.DataFrame:
        rows = self._in_force(self.network["lanes"].rename({"item": "lane_item"}), list(LANE))
        return rows.drop("source", "note")

    def _in_force(self, rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
        """Return the rows that price each bucket; dated orders may go by a row that begins within one."""
        if self.arrived is None:
            return effective(rows, self.calendar).drop("start", "days")
        return effective_or_begun(rows, self.calendar, names).drop("start", "days")

    @cached_property
    def _destinations(self) -> pl.DataFrame:
        return self.network["sites"].select("country", "regime", destination="site")

    def _left(self, name: str) -> pl.DataFrame:
        """Country and customs regime of the site that a flow leaves."""
        return self.network["sites"].select(pl.col("site").alias(name), left_country="country", left_regime="regime")

    def _joined(self, name: str, flows: pl.DataFrame, rows: pl.DataFrame, on: list[str]) -> pl.DataFrame:
        """Give each flow its row of the network; a flow without one is not of this network."""
        marked = rows.with_columns(known=pl.lit(1))
        joined = flows.join(marked, on=on, how="left", nulls_equal=True, maintain_order="left", validate="m:1")
        strange = joined.filter(pl.col("known").is_null())
        if strange.height:
            what = ", ".join(
                f"{column} {value}" for column, value in strange.row(0, named=True).items() if column in on
            )
            raise DataError(f"the plan's {name} have no row in force: {what}", hint="was the network changed since?")
        return joined.drop("known")
