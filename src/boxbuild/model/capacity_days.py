"""Capacity by bucket: what each row of ``resources`` adds, for each start of the option that it may need."""

from __future__ import annotations

import polars as pl

from boxbuild.model.openings import openings
from boxbuild.network.network import Network


def capacity_rows(network: Network) -> pl.DataFrame:
    """Return the capacity that each row of ``resources`` adds to each bucket.

    Capacity is counted by days: ``per_week × days / 7`` for the days of the bucket that lie in the row's window and,
    where
    the row names an option, on or after the option's first day of use.

    Returns
    -------
    DataFrame
        ``resource``, ``bucket``, ``option`` and ``taken`` (bucket in which the option is taken; both null where the
        row needs none),
        ``regular`` and ``overtime``.
    """
    calendar = network.calendar
    rows = (
        network["resources"]
        .join(openings(network), on="option", how="left", maintain_order="left_right")
        .filter(pl.col("option").is_null() | pl.col("taken").is_not_null())
    )
    edges = pl.DataFrame(
        {
            "bucket": range(calendar.count),
            "left": list(calendar.edges[:-1]),
            "right": list(calendar.edges[1:]),
        },
        schema={"bucket": pl.Int64, "left": pl.Int64, "right": pl.Int64},
    )
    start = pl.lit(calendar.start)
    first = pl.max_horizontal((pl.col("from") - start).dt.total_days().fill_null(0), pl.col("ready").fill_null(0))
    last = (pl.col("until") - start).dt.total_days().fill_null(calendar.horizon)
    crossed = rows.with_columns(first=first, last=last).join(edges, how="cross", maintain_order="left_right")
    days = (pl.min_horizontal("right", pl.col("last") + 1) - pl.max_horizontal("left", "first")).clip(lower_bound=0)
    counted = crossed.with_columns(weeks=days / 7).filter(pl.col("weeks") > 0)
    return (
        counted.group_by("resource", "bucket", "option", "taken", maintain_order=True)
        .agg(
            regular=(pl.col("per_week") * pl.col("weeks")).sum(),
            overtime=(pl.col("overtime_per_week") * pl.col("weeks")).sum(),
        )
        .sort("resource", "bucket", "option", "taken")
    )
