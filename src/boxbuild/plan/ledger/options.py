"""Options: what investments cost to take and to run, and what they are worth at the end of the plan."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from boxbuild.law.subsidies import assess, unused
from boxbuild.network.windows import buckets_frame
from boxbuild.plan.ledger.book import Book
from boxbuild.plan.ledger.exact import array, exact
from boxbuild.plan.ledger.lines import Lines


def capex(book: Book) -> Lines:
    """Return the capital spent on options, in the bucket in which they are taken.

    ``capex``
    """
    taken = _taken(book)
    return Lines("capex", taken.with_columns(quantity=pl.lit(1.0)), exact(taken["capex"]) * book.exchange(taken))


def opex(book: Book) -> Lines:
    """Return the running cost of options, in every bucket in which they are ready.

    ``opex_per_week × days of the bucket from the first day of use on / 7``
    """
    buckets = buckets_frame(book.calendar).select(
        "bucket", first=pl.Series(book.calendar.starts), end=pl.Series(book.calendar.edges[1:])
    )
    run = (
        _taken(book)
        .drop("bucket")
        .join(buckets, how="cross", maintain_order="left_right")
        .with_columns(days=pl.col("end") - pl.max_horizontal("first", "ready"))
        .filter((pl.col("days") > 0) & (pl.col("opex_per_week") != 0))
    )
    amounts = exact(run["opex_per_week"]) * exact(run["days"]) / 7 * book.exchange(run)
    return Lines("opex", run.with_columns(quantity=pl.col("days")), amounts)


def residual(book: Book) -> Lines:
    """Return what is left of the capital at the end of the plan, as a credit in the last bucket.

    ``- (capex - subsidy) × max(0, 1 - days in use / (7 × life_weeks))``, at the rate of exchange at which it was spent
    """
    taken = _taken(book).filter(pl.col("life_weeks").is_not_null())
    terms = {row["option"]: row for row in book.network["options"].iter_rows(named=True)}
    options = [(terms[option], bucket) for option, bucket in taken.select("option", "bucket").iter_rows()]
    left = array([unused(book.law, option, bucket) for option, bucket in options])
    granted = [assess(book.law, option, bucket) for option, bucket in options]
    subsidies = array([trace.value if trace else Decimal(0) for trace in granted])
    credit = (subsidies - exact(taken["capex"]) * book.exchange(taken)) * left
    return Lines("residual", taken.with_columns(bucket=pl.lit(book.calendar.count - 1), quantity=pl.lit(1.0)), credit)


def _taken(book: Book) -> pl.DataFrame:
    starts = pl.DataFrame({"bucket": range(book.calendar.count), "day": book.calendar.starts})
    terms = book.network["options"].select("option", "capex", "currency", "opex_per_week", "ready_days", "life_weeks")
    return (
        book.tables["options"]
        .select("option", "bucket")
        .join(terms, on="option", how="left", maintain_order="left")
        .join(starts, on="bucket", how="left", maintain_order="left")
        .with_columns(key="option", ready=pl.col("day") + pl.col("ready_days"))
    )
