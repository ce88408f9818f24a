"""The method: restarted, reflected Halpern iterations of the primal-dual hybrid gradient method.

An iteration moves quantities against their reduced costs, mirrors the move, and moves prices by what the mirrored
quantities miss. Halpern's iteration pulls every iterate back to the point of the last restart, with a weight that falls
like 1/k; restarts make it linear where the problem is sharp, as linear programs are. The weight between the two steps
is balanced at every restart. All of it runs in single precision: nothing here has to be exact, since bound and plan are
proven from whatever it gives.

A. Chambolle and T. Pock, "A first-order primal-dual algorithm for convex problems with applications to imaging",
J. Math. Imaging Vision 40 (2011). D. Applegate et al., "Practical large-scale linear programming using primal-dual
hybrid gradient", NeurIPS 2021. H. Lu and J. Yang, "Restarted Halpern PDHG for linear programming", arXiv 2407.16144.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boxbuild.solve.structured import kernels
from boxbuild.solve.structured.bands import Terms
from boxbuild.solve.structured.crew import Crew
from boxbuild.solve.structured.metric import Metric
from boxbuild.solve.structured.problem import Problem

Floats = NDArray[np.float64]
Single = np.float32

ENOUGH, SOME, LONG = 0.2, 0.8, 0.36
"""Restart where the residual fell to a fifth, or fell by a fifth and rises, or after a third of all iterations."""

DAMPING = 0.3
"""Part of the way that the balance of the steps goes at a restart."""


@dataclass(frozen=True)
class Iterate:
    """Quantities and prices. Shapes ``(arcs, buckets)``, ``(chains, buckets)`` and ``(singles,)``."""

    quantities: Floats
    prices: Floats
    single_prices: Floats


class Method:
    """The state of the iterations.

    Parameters
    ----------
    problem, metric
        What to solve, and the steps.
    start
        Where to begin.
    balance
        Weight of the prices' steps against the quantities'.
    crew
        Who runs the kernels.
    """

    def __init__(
        self, problem: Problem, metric: Metric, start: Iterate, balance: float = 1.0, crew: Crew | None = None
    ) -> None:
        self.problem, self.metric, self.balance, self.damping = problem, metric, balance, DAMPING
        self.iterations, self.since, self.restarts = 0, 0, 0
        self._first, self._last = np.inf, np.inf
        single = _single
        self._cost = single(problem.cost)
        self._step, self._row, self._one = single(metric.column), single(metric.row), metric.single
        self._lower, self._upper = single(problem.lower), single(problem.upper)
        self._given = single(problem.low[: problem.nodes])
        self._low, self._high = single(problem.low[problem.nodes :]), single(problem.high[problem.nodes :])
        self._ranged = np.arange(problem.nodes, problem.chains)
        self._pivot, self._factor = single(metric.inverse_pivot), single(metric.factor)
        self._by_arc = _by_arc(problem.bands.chains)
        self._by_chain = _by_chain(problem.bands.chains)
        self._single_by_arc = _single_by_arc(problem.bands.singles)
        self._single_by_row = _single_by_row(problem.bands.singles)
        self.x = single(start.quantities)
        self._mirrored, self._x0 = self.x.copy(), self.x.copy()
        self.y = single(start.prices)
        self._y, self._y0 = self.y.copy(), self.y.copy()
        self.u = start.single_prices.astype(np.float64)
        self._u, self._u0 = self.u.copy(), self.u.copy()
        terms, nodes, size = problem.bands.chains, problem.nodes, kernels.BLOCK
        self._crew = crew or Crew(terms.arc.size * problem.buckets)
        self._arc_parts = self._crew.cut(terms.first + np.arange(terms.first.size))
        of_block = np.append(terms.by_chain_first[:nodes:size], terms.by_chain_first[nodes])
        self._block_parts = self._crew.cut(of_block - of_block[0] + size * np.arange(of_block.size))
        of_chain = terms.by_chain_first[nodes:]
        self._chain_parts = self._crew.cut(of_chain - of_chain[0] + np.arange(of_chain.size))
        self._moved_x = np.zeros(problem.arcs, Single)
        self._moved_y = np.zeros(problem.chains, Single)
        self._moved_u = np.zeros(problem.singles)

    def branch(self, start: Iterate, heavier: float) -> Method:
        """Return a method that begins elsewhere, with prices that move faster by a factor, and keeps its balance."""
        branch = Method(self.problem, self.metric, start, min(self.balance * heavier, 1e3), self._crew)
        branch.damping = 0.0
        return branch

    def iterate(self, count: int) -> None:
        """Run a number of iterations; the last one leaves its point in ``x``, ``y`` and ``u``."""
        for left in range(count, 0, -1):
            look = left == 1 or self.since == 0 or self.iterations % 10 == 9
            self._iterate(save=look)
            if look:
                self._restart_if_due(final=left == 1)

    def point(self) -> Iterate:
        """Return quantities and prices after the last iteration."""
        return Iterate(self.x.astype(np.float64), self.y.astype(np.float64), self.u.copy())

    def _iterate(self, *, save: bool) -> None:
        k = self.since
        old, new = Single(k / (k + 1)), Single((k + 1) / (k + 2))
        weight, inverse = Single(self.balance), Single(1.0 / self.balance)
        problem = self.problem
        singles = self._u.astype(Single)

        def primal(begin: int, end: int) -> None:
            kernels.primal_step(
                begin,
                end,
                old,
                inverse,
                save,
                self._cost,
                self._step,
                self._upper,
                self._lower,
                problem.bounded,
                *self._by_arc,
                *self._single_by_arc,
                self._y,
                singles,
                self._mirrored,
                self._x0,
                self.x,
                self._moved_x,
            )

        def stock(begin: int, end: int) -> None:
            kernels.stock_step(
                begin,
                end,
                weight,
                new,
                save,
                self._given,
                self._pivot,
                self._factor,
                *self._by_chain,
                self._mirrored,
                self._y,
                self._y0,
                self.y,
                self._moved_y,
            )

        def chain(begin: int, end: int) -> None:
            kernels.chain_step(
                begin,
                end,
                weight,
                new,
                save,
                self._low,
                self._high,
                self._row,
                self._ranged,
                *self._by_chain,
                self._mirrored,
                self._y,
                self._y0,
                self.y,
                self._moved_y,
            )

        self._crew.run(primal, self._arc_parts)
        self._crew.run(stock, self._block_parts)
        self._crew.run(chain, self._chain_parts)
        if problem.singles:
            kernels.single_step(
                float(weight),
                float(new),
                problem.single_low,
                problem.single_high,
                self._one,
                *self._single_by_row,
                self._mirrored,
                self._u,
                self._u0,
                self.u,
                self._moved_u,
            )
        self.since += 1
        self.iterations += 1

    @property
    def residual(self) -> float:
        """Length of the last step in the metric."""
        x = float(self._moved_x.sum(dtype=np.float64))
        y = float(self._moved_y.sum(dtype=np.float64)) + float(self._moved_u.sum())
        return float(np.sqrt(self.balance * x + y / self.balance))

    def _restart_if_due(self, *, final: bool) -> None:
        residual = self.residual
        if self.since == 1:
            self._first = self._last = residual
            return
        due = (
            residual <= ENOUGH * self._first
            or (residual <= SOME * self._first and residual > self._last)
            or (self.since >= LONG * self.iterations and self.iterations > 60)
        )
        if due:
            self._restart()
        else:
            self._last = residual

    def _restart(self) -> None:
        dx, dy = self._distance()
        if dx > 0 and dy > 0:
            off = 0.5 * np.log(dy / dx) - np.log(self.balance)
            self.balance = float(np.clip(self.balance * np.exp(self.damping * np.clip(off, -2, 2)), 1e-3, 1e3))
        self._x0[:] = self.x
        self._mirrored[:] = self.x
        self._y0[:] = self.y
        self._y[:] = self.y
        self._u0[:] = self.u
        self._u[:] = self.u
        self.since = 0
        self.restarts += 1
        self._last = np.inf

    def _distance(self) -> tuple[float, float]:
        """How far quantities and prices went since the last restart, squared, in the metric."""
        metric, nodes = self.metric, self.problem.nodes
        x = self.x - self._x0
        dx = float((np.einsum("ab,ab->a", x, x, dtype=np.float64) / metric.column).sum())
        y = (self.y - self._y0).astype(np.float64)
        stock = y[:nodes]
        dy = float(
            (metric.diagonal * stock * stock).sum() + 2 * (metric.beside[:, 1:] * stock[:, 1:] * stock[:, :-1]).sum()
        )
        row = metric.row
        dy += float((y[nodes:] ** 2 / np.where(row > 0, row, np.inf)).sum())
        one = metric.single
        dy += float(((self.u - self._u0) ** 2 / np.where(one > 0, one, np.inf)).sum())
        return dx, dy


def _single(values: Any) -> Any:
    return np.ascontiguousarray(values, dtype=Single)


def _by_arc(terms: Terms) -> tuple[Any, ...]:
    return (
        terms.first,
        terms.chain,
        terms.shift,
        terms.start,
        terms.stop,
        _single(terms.value),
        terms.at,
        _single(terms.values),
    )


def _by_chain(terms: Terms) -> tuple[Any, ...]:
    return (
        terms.by_chain_first,
        terms.by_chain,
        terms.arc,
        terms.shift,
        terms.start,
        terms.stop,
        _single(terms.value),
        terms.at,
        _single(terms.values),
    )


def _single_by_arc(terms: Terms) -> tuple[Any, ...]:
    return terms.first, terms.chain, terms.start, terms.stop, _single(terms.value), terms.at, _single(terms.values)


def _single_by_row(terms: Terms) -> tuple[Any, ...]:
    return (
        terms.by_chain_first,
        terms.by_chain,
        terms.arc,
        terms.start,
        terms.stop,
        terms.value,
        terms.at,
        terms.values,
    )
