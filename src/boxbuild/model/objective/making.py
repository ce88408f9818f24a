"""Making and keeping: conversion of what is started, overtime, holding of what lies in stock."""

from __future__ import annotations

import polars as pl

from boxbuild.model.flows import Flows
from boxbuild.model.objective.money import Columns, Money, amount


def conversion(columns: Columns, money: Money) -> pl.DataFrame:
    """Cost of starting one unit, in the bucket of the build."""
    return money.present(columns["build"], amount("cost"))


def overtime(flows: Flows, columns: Columns, money: Money) -> pl.DataFrame:
    """Cost of overtime: of the resource's row with overtime in force on the bucket's first day, else of its first."""
    rows = (
        flows.network["resources"]
        .with_row_index("order")
        .filter(pl.col("overtime_per_week") > 0)
        .select("resource", "overtime_cost", "currency", "from", "until", "option", "order")
    )
    calendar = flows.calendar
    ends = pl.DataFrame(
        {
            "bucket": range(calendar.count),
            "start": list(calendar.first_days),
            "days": [int(n) for n in calendar.lengths],
        },
        schema={"bucket": pl.Int64, "start": pl.Date, "days": pl.Int64},
    )
    priced = columns["overtime"].select("column", "resource", "bucket").join(ends, on="bucket", maintain_order="left")
    priced = priced.join(rows, on="resource", maintain_order="left_right")
    counts = (pl.col("from").is_null() | (pl.col("from") < pl.col("start") + pl.duration(days="days"))) & (
        pl.col("until").is_null() | (pl.col("until") >= pl.col("start"))
    )
    in_force = pl.col("from").is_null() | (pl.col("from") <= pl.col("start"))
    chosen = (
        priced.filter(counts)
        .with_columns(in_force=in_force)
        .sort(
            "column",
            pl.col("in_force").not_(),
            pl.col("option").is_not_null(),
            "from",
            "order",
            nulls_last=False,
        )
        .group_by("column", maintain_order=True)
        .first()
    )
    return money.present(chosen, amount("overtime_cost"))


def holding(flows: Flows, columns: Columns, money: Money, values: pl.DataFrame) -> pl.DataFrame:
    """Cost of keeping one unit at a bucket's end: value × holding rate × days / 365."""
    keep = columns["keep"].join(values, on="item", maintain_order="left")
    rate = float(flows.network.settings.holding_rate)
    return money.present(keep, pl.col("value") * rate * pl.col("days") / 365.0, currency="value_currency")
