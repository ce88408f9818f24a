"""Sizes: steps that are measured by what is seen are as safe as the first ones, and go where they were too short."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from bench.networks import network
from scipy.sparse import csr_matrix
from tests.building import add_rows, small_network, with_settings
from tests.model.every_family import every_family
from tests.solve.structured.plainly import laid_out, stock_metric

from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.solve.structured import carry
from boxbuild.solve.structured.bounds import Bounder
from boxbuild.solve.structured.carry import Lists, Roles, Turns, Waiting, World
from boxbuild.solve.structured.method import ASTRAY, Iterate, Method
from boxbuild.solve.structured.metric import GROWN, Metric, Sizes, first_sizes, metric, seen_sizes
from boxbuild.solve.structured.problem import Problem, problem

MODELS: dict[str, Callable[[], Model]] = {
    "weeks": lambda: assemble(small_network()),
    "months": lambda: assemble(with_settings(small_network(), buckets="3w+1m")),
    "a contract": lambda: assemble(
        add_rows(
            small_network(),
            "contracts",
            {"contract": "least", "partner": "ems", "item": "phone-a", "min": "500", "shortfall_cost": 10},
        )
    ),
    "every family": lambda: assemble(every_family()),
}


def _sizes(model: Model, laid: Problem) -> Sizes:
    return first_sizes(laid, Bounder(model, laid).unlimited().mean(axis=1) * laid.link)


def _seen(laid: Problem, first: Sizes) -> Sizes:
    """Sizes after flows and prices that are now far above, now far below the first ones."""
    random = np.random.default_rng(11)
    spread = 10.0 ** random.uniform(-3, 3, laid.cost.shape)
    prices = first.worth[:, None] * 10.0 ** random.uniform(-3, 3, laid.low.shape)
    return seen_sizes(first, first.volume[:, None] * spread, -prices, first.single_worth * 100.0)


def _longest(laid: Problem, matrix: csr_matrix, steps: Metric) -> float:
    """Largest ``y' A T A' y`` over ``y' M y``: ``T`` are the steps of the columns, ``M`` the metric of the rows."""
    buckets, nodes = laid.buckets, laid.nodes
    rows = laid.chains * buckets + laid.singles
    inverse = np.zeros((rows, rows))
    for node in range(nodes):
        mine = slice(node * buckets, (node + 1) * buckets)
        inverse[mine, mine] = stock_metric(steps, node)
    rest = np.concatenate([steps.row.ravel(), steps.single])
    there = np.flatnonzero(rest > 0) + nodes * buckets
    inverse[there, there] = 1.0 / rest[there - nodes * buckets]
    step = np.repeat(steps.column, buckets)
    full = (matrix.multiply(step) @ matrix.T).toarray()
    used = np.concatenate([np.arange(nodes * buckets), there])
    used = used[np.abs(full[used]).sum(axis=1) > 0]
    root = np.linalg.cholesky(inverse[np.ix_(used, used)])
    half = np.linalg.solve(root, full[np.ix_(used, used)])
    return float(np.linalg.eigvalsh(np.linalg.solve(root, half.T))[-1])


@pytest.mark.parametrize("name", MODELS)
def test_steps_are_short_enough_whatever_was_seen(name: str) -> None:
    """``A T A'`` is at most the metric of the rows, so that the method converges (A. Chambolle, T. Pock, 2011)."""
    model = MODELS[name]()
    laid = problem(model)
    first = _sizes(model, laid)
    matrix = laid_out(model, laid)
    for sizes in (first, _seen(laid, first)):
        assert _longest(laid, matrix, metric(laid, sizes)) <= 1 + 1e-9


def test_sizes_are_what_is_seen_and_no_less_than_they_were_worth() -> None:
    """A price far above its worth counts as it is, one below does not; a flow of nothing keeps a part of its volume."""
    model = MODELS["weeks"]()
    laid = problem(model)
    first = _sizes(model, laid)
    prices, quantities = np.zeros(laid.low.shape), np.zeros(laid.cost.shape)
    prices[0, 1], prices[1, :] = -1e4 * first.worth[0], 0.5 * first.worth[1]
    prices[2, 0] = 1e20 * first.worth[2]  # no plan can meet it
    quantities[0] = 7.0 * first.volume[0]
    seen = seen_sizes(first, quantities, prices, np.zeros(laid.singles))
    assert seen.worth[0] == 1e4 * first.worth[0]
    assert seen.worth[1] == first.worth[1]
    assert seen.worth[2] == GROWN * first.worth[2]
    assert np.array_equal(seen.worth[3:], first.worth[3:])
    assert seen.volume[0] == pytest.approx(7.0 * first.volume[0])
    assert np.all(seen.volume[1:] < first.volume[1:])
    assert np.all(seen.volume > 0)


def test_a_scarce_part_gets_its_price_sooner() -> None:
    """A component worth cents that stops a line: its price climbs in steps of what the line loses.

    With steps of cents the bound of 5,000 steps is below that of 500 steps that are measured by what they see.
    """
    model = assemble(network(6e3, seed=3))
    laid = problem(model)
    bounder = Bounder(model, laid)
    start = Iterate(np.zeros(laid.cost.shape), bounder.unlimited(), np.zeros(laid.singles))
    sizes = _sizes(model, laid)

    def bound(parts: int, length: int) -> float:
        method = Method(laid, metric(laid, sizes), start)
        for part in range(parts):
            if part:
                method.measure(sizes)
            method.iterate(length // parts)
        at = method.point()
        return bounder(at.prices, at.single_prices)[0]

    assert bound(5, 500) > bound(1, 5000)


def test_measuring_begins_anew_from_where_it_is() -> None:
    """The point stays, the next step is that of a new method with the steps that follow from what is seen."""
    model = assemble(network(6e3))
    laid = problem(model)
    sizes = _sizes(model, laid)
    start = Iterate(np.zeros(laid.cost.shape), Bounder(model, laid).unlimited(), np.zeros(laid.singles))
    method = Method(laid, metric(laid, sizes), start)
    method.iterate(50)
    before = method.metric
    at = method.point()
    method.measure(sizes)
    assert np.array_equal(method.point().quantities, at.quantities)
    assert not np.array_equal(method.metric.row, before.row)
    seen = seen_sizes(sizes, at.quantities, at.prices, at.single_prices)
    fresh = Method(laid, metric(laid, seen), at, method.balance)
    for one in (method, fresh):
        one.iterate(1)
    np.testing.assert_allclose(method.point().quantities, fresh.point().quantities, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(method.point().prices, fresh.point().prices, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("lost", [np.inf, np.nan, 2 * ASTRAY])
def test_what_goes_to_infinity_measures_nothing(lost: float) -> None:
    """Where no plan exists, quantities grow without end: the steps stay as they are."""
    model = MODELS["weeks"]()
    laid = problem(model)
    sizes = _sizes(model, laid)
    start = Iterate(np.zeros(laid.cost.shape), Bounder(model, laid).unlimited(), np.zeros(laid.singles))
    method = Method(laid, metric(laid, sizes), start)
    method.x[3, 2] = lost
    before = method.metric
    method.measure(sizes)
    assert method.metric is before


def test_a_stock_that_rounding_left_below_nothing_is_no_stock() -> None:
    """A stock of -1e-17 that nobody asks for is divided among nobody; it once ended in a division by zero."""
    model = MODELS["weeks"]()
    laid = problem(model)
    terms = laid.bands.chains
    chains, arcs, shape = laid.chains, laid.arcs, (laid.chains, laid.buckets)
    none = Lists(np.zeros(arcs + 1, dtype=np.int64), np.zeros(0, dtype=np.int64))
    idle = np.zeros(arcs, dtype=bool)
    stocked = np.arange(chains) < laid.nodes
    roles = Roles(none, none, none, none, stocked, ~stocked, idle, np.zeros(laid.cost.shape, dtype=bool))
    long = np.arange(chains, dtype=np.int64)
    turns = Turns(long[:0], long[:2] * 0, long, np.array([0, chains]), np.zeros(arcs, dtype=np.int64))
    stock = np.full((laid.nodes, laid.buckets), -1e-17)
    world = World(np.zeros(laid.cost.shape), stock, stock, np.zeros(shape), np.zeros(shape), np.zeros(laid.singles))
    waiting = Waiting(np.zeros(arcs), np.zeros(arcs), np.zeros(arcs), np.zeros(shape), np.zeros(chains))
    carry._divide(0, 0, waiting, world, roles, turns, terms)
    assert np.all(waiting.factor[: laid.nodes] == 1.0)
