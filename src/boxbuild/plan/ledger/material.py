"""Material: what suppliers are paid, and what assemblers charge for handling it."""

from __future__ import annotations

import polars as pl

from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import exact
from boxbuild.plan.ledger.lines import Lines


def material(book: Book) -> Lines:
    """Return the price of what is bought, in the bucket of the order.

    ``price × quantity``
    """
    buys = book.buys
    return Lines("material", buys, exact(buys["price"]) * exact(buys["quantity"]) * book.exchange(buys))


def markup(book: Book) -> Lines:
    """Return the handling of what the assembler buys or is sold, in the bucket of the order.

    ``price × markup × quantity``, for the terms ``turnkey`` and ``buy_sell``
    """
    buys = book.buys.filter(pl.col("terms").is_in(["turnkey", "buy_sell"]) & (pl.col("markup") != 0))
    amounts = exact(buys["price"]) * exact(buys["markup"]) * exact(buys["quantity"]) * book.exchange(buys)
    return Lines("markup", buys, amounts)
