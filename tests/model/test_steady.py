"""A price on change: what leaves the old plan is charged, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
from tests.building import small_network

from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.model.steady import MOVED, steady
from boxbuild.network.network import Network
from boxbuild.solve.solve import solve


def _more(network: Network, factor: float) -> Network:
    demand = network["demand"]
    return network.with_table("demand", demand.with_columns(quantity=demand["quantity"] * factor))


@pytest.fixture(scope="module")
def model() -> Model:
    return assemble(small_network())


def _changed(model: Model, one: np.ndarray, two: np.ndarray) -> float:
    at = np.concatenate([model.columns[kind]["column"].to_numpy() for kind in MOVED])
    return float(np.abs(one - two)[at].sum())


def test_cutting_and_joining_are_inverse(model: Model) -> None:
    old = solve(model).values
    near = steady(model, old, 0.01)
    other = old * 1.3
    np.testing.assert_allclose(near.whole(near.cut(other)), other)
    assert near.cut(other).size == near.model.cost.size == near.model.matrix.shape[1]


def test_cost_and_charge_are_what_the_model_minimises(model: Model) -> None:
    old = solve(model).values
    near = steady(model, old, 0.02)
    values = near.cut(old * 1.1)
    plain = near.whole(values)
    minimised = near.model.cost @ values + near.price @ near.old
    assert minimised == pytest.approx(model.cost @ plain + near.charge(plain))


def test_the_old_plan_is_charged_nothing(model: Model) -> None:
    old = solve(model).values
    assert steady(model, old, 0.5).charge(old) == 0


def test_the_dearer_a_change_the_fewer_there_are() -> None:
    old = solve(assemble(small_network()), 1e-9).values
    changed = assemble(_more(small_network(), 1.1))
    moves, costs = [], []
    for rate in (0.0, 0.01, 1.0):
        near = steady(changed, old, rate)
        plain = near.whole(solve(near.model, 1e-9).values)
        moves.append(_changed(changed, plain, old))
        costs.append(float(changed.cost @ plain))
    assert moves[0] >= moves[1] >= moves[2]
    assert moves[2] < moves[0]
    assert costs[0] <= costs[1] <= costs[2]
