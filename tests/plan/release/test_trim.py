"""Trimming: takes away what is never needed, and only that."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.release.problems import activities, activity, demands, guide, receipts

from boxbuild.plan.release.deliver import Deliveries
from boxbuild.plan.release.problem import BUY, ReleaseProblem
from boxbuild.plan.release.simulate import Starts
from boxbuild.plan.release.stock import Placed, flows, grouped
from boxbuild.plan.release.trim import kept, trim

DAYS = 8


@given(
    st.lists(st.tuples(st.integers(0, DAYS - 1), st.integers(1, 9)), max_size=6),
    st.lists(st.tuples(st.integers(0, DAYS - 1), st.integers(1, 9)), max_size=6),
)
def test_what_is_left_is_enough_and_nothing_more_can_go(
    bought: list[tuple[int, int]], given_out: list[tuple[int, int]]
) -> None:
    """Single units, one node: no day goes below zero, and taking any order's last unit would make one do so."""
    bought = sorted(bought)
    net = np.zeros(DAYS)
    for day, quantity in bought:
        net[day] += quantity
    for day, quantity in given_out:
        net[day] -= quantity
    first = max(0.0, -float(np.cumsum(net).min()))  # feasible before trimming
    rows = activities([activity(BUY, 0, lot_multiple=1.0)])
    problem = ReleaseProblem(
        DAYS,
        np.array([first]),
        receipts([]),
        rows,
        np.zeros((0, 2)),
        demands([{"node": 0, "due_day": 0, "quantity": 1.0}]),
        guide([0, DAYS], [[0.0]], []),
    )
    starts = Starts(
        np.zeros(len(bought), np.int64),
        np.array([float(q) for _, q in bought]),
        np.array([d for d, _ in bought], np.int64),
    )
    deliveries = Deliveries(
        np.zeros(len(given_out), np.int64),
        np.array([float(q) for _, q in given_out]),
        np.array([d for d, _ in given_out], np.int64),
    )
    start, order = grouped(np.zeros(len(given_out), np.int64), 1)
    placed = Placed(*grouped(starts.row, 1))
    left = trim(rows, np.array([0]), problem.stock, flows(problem), placed, starts, start, order, deliveries, DAYS)

    def lowest(units: np.ndarray) -> float:
        level = np.zeros(DAYS)
        np.add.at(level, starts.day, units)
        np.subtract.at(level, deliveries.day, deliveries.quantity)
        return float((first + np.cumsum(level)).min())

    assert lowest(left) >= -1e-9
    assert all(lowest(left - np.eye(left.size)[k]) < -1e-9 for k in range(left.size) if left[k] > 0)


@given(st.integers(1, 30), st.floats(0, 200), st.sampled_from([0.0, 5.0, 20.0]), st.sampled_from([0.0, 1.0, 10.0]))
def test_kept_lots_are_whole_and_remove_no_more_than_they_may(
    lots: int, removable: float, least: float, multiple: float
) -> None:
    quantity = max(least, lots * (multiple or 1.0))
    quantity = np.ceil(quantity / multiple) * multiple if multiple else quantity
    keep = kept(quantity, removable, least, multiple)
    assert 0.0 <= keep <= quantity
    assert quantity - keep <= removable + 1e-5
    assert keep == 0 or keep >= least
    assert multiple == 0 or abs(keep / multiple - round(keep / multiple)) < 1e-9
