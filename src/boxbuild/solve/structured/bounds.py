"""From any prices to a proven bound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.solve.bound import column_limits, dual_bound
from boxbuild.solve.structured.bands import Terms
from boxbuild.solve.structured.problem import Problem
from boxbuild.solve.structured.roll import Order, order, roll

Floats = NDArray[np.float64]


class Bounder:
    """Turns prices into a bound. The bound itself is computed from the model's matrix, in double precision."""

    def __init__(self, model: Model, problem: Problem) -> None:
        self.model, self.problem = model, problem
        self.order: Order = order(problem.bands.chains, problem.link)
        self.limits = column_limits(model)
        keep = np.where(problem.exists[problem.keep], problem.cost[problem.keep], 0.0)
        self.floor = np.full((problem.chains, problem.buckets), -np.inf)
        self.floor[: problem.nodes] = -np.cumsum(keep[:, ::-1], axis=1)[:, ::-1]
        self.dearest = _dearest(model, problem)
        self.passes = 0

    def __call__(self, chains: Floats, singles: Floats) -> tuple[float, Floats]:
        """Return the bound that prices prove, and the prices of the rows that prove it.

        Parameters
        ----------
        chains, singles
            Prices of chains and single rows, whatever they are. Shapes ``(chains, buckets)`` and ``(singles,)``.
        """
        problem = self.problem
        y, u = chains.copy(), singles.copy()
        other = ~problem.link
        y[other] = _right_sign(y[other], problem.low[other], problem.high[other])
        u = _right_sign(u, problem.single_low, problem.single_high)
        u = np.minimum(u, self.dearest)
        base = np.where(problem.exists, problem.cost, np.inf)
        _less(base, y, other, problem.bands.chains)
        _less_singles(base, u, problem.bands.singles)
        y = np.maximum(y, self.floor)
        self.passes = roll(y, self.floor, base, problem.bands.chains, problem.link, self.order)
        prices = _lifted(self.model, problem.of_rows(y, u))
        return dual_bound(self.model, prices, self.limits), prices

    def unlimited(self) -> Floats:
        """Return the prices of the links where nothing else has a price. Shape ``(chains, buckets)``."""
        problem = self.problem
        y = np.where(problem.link[:, None], 1e15, 0.0) * np.ones((1, problem.buckets))
        base = np.where(problem.exists, problem.cost, np.inf)
        roll(y, self.floor, base, problem.bands.chains, problem.link, self.order)
        y = _filled(y)
        roll(y, self.floor, base, problem.bands.chains, problem.link, self.order)
        return y


def _dearest(model: Model, problem: Problem) -> Floats:
    """Most that a single row may be worth: no more than a column costs that does nothing but fill it, a shortfall."""
    matrix = model.matrix
    alone = np.flatnonzero((np.diff(matrix.indptr) == 1) & ~np.isfinite(model.upper))
    row, value = matrix.indices[matrix.indptr[alone]], matrix.data[matrix.indptr[alone]]
    single = (problem.places.chain[row] < 0) & (value > 0)
    dearest = np.full(problem.singles, np.inf)
    np.minimum.at(dearest, -1 - problem.places.chain[row[single]], model.cost[alone[single]] / value[single])
    return dearest


UNREACHED = 1e14
"""A price above this was lowered by nothing: no unit can be there yet."""


def _filled(prices: Floats) -> Floats:
    """Give what no unit reaches yet the price of the first bucket that one reaches."""
    known = prices < UNREACHED
    filled = np.where(known, prices, 0.0)
    for bucket in range(prices.shape[1] - 2, -1, -1):
        filled[:, bucket] = np.where(known[:, bucket], filled[:, bucket], filled[:, bucket + 1])
    return filled


def _lifted(model: Model, prices: Floats) -> Floats:
    """Raise the price of a limit where a column still pays: it costs the limit, not all that can ever exist."""
    reduced = model.cost - model.matrix.T @ prices
    pays = np.flatnonzero((reduced < -1e-12 * (1.0 + np.abs(model.cost))) & ~np.isfinite(model.upper))
    if not pays.size:
        return prices
    part = model.matrix[:, pays].tocoo()
    row, column, value = part.row, part.col, part.data
    can = (
        (value > 0)
        & np.isfinite(model.row_upper[row])
        & (prices[row] <= 0)
        & (model.row_upper[row] >= 0)
        & ~np.isfinite(model.row_lower[row])
    )
    row, column, value = row[can], column[can], value[can]
    by = -reduced[pays[column]] / value
    dear = by * model.row_upper[row]
    cheapest = np.lexsort((dear, column))
    first = np.ones(column.size, dtype=bool)
    first[1:] = column[cheapest][1:] != column[cheapest][:-1]
    chosen = cheapest[first]
    lifted = prices.copy()
    np.minimum.at(lifted, row[chosen], prices[row[chosen]] - by[chosen])
    return lifted


def _right_sign(prices: Floats, low: Floats, high: Floats) -> Floats:
    positive = np.where(np.isfinite(low), np.maximum(prices, 0.0), 0.0)
    negative = np.where(np.isfinite(high), np.minimum(prices, 0.0), 0.0)
    return positive + negative


def _less(base: Floats, y: Floats, other: NDArray[np.bool_], terms: Terms) -> None:
    """Take what the columns use of rows that are not links off their cost."""
    for q in np.flatnonzero(other[terms.chain]):
        t = slice(terms.start[q], terms.stop[q])
        shifted = slice(terms.start[q] + terms.shift[q], terms.stop[q] + terms.shift[q])
        value = _value(terms, int(q))
        base[terms.arc[q], t] -= value * y[terms.chain[q], shifted]


def _less_singles(base: Floats, u: Floats, terms: Terms) -> None:
    for q in range(terms.arc.size):
        base[terms.arc[q], terms.start[q] : terms.stop[q]] -= _value(terms, q) * u[terms.chain[q]]


def _value(terms: Terms, q: int) -> float | Floats:
    if terms.at[q] < 0:
        return float(terms.value[q])
    value: Floats = terms.values[terms.at[q] : terms.at[q] + terms.stop[q] - terms.start[q]]
    return value
