"""Steps: the kernels against the method written down plainly in double precision."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from bench.networks import network
from tests.building import add_rows, small_network, with_settings
from tests.model.every_family import every_family
from tests.solve.structured.plainly import Steps, example

from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.solve.structured.bounds import Bounder
from boxbuild.solve.structured.method import Iterate, Method
from boxbuild.solve.structured.metric import first_sizes, metric, volumes
from boxbuild.solve.structured.problem import Problem, problem


def _contract() -> Model:
    contract = {"contract": "least", "partner": "ems", "item": "phone-a", "min": "500", "shortfall_cost": 10}
    return assemble(add_rows(small_network(), "contracts", contract))


MODELS: dict[str, Callable[[], Model]] = {
    "weeks": lambda: assemble(small_network()),
    "months": lambda: assemble(with_settings(small_network(), buckets="3w+1m")),
    "a contract": _contract,
    "every family": lambda: assemble(every_family()),
    "a bench": lambda: assemble(network(6e3)),
    "tiny": lambda: example("tiny"),
}


@pytest.fixture(params=MODELS, scope="module")
def model(request: pytest.FixtureRequest) -> Model:
    return MODELS[request.param]()


def _start(model: Model, laid: Problem) -> Iterate:
    """Quantities around the volumes, and prices around those of a world without limits."""
    random = np.random.default_rng(5)
    quantities = random.exponential(volumes(laid)[:, None], laid.cost.shape) * laid.exists
    there = laid.on_chains(np.ones(model.row_lower.size))[0]
    prices = Bounder(model, laid).unlimited() * random.uniform(0.5, 1.0, laid.low.shape) * there
    return Iterate(quantities, prices, np.zeros(laid.singles))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_steps_are_those_of_the_plain_method(model: Model, count: int) -> None:
    """One, two and three reflected iterations that are pulled back to their start, within single precision."""
    laid = problem(model)
    start = _start(model, laid)
    worth = np.where(laid.link, Bounder(model, laid).unlimited().mean(axis=1), 0.0)
    steps, balance = metric(laid, first_sizes(laid, worth)), 0.7
    method = Method(laid, steps, start, balance)
    method.iterate(count)
    found = method.point()
    plain = Steps(model, laid, steps)
    x, y, u = start.quantities, start.prices, start.single_prices
    for k in range(count):
        quantities = plain.primal(x, y, u, balance)
        prices, single_prices = plain.dual(2 * quantities - x, y, u, balance)
        new = (k + 1) / (k + 2)
        x = new * (2 * quantities - x) + (1 - new) * start.quantities
        y = new * (2 * prices - y) + (1 - new) * start.prices
        u = new * (2 * single_prices - u) + (1 - new) * start.single_prices
    _close(found.quantities, quantities, start.quantities)
    nodes, there = laid.nodes, laid.on_chains(np.ones(model.row_lower.size))[0]
    _close(found.prices[:nodes], prices[:nodes], start.prices[:nodes])
    _close(found.prices[nodes:] * there[nodes:], prices[nodes:] * there[nodes:], start.prices)
    _close(found.single_prices, single_prices, start.prices)


def _close(found: np.ndarray, plain: np.ndarray, start: np.ndarray) -> None:
    """Assert that two arrays differ by no more than single precision does in a sum of a few terms."""
    size = np.abs(plain).max(initial=0.0) + np.abs(start).max(initial=0.0)
    assert np.abs(found - plain).max(initial=0.0) <= 2e-5 * size


def test_quantities_stay_where_there_are_columns_and_within_limits(model: Model) -> None:
    """However many steps: no column that does not exist, none below 0 or above its limit, no number lost."""
    laid = problem(model)
    worth = np.where(laid.link, Bounder(model, laid).unlimited().mean(axis=1), 0.0)
    method = Method(laid, metric(laid, first_sizes(laid, worth)), _start(model, laid))
    method.iterate(100)
    point = method.point()
    assert np.isfinite(point.quantities).all()
    assert np.isfinite(point.prices).all()
    assert np.isfinite(point.single_prices).all()
    columns = laid.of_columns(point.quantities)
    assert np.all(columns >= model.lower * (1 - 1e-6))
    assert np.all(columns <= model.upper * (1 + 1e-6))


def test_a_branch_leaves_the_method_as_it_was(model: Model) -> None:
    """A branch that goes elsewhere changes nothing of where it came from."""
    laid = problem(model)
    worth = np.where(laid.link, Bounder(model, laid).unlimited().mean(axis=1), 0.0)
    methods = [Method(laid, metric(laid, first_sizes(laid, worth)), _start(model, laid)) for _ in range(2)]
    for method in methods:
        method.iterate(30)
    methods[1].branch(methods[1].point(), 64.0).iterate(30)
    for method in methods:
        method.iterate(30)
    one, other = (method.point() for method in methods)
    assert np.array_equal(one.quantities, other.quantities)
    assert np.array_equal(one.prices, other.prices)
