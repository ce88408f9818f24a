"""Repair: whatever quantities come in, a plan comes out, and a plan that comes in is not made worse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from bench.networks import network
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.building import add_rows, small_network, with_settings
from tests.laws.networks import networks
from tests.solve.structured.plainly import best, deviation, example, near

from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.network.network import Network
from boxbuild.solve.session import Options, run
from boxbuild.solve.structured.metric import volumes
from boxbuild.solve.structured.problem import problem
from boxbuild.solve.structured.repair import Repairer

LEAST = {"contract": "least", "partner": "ems", "item": "phone-a", "min": "500", "shortfall_cost": 10}
MOST = {"contract": "most", "partner": "exide", "item": "battery", "max": "900"}
MODELS: dict[str, Callable[[], Model]] = {
    "weeks": lambda: assemble(small_network()),
    "months": lambda: assemble(with_settings(small_network(), buckets="3w+1m")),
    "contracts": lambda: assemble(add_rows(small_network(), "contracts", LEAST, MOST)),
    "a bench": lambda: assemble(network(6e3)),
    "tiny": lambda: example("tiny"),
}


@pytest.fixture(params=MODELS, scope="module")
def model(request: pytest.FixtureRequest) -> Model:
    return MODELS[request.param]()


def _drawn(laid_volume: np.ndarray, buckets: int, seed: int) -> np.ndarray:
    """Quantities that are 0, about the volume, or far too large, and a few below 0."""
    random = np.random.default_rng(seed)
    shape = (laid_volume.size, buckets)
    size = random.choice([0.0, 0.3, 1.0, 30.0, -1.0], shape, p=[0.4, 0.2, 0.25, 0.1, 0.05])
    drawn: np.ndarray = laid_volume[:, None] * size * random.uniform(0.5, 1.5, shape)
    return drawn


@pytest.mark.parametrize("seed", range(4))
def test_any_quantities_become_a_plan(model: Model, seed: int) -> None:
    """Random quantities, on columns that do not exist, too: every row and limit holds, to what rounding leaves."""
    laid = problem(model)
    volume = volumes(laid)
    columns = Repairer(model, laid, volume)(_drawn(volume, laid.buckets, seed))
    assert columns is not None
    assert deviation(model, columns) <= 1e-7
    exact = best(model)
    assert exact is not None
    assert model.cost @ columns >= exact - near(exact)


def test_nothing_planned_is_a_plan(model: Model) -> None:
    """All zero: what is wanted is made as well as it can be, or lost."""
    laid = problem(model)
    columns = Repairer(model, laid, volumes(laid))(np.zeros((laid.arcs, laid.buckets)))
    assert columns is not None
    assert deviation(model, columns) <= 1e-7


def test_the_best_plan_costs_no_more_afterwards(model: Model) -> None:
    """The quantities of the optimum are carried out as they are."""
    values = run(model, Options(algorithm="simplex")).values
    assert values is not None
    laid = problem(model)
    columns = Repairer(model, laid, volumes(laid))(laid.on_arcs(values))
    assert columns is not None
    assert model.cost @ columns <= model.cost @ values + near(model.cost @ values)


def test_a_hard_minimum_that_is_missed_is_no_plan() -> None:
    """Five thousand phones are built by nobody: there is nothing to return."""
    asked = add_rows(
        small_network(), "contracts", {"contract": "much", "partner": "ems", "item": "phone-a", "min": "50000"}
    )
    model = assemble(asked)
    laid = problem(model)
    assert Repairer(model, laid, volumes(laid))(np.ones((laid.arcs, laid.buckets))) is None


@settings(max_examples=10, derandomize=True, database=None)
@given(networks(), st.integers(0, 1000))
def test_any_quantities_of_a_strange_network_become_a_plan(drawn: Network, seed: int) -> None:
    """No stock, no capacity, circles, hard minima: what comes out is a plan, or nothing."""
    model = assemble(drawn)
    assume(model.flows.nodes.height)
    laid = problem(model)
    volume = volumes(laid)
    assert np.isfinite(volume).all()
    columns = Repairer(model, laid, volume)(_drawn(volume, laid.buckets, seed))
    assert columns is None or deviation(model, columns) <= 1e-7
    if not (drawn.tables["contracts"].height or drawn.tables["targets"].height):
        assert columns is not None


def test_a_column_that_is_closed_stays_closed() -> None:
    """Limits of columns hold: an offer that may sell nothing, a lane that may carry a little."""
    model = assemble(small_network())
    upper = model.upper.copy()
    buys, ships = (model.columns[kind]["column"].to_numpy() for kind in ("buy", "ship"))
    upper[buys[::2]] = 0.0
    upper[ships[::3]] = 5.0
    closed = replace(model, upper=upper)
    laid = problem(closed)
    volume = volumes(laid)
    for seed in range(3):
        columns = Repairer(closed, laid, volume)(_drawn(volume, laid.buckets, seed))
        assert columns is not None
        assert deviation(closed, columns) <= 1e-7
