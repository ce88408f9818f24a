"""Deliveries: never more than stock or demand; nothing lost or late that need not be."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.release.problems import demands

from boxbuild.plan.release.deliver import deliver, groups, part

DAYS = 6


def served(supply: list[int], due: list[int], late: int) -> tuple[float, float, np.ndarray]:
    """Return units delivered, units on time and stock left by day, for demands of one unit each."""
    asked = demands([{"node": 0, "due_day": day, "quantity": 1.0, "max_late_days": late} for day in due])
    _, start, group = groups(asked)
    available = np.cumsum(np.array([supply], dtype=float), axis=1)
    given_out = deliver(asked, start, group, available)
    left = available[0].copy()
    for quantity, day in zip(given_out.quantity, given_out.day, strict=True):
        left[day:] -= quantity
    on_time = given_out.quantity[given_out.day <= asked.due_day[given_out.demand]].sum()
    return float(given_out.quantity.sum()), float(on_time), left


def most(supply: list[int], due: list[int], late: int) -> tuple[int, int]:
    """Return the same by trying every day of delivery for every demand."""
    best = (0, 0)
    choices = [[None, *range(day, min(DAYS, day + late + 1))] for day in due]
    for days in itertools.product(*choices):
        taken = np.cumsum(np.bincount([day for day in days if day is not None], minlength=DAYS))
        if (taken <= np.cumsum(supply)).all():
            count = sum(day is not None for day in days)
            best = max(best, (count, sum(a == b for a, b in zip(days, due, strict=True))))
    return best


@given(
    st.lists(st.integers(0, 2), min_size=DAYS, max_size=DAYS),
    st.lists(st.integers(0, DAYS - 1), min_size=1, max_size=4),
    st.integers(0, 3),
)
def test_as_many_as_possible_are_served(supply: list[int], due: list[int], late: int) -> None:
    """As many as trying everything serves, for demands of one unit; on time, too, where nothing may be late."""
    units, on_time, left = served(supply, due, late)
    best = most(supply, due, late)
    assert round(units) == best[0]
    assert round(on_time) <= best[1]
    assert late > 0 or round(on_time) == best[1]
    assert (left >= -1e-9).all()


def test_a_promise_is_not_exchanged_for_another_to_be_on_time() -> None:
    """Two units for three demands: the promise to the first keeps the third from its due day. Seldom, and known."""
    units, on_time, _ = served([0, 0, 1, 1, 0, 0], [0, 1, 2], 2)
    assert (round(units), round(on_time)) == (2, 0)
    assert most([0, 0, 1, 1, 0, 0], [0, 1, 2], 2) == (2, 1)


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_a_part_and_its_rest_are_shippable(available: float, rest: float, least: float) -> None:
    quantity = part(available, rest, least)
    assert 0 <= quantity <= min(available, rest)
    assert quantity == 0 or quantity >= min(least, rest) - 1e-5
    assert quantity >= rest - 1e-5 or quantity == 0 or rest - quantity >= least - 1e-9


@given(st.lists(st.integers(0, 2), min_size=DAYS, max_size=DAYS), st.integers(0, DAYS - 1), st.integers(1, 3))
def test_what_is_there_early_is_delivered_early_where_that_is_welcome(
    supply: list[int], due: int, quantity: int
) -> None:
    """On the first day on which all that is on time has come, when any day before the due day is welcome."""
    asked = demands([{"node": 0, "first_day": 0, "due_day": due, "quantity": float(quantity), "max_late_days": 0}])
    _, start, group = groups(asked)
    stock = np.cumsum(np.array([supply], dtype=float), axis=1)
    given_out = deliver(asked, start, group, stock)
    on_time = min(quantity, sum(supply[: due + 1]))
    assert given_out.quantity.sum() == on_time
    if on_time:
        assert given_out.day.tolist() == [int(np.argmax(stock[0] >= on_time))]
