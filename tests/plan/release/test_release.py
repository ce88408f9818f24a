"""Orders: always feasible, whatever the plan says; complete and on time where that is easy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.release.plain_check import faults
from tests.plan.release.problems import activities, activity, demands, guide, random_problem, receipts

from boxbuild.plan.release.problem import BUILD, BUY, DELIVER, SHIP, ReleaseProblem, ReleaseProblemError
from boxbuild.plan.release.release import release

PHONE_PLANT, BOARD_PLANT, PHONE_MARKET = 0, 1, 2


def phones(*, hours: float = 100.0, boards: float = 0.0, lot: float = 10.0) -> ReleaseProblem:
    """One phone from one board, shipped to one market in a week; five weeks, 40 phones due at the end of three."""
    rows = [
        activity(SHIP, PHONE_MARKET, lead_days=7, inputs={PHONE_PLANT: 1.0}),
        activity(
            BUILD, PHONE_PLANT, lead_days=2, lot_min=lot, lot_multiple=lot, inputs={BOARD_PLANT: 1.0}, uses={0: 1.0}
        ),
        activity(BUY, BOARD_PLANT, lead_days=7, lot_min=50.0, lot_multiple=25.0),
    ]
    due = [{"node": PHONE_MARKET, "due_day": day, "quantity": 40.0, "max_late_days": 7} for day in (20, 27, 34)]
    return ReleaseProblem(
        horizon_days=35,
        stock=np.array([0.0, boards, 0.0]),
        receipts=receipts([]),
        activities=activities(rows),
        capacity=np.full((1, 5), hours),
        demands=demands(due),
        guide=guide(
            [0, 7, 14, 21, 28, 35],
            [[0, 40, 40, 40, 0], [0, 40, 40, 40, 0], [40, 40, 40, 0, 0]],
            [(0, 2, 40), (1, 3, 40), (2, 4, 40)],
        ),
    )


@pytest.mark.parametrize(
    ("kind", "column", "amount"),
    [(BUY, "quantity", -1.0), (BUY, "start", 1), (BUILD, "end", -1), (BUILD, "quantity", 50.0), (DELIVER, "end", -7)],
)
def test_the_check_sees_a_broken_order(kind: int, column: str, amount: float) -> None:
    """The plain check that the other tests rest on can fail."""
    problem = phones()
    orders = release(problem)
    values = getattr(orders, column).copy()
    values[np.flatnonzero(orders.kind == kind)[0]] += amount
    assert faults(problem, replace(orders, **{column: values}))


@given(st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_orders_never_break_a_rule(seed: int) -> None:
    """No negative stock, no week, window, lot or lead time broken, no demand over-served, whatever the guide."""
    problem = random_problem(seed)
    assert faults(problem, release(problem, rounds=3)) == []


def test_enough_time_means_on_time() -> None:
    """What the plan delivers on time, the orders do, in whole lots."""
    problem = phones()
    orders = release(problem)
    assert faults(problem, orders) == []
    given_out = orders.kind == DELIVER
    assert orders.quantity[given_out].sum() == pytest.approx(120.0)
    assert (orders.end[given_out] == problem.demands.due_day[orders.row[given_out]]).all()
    assert orders.quantity[orders.kind == BUY].tolist() == [50.0, 75.0]


def test_what_nobody_takes_is_not_ordered() -> None:
    """With all boards in stock, none is bought, although the plan buys."""
    orders = release(phones(boards=120.0))
    assert not (orders.kind == BUY).any()
    assert orders.quantity[orders.kind == BUILD].sum() == pytest.approx(120.0)


def test_a_week_too_short_for_the_plan_delays_but_loses_nothing() -> None:
    """With 35 hours a week the lots of ten fit three times, the rest follows the week after."""
    problem = phones(hours=35.0)
    orders = release(problem)
    assert faults(problem, orders) == []
    assert orders.quantity[orders.kind == DELIVER].sum() >= 90.0


def test_more_capacity_never_delivers_less_of_one_product() -> None:
    """Monotone in the hours, where only one product asks for them."""
    served = [
        (lambda o: o.quantity[o.kind == DELIVER].sum())(release(phones(hours=hours)))
        for hours in (0.0, 10.0, 20.0, 30.0, 40.0, 80.0)
    ]
    assert served == sorted(served)
    assert served[0] == 0.0


def test_the_same_problem_gives_the_same_orders() -> None:
    """Nothing depends on chance or on the clock."""
    first, second = (release(random_problem(11)) for _ in range(2))
    for name in ("kind", "row", "quantity", "start", "end"):
        assert np.array_equal(getattr(first, name), getattr(second, name))


def test_without_anything_to_do_there_are_no_orders() -> None:
    """A guide of zeros starts nothing."""
    problem = phones()
    still = replace(problem, guide=problem.guide._replace(starts=np.zeros((3, 5))))
    assert release(still).row.size == 0


def test_the_next_window_takes_over_what_the_last_one_owes() -> None:
    """The first window closes before its boards arrive; the second builds what it could not."""
    rows = [
        activity(BUILD, 0, last_day=6, inputs={1: 1.0}),
        activity(BUILD, 0, first_day=7, inputs={1: 1.0}),
    ]
    problem = ReleaseProblem(
        horizon_days=14,
        stock=np.zeros(2),
        receipts=receipts([(1, 9, 5.0)]),
        activities=activities(rows),
        capacity=np.zeros((0, 2)),
        demands=demands([{"node": 0, "due_day": 3, "quantity": 5.0}]),
        guide=guide([0, 7, 14], [[5, 0], [0, 0]], [(0, 0, 5)]),
    )
    orders = release(problem)
    assert faults(problem, orders) == []
    assert orders.row[orders.kind == BUILD].tolist() == [1]
    assert orders.start.tolist() == [9, 9]


def test_arrays_that_do_not_fit_are_refused() -> None:
    """The kernels do not look; the problem does."""
    problem = phones()
    with pytest.raises(ReleaseProblemError, match="weeks"):
        replace(problem, capacity=np.zeros((1, 2)))
    with pytest.raises(ReleaseProblemError, match="guide"):
        replace(problem, guide=problem.guide._replace(starts=np.zeros((2, 5))))
