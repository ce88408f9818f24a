"""Targets: the plan's starts in whole lots, and what the lots above need besides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.release.problems import activities, activity

from boxbuild.plan.release.explode import DUST, NEXT, Structure, explode, whole_lots
from boxbuild.plan.release.order_of_nodes import sorted_nodes, supplies
from boxbuild.plan.release.problem import BUILD, BUY, Activities, Floats
from boxbuild.plan.release.slots import cut


def targets(rows: Activities, starts: Floats, stock: list[float]) -> Floats:
    weeks = starts.shape[1]
    slots = cut(np.arange(0, 7 * weeks + 1, 7), 7 * weeks)
    structure = Structure(sorted_nodes(rows, len(stock)), *supplies(rows, len(stock)), slots.first_day, slots.of_day)
    given_stock = np.repeat(np.array(stock)[:, None], weeks, axis=1)
    return explode(rows, structure, np.cumsum(starts, axis=1), given_stock)


def test_boards_follow_the_lots_of_phones() -> None:
    """Phones in tens need ten boards where the plan says three; one left in the plan's stock counts."""
    rows = activities([activity(BUILD, 0, lot_multiple=10.0, inputs={1: 1.0}), activity(BUY, 1, lead_days=7)])
    target = targets(rows, np.array([[0.0, 3.0, 9.0], [2.0, 9.0, 0.0]]), [0.0, 2.0])
    assert target[0].tolist() == [0.0, 10.0, 20.0]
    assert target[1, 0] == pytest.approx(8.0)
    assert target[1, 1] == pytest.approx(18.0)


def test_a_rest_below_the_least_lot_is_ordered_with_the_one_before() -> None:
    """Sixty in lots of fifty at least and tens above: one order of sixty, not two of fifty."""
    rows = activities([activity(BUY, 0, lot_min=50.0, lot_multiple=10.0)])
    assert targets(rows, np.array([[45.0, 0.0, 15.0, 0.0]]), [0.0])[0].tolist() == [60.0] * 4
    assert targets(rows, np.array([[45.0, 0.0, 15.0, 50.0]]), [0.0])[0].tolist() == [50.0, 50.0, 110.0, 110.0]


@given(
    st.lists(st.floats(0, 50), min_size=4, max_size=4),
    st.sampled_from([0.0, 1.0, 7.0, 20.0]),
    st.sampled_from([0.0, 14.0, 30.0]),
)
@settings(deadline=None)
def test_targets_cover_the_plan_by_no_more_than_its_sum_in_whole_lots(
    starts: list[float], multiple: float, least: float
) -> None:
    """Cumulated, never below the plan but for dust and, over the horizon, the least whole lots that are enough."""
    rows = activities([activity(BUY, 0, lot_multiple=multiple, lot_min=least)])
    target = targets(rows, np.array([starts]), [0.0])[0]
    plan = np.cumsum(starts)
    dust = min(DUST, NEXT * max(least, multiple))
    assert (target >= plan - dust - 1e-3).all()
    needed = plan[-1] - (dust if multiple > 0 else 0)
    assert target[-1] == pytest.approx(whole_lots(needed, least, multiple) if plan[-1] > dust + 2e-6 else 0.0, abs=0.02)


def test_the_next_lot_is_started_when_those_before_are_used_up_and_dust_starts_none() -> None:
    """The first fifty are used up in week 2: the next seventy, needed in week 5, are started then."""
    rows = activities([activity(BUY, 0, lot_min=50.0), activity(BUY, 0, lot_min=50.0)])
    plan = np.array([[25.0, 25.0, 0.0, 0.0, 70.0], [0.001, 0.0, 0.0, 0.001, 0.0]])
    target = targets(rows, plan, [0.0])
    assert target[0].tolist() == [50.0, 120.0, 120.0, 120.0, 120.0]
    assert target[1].tolist() == [0.0] * 5


@given(st.floats(0.01, 1000), st.floats(0, 100), st.sampled_from([0.0, 0.5, 1.0, 20.0]))
def test_whole_lots_are_the_least_that_are_enough(quantity: float, least: float, multiple: float) -> None:
    lots = whole_lots(quantity, least, multiple)
    assert lots >= max(quantity, least) - 1e-4
    assert multiple == 0 or lots / multiple == pytest.approx(round(lots / multiple))
    assert lots < max(quantity, least) + multiple or multiple == 0
