"""Serving: what late deliveries and lost demand cost."""

from __future__ import annotations

import polars as pl

from boxbuild.model.objective.money import Columns, Money, amount


def late(columns: Columns, money: Money) -> pl.DataFrame:
    """Cost of a late unit: per day, for the days between the starts of the two buckets."""
    return money.present(columns["deliver"], pl.col("late_cost") * pl.col("late_days").cast(pl.Float64))


def lost(columns: Columns, money: Money, values: pl.DataFrame) -> pl.DataFrame:
    """Cost of a unit that is never delivered, in its due bucket."""
    short = columns["short"].join(values, on="item", maintain_order="left")
    own = pl.coalesce(amount("lost_cost"), amount("price"))
    return pl.concat(
        [
            money.present(short.filter(own.is_not_null()), own, bucket="due_bucket"),
            money.present(short.filter(own.is_null()), pl.col("value"), currency="value_currency", bucket="due_bucket"),
        ]
    )
