"""Windows: in which buckets a row with ``from`` and ``until`` holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar

Ints = NDArray[np.int64]

_AT = "__at"
"""Makes a frame as long as what it is expanded to, where every other column has one value throughout."""


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


def spans(rows: pl.DataFrame, calendar: Calendar) -> tuple[Ints, Ints]:
    """Return the first and the last bucket in which each row holds; the last is before the first where there is none.

    A row holds in a bucket when the bucket's first day lies between its ``from`` and ``until``, both included; a
    blank is open.
    """
    opened = (rows["from"] - calendar.start).dt.total_days().fill_null(0).to_numpy()
    closed = (rows["until"] - calendar.start).dt.total_days().fill_null(calendar.horizon).to_numpy()
    first = np.searchsorted(calendar.starts, opened, side="left").astype(np.int64)
    last = np.searchsorted(calendar.starts, closed, side="right").astype(np.int64) - 1
    return first, last


def in_buckets(rows: pl.DataFrame, first: Ints, last: Ints, calendar: Calendar) -> pl.DataFrame:
    """Return each row once per bucket from its first to its last, with ``bucket``, ``start`` and ``days`` added.

    Parameters
    ----------
    first, last
        Bucket of each row, both included; a row whose last is before its first is left out. Shape ``(rows,)``.

    Notes
    -----
    A column with one value throughout is kept as that value, not once per row: wide tables have many of them.
    """
    counts = np.maximum(last - first + 1, 0)
    which = np.repeat(np.arange(rows.height), counts)
    bucket = np.arange(which.size) - np.repeat(np.cumsum(counts) - counts - first, counts)
    at = pl.Series(which, dtype=pl.UInt32)
    each = [
        pl.col(name).first() if which.size and rows[name].n_unique() == 1 else pl.col(name).gather(at)
        for name in rows.columns
    ]
    frame = buckets_frame(calendar)
    return rows.select(pl.lit(at).alias(_AT), *each).select(
        *rows.columns,
        bucket=pl.lit(pl.Series(bucket, dtype=pl.Int64)),
        start=pl.lit(frame["start"].gather(bucket)),
        days=pl.lit(frame["days"].gather(bucket)),
    )


def effective(rows: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Return each row once per bucket in which it holds (:func:`spans`), with ``bucket``, ``start`` and ``days``."""
    return in_buckets(rows, *spans(rows, calendar), calendar)


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
