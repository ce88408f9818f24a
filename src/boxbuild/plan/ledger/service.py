"""Service: what late deliveries and lost demand cost."""

from __future__ import annotations

import polars as pl

from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import either, exact
from boxbuild.plan.ledger.lines import Lines


def late(book: Book) -> Lines:
    """Return the cost of late deliveries, in the bucket of the delivery.

    ``late_per_day × late days × quantity``; where ``late_per_day`` is blank, ``price × late_rate``
    """
    priced = book.demand.select("demand", "currency", "price", "late_per_day")
    deliveries = (
        book.tables["deliveries"]
        .filter(pl.col("late_days") > 0)
        .join(priced, on="demand", how="left", maintain_order="left")
    )
    by_rate = exact(deliveries["price"].fill_null(0)) * book.network.settings.late_rate
    blank = deliveries["late_per_day"].is_null().to_numpy()
    per_day = either(blank, by_rate, exact(deliveries["late_per_day"].fill_null(0)))
    amounts = per_day * exact(deliveries["late_days"]) * exact(deliveries["quantity"]) * book.exchange(deliveries)
    return Lines("late", deliveries.with_columns(key="demand", site="market"), amounts)


def lost(book: Book) -> Lines:
    """Return the cost of demand that is never met, in the bucket in which it was due.

    ``lost_cost × quantity``; where ``lost_cost`` is blank, the price, and without a price the value of the
    item
    """
    known = book.demand.select(
        "demand",
        bucket="due_bucket",
        unit=pl.coalesce("lost_cost", "price", "value"),
        unit_currency=pl.when(pl.col("lost_cost").is_null() & pl.col("price").is_null())
        .then("value_currency")
        .otherwise("currency"),
    )
    shortages = book.tables["shortages"].join(known, on="demand", how="left", maintain_order="left")
    amounts = exact(shortages["unit"]) * exact(shortages["quantity"]) * book.exchange(shortages, "unit_currency")
    return Lines("lost", shortages.with_columns(key="demand", site="market"), amounts)
