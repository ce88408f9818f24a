"""Freight and insurance of what is bought and of what is shipped."""

from __future__ import annotations

from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import exact
from boxbuild.plan.ledger.lines import Lines, paid


def bought_freight(book: Book) -> Lines:
    """Return the freight that the brand pays on purchases, in the bucket of the order.

    ``freight × quantity``
    """
    buys = paid(book.buys, "freight")
    return Lines("freight", buys, exact(buys["freight"]) * exact(buys["quantity"]) * book.exchange(buys))


def lane_freight(book: Book) -> Lines:
    """Return the freight of shipments, in the bucket of departure.

    ``(per_unit + per_kg × weight) × quantity``
    """
    shipments = paid(book.shipments, "per_unit", "per_kg")
    unit = exact(shipments["per_unit"]) + exact(shipments["per_kg"]) * exact(shipments["weight_kg"])
    return Lines("freight", shipments, unit * exact(shipments["quantity"]) * book.exchange(shipments))


def insurance(book: Book) -> Lines:
    """Return the insurance of shipments, in the bucket of departure.

    ``insurance × value of the item × quantity``
    """
    shipments = paid(book.shipments, "insurance")
    unit = exact(shipments["insurance"]) * exact(shipments["value"]) * book.exchange(shipments, "value_currency")
    return Lines("insurance", shipments, unit * exact(shipments["quantity"]))
