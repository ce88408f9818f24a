"""Weeks of orders: resources, offers and lanes, by seven days counted from the start of the plan."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from boxbuild.audit.flows import joined
from boxbuild.audit.orders.order import Order
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Lane, Offer, Operation
from boxbuild.audit.tally import ZERO, Tally, plain


def days_of(week: int, reading: Reading) -> tuple[int, int]:
    """Return the first day of a week and the day after its last one; the last week ends with the horizon."""
    return 7 * week, min(7 * week + 7, reading.days.horizon)


def order_weeks(orders: tuple[Order, ...], reading: Reading) -> Tally:
    """Check the weekly limits, in the week in which orders start.

    A resource can do its capacity and its overtime; an offer sells and a lane carries its per_week.
    """
    tally = Tally("order weeks", "resources, offers, lanes × weeks")
    resources: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    rows: dict[tuple[Offer | Lane, int], Decimal] = defaultdict(Decimal)
    for order in orders:
        row, week = order.row, order.start // 7
        if isinstance(row, Operation):
            for resource, quantity in reading.uses.get((order.site, order.item), ()):
                resources[resource, week] += order.quantity * quantity
        elif isinstance(row, (Offer, Lane)) and row.per_week is not None:
            rows[row, week] += order.quantity
    for (resource, week), used in resources.items():
        limit = sum(reading.capacity(resource, *days_of(week, reading)), ZERO)
        place = ("orders", resource, reading.days.date(7 * week))
        sentence = f"{plain(used)} used in this week, and there are {plain(limit)} with overtime"
        tally.at_most(place, limit, used, limit, sentence)
    for (row, week), quantity in rows.items():
        limit = row.per_week or ZERO
        key = row.offer if isinstance(row, Offer) else joined(row.origin, row.destination, row.mode, row.item)
        place = ("orders", key, reading.days.date(7 * week))
        sentence = f"{plain(quantity)} in this week, and there can be {plain(limit)}"
        tally.at_most(place, limit, quantity, limit, sentence)
    return tally
