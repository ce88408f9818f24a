"""An order as the audit reads it: days as numbers, and the row of the network that it goes by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from boxbuild.audit.flows import joined
from boxbuild.audit.reading import Reading, on_day
from boxbuild.audit.records import Demand, Lane, Offer, Operation, decimal
from boxbuild.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class Order:
    """One dated order."""

    name: str
    item: str
    site: str
    destination: str | None
    quantity: Decimal
    start: int
    end: int
    row: Operation | Offer | Lane | Demand

    @property
    def key(self) -> str:
        """Number of the order and what it is about."""
        return joined(self.name, self.item, self.site)


def orders(plan: Plan, reading: Reading) -> tuple[Order, ...]:
    """Return the orders of a plan whose tables can be read."""
    return tuple(_orders(plan, reading))


def _orders(plan: Plan, reading: Reading) -> Iterator[Order]:
    number = reading.days.number
    columns = (
        "order",
        "kind",
        "item",
        "site",
        "destination",
        "reference",
        "lane_item",
        "quantity",
        "start",
        "end",
    )
    for name, kind, item, site, destination, reference, lane_item, quantity, start, end in (
        plan["orders"].select(columns).iter_rows()
    ):
        first = number(start)
        row: Operation | Offer | Lane | Demand
        if kind == "build":
            operations = reading.operations[site, item, reference]
            row = on_day(operations, first) or operations[0]
        elif kind == "ship":
            lanes = reading.lanes[site, destination, reference, lane_item]
            row = on_day(lanes, first) or lanes[0]
        elif kind == "buy":
            offers = reading.offers[reference]
            row = on_day(offers, first) or offers[0]
        else:
            row = reading.demands[reference]
        yield Order(name, item, site, destination, decimal(quantity), first, number(end), row)
