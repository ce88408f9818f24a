"""Changes between two plans: what they change, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from bench.networks import network
from bench.replan import CHANGES, Again, _without, markdown


def test_a_line_that_is_down_has_no_hours_for_two_weeks_and_its_own_before_and_after() -> None:
    resources = network(6e3).tables["resources"]
    line, begin = resources["resource"][2], date(2026, 2, 2)
    after = _without(resources, line, begin)

    def hours(rows: pl.DataFrame, day: date) -> float:
        there = (pl.col("resource") == line) & (pl.col("from") <= day) & (pl.col("until") >= day)
        return float(rows.filter(there)["per_week"].sum())

    weeks = [date(2026, 1, 5) + timedelta(days=7 * week) for week in range(8)]
    down = {begin, begin + timedelta(days=7)}
    assert {day for day in weeks if hours(after, day) == 0} == down
    assert all(hours(after, day) == hours(resources, day) for day in weeks if day not in down)
    others = pl.col("resource") != line
    assert after.filter(others).equals(resources.filter(others))


def test_a_demand_grows_by_a_fifth_and_a_rate_by_a_twentieth() -> None:
    plain = network(6e3)
    more = CHANGES["demand for one product +20 %"](plain, {})
    dearer = CHANGES["a rate: conversion 5 % dearer at one plant"](plain, {})
    assert more is not None
    assert dearer is not None
    grown = more["demand"]["quantity"] / plain["demand"]["quantity"]
    assert set(grown.round(9)) == {1.0, 1.2}
    assert more["demand"].filter(grown > 1)["item"].n_unique() == 1
    cost = dearer["operations"]["cost"].cast(pl.Float64) / plain["operations"]["cost"].cast(pl.Float64)
    assert dearer["operations"].filter(cost > 1)["site"].n_unique() == 1
    assert set(cost.round(3)) == {1.0, 1.05}


def test_the_table_takes_the_least_of_the_runs() -> None:
    one = Again("none", (0.5, 0.4), (4.0, 5.0), 0.01, 0.009, 12, 3400, 5000, "structured")
    assert "| none | 0.40 | 4.00 | 10.0 | 12 | 3,400 | 1.00% | 0.90% |" in markdown([one])
