"""Stock by day: what arrives on a day can be used on it, and no stock is ever below 0."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from boxbuild.audit.flows import joined
from boxbuild.audit.orders.alternates import Taken, used_by
from boxbuild.audit.orders.order import Order
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Demand, Lane, Operation
from boxbuild.audit.tally import ZERO, Tally, plain

Days = dict[int, Decimal]
Node = tuple[str, str]


def order_stock(orders: tuple[Order, ...], taken: Taken, reading: Reading) -> Tally:
    """Check that the stock of no item is negative at any site on any day."""
    tally = Tally("order stock", "items × sites × days with a movement")
    if not orders:
        return tally
    for (item, site), moved in movements(orders, taken, reading).items():
        stock = reading.opening.get((item, site), ZERO)
        gross = stock
        for day in sorted(moved):
            stock += moved[day]
            gross += abs(moved[day])
            place = ("orders", joined(item, site), reading.days.date(day))
            sentence = f"{plain(-stock)} more {item} leave {site} by this day than have arrived"
            tally.at_most(place, stock, ZERO, gross, sentence)
    return tally


def movements(orders: tuple[Order, ...], taken: Taken, reading: Reading) -> dict[Node, Days]:
    """Return how the stock of each item at each site changes on each day."""
    found: dict[Node, Days] = defaultdict(lambda: defaultdict(Decimal))
    for item, site, day, quantity in _movements(orders, taken, reading):
        found[item, site][day] += quantity
    return found


def _movements(orders: tuple[Order, ...], taken: Taken, reading: Reading) -> Iterator[tuple[str, str, int, Decimal]]:
    yield from reading.receipts
    for order in orders:
        row = order.row
        if isinstance(row, Operation):
            yield order.item, order.site, order.end, order.quantity * row.yields
        elif isinstance(row, Demand):
            yield order.item, order.site, order.start, -order.quantity
        else:
            if isinstance(row, Lane):
                yield order.item, order.site, order.start, -order.quantity
            yield order.item, order.destination or "", order.end, order.quantity
    for component, site, day, quantity in used_by(orders, taken, reading):
        yield component, site, day, -quantity
