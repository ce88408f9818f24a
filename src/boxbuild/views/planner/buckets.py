"""Tables with a column for each bucket: rows down, weeks and months across."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.views.sheets import Column, Kind

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar

DUST: Final = 5e-7
"""Quantities below it are nothing: plans state six decimals."""


def bucket_name(bucket: int) -> str:
    """Return the name of the column of a bucket."""
    return f"b{bucket}"


def bucket_names(calendar: Calendar) -> list[str]:
    """Return the names of the columns of all buckets."""
    return [bucket_name(bucket) for bucket in range(calendar.count)]


def bucket_titles(calendar: Calendar) -> list[str]:
    """Return what stands above each bucket: its day, its week with its first day, or its month."""
    return [
        f"{day:%a}\n{day:%d %b %y}"
        if length == 1
        else f"W{day.isocalendar().week:02d}\n{day:%d %b %y}"
        if length <= 7
        else f"{day:%b %y}\n{length} days"
        for day, length in zip(calendar.first_days, calendar.lengths.tolist(), strict=True)
    ]


def bucket_columns(calendar: Calendar, kind: Kind = "number", *, total: bool = True) -> list[Column]:
    """Return the columns of all buckets."""
    width = 9.5 if kind in ("number", "percent") else 15
    return [
        Column(name, title, kind, width, total)
        for name, title in zip(bucket_names(calendar), bucket_titles(calendar), strict=True)
    ]


def by_bucket(frame: pl.DataFrame, keys: Sequence[str], calendar: Calendar, value: str = "quantity") -> pl.DataFrame:
    """Return sums of a value by key, with ``total`` and a column for each bucket; nothing where it is nothing."""
    found = frame.group_by([*keys, "bucket"]).agg(pl.col(value).cast(pl.Float64).sum().round(9).alias("value"))
    names = bucket_names(calendar)
    wide = found.pivot("bucket", index=list(keys), values="value")
    wide = wide.rename({name: bucket_name(int(name)) for name in wide.columns if name not in keys})
    missing = [pl.lit(None, dtype=pl.Float64).alias(name) for name in names if name not in wide.columns]
    joined = wide.with_columns(missing).with_columns(pl.sum_horizontal(names).alias("total")).sort(list(keys))
    cells = [pl.when(pl.col(name).abs() > DUST).then(pl.col(name)).alias(name) for name in names]
    return joined.select(*keys, "total", *cells)


def cut_down(frame: pl.DataFrame, most: int, weight: str, keys: Sequence[str]) -> tuple[pl.DataFrame, int]:
    """Return the weightiest rows, in their order, with the others added up in one row below; and how many others.

    Sums of the columns stay what they were.
    """
    if frame.height <= most:
        return frame, 0
    ranked = frame.with_row_index("_place").sort(
        pl.col(weight).abs(), "_place", descending=[True, False], nulls_last=True
    )
    kept = ranked.head(most - 1).sort("_place").drop("_place")
    rest = ranked.slice(most - 1).drop("_place")
    numbers = [name for name, dtype in frame.schema.items() if dtype.is_numeric()]
    words = [name for name in frame.columns if name not in numbers]
    sums = rest.select(
        *(pl.lit(None, dtype=frame.schema[name]).alias(name) for name in words),
        *(pl.col(name).sum() for name in numbers),
    ).select(frame.columns)
    sums = sums.with_columns(pl.lit(f"… {rest.height:,} others").alias(keys[0]))
    return pl.concat([kept, sums]), rest.height


def others_say(count: int, what: str) -> str:
    """Return the words for rows that were added up, or nothing."""
    return f" The {count:,} smallest {what} are added up in the last row." if count else ""
