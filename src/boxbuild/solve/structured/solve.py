"""The structured way: look for prices and for quantities in turns, and prove both.

Each round moves the method on with balanced steps, which is best for prices, and turns its prices into a bound. Then it
branches off with long steps of prices and short ones of quantities, from between the last branch's quantities and the
method's: these iterations close what the quantities miss and hardly change what they cost (D. Applegate et al., "PDLP:
a practical first-order method for large-scale linear programming", arXiv 2501.07018, call it feasibility polishing).
What comes out is repaired to a plan. Both ends are proven at every round, so it may stop at any time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.solve.exact import solve_exact
from boxbuild.solve.limits import idle_solution
from boxbuild.solve.progress import Listener, Progress, silent
from boxbuild.solve.session import Options
from boxbuild.solve.solution import Solution, relative_gap
from boxbuild.solve.structured.bounds import Bounder
from boxbuild.solve.structured.method import Iterate, Method
from boxbuild.solve.structured.metric import metric, volumes
from boxbuild.solve.structured.problem import Problem, problem
from boxbuild.solve.structured.repair import Repairer

Floats = NDArray[np.float64]

FIRST_ROUND, WARM_ROUND, GROWTH = 300, 150, 1.3
"""Iterations of the first round, from nothing and from a plan, and by how much the next ones are longer."""

BALANCE, FEASIBLE = 0.5, 64.0
"""Weight of the prices' steps at the start, and by how much it is raised to close what quantities miss."""

ROUNDS = 24
"""Rounds after which the best plan is returned, whatever its gap: about half a million iterations."""


@dataclass
class Search:
    """The best plan and the best prices so far."""

    bound: float = -np.inf
    prices: Floats | None = None
    cost: float = np.inf
    columns: Floats | None = None

    @property
    def gap(self) -> float | None:
        """Gap between them, where both are known."""
        return relative_gap(self.cost, self.bound) if self.columns is not None else None


def solve_structured(
    model: Model, options: Options, listen: Listener = silent, start: Solution | None = None
) -> Solution:
    """Solve a model without integers.

    Parameters
    ----------
    model, options, listen
        What to solve, when to stop, and who is told.
    start
        A solution of a model with the same columns and rows, to begin from.

    Raises
    ------
    InfeasibleError
        No plan exists: where no plan is found in all rounds, the exact way is asked.
    LimitError
        A limit was reached before a plan was found, and not even the idle plan is feasible.
    """
    if not model.flows.nodes.height:
        return solve_exact(model, options, listen)
    began = time.perf_counter()
    laid = problem(model)
    bounder = Bounder(model, laid)
    prices = bounder.unlimited()
    repairer = Repairer(model, laid, volumes(laid))
    first = _first(laid, prices, start)
    method = Method(laid, metric(laid, prices.mean(axis=1) * laid.link), first, BALANCE)
    search = Search()
    note = ""
    try:
        if start is not None:
            _look(search, first, first.quantities, bounder, repairer)
        if search.gap is None or search.gap > options.gap:
            known = first.quantities if start is not None else None
            _search(search, method, bounder, repairer, options, listen, began, known)
    except KeyboardInterrupt:
        note = f"interrupted after {time.perf_counter() - began:.0f} s: this is the best plan found"
    if options.seconds is not None and time.perf_counter() - began >= options.seconds and not note:
        note = f"the time limit was reached after {time.perf_counter() - began:.0f} s: this is the best plan found"
    how = _how(model, laid, method)
    if search.columns is None:
        if note:
            return idle_solution(model, search.bound, how, note)
        return _exactly(model, options, listen, began)
    solution = Solution(
        search.columns, search.cost, min(search.bound, search.cost), "feasible", how, note, search.prices
    )
    if solution.gap <= options.gap:
        return replace(solution, status="optimal", note="")
    return replace(solution, note=note or f"stopped after {method.iterations:,} iterations")


def _exactly(model: Model, options: Options, listen: Listener, began: float) -> Solution:
    """Solve exactly what no repaired plan meets, a hard minimum: it may be that none can."""
    left = None if options.seconds is None else max(options.seconds - (time.perf_counter() - began), 0.0)
    found = solve_exact(model, replace(options, seconds=left), listen)
    note = f"the structured way found no plan in {ROUNDS} rounds: this is the exact way's"
    return replace(found, note="; ".join(filter(None, (note, found.note))))


def _first(laid: Problem, prices: Floats, start: Solution | None) -> Iterate:
    """Where to begin: at a solution that is given, or with nothing done and the prices of a world without limits."""
    if start is None or start.prices is None:
        return Iterate(np.zeros((laid.arcs, laid.buckets)), prices, np.zeros(laid.singles))
    chains, singles = laid.on_chains(start.prices)
    return Iterate(
        laid.on_arcs(start.values),
        np.where(np.isnan(chains), prices, chains),
        np.where(np.isnan(singles), 0.0, singles),
    )


def _search(
    search: Search,
    method: Method,
    bounder: Bounder,
    repairer: Repairer,
    options: Options,
    listen: Listener,
    began: float,
    start: Floats | None,
) -> None:
    length = float(FIRST_ROUND if start is None else WARM_ROUND)
    quantities = start
    for round_ in range(1, ROUNDS + 1):
        if round_ > 1 or start is None:  # from a plan, its quantities need closing before its prices need moving
            method.iterate(int(length))
        at = prices = method.point()
        if quantities is not None:
            at = replace(at, quantities=0.5 * (quantities + at.quantities))
        aside = method.branch(at, FEASIBLE)
        aside.iterate(int(length))
        quantities = aside.point().quantities
        _look(search, prices, quantities, bounder, repairer)
        seconds = time.perf_counter() - began
        known = search.cost if search.columns is not None else None
        listen(Progress("solve", seconds, known, search.bound, search.gap, f"round {round_}"))
        if search.gap is not None and search.gap <= options.gap:
            return
        if options.seconds is not None and seconds >= options.seconds:
            return
        length *= GROWTH


def _look(search: Search, prices: Iterate, quantities: Floats, bounder: Bounder, repairer: Repairer) -> None:
    """Prove what prices and quantities are good for, and keep it where it is the best."""
    bound, rows = bounder(prices.prices, prices.single_prices)
    if bound > search.bound:
        search.bound, search.prices = bound, rows
    columns = repairer(quantities)
    if columns is not None:
        cost = float(bounder.model.cost @ columns)
        if cost < search.cost:
            search.cost, search.columns = cost, columns


def _how(model: Model, laid: Problem, method: Method) -> str:
    return (
        f"structured: {model.matrix.nnz:,} non-zeros in {laid.bands.chains.arc.size + laid.bands.singles.arc.size:,} "
        f"terms; first-order steps with proven bounds and plans, {method.iterations:,} iterations"
    )
