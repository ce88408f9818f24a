"""Arrivals: how much of what leaves in a bucket arrives in which other, in exact shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar

_SCHEMA = pl.Schema(
    {
        "lead_days": pl.Int64(),
        "bucket": pl.Int64(),
        "arrival": pl.Int64(),
        "days": pl.Int64(),
        "window": pl.Int64(),
    }
)


def spread_arrivals(flows: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Return every flow once for each bucket in which a part of it arrives.

    A flow leaves at an even rate on the days of its bucket from which it arrives inside the horizon
    (:meth:`boxbuild.network.calendar.Calendar.spread`).

    Parameters
    ----------
    flows
        Rows with ``bucket`` (of departure) and ``lead_days``.
    calendar
        The horizon.

    Returns
    -------
    DataFrame
        The rows with ``arrival`` (bucket), ``days`` and ``window``: ``days`` of the ``window`` days on which
        the flow leaves arrive in that bucket.
    """
    leads = flows["lead_days"].unique().sort().to_list()
    shares = pl.concat([_SCHEMA.to_frame(), *(_shares(calendar, lead) for lead in leads)])
    return flows.join(shares, on=["lead_days", "bucket"], maintain_order="left_right")


def _shares(calendar: Calendar, lead_days: int) -> pl.DataFrame:
    left, right = np.asarray(calendar.edges[:-1]), np.asarray(calendar.edges[1:])
    leave = np.minimum(right, calendar.horizon - lead_days)
    first = np.maximum(left[:, None] + lead_days, left[None, :])
    last = np.minimum(leave[:, None] + lead_days, right[None, :])
    days = np.maximum(last - first, 0)
    bucket, arrival = np.nonzero(days)
    return pl.DataFrame(
        {
            "lead_days": np.full(len(bucket), lead_days),
            "bucket": bucket,
            "arrival": arrival,
            "days": days[bucket, arrival],
            "window": (leave - left)[bucket],
        },
        schema=_SCHEMA,
    )
