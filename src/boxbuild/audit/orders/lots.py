"""Lots: no order below the smallest, every order a whole multiple."""

from __future__ import annotations

from decimal import Decimal

from boxbuild.audit.orders.order import Order
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Offer, Operation
from boxbuild.audit.tally import ZERO, Tally, plain


def order_lots(orders: tuple[Order, ...], reading: Reading) -> Tally:
    """Check that build and buy orders are at least lot_min and whole multiples of lot_multiple (0: any)."""
    tally = Tally("order lots", "build and buy orders × rules")
    for order in orders:
        row = order.row
        if not isinstance(row, (Operation, Offer)):
            continue
        place = ("orders", order.key, reading.days.date(order.start))
        sentence = f"{plain(order.quantity)} is below the smallest lot {plain(row.lot_min)}"
        tally.at_most(place, order.quantity, row.lot_min, ZERO, sentence)
        if row.lot_multiple:
            lots = round(order.quantity / row.lot_multiple)
            whole = lots * row.lot_multiple
            sentence = f"{plain(order.quantity)} is not a whole multiple of {plain(row.lot_multiple)}"
            tally.equal(place, Decimal(whole), order.quantity, ZERO, sentence)
    return tally
