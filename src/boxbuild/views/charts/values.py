"""Values of charts: JSON numbers of a sensible precision, and labels of the buckets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar

DIGITS: Final = 6
"""Significant digits of a number that is drawn."""

OTHERS: Final = "others"
"""Name of what is put together because it is small."""


def rounded(value: float | None, digits: int = DIGITS) -> float | int | None:
    """Return a number with so many significant digits, whole ones as integers; ``None`` for what is no number."""
    if value is None or not math.isfinite(value):
        return None
    if value == 0:
        return 0
    found = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    return int(found) if found == int(found) else found


def row_of(values: Iterable[float | None], digits: int = DIGITS) -> list[float | int | None]:
    """Return several numbers rounded."""
    return [rounded(value, digits) for value in values]


def bucket_labels(calendar: Calendar) -> list[str]:
    """Return a label for each bucket: ``2023-10`` for a whole month, else the first day ``2023-06-05``."""
    found = []
    for first, days in zip(calendar.first_days, calendar.lengths.tolist(), strict=True):
        after = first + timedelta(days=days)
        month = first.day == 1 and after.day == 1 and days <= 31
        found.append(f"{first:%Y-%m}" if month else first.isoformat())
    return found


def by_bucket(frame: pl.DataFrame, calendar: Calendar, value: str = "quantity") -> list[float | int | None]:
    """Return a value added up by bucket, zero where there is none."""
    sums = dict(frame.group_by("bucket").agg(pl.col(value).sum().cast(pl.Float64)).iter_rows())
    return row_of(sums.get(bucket, 0.0) for bucket in range(calendar.count))


def largest(sizes: Mapping[str, float], most: int) -> list[str]:
    """Return the names of the largest, largest first; all but one group of the rest where there are more."""
    ranked = sorted(sizes, key=lambda name: (-abs(sizes[name]), name))
    return ranked[:most]


def plural(count: int, noun: str, several: str = "") -> str:
    """Return a count with its noun: ``1 line``, ``no line``, ``12 lines``."""
    word = noun if count in (0, 1) else several or f"{noun}s"
    return f"{'no' if count == 0 else f'{count:,}'} {word}"


def titles(plan_table: pl.DataFrame, key: str) -> dict[str, str]:
    """Return the full name of each row by its short name."""
    return {short: name or short for short, name in plan_table.select(key, "name").iter_rows()}
