"""Value added: how local each product of a plan is, by every definition side by side.

Inputs are attributed by the average of their pools (:mod:`boxbuild.law.average`), financial year by financial year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.bom.rows import bom_rows
from boxbuild.law.average import Average, Made, Source, Taken, pool_names
from boxbuild.law.value_added import DEFINITIONS, evaluate, sides
from boxbuild.law.years import financial_year
from boxbuild.model.spread import spread_frame
from boxbuild.network.currency import exchange_frame
from boxbuild.network.windows import bucket_of, effective
from boxbuild.plan.names import NAME
from boxbuild.plan.schemas import SCHEMAS

if TYPE_CHECKING:
    from boxbuild.law.trace import Trace
    from boxbuild.plan.plan import Plan

NONE: Final = Decimal(0)
DECIMALS: Final = 6
CHARGED: Final = ("duty", "surcharge", "antidumping")
"""Accounts that are customs duties on imported content."""


def value_added(plan: Plan) -> pl.DataFrame:
    """Return the table ``value_added`` of a plan.

    Each finished item that is built in the horizon, at each site and in each financial year, by every definition of
    :data:`boxbuild.law.value_added.DEFINITIONS`. What originates in the site's country is local.
    """
    flows = Attribution(plan)
    average, rows = flows.average(), []
    for item, site, period in _finished(plan, average):
        own, components = frozenset({flows.countries[site]}), {}
        units = float(average.made[item, site, period].units)
        for name, definition in DEFINITIONS.items():
            depth = definition.depth
            if depth not in components:
                components[depth] = average.components(item, site, period, own, depth)
            numerator, denominator = sides(definition, components[depth])
            amounts = (float(round(side, DECIMALS)) for side in (numerator, denominator))
            share = float(round(numerator / denominator if denominator else NONE, DECIMALS + 3))
            rows.append((item, site, flows.years[period], name, depth, units, *amounts, share))
    return pl.DataFrame(rows, schema=SCHEMAS["value_added"], orient="row")


def traces(plan: Plan) -> Iterator[Trace]:
    """Yield the evaluation behind every row of the table, in its order."""
    flows = Attribution(plan)
    average = flows.average()
    for key in _finished(plan, average):
        yield from (_trace(flows, average, key, name) for name in DEFINITIONS)


def _finished(plan: Plan, average: Average) -> Iterator[tuple[str, str, int]]:
    """Item, site and period of everything that is asked about."""
    finished = set(plan.network["items"].filter(pl.col("kind") == "finished")["item"])
    yield from (key for key, made in sorted(average.made.items()) if key[0] in finished and made.units)


def _trace(flows: Attribution, average: Average, key: tuple[str, str, int], name: str) -> Trace:
    item, site, period = key
    own = frozenset({flows.countries[site]})
    components = average.components(item, site, period, own, DEFINITIONS[name].depth)
    label = f"{name} of {item} at {site}, {flows.years[period]}"
    return evaluate(DEFINITIONS[name], components, label, flows.plan.summary.home_currency)


class Attribution:
    """A plan's flows as sums by pool and financial year."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.network = plan, plan.network
        calendar = self.network.calendar
        names = [financial_year(day) for day in calendar.first_days]
        self.years = sorted(set(names))
        self.periods = pl.DataFrame(
            {"bucket": range(calendar.count), "period": [self.years.index(name) for name in names]},
            schema={"bucket": pl.Int64, "period": pl.Int64},
        )
        self.countries: dict[str, str] = dict(self.network["sites"].select("site", "country").iter_rows())
        leads = pl.concat([self.network[name]["lead_days"] for name in ("operations", "sources")])
        self.spread = spread_frame(calendar, leads)

    def average(self) -> Average:
        """Return the average content of every pool."""
        items = self.network["items"]
        return Average(
            self._sources(),
            self._made(),
            self._taken(),
            self._out(),
            self.countries,
            set(items.filter("semiconductor")["item"]),
        )

    @cached_property
    def _rates(self) -> pl.DataFrame:
        return exchange_frame(self.network)

    def _rated(self, rows: pl.DataFrame, currency: str, name: str) -> pl.DataFrame:
        rates = self._rates.rename({"currency": currency, "exchange": name})
        home = self.network.settings.home_currency
        return rows.with_columns(pl.col(currency).fill_null(home)).join(
            rates, on=[currency, "bucket"], maintain_order="left"
        )

    def _valued(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add ``standard``: the standard value of one unit in home currency."""
        items = self.network["items"].select(
            "item", standard=pl.col("value").cast(pl.Float64), standard_currency="currency"
        )
        rated = self._rated(rows.join(items, on="item", maintain_order="left"), "standard_currency", "standard_rate")
        return rated.with_columns(pl.col("standard") * pl.col("standard_rate"))

    @cached_property
    def _bought(self) -> pl.DataFrame:
        terms = ("offer", "origin", "currency", "price", "freight", "imported_content", "royalty", "lead_days")
        offers = effective(self.network["sources"].select(*terms, "from", "until"), self.network.calendar)
        sites = self.network["sites"].select(supplier="site", seller_country="country")
        rows = (
            self.plan["buys"]
            .drop("start")
            .join(offers.drop("start", "days", "from", "until"), on=["offer", "bucket"], maintain_order="left")
        )
        return self._rated(rows.join(sites, on="supplier", maintain_order="left"), "currency", "exchange")

    @cached_property
    def _built(self) -> pl.DataFrame:
        keys = ["site", "item", "option", "bucket"]
        operations = effective(self.network["operations"], self.network.calendar).drop("start", "days")
        rows = self.plan["builds"].join(operations, on=keys, nulls_equal=True, maintain_order="left")
        # not the table's good units: they are rounded, and a price multiplies what that takes away
        rows = rows.with_columns(good=pl.col("quantity") * pl.col("yield"))
        return self._valued(self._rated(rows, "currency", "exchange"))

    @cached_property
    def _given(self) -> pl.DataFrame:
        """Opening stock and firm receipts."""
        calendar = self.network.calendar
        stock = self.network["stock"].select("item", "site", "origin", "quantity", bucket=pl.lit(0, pl.Int64))
        firm = self.network["receipts"].filter(pl.col("firm") & (pl.col("due") < calendar.end))
        due = bucket_of(calendar, firm["due"])
        received = firm.select("item", "site", "origin", "quantity", bucket=due)
        return self._valued(pl.concat([stock, received]))

    @cached_property
    def _used(self) -> pl.DataFrame:
        """``site``, ``parent``, ``component`` (:data:`NAME`), ``bucket`` and ``units`` that builds take."""
        names = ["site", "parent", "component"]
        key = [*names, "bucket"]
        rows = bom_rows(self.network).filter(pl.col("alternate_group").is_null()).drop("quantity")
        rows = rows.with_columns(pl.col(names).cast(NAME))
        builds = self.plan["builds"].select("site", "bucket", "quantity", parent="item")
        builds = builds.with_columns(pl.col(names[:2]).cast(NAME))
        fixed = (
            builds.join(rows, on=["site", "parent"], maintain_order="left_right")
            .filter(pl.col("bucket").is_between("first", "last"))
            .select(*key, units=pl.col("quantity") * pl.col("use"))
        )
        chosen = self.plan["alternates"].select(*key, units="quantity").with_columns(pl.col(names).cast(NAME))
        return pl.concat([fixed, chosen])

    @cached_property
    def pools(self) -> dict[tuple[str, str], str]:
        """Name of the pool of each item and site; shipments link sites."""
        links = self.plan["shipments"].select("item", "origin", "destination").unique().iter_rows()
        places = pl.concat(
            [
                self.plan["buys"].select("item", site="destination"),
                self.plan["builds"].select("item", "site"),
                self.plan["deliveries"].select("item", site="market"),
                self._given.select("item", "site"),
                self._used.select(item="component", site="site").unique().cast(pl.String),
            ]
        )
        return pool_names(links, places.unique().iter_rows())

    def _summed(self, rows: pl.DataFrame, key: list[str], sums: list[str]) -> Iterator[tuple[Any, tuple[Decimal, ...]]]:
        """Yield key and sums of rows with a ``bucket`` and a place; the bucket becomes the period."""
        named = rows.join(self.periods, on="bucket", maintain_order="left")
        total = named.group_by(*key, "period").agg(pl.col(sums).sum()).with_columns(pl.col(key).cast(pl.String))
        total = total.sort(*key, "period")
        # a float is the number that it prints as
        amounts = [list(map(Decimal, total[name].cast(pl.String).to_list())) for name in sums]
        yield from zip(total.select(*key, "period").iter_rows(), zip(*amounts, strict=True), strict=True)

    def _sources(self) -> list[Source]:
        units = pl.col("quantity") * pl.col("fraction")
        rate = pl.col("exchange") * units
        price = pl.col("price").cast(pl.Float64)
        bought = self._bought.join(self.spread, on=["lead_days", "bucket"], maintain_order="left").select(
            "item",
            "offer",
            bucket="arrival",
            site="destination",
            country=pl.coalesce("origin", "seller_country"),
            units=units,
            value=(price + pl.col("freight").cast(pl.Float64)) * rate,
            content=price * pl.col("imported_content") * rate,
            licence=pl.col("royalty").cast(pl.Float64) * rate,
        )
        built = self._built.join(self.spread, on=["lead_days", "bucket"], maintain_order="left").select(
            "item", "site", bucket="arrival", units=pl.col("good") * pl.col("fraction"), value=pl.col("standard")
        )
        built = built.with_columns(pl.col("value") * pl.col("units"))
        given = self._given.with_columns(units="quantity", value=pl.col("standard") * pl.col("quantity"))
        found = []
        sums = ["units", "value", "content", "licence"]
        for (item, site, offer, country, period), amounts in self._summed(
            bought, ["item", "site", "offer", "country"], sums
        ):
            units_, value, content, licence = amounts
            place = (item, self.pools[item, site], period)
            found.append(Source(*place, "offer", offer, country, units_, value, content, licence=licence))
        for (item, site, period), amounts in self._summed(built, ["item", "site"], sums[:2]):
            place = (item, self.pools[item, site], period)
            found.append(Source(*place, "built", site, self.countries[site], amounts[0], amounts[1]))
        for (item, site, origin, period), amounts in self._summed(given, ["item", "site", "origin"], sums[:2]):
            place = (item, self.pools[item, site], period)
            found.append(Source(*place, "stock", origin or "", origin, amounts[0], amounts[1]))
        return found + self._paid(found)

    def _paid(self, sources: list[Source]) -> list[Source]:
        """Customs duties as the ledger has them; those on a lane go to what came from abroad, by value."""
        lines = (
            self.plan["ledger"]
            .select("account", "bucket", "key", "amount")
            .filter(pl.col("account").is_in(CHARGED))
            .with_columns(pl.col("amount").cast(pl.Float64))
        )
        if lines.is_empty():
            return []
        offers = {offer: (item, country) for item, offer, country in self._origins()}
        found = []
        for (key, period), (amount,) in self._summed(lines, ["key"], ["amount"]):
            parts = key.split("|")
            if len(parts) == 2:
                item, country = offers[parts[0]]
                place = (item, self.pools[item, parts[1]], period)
                found.append(Source(*place, "offer", parts[0], country, NONE, NONE, NONE, amount))
                continue
            item, pool = parts[-1], self.pools[parts[-1], parts[1]]
            home = self.countries[parts[1]]
            foreign = [
                source
                for source in sources
                if (source.item, source.pool, source.period) == (item, pool, period) and source.country != home
            ]
            total = sum((source.value for source in foreign), Decimal(0))
            for source in foreign if total else ():
                place = (item, pool, period)
                share = amount * source.value / total
                found.append(Source(*place, source.kind, source.key, source.country, NONE, NONE, NONE, share))
        return found

    def _origins(self) -> Iterator[tuple[str, str, str]]:
        columns = ("item", "offer", pl.coalesce("origin", "seller_country"))
        yield from self._bought.select(columns).unique().iter_rows()

    def _made(self) -> list[Made]:
        invoiced = pl.col("invoice_price").cast(pl.Float64) * pl.col("exchange")
        rows = self._built.with_columns(
            sales=pl.coalesce(invoiced, "standard") * pl.col("good"),
            fob=pl.col("standard") * pl.col("good"),
            conversion=pl.col("cost").cast(pl.Float64) * pl.col("exchange") * pl.col("quantity"),
        )
        sums = ["good", "sales", "fob", "conversion"]
        return [
            Made(item, site, period, *amounts)
            for (item, site, period), amounts in self._summed(rows, ["item", "site"], sums)
        ]

    def _taken(self) -> list[Taken]:
        return [
            Taken(parent, site, period, component, self.pools[component, site], units)
            for (parent, site, component, period), (units,) in self._summed(
                self._used, ["parent", "site", "component"], ["units"]
            )
        ]

    def _out(self) -> dict[tuple[str, str, int], Decimal]:
        delivered = self.plan["deliveries"].select("item", "bucket", site="market", units="quantity")
        used = self._used.select("bucket", "site", "units", item="component")
        out: dict[tuple[str, str, int], Decimal] = defaultdict(Decimal)
        rows = pl.concat([delivered.with_columns(pl.col("item", "site").cast(NAME)), used.select(delivered.columns)])
        for (item, site, period), (units,) in self._summed(rows, ["item", "site"], ["units"]):
            out[item, self.pools[item, site], period] += units
        return out
