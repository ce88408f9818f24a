"""Weekly limits: what resources can do, and what offers and lanes can bring, in each week of a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import polars as pl

from boxbuild.network.network import Network
from boxbuild.plan.release.pieces import Days, Key, limit_key
from boxbuild.plan.release.problem import Floats

WEEK = 7
BOUNDLESS = 1e15
"""More than any order: a week without a limit."""


def weekly_limits(network: Network, capacity: pl.DataFrame, days: Days) -> dict[Key, Floats]:
    """Return the units of each limit in each week.

    Of a resource: its regular hours, and the overtime that the plan uses; overtime that the plan does without is
    not taken. Of an offer or a lane: its ``per_week``.

    Parameters
    ----------
    capacity
        The plan's table of that name.
    """
    found = _resources(network, capacity, days)
    for table, names in (("sources", ("offer",)), ("lanes", ("origin", "destination", "mode", "item"))):
        for row in network[table].iter_rows(named=True):
            first, last = days.window(row)
            if first > last:
                continue
            key = limit_key(row, names)
            amount = BOUNDLESS if row["per_week"] is None else row["per_week"]
            for name in (key, (*key, str(first))):
                limit = found.setdefault(name, np.zeros(-(-days.horizon // WEEK)))
                limit[first // WEEK : last // WEEK + 1] = amount
    return found


def _resources(network: Network, capacity: pl.DataFrame, days: Days) -> dict[Key, Floats]:
    weeks = -(-days.horizon // WEEK)
    left = np.arange(weeks) * WEEK
    right = np.minimum(left + WEEK, days.horizon)
    regular: dict[str, Floats] = defaultdict(lambda: np.zeros(weeks))
    extra: dict[str, Floats] = defaultdict(lambda: np.zeros(weeks))
    for row in network["resources"].iter_rows(named=True):
        first, last = days.window(row)
        share = np.maximum(0, np.minimum(right, last + 1) - np.maximum(left, first)) / WEEK
        regular[row["resource"]] += row["per_week"] * share
        extra[row["resource"]] += row["overtime_per_week"] * share
    planned = _planned_overtime(network, capacity, weeks)
    return {
        ("resource", name): hours + np.minimum(extra[name], planned.get(name, 0.0)) for name, hours in regular.items()
    }


def _planned_overtime(network: Network, capacity: pl.DataFrame, weeks: int) -> Mapping[str, Floats]:
    """Return the plan's overtime by week, spread over the days of each bucket."""
    edges = network.calendar.edges
    found: dict[str, Floats] = defaultdict(lambda: np.zeros(weeks))
    used = capacity.filter(pl.col("overtime") > 0)
    for name, bucket, overtime in used.select("resource", "bucket", "overtime").iter_rows():
        day = np.arange(edges[bucket], edges[bucket + 1])
        found[name] += np.bincount(day // WEEK, minlength=weeks)[:weeks] * (overtime / day.size)
    return found
