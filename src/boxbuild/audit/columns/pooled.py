"""Pooled: the flows of a plan as sums by pool and financial year, of which value added is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl

from boxbuild.audit.columns.money import home
from boxbuild.audit.columns.pairs import Ints, Pairs, stacked
from boxbuild.audit.columns.quantities import PLACE, Buckets
from boxbuild.audit.columns.rows import coded, distinct
from boxbuild.audit.money import Key, Sum
from boxbuild.law.average import Average, Made, Source, Taken, pool_names

CENT: Final = Decimal("0.01")
ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class Pooled:
    """Flows by pool and financial year.

    Parameters
    ----------
    flows
        Of the plan.
    charged
        Customs duties by account, bucket and key, recomputed.
    """

    flows: Buckets
    charged: Mapping[Key, Sum]

    @cached_property
    def years(self) -> list[str]:
        """Names of the financial years."""
        return [f"{year}-{(year + 1) % 100:02d}" for year in sorted(set(self._began))]

    @cached_property
    def _began(self) -> list[int]:
        days = self.flows.tables.days
        starts = [days.date(edge) for edge in days.edges[:-1]]
        return [day.year - (day.month < 4) for day in starts]

    @cached_property
    def _period(self) -> Ints:
        years = sorted(set(self._began))
        return np.array([years.index(year) for year in self._began], dtype=np.int64)

    @cached_property
    def pools(self) -> dict[tuple[str, str], str]:
        """Name of the pool of each item and site."""
        flows = self.flows
        links = distinct([flows.shipments.frame.select("item", "origin", "destination")])
        places = distinct(
            [
                self._bought.select(PLACE),
                flows.builds.frame.select(PLACE),
                flows.tables.demand.select("item", site="market")[flows.demanded],
                flows.used[0],
                self._lying[0].select(PLACE),
            ]
        )
        return pool_names(links.iter_rows(), places.iter_rows())

    def average(self) -> Average:
        """Return the average content of every pool."""
        network = self.flows.plan.network
        sources = [*self._offered(), *self._built(), *self._given()]
        sites = dict(network["sites"].select("site", "country").iter_rows())
        semiconductors = set(network["items"].filter("semiconductor")["item"])
        paid = [*self._paid(sources, sites)]
        return Average([*sources, *paid], self._made(), self._taken(), self._out(), sites, semiconductors)

    @cached_property
    def _bought(self) -> pl.DataFrame:
        """``item``, ``site``, ``offer`` and ``country`` of each buy."""
        network, buys = self.flows.plan.network, self.flows.buys
        rows = network["sources"].select("item", "offer", "supplier", "origin")[buys.row]
        sellers = network["sites"].select(supplier="site", seller="country")
        named = rows.join(sellers, on="supplier", how="left", maintain_order="left")
        return named.select(
            "item", buys.frame["destination"].alias("site"), "offer", country=pl.coalesce("origin", "seller")
        )

    def _sums(
        self, names: pl.DataFrame, bucket: Ints, *amounts: Pairs
    ) -> Iterator[tuple[tuple[Any, ...], int, list[Decimal]]]:
        """Yield names, period and sums."""
        known = distinct([names])
        periods = len(self.years)
        cell, group = np.unique(coded(names, known) * periods + self._period[bucket], return_inverse=True)
        columns = [_decimals(amount.summed(group, len(cell))) for amount in amounts]
        rows = known[cell // periods].iter_rows()
        yield from zip(rows, (cell % periods).tolist(), map(list, zip(*columns, strict=True)), strict=True)

    def _offered(self) -> Iterator[Source]:
        tables, buys = self.flows.tables, self.flows.buys
        numbers = {name: tables.number("sources", name)[buys.row] for name in ("price", "freight", "royalty")}
        content = numbers["price"] * tables.number("sources", "imported_content")[buys.row]
        rate = home(tables, "sources", buys.row, buys.bucket)
        units, part = buys.arrived, buys.part
        each = (numbers["price"] + numbers["freight"], content, numbers["royalty"])
        amounts = [(one * rate)[part] * units for one in each]
        for (item, site, offer, country), period, sums in self._sums(self._bought[part], buys.arrival, units, *amounts):
            units_, value, inside, licence = sums
            place = (item, self.pools[item, site], period)
            yield Source(*place, "offer", offer, country, units_, value, inside, licence=licence)

    def _built(self) -> Iterator[Source]:
        builds, countries = self.flows.builds, dict(self.flows.tables.network["sites"].select("site", "country").rows())
        good = Pairs.of(builds.frame["good"])
        units = good[builds.part] * builds.fraction
        value = (self._standard(builds.frame["item"], builds.bucket))[builds.part] * units
        for (item, site), period, (made, worth) in self._sums(
            builds.frame.select(PLACE)[builds.part], builds.arrival, units, value
        ):
            yield Source(item, self.pools[item, site], period, "built", site, countries[site], made, worth)

    @cached_property
    def _lying(self) -> tuple[pl.DataFrame, Ints, Pairs]:
        """``item``, ``site`` and ``origin``, bucket and quantity of opening stock and firm receipts."""
        tables = self.flows.tables
        stock, receipts = tables.network["stock"], tables.network["receipts"].filter("firm")
        due = np.maximum((receipts["due"] - tables.days.start).dt.total_days().to_numpy(), 0)
        inside = due < tables.days.horizon
        rows = pl.concat(
            [stock.select(*PLACE, "origin", "quantity"), receipts.filter(inside).select(*PLACE, "origin", "quantity")]
        )
        bucket = np.concatenate([np.zeros(stock.height, dtype=np.int64), tables.bucket(due[inside])])
        return rows.drop("quantity"), bucket, Pairs.of(rows["quantity"])

    def _given(self) -> Iterator[Source]:
        names, bucket, units = self._lying
        value = self._standard(names["item"], bucket) * units
        for (item, site, origin), period, (here, worth) in self._sums(names, bucket, units, value):
            yield Source(item, self.pools[item, site], period, "stock", origin or "", origin, here, worth)

    def _standard(self, items: pl.Series, bucket: Ints) -> Pairs:
        """Standard value of one unit of items, in buckets."""
        tables = self.flows.tables
        row = coded(items.to_frame("item"), tables.network["items"].select("item"))
        return tables.number("items", "value")[row] * home(tables, "items", row, bucket)

    def _paid(self, sources: list[Source], countries: Mapping[str, str]) -> Iterator[Source]:
        """Duties of the ledger: on what an offer delivers, its own; on a lane, by value on what is foreign."""
        offers = {offer: (item, country) for item, _, offer, country in distinct([self._bought]).iter_rows()}
        held: dict[tuple[str, str, int], list[Source]] = {}
        for source in sources:
            held.setdefault((source.item, source.pool, source.period), []).append(source)
        for (_, bucket, key), line in self.charged.items():
            amount = line.amount.quantize(CENT, ROUND_HALF_UP)
            if not amount:
                continue
            parts, period = key.split("|"), int(self._period[bucket])
            if len(parts) == 2:
                item, country = offers[parts[0]]
                place = (item, self.pools[item, parts[1]], period)
                yield Source(*place, "offer", parts[0], country, ZERO, ZERO, ZERO, amount)
                continue
            place = (parts[-1], self.pools[parts[-1], parts[1]], period)
            abroad = [source for source in held.get(place, ()) if source.country != countries[parts[1]]]
            total = sum((source.value for source in abroad), ZERO)
            for one in abroad if total else ():
                yield Source(*place, one.kind, one.key, one.country, ZERO, ZERO, ZERO, amount * one.value / total)

    def _made(self) -> list[Made]:
        tables, builds = self.flows.tables, self.flows.builds
        standard = self._standard(builds.frame["item"], builds.bucket)
        rate = home(tables, "operations", builds.row, builds.bucket)
        invoice = tables.number("operations", "invoice_price")[builds.row] * rate
        billed = tables.network["operations"]["invoice_price"].is_not_null().gather(builds.row).to_numpy()
        sold = Pairs(np.where(billed, invoice.high, standard.high), np.where(billed, invoice.low, standard.low))
        conversion = builds.quantity * tables.number("operations", "cost")[builds.row] * rate
        good = self.flows.good
        amounts = (Pairs.of(builds.frame["good"]), good * sold, good * standard, conversion)
        rows = self._sums(builds.frame.select(PLACE), builds.bucket, *amounts)
        return [Made(item, site, period, *sums) for (item, site), period, sums in rows]

    @cached_property
    def _takes(self) -> tuple[pl.DataFrame, Ints, Pairs]:
        """``parent``, ``item`` and ``site``, bucket and units of what builds take."""
        places, bucket, units = self.flows.used
        return places.with_columns(parent=self.flows.parents), bucket, units

    def _taken(self) -> Iterator[Taken]:
        for (item, site, parent), period, (units,) in self._sums(*self._takes):
            yield Taken(parent, site, period, item, self.pools[item, site], units)

    def _out(self) -> dict[tuple[str, str, int], Decimal]:
        flows = self.flows
        deliveries = flows.plan["deliveries"]
        delivered = flows.tables.demand.select("item", site="market")[flows.demanded]
        places, bucket, units = flows.used
        names = pl.concat([places, delivered.select(places.columns)])
        into = np.concatenate([bucket, deliveries["bucket"].to_numpy()])
        out: dict[tuple[str, str, int], Decimal] = {}
        for (item, site), period, (left,) in self._sums(
            names, into, stacked([units, Pairs.of(deliveries["quantity"])])
        ):
            place = (item, self.pools[item, site], period)
            out[place] = out.get(place, ZERO) + left
        return out


def _decimals(column: Pairs) -> list[Decimal]:
    return [Decimal(high) + Decimal(low) for high, low in zip(column.high.tolist(), column.low.tolist(), strict=True)]
