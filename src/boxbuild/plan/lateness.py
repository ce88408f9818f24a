"""Lateness: how late what is delivered on a day is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boxbuild.network.windows import bucket_of, buckets_frame

if TYPE_CHECKING:
    from boxbuild.network.network import Network


def with_late_days(network: Network, deliveries: pl.DataFrame) -> pl.DataFrame:
    """Return dated deliveries with ``late_days``.

    On or before the due day + ``grace_days`` nothing is late. After that, lateness counts as in a plan by bucket: from
    the first day of the due bucket to that of the delivery's. A demand that was due before the start is due on the
    first day.

    Parameters
    ----------
    network
        The network.
    deliveries
        Rows with ``demand`` and ``day``.
    """
    calendar = network.calendar
    starts = buckets_frame(calendar).select("bucket", "start")
    demand = network["demand"]
    due = demand.select(
        "demand",
        due_bucket=bucket_of(calendar, demand["due"]),
        good_until=pl.max_horizontal("due", pl.lit(calendar.start)) + pl.duration(days="grace_days"),
    )
    dated = deliveries.select("demand", "day").with_columns(bucket=bucket_of(calendar, deliveries["day"]))
    late = (
        dated.join(due, on="demand", how="left", maintain_order="left")
        .join(starts, on="bucket", how="left", maintain_order="left")
        .join(
            starts.rename({"bucket": "due_bucket", "start": "due_start"}),
            on="due_bucket",
            how="left",
            maintain_order="left",
        )
        .select(
            late_days=pl.when(pl.col("day") <= pl.col("good_until"))
            .then(0)
            .otherwise((pl.col("start") - pl.col("due_start")).dt.total_days().clip(lower_bound=0))
        )
    )
    return deliveries.with_columns(late["late_days"])
