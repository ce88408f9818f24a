"""What a plan states, as flows between buckets: each with the row of the network that it goes by."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from boxbuild.audit.days import Arrivals
from boxbuild.audit.reading import LaneKey, Reading, on_day
from boxbuild.audit.records import Demand, Lane, Offer, Operation, decimal
from boxbuild.plan.plan import Plan

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Build:
    """Units of an item started in a bucket."""

    operation: Operation
    bucket: int
    quantity: Decimal
    good: Decimal
    arrivals: Arrivals


@dataclass(frozen=True, slots=True)
class Buy:
    """Units ordered in a bucket."""

    offer: Offer
    destination: str
    bucket: int
    quantity: Decimal
    arrivals: Arrivals

    @property
    def key(self) -> str:
        """The key of its ledger lines."""
        return joined(self.offer.offer, self.destination)


@dataclass(frozen=True, slots=True)
class Shipment:
    """Units that depart in a bucket."""

    lane: Lane
    item: str
    bucket: int
    quantity: Decimal
    arrivals: Arrivals

    @property
    def key(self) -> str:
        """The key of its ledger lines."""
        return joined(self.lane.origin, self.lane.destination, self.lane.mode, self.lane.item, self.item)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Units delivered in a bucket; an order's have a day, and a plan's say how late they are."""

    demand: Demand
    bucket: int
    quantity: Decimal
    late_days: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Attributed:
    """Units of an input that a claim counts; see the plan's table ``attributions``."""

    claim: str
    first: int
    period: int
    level: int
    item: str
    site: str
    kind: str
    key: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Exempt:
    """The part of a buy or of a shipment that is under an export scheme: an import, or an export."""

    scheme: str
    site: str
    export: bool
    moved: Buy | Shipment


@dataclass(frozen=True, slots=True)
class Preferred:
    """The part of a shipment that enters at the rate of a trade agreement."""

    agreement: str
    moved: Shipment


PREFERENCE: Final = "preference"
"""First part of the name of a claim of a preference; the other claims are names of targets."""


@dataclass(frozen=True)
class Flows:
    """Everything that a plan says happens, by bucket."""

    builds: tuple[Build, ...] = ()
    buys: tuple[Buy, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    shortages: dict[str, Decimal] = field(default_factory=dict)
    stock: dict[tuple[str, str, int], Decimal] = field(default_factory=dict)
    overtime: dict[tuple[str, int], Decimal] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    exempt: tuple[Exempt, ...] = ()
    attributed: tuple[Attributed, ...] = ()
    preferred: tuple[Preferred, ...] = ()
    originating: tuple[Attributed, ...] = ()
    """Inputs that claims of preferences count; ``attributed`` has those of targets."""
    dated: bool = False
    """Whether they are those of orders, of which no inputs are attributed."""

    @classmethod
    def of(cls, plan: Plan, reading: Reading) -> Flows:
        """Return the flows of a plan whose tables can be read.

        A row that does not hold in its bucket is still read by a row of its key, so that one wrong window is
        one failure and not many.
        """
        return cls(
            builds=_builds(plan, reading),
            buys=_buys(plan, reading),
            shipments=_shipments(plan, reading),
            deliveries=_deliveries(plan, reading),
            shortages={d: decimal(q) for d, q in plan["shortages"].select("demand", "quantity").iter_rows()},
            stock={
                (item, site, bucket): decimal(quantity)
                for item, site, bucket, quantity in plan["stock"]
                .select("item", "site", "bucket", "quantity")
                .iter_rows()
            },
            overtime={
                (resource, bucket): decimal(quantity)
                for resource, bucket, quantity in plan["capacity"].select("resource", "bucket", "overtime").iter_rows()
            },
            taken=dict(plan["options"].select("option", "bucket").iter_rows()),
            exempt=_exempt(plan, reading),
            attributed=tuple(row for row in _attributed(plan) if not _of_preference(row)),
            preferred=_preferred(plan, reading),
            originating=tuple(row for row in _attributed(plan) if _of_preference(row)),
        )

    def delivered(self) -> dict[str, Decimal]:
        """Return what each demand received."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for delivery in self.deliveries:
            found[delivery.demand.demand] += delivery.quantity
        return found


def joined(*parts: str | None) -> str:
    """Return the parts of a key joined by ``|``; a blank part is empty."""
    return "|".join(part or "" for part in parts)


def _builds(plan: Plan, reading: Reading) -> tuple[Build, ...]:
    days = reading.days
    rows = plan["builds"].select("site", "item", "option", "bucket", "quantity", "good").iter_rows()
    found = []
    for site, item, option, bucket, quantity, good in rows:
        known = reading.operations[site, item, option]
        operation = on_day(known, days.edges[bucket]) or known[0]
        arrivals = days.arrivals(bucket, operation.lead_days)
        found.append(Build(operation, bucket, decimal(quantity), decimal(good), arrivals))
    return tuple(found)


def _buys(plan: Plan, reading: Reading) -> tuple[Buy, ...]:
    rows = plan["buys"].select("offer", "destination", "bucket", "quantity").iter_rows()
    found = []
    for name, destination, bucket, quantity in rows:
        known = reading.offers[name]
        offer = on_day(known, reading.days.edges[bucket]) or known[0]
        arrivals = reading.days.arrivals(bucket, offer.lead_days)
        found.append(Buy(offer, destination, bucket, decimal(quantity), arrivals))
    return tuple(found)


_SHIPPED: Final = ("origin", "destination", "mode", "lane_item", "item", "bucket", "quantity")


def _shipments(plan: Plan, reading: Reading) -> tuple[Shipment, ...]:
    return tuple(_shipment(row, reading) for row in plan["shipments"].select(_SHIPPED).iter_rows())


def _shipment(row: tuple[Any, ...], reading: Reading) -> Shipment:
    *lane_names, item, bucket, quantity = row
    known = reading.lanes[tuple(lane_names)]
    lane = on_day(known, reading.days.edges[bucket]) or known[0]
    return Shipment(lane, item, bucket, decimal(quantity), reading.days.arrivals(bucket, lane.lead_days))


def _preferred(plan: Plan, reading: Reading) -> tuple[Preferred, ...]:
    rows = plan["preferences"].select("agreement", *_SHIPPED).iter_rows()
    return tuple(Preferred(agreement, _shipment(tuple(row), reading)) for agreement, *row in rows)


def _deliveries(plan: Plan, reading: Reading) -> tuple[Delivery, ...]:
    rows = plan["deliveries"].select("demand", "bucket", "quantity", "late_days").iter_rows()
    return tuple(
        Delivery(reading.demands[demand], bucket, decimal(quantity), late) for demand, bucket, quantity, late in rows
    )


def _attributed(plan: Plan) -> tuple[Attributed, ...]:
    columns = ("claim", "first", "period", "level", "item", "site", "kind", "key", "quantity")
    rows = plan["attributions"].select(columns).iter_rows(named=True)
    return tuple(Attributed(**{**row, "quantity": decimal(row["quantity"])}) for row in rows)


def _of_preference(row: Attributed) -> bool:
    return row.claim.split("|")[0] == PREFERENCE and "|" in row.claim


def _exempt(plan: Plan, reading: Reading) -> tuple[Exempt, ...]:
    days, found = reading.days, []
    columns = ("scheme", "site", "flow", "item", "key", "bucket", "quantity")
    for scheme, site, flow, item, key, bucket, quantity in plan["exempt"].select(columns).iter_rows():
        if flow == "buy":
            offer = on_day(reading.offers[key], days.edges[bucket]) or reading.offers[key][0]
            arrivals = days.arrivals(bucket, offer.lead_days)
            found.append(
                Exempt(scheme, site, export=False, moved=Buy(offer, site, bucket, decimal(quantity), arrivals))
            )
        elif flow in ("ship", "export"):
            known = reading.lanes[lane_key(key)]
            lane = on_day(known, days.edges[bucket]) or known[0]
            moved = Shipment(lane, item, bucket, decimal(quantity), days.arrivals(bucket, lane.lead_days))
            found.append(Exempt(scheme, site, export=flow == "export", moved=moved))
    return tuple(found)


def lane_key(key: str) -> LaneKey:
    """Return the key of a lane's rows from the text that joins its parts."""
    origin, destination, mode, item = key.split("|")
    return origin, destination, mode, item or None
