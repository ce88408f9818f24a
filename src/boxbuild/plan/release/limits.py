"""Weekly limits: what resources can do, and what offers and lanes can bring, in each week of a release."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import polars as pl

from boxbuild.network.network import Network
from boxbuild.plan.release.days import Days
from boxbuild.plan.release.problem import Floats

WEEK: Final = 7
BOUNDLESS: Final = 1e15
"""More than any order: a week without a limit."""


class Limits(NamedTuple):
    """What can be used of everything that is limited, in each week.

    Parameters
    ----------
    resources
        Their names: the first rows of ``weeks``, in this order.
    sources, lanes
        The network's tables with the days on which a row holds (``first_day``, ``last_day``) and ``limit``, the row
        of ``weeks`` that it uses, or null.
    weeks
        Units in each 7-day week: shape (limits, weeks).
    """

    resources: pl.Series
    sources: pl.DataFrame
    lanes: pl.DataFrame
    weeks: Floats


def weekly_limits(network: Network, capacity: pl.DataFrame, days: Days) -> Limits:
    """Return the units of each limit in each week.

    Of a resource: its regular hours, and the overtime that the plan uses; overtime that the plan does without is
    not taken. Of an offer or a lane: its ``per_week``; rows of one offer or lane share it while they change with the
    weeks, else each has its own.

    Parameters
    ----------
    capacity
        The plan's table of that name.
    """
    resources, hours = _resources(network, capacity, days)
    sources, bought = _limited(days.windows(network["sources"]), ["offer"], resources.len(), days)
    lanes, moved = _limited(
        days.windows(network["lanes"]),
        ["origin", "destination", "mode", "item"],
        resources.len() + bought.shape[0],
        days,
    )
    return Limits(resources, sources, lanes, np.vstack([hours, bought, moved]))


def _limited(rows: pl.DataFrame, key: list[str], first: int, days: Days) -> tuple[pl.DataFrame, Floats]:
    """Number the weekly limits of rows from ``first`` on, and return what each allows in each week."""
    holds = pl.col("first_day") <= pl.col("last_day")
    shared = (~holds | (pl.col("first_day") % WEEK == 0)).all().over(key)
    own = pl.when(shared).then(0).otherwise(pl.col("first_day") + 1)
    named = rows.with_columns(own=own, limited=pl.col("per_week").is_not_null().any().over(key))
    names = named.filter("limited").select(*key, "own").unique(maintain_order=True)
    numbered = named.join(
        names.with_columns(limit=pl.int_range(pl.len(), dtype=pl.Int64) + first),
        on=[*key, "own"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    weeks = np.zeros((names.height, days.weeks))
    spans = numbered.filter(pl.col("limit").is_not_null() & holds)
    start = spans["first_day"].to_numpy() // WEEK
    count = spans["last_day"].to_numpy() // WEEK - start + 1
    row = np.repeat(np.arange(spans.height), count)
    week = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count) + start[row]
    weeks[spans["limit"].to_numpy()[row] - first, week] = spans["per_week"].fill_null(BOUNDLESS).to_numpy()[row]
    return numbered.drop("own", "limited"), weeks


def _resources(network: Network, capacity: pl.DataFrame, days: Days) -> tuple[pl.Series, Floats]:
    rows = days.windows(network["resources"])
    names = rows["resource"].unique(maintain_order=True)
    number = dict(zip(names, range(names.len()), strict=True))
    row = rows["resource"].replace_strict(number, return_dtype=pl.Int64).to_numpy() if number else np.zeros(0, np.int64)
    left = np.arange(days.weeks) * WEEK
    right = np.minimum(left + WEEK, days.horizon)
    first, last = rows["first_day"].to_numpy()[:, None], rows["last_day"].to_numpy()[:, None]
    share = np.maximum(0, np.minimum(right, last + 1) - np.maximum(left, first)) / WEEK
    regular, extra = (np.zeros((names.len(), days.weeks)) for _ in range(2))
    np.add.at(regular, row, rows["per_week"].to_numpy()[:, None] * share)
    np.add.at(extra, row, rows["overtime_per_week"].to_numpy()[:, None] * share)
    return names, regular + np.minimum(extra, _planned_overtime(network, capacity, names, days))


def _planned_overtime(network: Network, capacity: pl.DataFrame, names: pl.Series, days: Days) -> Floats:
    """Return the plan's overtime by resource and week, spread over the days of each bucket."""
    edges = np.asarray(network.calendar.edges)
    numbers = pl.DataFrame({"resource": names, "number": np.arange(names.len())})
    used = capacity.filter(pl.col("overtime") > 0).join(numbers, on="resource", maintain_order="left")
    found = np.zeros((names.len(), days.weeks))
    bucket = used["bucket"].to_numpy()
    length = (edges[1:] - edges[:-1])[bucket]
    entry = np.repeat(np.arange(used.height), length)
    day = np.arange(entry.size) - np.repeat(np.cumsum(length) - length, length) + edges[bucket][entry]
    span, held = np.unique(entry * days.weeks + day // WEEK, return_counts=True)
    entry, week = span // days.weeks, span % days.weeks
    np.add.at(found, (used["number"].to_numpy()[entry], week), held * (used["overtime"].to_numpy() / length)[entry])
    return found
