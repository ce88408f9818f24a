"""Openings: the starts at which each option can be taken, and from when it is then ready."""

from __future__ import annotations

import polars as pl

from boxbuild.network.network import Network
from boxbuild.network.windows import buckets_frame


def openings(network: Network) -> pl.DataFrame:
    """Return every bucket at whose start an option can be taken so that it is ready inside the horizon.

    Returns
    -------
    DataFrame
        ``option``, ``taken`` (bucket) and ``ready`` (day number of the first day of use).
    """
    calendar = network.calendar
    starts = buckets_frame(calendar).select(taken="bucket", start="start", day=pl.Series(calendar.starts))
    crossed = network["options"].join(starts, how="cross", maintain_order="left_right")
    return crossed.filter(
        (pl.col("earliest").is_null() | (pl.col("start") >= pl.col("earliest")))
        & (pl.col("day") + pl.col("ready_days") < calendar.horizon)
    ).select("option", "taken", ready=pl.col("day") + pl.col("ready_days"))
