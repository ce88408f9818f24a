"""What is checked plainly: rows and limits of a plan, the matrix of the terms, and the laws of first-order steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix

import boxbuild
from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.solve.bound import column_limits
from boxbuild.solve.session import Options, run
from boxbuild.solve.solution import Solution
from boxbuild.solve.structured import solve as structured
from boxbuild.solve.structured.bands import Terms
from boxbuild.solve.structured.metric import Metric
from boxbuild.solve.structured.problem import Problem

Floats = NDArray[np.float64]

EXAMPLES = Path(boxbuild.__file__).parents[2] / "examples"


def example(name: str) -> Model:
    """Return the model of an example, with its decisions as the best plan takes them."""
    return decided(assemble(boxbuild.read(EXAMPLES / name)))


def decided(model: Model) -> Model:
    """Return a model without integers: each is fixed at what the best plan has."""
    if not model.integer.any():
        return model
    chosen = run(model, Options(gap=1e-3)).values
    assert chosen is not None
    lower, upper = model.lower.copy(), model.upper.copy()
    lower[model.integer] = upper[model.integer] = np.round(chosen[model.integer])
    return replace(model, lower=lower, upper=upper, integer=np.zeros_like(model.integer))


def sensible(model: Model) -> Model:
    """Return a model in which no column exceeds what the bound takes for the most of a sensible plan."""
    return replace(model, upper=np.maximum(column_limits(model), model.lower))


def best(model: Model) -> float | None:
    """Return the least cost by the simplex method; ``None`` where there is no plan."""
    outcome = run(model, Options(gap=1e-9, algorithm="simplex"))
    return outcome.objective if outcome.values is not None else None


def near(cost: float, share: float = 1e-6) -> float:
    """Return what two costs may differ by: rounding, and that of a solver."""
    return share * abs(cost) + 1e-5


def deviation(model: Model, values: Floats) -> float:
    """Return by how much a plan misses a row, relative to the largest of its terms, or a limit of a column."""
    assert np.isfinite(values).all()
    by_row: csr_matrix = model.matrix.tocsr()
    worst = 0.0
    for row in range(by_row.shape[0]):
        at = slice(by_row.indptr[row], by_row.indptr[row + 1])
        terms = by_row.data[at] * values[by_row.indices[at]]
        have, size = terms.sum(), 1.0 + np.abs(terms).max(initial=0.0)
        worst = max(worst, (model.row_lower[row] - have) / size, (have - model.row_upper[row]) / size)
    below, above = model.lower - values, values - model.upper
    return float(
        max(worst, (below / (1 + np.abs(values))).max(initial=0), (above / (1 + np.abs(values))).max(initial=0))
    )


def stock_metric(metric: Metric, node: int) -> Floats:
    """Return the metric of a stock: its load, and what is kept from each bucket to the next and out of the last."""
    size = metric.load.shape[1]
    keeping = np.eye(size) - np.eye(size, k=-1)  # what enters a bucket's stock, of what is kept in each
    whole: Floats = np.diag(metric.load[node]) + metric.kept[node] * (keeping @ keeping.T)
    return whole


@contextmanager
def few_rounds(rounds: int) -> Iterator[None]:
    """Let the structured way stop early."""
    with patch.object(structured, "ROUNDS", rounds):
        yield


def is_honest(model: Model, solution: Solution, exact: float) -> None:
    """Assert that a plan is one, that it costs what it says, and that its bound is below the best."""
    assert deviation(model, solution.values) <= 1e-6
    cost = float(model.cost @ solution.values)
    assert solution.cost == cost or abs(solution.cost - cost) <= near(cost, 1e-9)
    assert solution.cost >= exact - near(exact)
    assert np.isfinite(solution.bound)
    assert solution.bound <= solution.cost
    least = best(sensible(model))
    assert least is None or solution.bound <= least + near(least)


def entries(terms: Terms) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return chain, its bucket, arc, its bucket and value of every entry that terms stand for."""
    chain, chain_bucket, arc, arc_bucket, value = [], [], [], [], []
    for q in range(terms.arc.size):
        for t in range(int(terms.start[q]), int(terms.stop[q])):
            chain.append(int(terms.chain[q]))
            chain_bucket.append(t + int(terms.shift[q]))
            arc.append(int(terms.arc[q]))
            arc_bucket.append(t)
            value.append(terms.value[q] if terms.at[q] < 0 else terms.values[terms.at[q] + t - terms.start[q]])
    whole = [np.array(numbers, dtype=np.int64) for numbers in (chain, chain_bucket, arc, arc_bucket)]
    return whole[0], whole[1], whole[2], whole[3], np.array(value, dtype=np.float64)


def laid_out(model: Model, problem: Problem) -> csr_matrix:
    """Return the matrix with a row for every chain and bucket, then the single rows, and a column by arc and bucket."""
    where, width = problem.places, problem.buckets
    row = np.where(where.chain >= 0, where.chain * width + where.chain_bucket, problem.chains * width - 1 - where.chain)
    part = model.matrix.tocoo()
    column = where.arc * width + where.arc_bucket
    shape = (problem.chains * width + problem.singles, problem.arcs * width)
    return coo_matrix((part.data, (row[part.row], column[part.col])), shape=shape).tocsr()


class Steps:
    """The method in double precision, with the matrix in hand and a dense system for every stock."""

    def __init__(self, model: Model, problem: Problem, metric: Metric) -> None:
        self.problem, self.metric, self.matrix = problem, metric, laid_out(model, problem)
        infinite = np.full((problem.arcs, problem.buckets), np.inf)
        self.lower, self.upper = np.zeros_like(infinite), np.where(problem.exists, infinite, 0.0)
        mine = problem.bounded >= 0
        there = problem.exists[mine]
        self.upper[mine] = np.where(there, problem.upper[problem.bounded[mine]], 0.0)
        self.lower[mine] = np.where(there, problem.lower[problem.bounded[mine]], 0.0)

    def primal(self, x: Floats, y: Floats, u: Floats, balance: float) -> Floats:
        """Step quantities against their reduced costs."""
        paid = (self.matrix.T @ np.concatenate([y.ravel(), u])).reshape(x.shape)
        moved = x - self.metric.column[:, None] / balance * (self.problem.cost - paid)
        return np.clip(moved, self.lower, self.upper)

    def dual(self, mirrored: Floats, y: Floats, u: Floats, balance: float) -> tuple[Floats, Floats]:
        """Step prices by what mirrored quantities miss."""
        problem, metric, nodes = self.problem, self.metric, self.problem.nodes
        have = self.matrix @ mirrored.ravel()
        chains, singles = have[: y.size].reshape(y.shape), have[y.size :]
        stepped = y.copy()
        for node in range(nodes):
            system = stock_metric(metric, node)
            stepped[node] += balance * np.linalg.solve(system, problem.low[node] - chains[node])
        stepped[nodes:] = _toward(
            y[nodes:], chains[nodes:], metric.row * balance, problem.low[nodes:], problem.high[nodes:]
        )
        return stepped, _toward(u, singles, metric.single * balance, problem.single_low, problem.single_high)


def _toward(price: Floats, have: Floats, step: Floats, low: Floats, high: Floats) -> Floats:
    """The price that moves by what is below the lower limit or above the upper one; where there is no step, none."""
    size = np.where(step > 0, step, 1.0)
    down = price - size * have
    return np.where(step > 0, down + size * np.clip(-down / size, low, high), price)
