"""Attributions: every input that a claim counts was needed for it, was there, and counts once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Final

from boxbuild.audit.claims import Worth, counted, of_day, way
from boxbuild.audit.flows import Attributed, Build, Flows, joined
from boxbuild.audit.reading import Reading, grouped, on_day
from boxbuild.audit.records import Component, decimal
from boxbuild.audit.tally import Tally, plain
from boxbuild.law.value_added import DEFINITIONS, levels
from boxbuild.plan.plan import Plan

ZERO: Final = Decimal(0)

Need = tuple[str, int, int, str, str]
"""Claim, period, level, item, pool."""


def origin(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check the table ``attributions``: needs are met, supply is not exceeded, substitutes cover what they replace.

    That the ratio holds is part of the check ``targets``.
    """
    tally = Tally("law origin", "needs, groups and supplies of claims")
    checked = Attributions(plan, flows, reading)
    if checked.targets:
        checked.needs(tally)
        checked.groups(tally)
        checked.supplies(tally)
    else:
        for row in flows.attributed:
            tally.fail(_place(row), "no claim", row.claim, "no target measures value added")
    return tally


class Attributions:
    """The attributions of a plan to the claims of its targets, beside its flows."""

    def __init__(self, plan: Plan, flows: Flows, reading: Reading) -> None:
        self.plan, self.flows, self.reading = plan, flows, reading
        self.rows = flows.attributed
        self.worth = Worth(reading)
        self.home = reading.settings.home_country
        self.targets = [row for row in reading.targets.values() if row.metric in DEFINITIONS]
        depths = [levels(DEFINITIONS[row.metric], row.depth) for row in self.targets]
        finite = [depth for depth in depths if depth is not None]
        self.deeper = None in depths
        self.last = max(finite, default=0) + self.deeper
        self.buys = grouped((buy.offer.offer, buy) for buy in flows.buys)
        builds = ((build.operation, build) for build in flows.builds)
        self.builds = grouped(((one.site, one.item, one.option), build) for one, build in builds)
        self._pools: dict[str, dict[str, str]] = {}

    @cached_property
    def products(self) -> dict[str, set[tuple[str, str]]]:
        """Sites and items that each target counts."""
        return {row.target: counted(row, self.worth) for row in self.targets}

    @cached_property
    def claimed(self) -> list[tuple[Build, str, int]]:
        """The builds that targets count, with claim and period."""
        spans = {(row.claim, row.first, row.period) for row in self.rows}
        found = []
        for build in self.flows.builds:
            place = (build.operation.site, build.operation.item)
            names = sorted(
                row.target
                for row in self.targets
                if place in self.products[row.target] and build.bucket in self.reading.window(row.first, row.last)
            )
            if names:
                claim = "+".join(names)
                ends = [last for name, first, last in spans if name == claim and first <= build.bucket <= last]
                found.append((build, claim, min(ends, default=build.bucket)))
        return found

    def pool(self, item: str, site: str) -> str:
        """Return the first site, by name, of those that lanes join for an item."""
        if item not in self._pools:
            parent: dict[str, str] = {}

            def root(place: str) -> str:
                while parent.get(place, place) != place:
                    place = parent[place]
                return place

            for origin, destination, _, carried in self.reading.lanes:
                if carried in (None, item):
                    one, other = sorted((root(origin), root(destination)))
                    parent[other] = one
            self._pools[item] = {place: root(place) for place in self.reading.sites}
        return self._pools[item][site]

    def place(self, row: Attributed) -> Need:
        """Return the need that an attributed input meets."""
        return row.claim, row.period, row.level, row.item, self.pool(row.item, row.site)

    def needs(self, tally: Tally) -> None:
        """Units of each component that claims attribute are those that their builds took."""
        wanted: dict[Need, Decimal] = defaultdict(Decimal)
        for need, quantity in (*self.direct(), *self._below()):
            wanted[need] += quantity
        found: dict[Need, Decimal] = defaultdict(Decimal)
        for row in self.rows:
            if row.kind != "use":
                found[self.place(row)] += row.quantity
        for need in sorted(wanted.keys() | found.keys()):
            claim, period, level, item, pool = need
            asked, met = wanted.get(need, ZERO), found.get(need, ZERO)
            sentence = f"{plain(asked)} are taken at level {level}, and {plain(met)} are attributed"
            tally.equal(("attributions", joined(claim, str(level), item, pool), period), asked, met, asked, sentence)

    def direct(self) -> Iterator[tuple[Need, Decimal]]:
        """Yield what claims themselves ask for: the components of the builds that they count."""
        taken: dict[tuple[object, ...], list[tuple[str, Decimal]]] = defaultdict(list)
        columns = ("site", "parent", "option", "bucket", "component", "quantity")
        for *key, component, quantity in self.plan["alternates"].select(columns).iter_rows():
            taken[tuple(key)].append((component, decimal(quantity)))
        for build, claim, period in self.claimed:
            site, item = build.operation.site, build.operation.item
            used = list(taken.get((site, item, build.operation.option, build.bucket), ()))
            rows = self.reading.needs(item, site, self.reading.days.edges[build.bucket])
            fixed = (row for row in rows if row.alternate_group is None)
            used.extend((row.component, build.quantity * row.per_unit) for row in fixed)
            for component, quantity in used:
                yield (claim, period, 1, component, self.pool(component, site)), quantity

    def _below(self) -> Iterator[tuple[Need, Decimal]]:
        """What assemblies that are looked through take, and what is said to be taken from groups."""
        for row, site, needs, good in self._looked_through():
            for component in needs:
                if component.alternate_group is None:
                    name = component.component
                    below = min(row.level + 1, self.last)
                    units = row.quantity * component.per_unit / good
                    yield (row.claim, row.period, below, name, self.pool(name, site)), units
        for row in self.rows:
            if row.kind == "use":
                yield self.place(row), row.quantity

    def _looked_through(self) -> Iterator[tuple[Attributed, str, tuple[Component, ...], Decimal]]:
        for row in self.rows:
            if self.through(row) and (row.level < self.last or self.deeper):
                needs, good = self._recipe(row.item, row.key)
                yield row, way(row.key)[0], needs, good

    def _recipe(self, item: str, key: str) -> tuple[tuple[Component, ...], Decimal]:
        """Return what one unit started takes, and the good units that it gives."""
        site, option, bucket = way(key)
        if bucket is None:
            bucket = min((build.bucket for build in self.builds.get((site, item, option), ())), default=0)
        day = self.reading.days.edges[bucket]
        rows = self.reading.operations[site, item, option]
        return self.reading.needs(item, site, day), (on_day(rows, day) or of_day(rows, day)).yields

    def groups(self, tally: Tally) -> None:
        """What is taken from each group of alternates covers the assemblies that are looked through."""
        used: dict[tuple[str, int, str], list[Attributed]] = defaultdict(list)
        for row in self.rows:
            if row.kind == "use":
                used[row.claim, row.period, row.key].append(row)
        for row, _, needs, good in self._looked_through():
            members: dict[str, dict[str, Decimal]] = defaultdict(dict)
            for component in needs:
                if component.alternate_group is not None:
                    members[component.alternate_group][component.component] = component.per_unit / good
            for group, units in members.items():
                key = f"{row.key}|{row.item}|{row.level}|{group}"
                taken = used.pop((row.claim, row.period, key), [])
                covered = sum((one.quantity / units[one.item] for one in taken if one.item in units), ZERO)
                sentence = f"{plain(covered)} of {plain(row.quantity)} units of {row.item} are covered by {group}"
                tally.equal(_place(row), row.quantity, covered, row.quantity, sentence)
        for rows in used.values():
            for row in rows:
                tally.at_most(_place(row), ZERO, row.quantity, ZERO, "no assembly takes from this group")

    def supplies(self, tally: Tally) -> None:
        """No class of supply is attributed beyond what had arrived of it."""
        asked: dict[tuple[str, str, str, str, str], dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for row in self.rows:
            if row.kind != "use":
                name = (self.stage(row.claim), row.item, self.pool(row.item, row.site), row.kind, row.key)
                asked[name][row.period] += row.quantity
        for (_, item, pool, kind, key), by_period in sorted(asked.items()):
            total = ZERO
            for period in sorted(by_period):
                total += by_period[period]
                there = sum((q for b, q in self._arrived(item, pool, kind, key) if b <= period), ZERO)
                sentence = f"{plain(total)} of {kind} {key} are attributed, {plain(there)} had arrived"
                place = ("attributions", joined(item, pool, kind, key), period)
                tally.at_most(place, there, total, there, sentence)

    def through(self, row: Attributed) -> bool:
        """Return whether a class of supply is looked through."""
        return self.worth.through(row)

    def stage(self, claim: str) -> str:
        """Return what a claim shares its supply with: products with products, assemblies with assemblies."""
        items = {item for name in claim.split("+") for _, item in self.products.get(name, ())}
        return "products" if any(self.worth.kinds[item][0] == "finished" for item in items) else "assemblies"

    def _arrived(self, item: str, pool: str, kind: str, key: str) -> Iterator[tuple[int, Decimal]]:
        if kind == "offer":
            for buy in self.buys.get(key, ()):
                if self.pool(item, buy.destination) == pool:
                    yield from ((bucket, buy.quantity * part) for bucket, part in buy.arrivals)
        elif kind == "built":
            yield from self._built(item, key)
        else:
            yield from self._given(item, pool, key)

    def _built(self, item: str, key: str) -> Iterator[tuple[int, Decimal]]:
        site, option, bucket = way(key)
        recipe = self._shape(*self._recipe(item, key))
        for build in self.builds.get((site, item, option), ()):
            day = self.reading.days.edges[build.bucket]
            if bucket is None or self._shape(self.reading.needs(item, site, day), build.operation.yields) == recipe:
                yield from ((arrival, build.good * part) for arrival, part in build.arrivals)

    def _shape(self, needs: tuple[Component, ...], good: Decimal) -> list[tuple[str, str, Decimal]]:
        return sorted((row.component, row.alternate_group or "", row.per_unit / good) for row in needs)

    def _given(self, item: str, pool: str, origin: str) -> Iterator[tuple[int, Decimal]]:
        network, days = self.reading.network, self.reading.days
        for name, site, quantity, country in network["stock"].select("item", "site", "quantity", "origin").iter_rows():
            if name == item and (country or "") == origin and self.pool(item, site) == pool:
                yield 0, decimal(quantity)
        columns = ("item", "site", "due", "quantity", "origin", "firm")
        for name, site, due, quantity, country, firm in network["receipts"].select(columns).iter_rows():
            number = max(0, days.number(due))
            same = firm and name == item and (country or "") == origin and number < days.horizon
            if same and self.pool(item, site) == pool:
                yield days.bucket(number), decimal(quantity)


def _place(row: Attributed) -> tuple[str, str, int]:
    return "attributions", joined(row.claim, str(row.level), row.item, row.kind, row.key), row.period
