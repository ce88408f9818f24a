"""Holding: what it costs to keep what is in stock at the end of a bucket."""

from __future__ import annotations

import polars as pl

from boxbuild.network.windows import buckets_frame
from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import exact
from boxbuild.plan.ledger.lines import Lines, key


def holding(book: Book) -> Lines:
    """Return the cost of holding stock.

    ``value of the item × holding_rate × days of the bucket / 365 × stock at its end``
    """
    days = buckets_frame(book.calendar).select("bucket", "days")
    stock = (
        book.tables["stock"]
        .join(book.items, on="item", how="left", maintain_order="left")
        .join(book.sites, on="site", how="left", maintain_order="left")
        .join(days, on="bucket", how="left", maintain_order="left")
        .with_columns(key("item", "site"))
        .filter(pl.col("value") != 0)
    )
    yearly = exact(stock["value"]) * book.exchange(stock, "value_currency") * book.network.settings.holding_rate
    return Lines("holding", stock, yearly * exact(stock["days"]) / 365 * exact(stock["quantity"]))
