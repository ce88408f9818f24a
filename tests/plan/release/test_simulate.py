"""The laws of the day by day of a release."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.release import plain_simulate
from tests.plan.release.problems import random_problem

import boxbuild.plan.release.release as steps
from boxbuild.plan.release.ranked import order_of
from boxbuild.plan.release.simulate import Starts, simulate


@given(st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_lots_that_wait_start_as_if_all_were_tried_every_day(seed: int) -> None:
    """Putting a lot aside until what it lacks is there changes no order, nor the sequence of orders."""

    def both(*problem: Any) -> Starts:
        found = simulate(*problem)
        for fast, plain in zip(found, plain_simulate.simulate(*problem), strict=True):
            np.testing.assert_array_equal(fast, plain)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "simulate", both)
        steps.release(random_problem(seed), rounds=2)


@given(st.lists(st.floats(allow_nan=False), max_size=40))
def test_ranks_are_those_of_a_stable_sort(values: list[float]) -> None:
    """Of equal values, -0.0 and 0.0 among them, the first comes first."""
    column = np.array(values, dtype=np.float64)
    np.testing.assert_array_equal(order_of(column), np.argsort(column, kind="stable"))
