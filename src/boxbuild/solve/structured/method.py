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
from boxbuild.solve.structured.crew import Crew
from boxbuild.solve.structured.metric import Metric, Sizes, metric, seen_sizes
from boxbuild.solve.structured.problem import Problem
from boxbuild.solve.structured.wide import Wide, wide

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Single = np.float32

ABSENT, ENDLESS = 1e15, 1e25
"""Cost of a column that does not exist, and a limit that is none."""

ASTRAY = 1e15
"""Units, or prices, above which steps are on their way to infinity."""

ENOUGH, SOME, LONG = 0.2, 0.8, 0.36
"""Restart where the residual fell to a fifth, or fell by a fifth and rises, or after a third of all iterations."""

DAMPING = 0.6
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
    problem, steps
        What to solve, and the steps.
    start
        Where to begin.
    balance
        Weight of the prices' steps against the quantities'.
    crew
        Who runs the kernels.
    layout
        The matrix in wide rows, where it is known.
    """

    def __init__(
        self,
        problem: Problem,
        steps: Metric,
        start: Iterate,
        balance: float = 1.0,
        crew: Crew | None = None,
        layout: Wide | None = None,
    ) -> None:
        self.problem, self.balance, self.damping = problem, balance, DAMPING
        self.iterations, self.since, self.restarts = 0, 0, 0
        self._first, self._last = np.inf, np.inf
        self._wide = layout or wide(problem)
        width, nodes = self._wide.width, problem.nodes
        self._cost = _padded(np.where(problem.exists, problem.cost, ABSENT), width, ABSENT)
        endless = np.full((1, problem.buckets), np.inf)
        self._lower = _padded(np.concatenate([np.zeros_like(endless), problem.lower]), width)
        self._upper = _padded(np.concatenate([endless, problem.upper]), width)
        self._bounded = problem.bounded + 1
        self._given = _padded(problem.low[:nodes], width)
        self._low, self._high = _padded(problem.low[nodes:], width), _padded(problem.high[nodes:], width)
        self._measure(steps)
        self.x = _rows(np.where(problem.exists, start.quantities, 0.0), width)
        self._mirrored, self._x0 = self.x.copy(), self.x.copy()
        self.u = start.single_prices.astype(np.float64)
        self._u, self._u0 = self.u.copy(), self.u.copy()
        self.y = _rows(np.where(self._wide.there, start.prices, 0.0), width, self._wide.strands.count)
        self._wide.strands.lay(self.u, self.y[1 + problem.chains :])
        self._y, self._y0 = self.y.copy(), self.y.copy()
        self._crew = crew or Crew(problem.bands.chains.arc.size * problem.buckets)
        self._arc_parts = self._crew.cut(_work(self._wide.by_arc, problem.arcs))
        of_chain = _work(self._wide.by_chain, problem.chains)
        of_block = np.append(of_chain[: nodes : kernels.BLOCK], of_chain[nodes])
        self._block_parts = self._crew.cut(of_block - of_block[0])
        self._chain_parts = self._crew.cut(of_chain[nodes:] - of_chain[nodes])
        self._moved_x = np.zeros(problem.arcs, Single)
        self._moved_y = np.zeros(problem.chains, Single)
        self._moved_u = np.zeros(problem.singles)
        self._known, self._change, self._near = np.zeros((1, 1), Single), np.zeros(1, Single), False

    def measure(self, first: Sizes) -> None:
        """Take steps by the quantities and prices of the last iteration, and begin anew from there.

        Where they are on their way to infinity, as they are where no plan exists, the steps stay as they are.

        Parameters
        ----------
        first
            The sizes before anything was known.
        """
        buckets, chains = self.problem.buckets, self.problem.chains
        x, y = self.x[1:, :buckets], self.y[1 : 1 + chains, :buckets]
        if max(x.max(initial=0.0), y.max(initial=0.0), -y.min(initial=0.0)) < ASTRAY:
            self._measure(metric(self.problem, seen_sizes(first, x, y, self.u)))
        self._begin()

    def _measure(self, steps: Metric) -> None:
        self.metric = steps
        self._step, self._one = _single(steps.column), steps.single
        self._row = _padded(steps.row, self._wide.width)
        self._pivot, self._factor = steps.inverse_pivot, steps.factor

    def stay_near(self, quantities: Floats, price: Floats) -> None:
        """Put a price on leaving quantities, for the next iterations.

        Parameters
        ----------
        quantities
            Quantities of a plan. Shape ``(arcs, buckets)``.
        price
            Price of a unit of change of each arc; 0 where it has none. Shape ``(arcs,)``.
        """
        self._known, self._change = _padded(quantities, self._wide.width), _single(price)
        self._near = True

    def branch(self, start: Iterate, heavier: float) -> Method:
        """Return a method that begins elsewhere, with prices that move faster by a factor, and keeps its balance."""
        branch = Method(self.problem, self.metric, start, min(self.balance * heavier, 1e3), self._crew, self._wide)
        branch.damping = 0.0
        return branch

    def iterate(self, count: int) -> None:
        """Run a number of iterations; the last one leaves its point in ``x``, ``y`` and ``u``."""
        for left in range(count, 0, -1):
            look = left == 1 or self.since == 0 or self.iterations % 10 == 9
            self._iterate(save=look)
            if look:
                self._restart_if_due()

    def point(self) -> Iterate:
        """Return quantities and prices after the last iteration."""
        buckets, chains = self.problem.buckets, self.problem.chains
        x, y = self.x[1:, :buckets], self.y[1 : 1 + chains, :buckets]
        return Iterate(x.astype(np.float64), y.astype(np.float64), self.u.copy())

    def _iterate(self, *, save: bool) -> None:
        k = self.since
        old, new = Single(k / (k + 1)), Single((k + 1) / (k + 2))
        weight, inverse = Single(self.balance), Single(1.0 / self.balance)
        problem, by_arc, by_chain, strands = self.problem, self._wide.by_arc, self._wide.by_chain, self._wide.strands
        flat_x, flat_y = self._mirrored.reshape(-1), self._y.reshape(-1)
        prices = (self._y, self._y0, self.y, self._moved_y)
        if self._near:
            primal_step = kernels.near_look if save else kernels.near_step
        else:
            primal_step = kernels.primal_look if save else kernels.primal_step

        def primal(begin: int, end: int) -> None:
            primal_step(
                begin,
                end,
                old,
                inverse,
                self._cost,
                self._step,
                self._lower,
                self._upper,
                self._bounded,
                by_arc,
                flat_y,
                self._mirrored,
                self._x0,
                self.x,
                self._moved_x,
                self._known,
                self._change,
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
                by_chain,
                flat_x,
                *prices,
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
                problem.nodes,
                by_chain,
                flat_x,
                *prices,
            )

        self._crew.run(primal, self._arc_parts)
        self._crew.run(stock, self._block_parts)
        self._crew.run(chain, self._chain_parts)
        if strands.count:
            kernels.single_step(
                float(weight),
                float(new),
                problem.single_low,
                problem.single_high,
                self._one,
                problem.chains,
                strands.first,
                strands.single,
                strands.begin,
                strands.end,
                by_chain,
                flat_x,
                self._y,
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
        with np.errstate(invalid="ignore", over="ignore"):  # steps may be on their way to infinity
            x = float(self._moved_x.sum(dtype=np.float64))
            y = float(self._moved_y.sum(dtype=np.float64)) + float(self._moved_u.sum())
            return float(np.sqrt(self.balance * x + y / self.balance))

    def _restart_if_due(self) -> None:
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
        self._begin()

    def _begin(self) -> None:
        self._x0[:] = self.x
        self._mirrored[:] = self.x
        self._y0[:] = self.y
        self._y[:] = self.y
        self._u0[:] = self.u
        self._u[:] = self.u
        self._wide.strands.lay(self.u, self._y[1 + self.problem.chains :])
        self.since = 0
        self.restarts += 1
        self._last = np.inf

    def _distance(self) -> tuple[float, float]:
        """How far quantities and prices went since the last restart, squared, in the metric."""
        steps, nodes, chains, buckets = self.metric, self.problem.nodes, self.problem.chains, self.problem.buckets
        x = self.x[1:] - self._x0[1:]
        dx = float((np.einsum("ab,ab->a", x, x, dtype=np.float64) / steps.column).sum())
        y = (self.y - self._y0)[1 : 1 + chains, :buckets].astype(np.float64)
        stock, kept = y[:nodes], np.square(np.diff(y[:nodes], axis=1)).sum(axis=1) + y[:nodes, -1] ** 2
        dy = float((steps.load * stock * stock).sum() + (steps.kept * kept).sum())
        row = steps.row
        dy += float((y[nodes:] ** 2 / np.where(row > 0, row, np.inf)).sum())
        one = steps.single
        dy += float(((self.u - self._u0) ** 2 / np.where(one > 0, one, np.inf)).sum())
        return dx, dy


def _single(values: Any) -> Any:
    return np.ascontiguousarray(values, dtype=Single)


def _padded(values: Floats, width: int, fill: float = 0.0) -> Any:
    """Lay values out in rows of a width, in single precision and without infinities."""
    out = np.full((values.shape[0], width), fill, dtype=Single)
    out[:, : values.shape[1]] = np.clip(values, -ENDLESS, ENDLESS)
    return out


def _rows(values: Floats, width: int, more: int = 0) -> Any:
    """Lay values out as wide rows: with an empty one before them, and ``more`` after them."""
    out = np.zeros((1 + values.shape[0] + more, width), dtype=Single)
    out[1 : 1 + values.shape[0], : values.shape[1]] = values
    return out


def _work(side: kernels.Side, count: int) -> Longs:
    """Where the work on each row begins, in rows that are read: a row itself is as much as two terms."""
    begins: Longs = (side.first + side.part_first)[: count + 1] + 2 * np.arange(count + 1)
    return begins
