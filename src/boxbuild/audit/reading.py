"""The audit's reading of a network: its rows by key, the day each holds from, and what builds take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol, TypeVar

from boxbuild.audit.days import Days, days_between
from boxbuild.audit.duty import Duties
from boxbuild.audit.exchange import Exchange
from boxbuild.audit.records import (
    Component,
    Contract,
    Demand,
    Item,
    Lane,
    Offer,
    Operation,
    Option,
    Resource,
    Site,
    Target,
    Tier,
    decimal,
    records,
)
from boxbuild.law.applications import claims
from boxbuild.law.customs import Assessor
from boxbuild.law.incentives import Claim
from boxbuild.law.law import Law
from boxbuild.law.trace import Read, Trace
from boxbuild.network.network import Network

LaneKey = tuple[str, str, str, str | None]


class Windowed(Protocol):
    """A row that holds from a day until a day, both included."""

    @property
    def first(self) -> int:
        """First day."""

    @property
    def last(self) -> int:
        """Last day."""


Row = TypeVar("Row", bound=Windowed)
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Reading:
    """A network as the audit reads it, given the days from which the plan's options are ready."""

    def __init__(self, network: Network, ready: dict[str, int]) -> None:
        self.network = network
        self.settings = network.settings
        self.ready = ready
        self.met: dict[tuple[str, date, Decimal], tuple[Read, set[str]]] = {}
        self.days = Days.of(network.settings)
        self.exchange = Exchange(network, self.days)
        self.duties = Duties(network, self.days)
        self._needs: dict[tuple[str, str, int], tuple[Component, ...]] = {}
        self._windows: dict[tuple[int, int], range] = {}

    @cached_property
    def sites(self) -> dict[str, Site]:
        """Rows of sites by name."""
        return {row.site: row for row in records(self.network, "sites", Site)}

    @cached_property
    def items(self) -> dict[str, Item]:
        """Rows of items by name."""
        return {row.item: row for row in records(self.network, "items", Item)}

    @cached_property
    def operations(self) -> dict[tuple[str, str, str | None], list[Operation]]:
        """Rows of operations by site, item and option."""
        rows = records(self.network, "operations", Operation)
        return grouped(((row.site, row.item, row.option), row) for row in rows)

    @cached_property
    def offers(self) -> dict[str, list[Offer]]:
        """Rows of sources by offer."""
        return grouped((row.offer, row) for row in records(self.network, "sources", Offer))

    @cached_property
    def lanes(self) -> dict[LaneKey, list[Lane]]:
        """Rows of lanes by origin, destination, mode and item."""
        rows = records(self.network, "lanes", Lane)
        return grouped(((row.origin, row.destination, row.mode, row.item), row) for row in rows)

    @cached_property
    def resources(self) -> dict[str, list[Resource]]:
        """Rows of resources by name."""
        return grouped((row.resource, row) for row in records(self.network, "resources", Resource))

    @cached_property
    def demands(self) -> dict[str, Demand]:
        """Rows of demand by name."""
        return {row.demand: row for row in records(self.network, "demand", Demand)}

    @cached_property
    def contracts(self) -> dict[str, Contract]:
        """Rows of contracts by name."""
        return {row.contract: row for row in records(self.network, "contracts", Contract)}

    @cached_property
    def options(self) -> dict[str, Option]:
        """Rows of options by name."""
        return {row.option: row for row in records(self.network, "options", Option)}

    @cached_property
    def targets(self) -> dict[str, Target]:
        """Rows of targets by name."""
        return {row.target: row for row in records(self.network, "targets", Target)}

    @cached_property
    def _boms(self) -> dict[str, list[Component]]:
        return grouped((row.parent, row) for row in records(self.network, "boms", Component))

    @cached_property
    def law(self) -> Law:
        """What the network obeys."""
        return Law.of(self.network)

    @cached_property
    def applications(self) -> tuple[Claim, ...]:
        """Applications of the horizon for incentives, as the law reads them."""
        return claims(self.law)

    @cached_property
    def subsidised(self) -> dict[str, dict[str, Any]]:
        """Rows of options that claim a subsidy, by option."""
        rows = self.network["options"].iter_rows(named=True)
        return {row["option"]: row for row in rows if row["subsidy"] is not None}

    @cached_property
    def uses(self) -> dict[tuple[str, str], list[tuple[str, Decimal]]]:
        """Resource and capacity that one unit started takes, by site and item."""
        rows = self.network["uses"].select("site", "item", "resource", "quantity").iter_rows()
        return grouped(((site, item), (resource, decimal(quantity))) for site, item, resource, quantity in rows)

    @cached_property
    def ladders(self) -> dict[tuple[str | None, str | None], list[Tier]]:
        """Steps by contract and offer, lowest first."""
        found = grouped(((row.contract, row.offer), row) for row in records(self.network, "tiers", Tier))
        return {key: sorted(steps, key=lambda step: step.from_quantity) for key, steps in found.items()}

    @cached_property
    def opening(self) -> dict[tuple[str, str], Decimal]:
        """Stock on the first day, by item and site."""
        found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for item, site, quantity in self.network["stock"].select("item", "site", "quantity").iter_rows():
            found[item, site] += decimal(quantity)
        return dict(found)

    @cached_property
    def receipts(self) -> list[tuple[str, str, int, Decimal]]:
        """Item, site, day and quantity of what is firmly on its way and arrives inside the horizon."""
        rows = self.network["receipts"].select("item", "site", "due", "quantity", "firm").iter_rows()
        dated = [(item, site, max(0, self.days.number(due)), q) for item, site, due, q, firm in rows if firm]
        return [(item, site, day, decimal(q)) for item, site, day, q in dated if day < self.days.horizon]

    @cached_property
    def assessor(self) -> Assessor:
        """Who assesses imports under the law."""
        return Assessor(self.law)

    def noted(self, trace: Trace) -> Trace:
        """Return a trace as it is, with what it read in the book kept in ``met``, by the rules that read it."""
        for step in trace.walk():
            for read in step.reads:
                self.met.setdefault((read.parameter, read.since, read.value), (read, set()))[1].add(step.rule)
        return trace

    @cached_property
    def made_at_home(self) -> frozenset[str]:
        """Items that some operation in the home country builds."""
        home = self.settings.home_country
        return frozenset(item for site, item, _ in self.operations if self.country(site) == home)

    @cached_property
    def plants_needing(self) -> set[tuple[str, str]]:
        """Items and plants where an operation builds something whose bill of materials has the item."""
        found: set[tuple[str, str]] = set()
        for site, parent, _ in self.operations:
            if self.sites[site].kind == "plant":
                rows = [row for row in self._boms.get(parent, ()) if row.site in (None, site)]
                found.update((row.component, site) for row in rows)
        return found

    def needs(self, parent: str, site: str, day: int) -> tuple[Component, ...]:
        """Return the BOM rows that a build started on a day at a site takes.

        Of the rows that hold on the day, one that names the site replaces the blank one of the component. A
        quantity of 0 says that the component is not used.
        """
        if (parent, site, day) not in self._needs:
            rows = [row for row in self._boms.get(parent, ()) if row.first <= day <= row.last]
            here = [row for row in rows if row.site == site]
            named = {row.component for row in here}
            found = (*here, *(row for row in rows if row.site is None and row.component not in named))
            self._needs[parent, site, day] = tuple(row for row in found if row.quantity)
        return self._needs[parent, site, day]

    def usable(self, option: str | None, day: int) -> bool:
        """Return whether what needs an option can be used on a day."""
        return option is None or (option in self.ready and self.ready[option] <= day)

    def capacity(self, resource: str, left: int, right: int) -> tuple[Decimal, Decimal]:
        """Return the capacity and the overtime of a resource on the days ``[left, right)``."""
        regular = overtime = Decimal(0)
        for row in self.resources[resource]:
            days = self.resource_days(row, left, right)
            regular += row.per_week * days / 7
            overtime += row.overtime_per_week * days / 7
        return regular, overtime

    def resource_days(self, row: Resource, left: int, right: int) -> int:
        """Return how many of the days ``[left, right)`` a row of resources counts on."""
        if row.option is None:
            return days_between(left, right, row.first, row.last)
        if row.option not in self.ready:
            return 0
        return days_between(left, right, max(row.first, self.ready[row.option]), row.last)

    def due_bucket(self, demand: Demand) -> int | None:
        """Return the bucket that a demand is due in, or ``None`` where that is after the horizon."""
        if demand.due >= self.days.horizon:
            return None
        return self.days.bucket(max(0, demand.due))

    def good_until(self, demand: Demand) -> int:
        """Return the last day on which a dated delivery of a demand is on time, whatever its bucket."""
        return max(0, demand.due) + demand.grace_days

    def late_days(self, demand: Demand, bucket: int, day: int | None = None) -> int:
        """Return how late a delivery is: from the start of the due bucket to that of its own.

        One that is dated is not late at all until the demand's grace days are over.
        """
        due = self.due_bucket(demand)
        if due is None or (day is not None and day <= self.good_until(demand)):
            return 0
        return max(0, self.days.edges[bucket] - self.days.edges[due])

    def window(self, first: int, last: int) -> range:
        """Return the buckets whose first day lies between two days."""
        if (first, last) not in self._windows:
            inside = [b for b in range(self.days.buckets) if first <= self.days.edges[b] <= last]
            self._windows[first, last] = range(inside[0], inside[-1] + 1) if inside else range(0)
        return self._windows[first, last]

    def country(self, site: str) -> str:
        """Return the country that a site stands in."""
        return self.sites[site].country

    def origin(self, offer: Offer) -> str:
        """Return the country that bought goods come from."""
        return offer.origin or self.country(offer.supplier)


def on_day(rows: Iterable[Row], day: int) -> Row | None:
    """Return the row that holds on a day."""
    return next((row for row in rows if row.first <= day <= row.last), None)


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """Return lists of values by key, in the order in which they come."""
    found: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)
