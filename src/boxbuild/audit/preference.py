"""Preferences: what enters at the rate of an agreement was shipped, and originates by the agreement's rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Final

from boxbuild.audit.claims import way
from boxbuild.audit.flows import PREFERENCE, Attributed, Flows, Preferred, Shipment, joined
from boxbuild.audit.money import Key, Sum, of_account, stated_lines
from boxbuild.audit.origin import Attributions, Need
from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import Tally, plain
from boxbuild.law.origin import Input, Rule, originates, rule
from boxbuild.plan.plan import Plan

ZERO: Final = Decimal(0)

ROUNDING: Final = Decimal("0.000001")
"""Part of the value free on board that a foreign input may be off by: quantities are rounded."""

APRIL: Final = 4
"""Month in which a financial year begins."""

Claim = tuple[str, int]
"""Name, and last bucket."""


def preference(plan: Plan, flows: Flows, expected: Mapping[Key, Sum], reading: Reading) -> Tally:
    """Check what is claimed under trade agreements.

    No more than is shipped; each claim is of one financial year, its inputs were needed and there, and no input counts
    twice; by them it originates (:func:`boxbuild.law.origin.originates`); the money is what the exact side makes.
    """
    tally = Tally("law preference", "quantities, origin and amounts of preferences")
    checked = _Preferences(plan, flows, reading)
    if not reading.law.by_book:
        for part in flows.preferred:
            tally.fail(_place(part), "nothing", part.moved.quantity, "the plan does not go by the law book")
        for row in flows.originating:
            place = ("attributions", joined(row.claim, row.item), row.period)
            tally.fail(place, "nothing", row.quantity, "the plan does not go by the law book")
        return tally
    checked.within(tally)
    checked.needs(tally)
    checked.groups(tally)
    checked.supplies(tally)
    checked.originate(tally)
    of_account(tally, "preference", "customs at the agreement's rate", expected, stated_lines(plan))
    return tally


class _Preferences(Attributions):
    """The attributions of a plan to what it claims under agreements."""

    def __init__(self, plan: Plan, flows: Flows, reading: Reading) -> None:
        super().__init__(plan, flows, reading)
        self.rows = flows.originating
        self.last, self.deeper = 1, True

    @cached_property
    def spans(self) -> dict[str, set[tuple[int, int]]]:
        """First and last buckets of claims, by name."""
        found: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for row in self.rows:
            found[row.claim].add((row.first, row.period))
        return found

    def claim(self, part: Preferred) -> Claim:
        """Return the claim that a part of a shipment belongs to."""
        lane, bucket = part.moved.lane, part.moved.bucket
        countries = self.reading.country(lane.origin), self.reading.country(lane.destination)
        name = joined(PREFERENCE, part.agreement, part.moved.item, *countries)
        ends = [last for first, last in self.spans.get(name, ()) if first <= bucket <= last]
        return name, min(ends, default=bucket)

    def through(self, row: Attributed) -> bool:
        """Return whether a class is built in the country that is left."""
        return row.kind == "built" and self.reading.country(way(row.key)[0]) == row.claim.split("|")[-2]

    def stage(self, claim: str) -> str:
        """Return the country that is left: all that it exports shares its supply."""
        return claim.split("|")[-2]

    def direct(self) -> Iterator[tuple[Need, Decimal]]:
        """Yield what is claimed."""
        for part in self.flows.preferred:
            name, period = self.claim(part)
            item = part.moved.item
            yield (name, period, 0, item, self.pool(item, part.moved.lane.origin)), part.moved.quantity

    def within(self, tally: Tally) -> None:
        """No more is claimed, under all agreements, than is shipped."""
        shipped = {_named(row): row.quantity for row in self.flows.shipments}
        claimed: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
        for part in self.flows.preferred:
            claimed[_named(part.moved)] += part.moved.quantity
        for (key, bucket), quantity in claimed.items():
            moved = shipped.get((key, bucket), ZERO)
            sentence = f"{plain(quantity)} are claimed, and {plain(moved)} are shipped"
            tally.at_most(("preferences", key, bucket), moved, quantity, moved, sentence)

    def originate(self, tally: Tally) -> None:
        """Each claim meets the rule of its agreement on every day that something of it leaves."""
        parts: dict[Claim, list[Preferred]] = defaultdict(list)
        for part in self.flows.preferred:
            parts[self.claim(part)].append(part)
        inputs: dict[Claim, list[Attributed]] = defaultdict(list)
        for row in self.rows:
            inputs[row.claim, row.period].append(row)
        for claim, rows in inputs.items():
            self._regular(tally, claim, rows)
        for claim, claimed in sorted(parts.items()):
            moves = [one.moved for one in claimed]
            fob = sum((self.worth.standard(one.item, one.bucket) * one.quantity for one in moves), ZERO)
            for asked in self._rules(tally, claimed):
                self._met(tally, asked, claim, moves[0], fob, inputs[claim])

    def _regular(self, tally: Tally, claim: Claim, rows: list[Attributed]) -> None:
        days = self.reading.days
        for row in rows:
            ends = (days.date(days.edges[bucket]) for bucket in (row.first, row.period))
            years = {day.year - (day.month < APRIL) for day in ends}
            place = ("attributions", joined(row.claim, row.item, row.kind, row.key), claim[1])
            tally.holds(
                place, when=len(years) == 1, expected="one year", found=len(years), sentence="a claim is of one year"
            )
            inside = row.level > 0 or self.through(row)
            sentence = "what is exported was not built in the country that it leaves"
            tally.holds(place, when=inside, expected="built there", found=row.key, sentence=sentence)

    def _rules(self, tally: Tally, claimed: list[Preferred]) -> list[Rule]:
        """Return the different rules of the days on which something leaves."""
        found: list[Rule] = []
        for part in claimed:
            moved, days = part.moved, self.reading.days
            countries = self.reading.country(moved.lane.destination), self.reading.country(moved.lane.origin)
            day = days.date(days.edges[moved.bucket])
            asked = rule(self.reading.law, countries[0], part.agreement, day, countries[1])
            if asked is None:
                tally.fail(_place(part), "a rule", "none", f"no rule of {part.agreement} is in force on {day}")
            elif asked not in found:
                found.append(asked)
        return found

    def _met(
        self, tally: Tally, asked: Rule, claim: Claim, moved: Shipment, fob: Decimal, rows: list[Attributed]
    ) -> None:
        left, entered = self.reading.country(moved.lane.origin), self.reading.country(moved.lane.destination)
        own = {left, entered} if asked.cumulation else {left}
        conversion, inputs = ZERO, []
        for row in rows:
            if row.kind == "use":
                continue
            if self.through(row):
                conversion += self.worth.conversion(row) * row.quantity
                continue
            value, country = self.worth.value(row)
            amount = value * row.quantity
            if country not in own:
                amount = max(ZERO, amount - ROUNDING * fob)
            inputs.append(Input(row.item, self.reading.items[row.item].hs, country, amount))
        trace = originates(asked, self.reading.items[moved.item].hs, fob, conversion, inputs, own)
        text = ", ".join(f"{part.rule} {plain(part.value)}" for part in trace.parts)
        sentence = f"by what is attributed it does not originate under {asked.agreement}: {text}"
        tally.holds(
            ("preferences", claim[0], claim[1]),
            when=bool(trace.value),
            expected=1,
            found=trace.value,
            sentence=sentence,
        )


def _named(moved: Shipment) -> tuple[str, int]:
    return moved.key, moved.bucket


def _place(part: Preferred) -> tuple[str, str, int]:
    return "preferences", joined(part.agreement, part.moved.key), part.moved.bucket
