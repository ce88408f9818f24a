"""Overtime: what the hours of a resource beyond its regular ones cost."""

from __future__ import annotations

import polars as pl

from boxbuild.network.windows import buckets_frame
from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import exact
from boxbuild.plan.ledger.lines import Lines


def overtime(book: Book) -> Lines:
    """Return the cost of overtime, in the bucket in which it is worked.

    ``overtime_cost × overtime``

    Of several rows of a resource that add overtime in a bucket, the one that holds on its first day prices
    the overtime; among those, one that needs no option, then the earliest.
    """
    worked = book.tables["capacity"].filter(pl.col("overtime") > 0).select("resource", "bucket", "overtime")
    days = buckets_frame(book.calendar).with_columns(end=pl.col("start") + pl.duration(days="days"))
    rows = (
        book.network["resources"]
        .filter(pl.col("overtime_per_week") > 0)
        .select("resource", "site", "overtime_cost", "currency", "from", "until", "option")
        .with_row_index("order")
    )
    since, until = pl.col("from"), pl.col("until")
    priced = (
        worked.join(days, on="bucket", how="left", maintain_order="left")
        .join(rows, on="resource", maintain_order="left_right")
        .filter((since.is_null() | (since < pl.col("end"))) & (until.is_null() | (until >= pl.col("start"))))
        .with_columns(later=since.is_not_null() & (since > pl.col("start")), needs=pl.col("option").is_not_null())
        .sort("bucket", "resource", "later", "needs", "from", "order")
        .unique(["bucket", "resource"], keep="first", maintain_order=True)
        .join(book.sites, on="site", how="left", maintain_order="left")
    )
    amounts = exact(priced["overtime_cost"]) * exact(priced["overtime"]) * book.exchange(priced)
    return Lines("overtime", priced.with_columns(key="resource", quantity="overtime"), amounts)
