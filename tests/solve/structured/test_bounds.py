"""Prices to a bound: what the roll leaves behind, and that no prices prove too much."""

from __future__ import annotations

import numpy as np
import pytest
from bench.networks import network
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.building import add_rows, edit_rows, small_network, with_settings
from tests.laws.networks import networks
from tests.solve.structured.plainly import best, laid_out, near, sensible

from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.network.network import Network
from boxbuild.solve.bound import dual_bound
from boxbuild.solve.session import Options, run
from boxbuild.solve.structured.bounds import Bounder
from boxbuild.solve.structured.problem import Problem, problem
from boxbuild.solve.structured.roll import PASSES, order, roll

BACK = {"origin": "mumbai", "destination": "noida", "mode": "road", "lead_days": 0, "per_unit": 1}
MODELS = {
    "weeks": small_network(),
    "months": with_settings(small_network(), buckets="3w+1m"),
    "in circles within a bucket": add_rows(
        edit_rows(small_network(), "lanes", {"origin": "noida", "destination": "mumbai"}, lead_days=0), "lanes", BACK
    ),
    "a bench": network(6e3),
}


@pytest.fixture(params=MODELS, scope="module")
def model(request: pytest.FixtureRequest) -> Model:
    return assemble(MODELS[request.param])


def _drawn(laid: Problem, usual: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.normal(0, usual, (laid.chains, laid.buckets)), random.normal(0, usual, laid.singles)


@pytest.mark.parametrize("seed", range(3))
def test_after_the_roll_no_column_pays_but_at_the_floor(model: Model, seed: int) -> None:
    """A column earns nothing, unless something that it gives is worth no less than what it costs to keep it."""
    laid = problem(model)
    bounder = Bounder(model, laid)
    prices, _ = _drawn(laid, float(np.median(np.abs(model.cost))) * 50, seed)
    prices = np.where(laid.link[:, None], np.maximum(prices, bounder.floor), 0.0)
    prices *= laid.on_chains(np.ones(model.row_lower.size))[0]
    rolled = prices.copy()
    base = np.where(laid.exists, laid.cost, np.inf)
    passes = roll(rolled, bounder.floor, base, laid.bands.chains, laid.link, order(laid.bands.chains, laid.link))
    assert passes < PASSES
    assert np.all(rolled <= prices)
    assert np.all(rolled >= bounder.floor - 1e-9)
    matrix = laid_out(model, laid)
    reduced = laid.cost.ravel() - matrix.T @ np.concatenate([rolled.ravel(), np.zeros(laid.singles)])
    pays = np.flatnonzero(laid.exists.ravel() & (reduced < -1e-7 * (1 + np.abs(prices).max())))
    floored = np.concatenate([(rolled <= bounder.floor + 1e-9).ravel(), np.zeros(laid.singles, bool)])
    gives = matrix[:, pays].tocoo()
    at_floor = np.unique(gives.col[(gives.data > 0) & floored[gives.row]])
    assert at_floor.size == pays.size


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [0.1, 10.0])
def test_any_prices_prove_a_bound_below_the_optimum(model: Model, seed: int, size: float) -> None:
    """Whatever the prices, of whatever sign, there is a bound, and no plan costs less."""
    laid = problem(model)
    chains, singles = _drawn(laid, size * float(np.median(np.abs(model.cost))), seed)
    bound, prices = Bounder(model, laid)(chains, singles)
    exact = best(model)
    assert exact is not None
    assert np.isfinite(bound)
    assert bound <= exact + near(exact)
    assert bound == pytest.approx(dual_bound(model, prices))


def test_the_best_prices_prove_the_optimum(model: Model) -> None:
    """The prices of the simplex method lose nothing on their way through the roll."""
    outcome = run(model, Options(algorithm="simplex"))
    assert outcome.prices is not None
    laid = problem(model)
    bound, _ = Bounder(model, laid)(*laid.on_chains(outcome.prices))
    assert bound == pytest.approx(outcome.objective, rel=1e-6)


@settings(max_examples=10, derandomize=True, database=None)
@given(networks(), st.integers(0, 1000))
def test_no_prices_of_a_strange_network_prove_too_much(drawn: Network, seed: int) -> None:
    """The bound is below the cost of every sensible plan, with hard minima, shares and targets, too."""
    model = assemble(drawn)
    assume(model.flows.nodes.height)
    exact = best(sensible(model))
    assume(exact is not None)
    laid = problem(model)
    bound, _ = Bounder(model, laid)(*_drawn(laid, 20.0, seed))
    assert exact is not None
    assert bound <= exact + near(exact)
