"""Deliveries by day: not too early, not too late, not too much, not too small."""

from __future__ import annotations

from collections import defaultdict

from boxbuild.audit.orders.order import Order
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Demand
from boxbuild.audit.tally import ZERO, Tally, plain


def order_deliveries(orders: tuple[Order, ...], reading: Reading) -> Tally:
    """Check the delivery orders of every demand.

    None before the due bucket begins or more than max_late_days after the grace days; together no more than the
    demand; each at least min_shipment, except one that completes the demand.
    """
    tally = Tally("order deliveries", "delivery orders, and demands")
    days = reading.days
    by_demand: dict[str, list[Order]] = defaultdict(list)
    for order in orders:
        if isinstance(order.row, Demand):
            by_demand[order.row.demand].append(order)
    for name, delivered in by_demand.items():
        demand = reading.demands[name]
        due = reading.due_bucket(demand)
        got = ZERO
        for order in sorted(delivered, key=lambda order: order.start):
            tally.count += 1
            got += order.quantity
            place = ("orders", order.key, days.date(order.start))
            if due is None or order.start < days.edges[due]:
                sentence = "delivered before its due bucket, or due after the horizon"
                tally.fail(place, days.date(demand.due), days.date(order.start), sentence)
            elif order.start > last_day(demand, due, reading):
                sentence = f"delivered more than {demand.max_late_days} days late"
                tally.fail(place, days.date(last_day(demand, due, reading)), days.date(order.start), sentence)
            completes = got >= demand.quantity
            sentence = f"{plain(order.quantity)} is below min_shipment and does not complete the demand"
            if not completes:
                tally.at_most(place, order.quantity, demand.min_shipment, demand.quantity, sentence)
        sentence = f"{plain(got)} delivered, and {plain(demand.quantity)} wanted"
        tally.at_most(("orders", name, None), demand.quantity, got, demand.quantity, sentence)
    return tally


def last_day(demand: Demand, due: int, reading: Reading) -> int:
    """Return the last day on which a demand can be delivered.

    It is lost max_late_days after its grace days; and in its due bucket it is never late.
    """
    return max(reading.good_until(demand) + demand.max_late_days, reading.days.edges[due + 1] - 1)
