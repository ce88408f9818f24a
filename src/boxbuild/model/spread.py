"""Arrivals: which share of what leaves in one bucket arrives in which other, for every lead time in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SCHEMA = pl.Schema({"lead_days": pl.Int64(), "bucket": pl.Int64(), "arrival": pl.Int64(), "fraction": pl.Float64()})


def spread_frame(calendar: Calendar, lead_days: pl.Series) -> pl.DataFrame:
    """Return the shares for every lead time in a series.

    Returns
    -------
    DataFrame
        ``lead_days``, ``bucket`` (leaves), ``arrival`` (bucket) and ``fraction`` > 0; fractions of one lead time and
        bucket add up to 1. A bucket from which nothing arrives inside the horizon has no row.
    """
    parts = [pl.DataFrame(schema=SCHEMA)]
    for lead in sorted(set(lead_days.drop_nulls().to_list())):
        share = calendar.spread(int(lead))
        bucket, arrival = np.nonzero(share)
        parts.append(
            pl.DataFrame(
                {
                    "lead_days": np.full(len(bucket), lead, dtype=np.int64),
                    "bucket": bucket,
                    "arrival": arrival,
                    "fraction": share[bucket, arrival],
                },
                schema=SCHEMA,
            )
        )
    return pl.concat(parts)


def last_departure(calendar: Calendar, lead_days: pl.Series) -> Ints:
    """Return the last bucket from which something arrives inside the horizon, for each lead time; -1: none."""
    latest = calendar.horizon - lead_days.fill_null(calendar.horizon).to_numpy()
    return np.searchsorted(calendar.starts, latest, side="left").astype(np.int64) - 1


def arrivals(spread: pl.DataFrame, moves: pl.DataFrame) -> tuple[Ints, Ints, Floats]:
    """Return every arrival of flows: which flow, in which bucket, and which share of it.

    Parameters
    ----------
    spread
        As :func:`spread_frame` returns it.
    moves
        ``lead_days`` and ``bucket`` (of departure).

    Returns
    -------
    ndarray, ndarray, ndarray
        Row of ``moves``, ``arrival`` and ``fraction``, in the order of the rows and arrivals. Shape ``(arrivals,)``.
    """
    leads = spread["lead_days"].unique().sort().to_numpy()
    buckets = 1 + max(spread["bucket"].to_numpy().max(initial=0), moves["bucket"].to_numpy().max(initial=0))
    key = np.searchsorted(leads, spread["lead_days"].to_numpy()) * buckets + spread["bucket"].to_numpy()
    counts = np.bincount(key, minlength=(leads.size + 1) * buckets)
    ends = np.cumsum(counts)
    lead = moves["lead_days"].to_numpy()
    place = np.searchsorted(leads, lead)
    known = np.append(leads, -1)[place] == lead
    asked = np.where(known, place, leads.size) * buckets + moves["bucket"].to_numpy()
    each = counts[asked]
    row = np.repeat(np.arange(asked.size), each)
    entry = np.arange(row.size) + np.repeat(ends[asked] - np.cumsum(each), each)
    return row, spread["arrival"].to_numpy()[entry], spread["fraction"].to_numpy()[entry]
