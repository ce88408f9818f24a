"""Value added: the table recomputed from flows, by the average of the pools, in exact decimals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Protocol

from boxbuild.audit.claims import Worth
from boxbuild.audit.flows import Flows, joined
from boxbuild.audit.reading import Reading, on_day
from boxbuild.audit.records import decimal
from boxbuild.audit.tally import Tally, plain
from boxbuild.law.average import Average, Made, Source, Taken, pool_names
from boxbuild.law.value_added import DEFINITIONS, sides
from boxbuild.plan.plan import Plan

ZERO: Final = Decimal(0)
CENT: Final = Decimal("0.01")
CHARGED: Final = ("duty", "surcharge", "antidumping")

Place = tuple[str, str, int]


class Amount(Protocol):
    """A money amount."""

    @property
    def amount(self) -> Decimal:
        """Home currency, not discounted."""


class Pooling(Protocol):
    """The flows of a plan as sums by pool and financial year."""

    @property
    def years(self) -> list[str]:
        """Names of the financial years."""

    def average(self) -> Average:
        """Return the average content of every pool."""


Charged = Mapping[tuple[str, int, str], Amount]
"""Amounts by account, bucket and key."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A row of the table, and the size of what it is computed from."""

    item: str
    site: str
    year: str
    definition: str
    depth: int | None
    units: Decimal
    numerator: Decimal
    denominator: Decimal
    share: Decimal
    gross: Decimal

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names the row."""
        return self.item, self.site, self.year, self.definition


def value_added(plan: Plan, reading: Reading, pooled: Pooling) -> Tally:
    """Check every row of the table ``value_added``: none missing, none too many, both sides as recomputed.

    Parameters
    ----------
    pooled
        The flows of the plan as sums, row by row or by columns.
    """
    tally = Tally("law value added", "figures of definitions")
    table = plan["value_added"]
    stated = {(row["item"], row["site"], row["year"], row["definition"]): row for row in table.iter_rows(named=True)}
    for row in figures(plan, reading, pooled):
        place = ("value_added", joined(*row.key), None)
        told = stated.pop(row.key, None)
        if told is None:
            tally.fail(place, row.share, "", "the row is missing")
            continue
        sentence = f"it looks through {row.depth or 'all'} levels, the table says {told['depth'] or 'all'}"
        tally.holds(place, when=told["depth"] == row.depth, expected=row.depth, found=told["depth"], sentence=sentence)
        sizes = {"units": row.units, "numerator": row.gross, "denominator": row.gross, "share": ZERO}
        for name, size in sizes.items():
            expected, found = getattr(row, name), decimal(told[name])
            sentence = f"{name} is {plain(expected)}, the table says {plain(found)}"
            tally.equal(place, expected, found, size, sentence)
    for key in stated:
        tally.fail(("value_added", joined(*key), None), "", joined(*key), "nothing of the kind was built")
    return tally


def figures(plan: Plan, reading: Reading, pooled: Pooling) -> Iterator[Figures]:
    """Yield the rows of the table as they should be."""
    average = pooled.average()
    finished = set(plan.network["items"].filter(kind="finished")["item"])
    for (item, site, period), made in sorted(average.made.items()):
        if item not in finished or not made.units:
            continue
        own, by_depth = frozenset({reading.country(site)}), {}
        for name, definition in DEFINITIONS.items():
            if definition.depth not in by_depth:
                by_depth[definition.depth] = average.components(item, site, period, own, definition.depth)
            components = by_depth[definition.depth]
            numerator, denominator = sides(definition, components)
            share = numerator / denominator if denominator else ZERO
            gross = sum((abs(amount) for amount in components.values()), ZERO)
            key = (item, site, pooled.years[period], name, definition.depth)
            yield Figures(*key, made.units, numerator, denominator, share, gross)


class Pooled:
    """Flows by pool and financial year."""

    def __init__(self, plan: Plan, flows: Flows, reading: Reading, charged: Charged) -> None:
        self.plan, self.flows, self.reading, self.charged = plan, flows, reading, charged
        self.worth = Worth(reading)
        starts = [reading.days.date(edge) for edge in reading.days.edges[:-1]]
        began = [day.year - (day.month < 4) for day in starts]
        self.years = [f"{year}-{(year + 1) % 100:02d}" for year in sorted(set(began))]
        self._period = [sorted(set(began)).index(year) for year in began]
        self.taken = [*self._takes()]
        self.pools = pool_names(
            ((one.item, one.lane.origin, one.lane.destination) for one in flows.shipments), self._places()
        )

    def average(self) -> Average:
        """Return the average content of every pool."""
        sources = [*self._bought(), *self._built(), *self._given()]
        semiconductors = {item for item, (_, mark) in self.worth.kinds.items() if mark}
        countries = {name: site.country for name, site in self.reading.sites.items()}
        paid = [*self._paid(sources)]
        return Average([*sources, *paid], self._made(), self._taken(), self._out(), countries, semiconductors)

    def _places(self) -> Iterator[tuple[str, str]]:
        flows = self.flows
        yield from ((buy.offer.item, buy.destination) for buy in flows.buys)
        yield from ((build.operation.item, build.operation.site) for build in flows.builds)
        yield from ((one.demand.item, one.demand.market) for one in flows.deliveries)
        yield from ((component, site) for _, site, _, component, _ in self.taken)
        yield from ((item, site) for item, site, _, _, _ in self._lying())

    def _place(self, item: str, site: str, bucket: int) -> Place:
        return item, self.pools[item, site], self._period[bucket]

    def _lying(self) -> Iterator[tuple[str, str, int, str | None, Decimal]]:
        network, days = self.reading.network, self.reading.days
        for item, site, origin, quantity in network["stock"].select("item", "site", "origin", "quantity").iter_rows():
            yield item, site, 0, origin, decimal(quantity)
        columns = ("item", "site", "origin", "quantity", "due", "firm")
        for item, site, origin, quantity, due, firm in network["receipts"].select(columns).iter_rows():
            number = max(0, days.number(due))
            if firm and number < days.horizon:
                yield item, site, days.bucket(number), origin, decimal(quantity)

    def _bought(self) -> Iterator[Source]:
        for buy in self.flows.buys:
            offer = buy.offer
            rows = self.worth.declared[offer.offer]
            declared = on_day(rows, self.reading.days.edges[buy.bucket]) or rows[0]
            rate = self.reading.exchange.rate(offer.currency, buy.bucket)
            for bucket, part in buy.arrivals:
                units = buy.quantity * part
                yield Source(
                    *self._place(offer.item, buy.destination, bucket),
                    "offer",
                    offer.offer,
                    self.reading.origin(offer),
                    units,
                    value=(offer.price + offer.freight) * rate * units,
                    content=offer.price * declared.imported_content * rate * units,
                    licence=offer.royalty * rate * units,
                )

    def _built(self) -> Iterator[Source]:
        for build in self.flows.builds:
            item, site = build.operation.item, build.operation.site
            value = self.worth.standard(item, build.bucket)
            for bucket, part in build.arrivals:
                units = build.good * part
                country = self.reading.country(site)
                yield Source(*self._place(item, site, bucket), "built", site, country, units, value * units)

    def _given(self) -> Iterator[Source]:
        for item, site, bucket, origin, units in self._lying():
            value = self.worth.standard(item, bucket) * units
            yield Source(*self._place(item, site, bucket), "stock", origin or "", origin, units, value)

    def _paid(self, sources: list[Source]) -> Iterator[Source]:
        """Duties of the ledger: on what an offer delivers, its own; on a lane, by value on what is foreign."""
        foreign: dict[Place, list[Source]] = defaultdict(list)
        for source in sources:
            foreign[source.item, source.pool, source.period].append(source)
        offers = {buy.offer.offer: buy.offer for buy in self.flows.buys}
        for (account, bucket, key), line in self.charged.items():
            amount = line.amount.quantize(CENT, ROUND_HALF_UP)
            if account not in CHARGED or not amount:
                continue
            parts = key.split("|")
            if len(parts) == 2:
                offer = offers[parts[0]]
                place = self._place(offer.item, parts[1], bucket)
                yield Source(*place, "offer", parts[0], self.reading.origin(offer), ZERO, ZERO, ZERO, amount)
                continue
            place = self._place(parts[-1], parts[1], bucket)
            home = self.reading.country(parts[1])
            abroad = [source for source in foreign[place] if source.country != home]
            total = sum((source.value for source in abroad), ZERO)
            for one in abroad if total else ():
                share = amount * one.value / total
                yield Source(*place, one.kind, one.key, one.country, ZERO, ZERO, ZERO, share)

    def _made(self) -> list[Made]:
        found: dict[Place, list[Decimal]] = defaultdict(lambda: [ZERO] * 4)
        for build in self.flows.builds:
            operation = build.operation
            name = (operation.item, operation.site, self._period[build.bucket])
            made = self.worth.made(build)
            amounts = (build.good, made["sales"], made["fob"], made["conversion"])
            found[name] = [total + amount for total, amount in zip(found[name], amounts, strict=True)]
        return [Made(*name, *amounts) for name, amounts in found.items()]

    def _takes(self) -> Iterator[tuple[str, str, int, str, Decimal]]:
        """Parent, site, bucket, component and units of everything that builds take."""
        for build in self.flows.builds:
            parent, site = build.operation.item, build.operation.site
            for row in self.reading.needs(parent, site, self.reading.days.edges[build.bucket]):
                if row.alternate_group is None:
                    yield parent, site, build.bucket, row.component, build.quantity * row.per_unit
        columns = ("parent", "site", "bucket", "component", "quantity")
        for parent, site, bucket, component, quantity in self.plan["alternates"].select(columns).iter_rows():
            yield parent, site, bucket, component, decimal(quantity)

    def _taken(self) -> Iterator[Taken]:
        for parent, site, bucket, component, units in self.taken:
            yield Taken(parent, site, self._period[bucket], component, self.pools[component, site], units)

    def _out(self) -> dict[Place, Decimal]:
        out: dict[Place, Decimal] = defaultdict(Decimal)
        for _, site, bucket, component, units in self.taken:
            out[self._place(component, site, bucket)] += units
        for one in self.flows.deliveries:
            out[self._place(one.demand.item, one.demand.market, one.bucket)] += one.quantity
        return out
