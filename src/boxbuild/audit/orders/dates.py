"""Dates of orders: lead times, the horizon, and the windows and options of the rows that they go by."""

from __future__ import annotations

from boxbuild.audit.orders.order import Order
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Demand, Lane, Offer, Operation
from boxbuild.audit.rows import delivers_to
from boxbuild.audit.tally import EXACT_RULE, Tally


def order_dates(orders: tuple[Order, ...], reading: Reading) -> Tally:
    """Check that orders lie in the horizon, take their lead time, and go by rows that hold on their day."""
    tally = Tally("order dates", "orders", EXACT_RULE)
    days = reading.days
    for order in orders:
        tally.count += 1
        place = ("orders", order.key, days.date(order.start))
        if order.start < 0 or order.end >= days.horizon:
            sentence = f"from {days.date(order.start)} to {days.date(order.end)} is not inside the horizon"
            tally.fail(place, f"before {days.date(days.horizon)}", days.date(order.end), sentence)
        row = order.row
        lead_days = 0 if isinstance(row, Demand) else row.lead_days
        if order.end != order.start + lead_days:
            due = days.date(order.start + lead_days)
            tally.fail(place, due, days.date(order.end), f"takes {lead_days} days, and so ends on {due}")
        if not isinstance(row, Demand):
            _holds(tally, place, order, row, reading)
        _goes(tally, place, order, reading)
    return tally


def _holds(
    tally: Tally,
    place: tuple[str, str, object],
    order: Order,
    row: Operation | Offer | Lane,
    reading: Reading,
) -> None:
    day = reading.days.date(order.start)
    where = (place[0], place[1], day)
    if not row.first <= order.start <= row.last:
        tally.fail(where, "a row that holds", "one that does not", f"the row does not hold on {day}")
    if row.option is not None and row.option not in reading.ready:
        sentence = f"needs the option {row.option}, not taken"
        tally.fail(where, f"option {row.option} taken", "not taken", sentence)
    elif not reading.usable(row.option, order.start):
        ready = reading.days.date(reading.ready[row.option or ""])
        sentence = f"needs the option {row.option}, which is ready on {ready} only"
        tally.fail(where, f"{ready} or later", day, sentence)


def _goes(tally: Tally, place: tuple[str, str, object], order: Order, reading: Reading) -> None:
    row = order.row
    where = (place[0], place[1], reading.days.date(order.start))
    item = row.item or order.item
    if order.item != item:
        tally.fail(where, item, order.item, f"what the order refers to is for {item}")
    if isinstance(row, Offer):
        if order.destination is None or not delivers_to(row, order.destination, reading):
            served = row.destination or "a plant that builds with the item"
            tally.fail(where, served, order.destination, f"the offer does not deliver to {order.destination}")
        if order.site != row.supplier:
            tally.fail(where, row.supplier, order.site, f"the offer is {row.supplier}'s")
    if isinstance(row, Demand) and order.site != row.market:
        tally.fail(where, row.market, order.site, f"the demand is at {row.market}")
