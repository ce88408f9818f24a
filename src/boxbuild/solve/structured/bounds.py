"""From any prices to a proven bound."""

from __future__ import annotations

from typing import Any

import numba
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
        spread = np.repeat(u[:, None], problem.buckets, axis=1)
        _less(base, spread, np.ones(u.size, dtype=bool), problem.bands.singles)
        y = np.maximum(y, self.floor)
        roll(y, self.floor, base, problem.bands.chains, problem.link, self.order)
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
    lifted = prices.copy()
    limit = np.isfinite(model.row_upper) & (prices <= 0) & (model.row_upper >= 0) & ~np.isfinite(model.row_lower)
    matrix = model.matrix
    _lift(lifted, prices, limit, model.row_upper, model.cost, model.upper, matrix.indptr, matrix.indices, matrix.data)
    return lifted


@numba.njit(cache=True)
def _lift(
    lifted: Any,
    prices: Any,
    limit: Any,
    most: Any,
    cost: Any,
    upper: Any,
    indptr: Any,
    indices: Any,
    data: Any,
) -> None:
    """Lower the price of the limit that is cheapest to raise, for every column without a limit that pays."""
    for j in range(cost.size):
        if np.isfinite(upper[j]):
            continue
        reduced = cost[j]
        for k in range(indptr[j], indptr[j + 1]):
            reduced -= data[k] * prices[indices[k]]
        if reduced >= -1e-12 * (1.0 + abs(cost[j])):
            continue
        chosen = -1
        least = np.inf
        for k in range(indptr[j], indptr[j + 1]):
            i = indices[k]
            if limit[i] and data[k] > 0 and -reduced / data[k] * most[i] < least:
                least = -reduced / data[k] * most[i]
                chosen = k
        if chosen >= 0:
            i = indices[chosen]
            lifted[i] = min(lifted[i], prices[i] + reduced / data[chosen])


def _right_sign(prices: Floats, low: Floats, high: Floats) -> Floats:
    positive = np.where(np.isfinite(low), np.maximum(prices, 0.0), 0.0)
    negative = np.where(np.isfinite(high), np.minimum(prices, 0.0), 0.0)
    return positive + negative


@numba.njit(cache=True)
def _less(base: Any, y: Any, other: Any, terms: Terms) -> None:
    """Take what the columns use of rows that are not links off their cost."""
    first, _, chain, shift, start, stop, value, at, values, _, _ = terms
    for a in range(base.shape[0]):
        for q in range(first[a], first[a + 1]):
            if not other[chain[q]]:
                continue
            cost = base[a][start[q] : stop[q]]
            price = y[chain[q]][start[q] + shift[q] : stop[q] + shift[q]]
            for t in range(cost.size):
                cost[t] -= (value[q] if at[q] < 0 else values[at[q] + t]) * price[t]
