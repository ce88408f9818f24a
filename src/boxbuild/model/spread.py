"""Arrivals: which share of what leaves in one bucket arrives in which other, for every lead time in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar

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
