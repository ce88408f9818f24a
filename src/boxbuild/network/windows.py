"""Windows: in which buckets a row with ``from`` and ``until`` holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar


def buckets_frame(calendar: Calendar) -> pl.DataFrame:
    """Return the buckets as a frame of ``bucket``, ``start`` (first day) and ``days`` (length)."""
    return pl.DataFrame(
        {
            "bucket": range(calendar.count),
            "start": list(calendar.first_days),
            "days": [int(days) for days in calendar.lengths],
        },
        schema={"bucket": pl.Int64, "start": pl.Date, "days": pl.Int64},
    )


def effective(rows: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Return each row once per bucket in which it holds, with columns ``bucket``, ``start`` and ``days`` added.

    A row holds in a bucket when the bucket's first day lies between its ``from`` and ``until``, both included; a
    blank is open.
    """
    crossed = rows.join(buckets_frame(calendar), how="cross", maintain_order="left_right")
    return crossed.filter(
        (pl.col("from").is_null() | (pl.col("from") <= pl.col("start")))
        & (pl.col("until").is_null() | (pl.col("until") >= pl.col("start")))
    )


def effective_or_begun(rows: pl.DataFrame, calendar: Calendar, key: list[str]) -> pl.DataFrame:
    """Return the rows of :func:`effective`, and those that begin inside a bucket on whose first day none holds.

    For what is dated to the day: an order may go by a row that begins within a bucket. Of several rows of one key that
    begin in such a bucket, the first counts.

    Parameters
    ----------
    key
        The columns that name a row apart from its dates.
    """
    held = effective(rows, calendar)
    begun = (
        rows.join(buckets_frame(calendar), how="cross", maintain_order="left_right")
        .filter((pl.col("from") > pl.col("start")) & (pl.col("from") < pl.col("start") + pl.duration(days="days")))
        .sort("from", maintain_order=True)
        .unique([*key, "bucket"], keep="first", maintain_order=True)
        .join(held, on=[*key, "bucket"], how="anti", nulls_equal=True, maintain_order="left")
    )
    return pl.concat([held, begun])


def bucket_of(calendar: Calendar, days: pl.Series) -> pl.Series:
    """Return the bucket that each date falls in: 0 for dates before the start, the number of buckets after the end."""
    numbers = (days - calendar.start).dt.total_days().to_numpy()
    found = np.searchsorted(np.asarray(calendar.edges), numbers, side="right") - 1
    return pl.Series("bucket", np.maximum(found, 0), dtype=pl.Int64)
