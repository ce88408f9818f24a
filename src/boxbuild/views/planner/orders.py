"""The sheet of orders: whole lots, dated to the day; the first weeks where there are too many."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.views.sheets import Column

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan
    from boxbuild.views.planner.page import Pages

MOST: Final = 20_000
"""Orders that are listed."""


def orders(plan: Plan, pages: Pages) -> None:
    """Orders to release, by day."""
    every = plan["orders"].sort("start", "kind", "order")
    listed = first_orders(every, plan.network.calendar.start)
    says = f"{every.height:,} whole-lot orders, by the day on which they start."
    if listed.height < every.height:
        later = every.height - listed.height
        until = max(listed["start"].to_list())
        says = (
            f"The {listed.height:,} orders that start by {until}; {later:,} others are in the plan folder: orders.csv."
        )
    columns = [
        Column("order", "Order", width=12),
        Column("kind", "Kind", "status", 10, tones={"build": "good", "buy": "warn", "deliver": "calm"}),
        Column("item", "Item"),
        Column("quantity", "Units", "number", total=True),
        Column("start", "Start", "date"),
        Column("end", "End", "date"),
        Column("site", "From / at"),
        Column("destination", "To"),
        Column("reference", "Reference", width=30, note="build: option; buy: offer; ship: mode; deliver: demand"),
    ]
    pages.add("Orders", "Orders", says, columns, listed, 1, "orders")


def first_orders(every: pl.DataFrame, start: object) -> pl.DataFrame:
    """Return the orders of the first whole weeks that fit on the sheet; of the first week, as many as fit."""
    if every.height <= MOST:
        return every
    week = (pl.col("start") - pl.lit(start)).dt.total_days() // 7
    counts = every.group_by(week.alias("week")).len().sort("week").with_columns(pl.col("len").cum_sum().alias("sum"))
    fitting = counts.filter(pl.col("sum") <= MOST)
    if fitting.is_empty():
        return every.head(MOST)
    end = start + timedelta(weeks=int(fitting["week"].max()) + 1)  # type: ignore[operator, arg-type]
    return every.filter(pl.col("start") < end)
