"""From a plan to the next one: what is new is lost at first, what need not move stays, and prices of change are met."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from bench.networks import network
from tests.solve.structured.plainly import deviation

from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.plan.warm import changes
from boxbuild.solve.solution import Solution
from boxbuild.solve.solve import solve
from boxbuild.solve.structured.again import as_before, change_prices
from boxbuild.solve.structured.method import Method
from boxbuild.solve.structured.metric import first_sizes, metric
from boxbuild.solve.structured.problem import problem
from boxbuild.solve.structured.rounds import BALANCE, first_iterate

GAP = 0.02


@pytest.fixture(scope="module")
def before() -> Solution:
    return solve(assemble(network(6e3)), GAP, way="structured")


@pytest.fixture(scope="module")
def more() -> Model:
    """The demand for one product grows by a fifth."""
    plain = network(6e3)
    demand = plain.tables["demand"]
    mine = pl.col("item") == demand["item"][0]
    quantity = pl.when(mine).then(pl.col("quantity") * 1.2).otherwise("quantity")
    return assemble(plain.with_table("demand", demand.with_columns(quantity=quantity)))


def test_what_is_wanted_more_is_lost_at_first(before: Solution, more: Model) -> None:
    """The old plan is a plan for the new demand, and costs what the new units cost to lose."""
    after = as_before(more, before.values)
    lost = more.columns["short"]["column"].to_numpy()
    assert deviation(more, after) <= 1e-6
    assert after[lost].sum() > before.values[lost].sum()
    assert np.delete(after, lost).tobytes() == np.delete(before.values, lost).tobytes()


def test_a_dear_change_is_not_made(before: Solution, more: Model) -> None:
    """Where a unit of change costs more than anything, the steps move only what has no price of change."""
    laid = problem(more)
    worth = np.ones(laid.chains)
    first = first_iterate(laid, np.zeros((laid.chains, laid.buckets)), before)
    price = change_prices(laid, worth)
    assert (price[laid.keep] == 0).all()
    method = Method(laid, metric(laid, first_sizes(laid, worth)), first, BALANCE)
    method.stay_near(first.quantities, 1e12 * price)
    method.iterate(30)
    there = laid.exists & (price > 0)[:, None]
    np.testing.assert_allclose(method.point().quantities[there], first.quantities[there], rtol=1e-5, atol=1e-2)
    free = laid.exists & (price == 0)[:, None]
    assert not np.allclose(method.point().quantities[free], first.quantities[free])


def test_fewer_orders_change_from_the_plan_than_from_nothing(before: Solution, more: Model) -> None:
    """Both reach the gap with a proven bound; from the plan less is moved, and twice it is the same plan."""
    warm, twice = (solve(more, GAP, way="structured", start=before) for _ in range(2))
    cold = solve(more, GAP, way="structured")
    assert max(warm.gap, cold.gap) <= GAP
    assert max(warm.bound, cold.bound) <= min(warm.cost, cold.cost)
    assert changes(more, before.values, warm.values) < changes(more, before.values, cold.values)
    assert warm.values.tobytes() == twice.values.tobytes()
