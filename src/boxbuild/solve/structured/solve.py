"""The structured way: look for prices and for quantities in turns, and prove both.

Each round moves the method on with balanced steps, which is best for prices, and turns its prices into a bound. Then it
branches off with long steps of prices and short ones of quantities, from between the last branch's quantities and the
method's: these iterations close what the quantities miss and hardly change what they cost (D. Applegate et al., "PDLP:
a practical first-order method for large-scale linear programming", arXiv 2501.07018, call it feasibility polishing).
What comes out is repaired to a plan. Both ends are proven at every round, so it may stop at any time.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.solve.exact import solve_exact
from boxbuild.solve.progress import Listener, Progress, silent
from boxbuild.solve.session import Options
from boxbuild.solve.solution import Solution
from boxbuild.solve.structured.bounds import Bounder
from boxbuild.solve.structured.ending import Best, ended, watched
from boxbuild.solve.structured.method import Iterate, Method
from boxbuild.solve.structured.metric import metric, volumes
from boxbuild.solve.structured.problem import Problem, problem
from boxbuild.solve.structured.repair import Repairer
from boxbuild.solve.structured.rounds import BALANCE, FEASIBLE, FIRST_ROUND, GROWTH, ROUNDS, first_iterate

Floats = NDArray[np.float64]

WARM_ROUND: Final = 150
"""Iterations of the first round from a plan."""


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
    first = first_iterate(laid, prices, start)
    method = Method(laid, metric(laid, prices.mean(axis=1) * laid.link), first, BALANCE)
    search = Best()

    def look() -> None:
        if start is not None:
            _look(search, first, first.quantities, bounder, repairer)
        if search.gap is None or search.gap > options.gap:
            known = first.quantities if start is not None else None
            _search(search, method, bounder, repairer, options, listen, began, known)

    note = watched(look, options, began)
    how, stopped = _how(model, laid, method), f"stopped after {method.iterations:,} iterations"
    return ended(model, options, listen, search, how=how, note=note, stopped=stopped, began=began)


def _search(
    search: Best,
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


def _look(search: Best, prices: Iterate, quantities: Floats, bounder: Bounder, repairer: Repairer) -> None:
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
