"""Weeks: what build orders use of each resource, week by week, and the overtime that it takes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from boxbuild.network.windows import bucket_of, buckets_frame

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar
    from boxbuild.network.network import Network


def weekly_capacity(network: Network, builds: pl.DataFrame, options: pl.DataFrame) -> pl.DataFrame:
    """Return what orders use of every resource, added up by the bucket in which each week starts.

    Weeks are seven days, counted from the start of the plan; an order uses the week of its first day.
    overtime of a week = max(0, used - regular), and no more than its limit

    Parameters
    ----------
    network
        The network.
    builds
        Build orders with ``site``, ``item``, ``day`` (first day) and ``quantity``.
    options
        Options that are taken, with ``option`` and ``ready``.

    Returns
    -------
    DataFrame
        Schema ``capacity`` without ``start``: every resource and bucket.
    """
    calendar = network.calendar
    uses = network["uses"].select("site", "item", "resource", each="quantity")
    used = (
        builds.with_columns(week=(pl.col("day") - calendar.start).dt.total_days() // 7)
        .join(uses, on=["site", "item"])
        .group_by("resource", "week")
        .agg(used=(pl.col("quantity") * pl.col("each")).sum())
    )
    weeks = _given(network, options).join(used, on=["resource", "week"], how="full", coalesce=True)
    counted = weeks.with_columns(pl.col("used", "regular", "overtime_limit").fill_null(0.0)).with_columns(
        overtime=pl.min_horizontal(pl.col("used") - pl.col("regular"), "overtime_limit").clip(lower_bound=0.0),
        bucket=bucket_of(calendar, _first_days(calendar, weeks["week"])),
    )
    summed = counted.group_by("resource", "bucket").agg(
        pl.col("used", "regular", "overtime", "overtime_limit").sum().round(6)
    )
    every = network["resources"].select("resource").unique().sort("resource")
    return (
        every.join(buckets_frame(calendar).select("bucket"), how="cross", maintain_order="left_right")
        .join(summed, on=["resource", "bucket"], how="left", maintain_order="left")
        .with_columns(pl.col("used", "regular", "overtime", "overtime_limit").fill_null(0.0))
    )


def _first_days(calendar: Calendar, weeks: pl.Series) -> pl.Series:
    return pl.Series([calendar.start + timedelta(days=7 * week) for week in weeks], dtype=pl.Date)


def _given(network: Network, options: pl.DataFrame) -> pl.DataFrame:
    """Return ``resource``, ``week``, ``regular`` and ``overtime_limit`` of the rows that are in force."""
    calendar = network.calendar
    ready = options.select("option", "ready")
    rows = (
        network["resources"]
        .join(ready, on="option", how="left")
        .filter(pl.col("option").is_null() | pl.col("ready").is_not_null())
    )
    weeks = pl.DataFrame({"week": range(-(-calendar.horizon // 7))}, schema={"week": pl.Int64})
    start = pl.lit(calendar.start)
    since = pl.max_horizontal("from", "ready")
    first = pl.max_horizontal(pl.col("week") * 7, (since - start).dt.total_days())
    last = pl.min_horizontal(
        pl.col("week") * 7 + 7, (pl.col("until") - start).dt.total_days() + 1, pl.lit(calendar.horizon)
    )
    share = (last - first).clip(lower_bound=0) / 7
    return (
        rows.join(weeks, how="cross")
        .group_by("resource", "week")
        .agg(
            regular=(pl.col("per_week") * share).sum(),
            overtime_limit=(pl.col("overtime_per_week") * share).sum(),
        )
    )
