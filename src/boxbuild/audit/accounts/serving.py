"""Serving: what late deliveries cost, and what is never delivered."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from boxbuild.audit.accounts.line import Line
from boxbuild.audit.flows import Flows
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Demand

ZERO = Decimal(0)


def lines(flows: Flows, reading: Reading) -> Iterator[Line]:
    """Yield the lines of demands.

    late = late_per_day x late_days x quantity, when delivered; lost = lost_cost x short, in the due bucket. Orders
    within the grace days of their demand are not late.
    """
    for delivery in flows.deliveries:
        demand, bucket = delivery.demand, delivery.bucket
        late_days = reading.late_days(demand, bucket, delivery.day)
        if late_days:
            cost = reading.exchange.home(late_per_day(demand, reading), demand.currency, bucket)
            if cost:
                yield Line("late", bucket, demand.demand, cost * late_days * delivery.quantity)
    for name, quantity in flows.shortages.items():
        demand = reading.demands[name]
        due = reading.due_bucket(demand)
        if due is not None:
            cost = lost_cost(demand, due, reading) * quantity
            if cost:
                yield Line("lost", due, name, cost)


def late_per_day(demand: Demand, reading: Reading) -> Decimal:
    """Return the cost of one late unit and day, in the demand's currency: blank is price x late_rate."""
    if demand.late_per_day is not None:
        return demand.late_per_day
    return (demand.price or ZERO) * reading.settings.late_rate


def lost_cost(demand: Demand, bucket: int, reading: Reading) -> Decimal:
    """Return the cost of a unit never delivered, in home currency: blank is the price, else the item's value."""
    cost = demand.lost_cost if demand.lost_cost is not None else demand.price
    if cost is not None:
        return reading.exchange.home(cost, demand.currency, bucket)
    item = reading.items[demand.item]
    return reading.exchange.home(item.value, item.currency, bucket)
