"""The structured way: look for prices and for quantities in turns, and prove both.

Each round moves the method on with balanced steps, measured by the flows and prices that it has, which is best for
prices, and turns its prices into a bound. Then it branches off with long steps of prices and short ones of quantities,
from between the last branch's quantities and the method's: these iterations close what the quantities miss and hardly
change what they cost (D. Applegate et al., "PDLP: a practical first-order method for large-scale linear programming",
arXiv 2501.07018, call it feasibility polishing). What comes out is repaired to a plan. Both ends are proven at every
round, so it may stop at any time. From another plan it goes a shorter way
(:mod:`boxbuild.solve.structured.again`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.solve.exact import solve_exact
from boxbuild.solve.progress import Listener, Progress, silent
from boxbuild.solve.session import Options
from boxbuild.solve.solution import Solution
from boxbuild.solve.structured.again import as_before, change_prices, search_again
from boxbuild.solve.structured.bounds import Bounder
from boxbuild.solve.structured.ending import Best, ended, watched
from boxbuild.solve.structured.method import Iterate, Method
from boxbuild.solve.structured.metric import Sizes, first_sizes, metric, seen_sizes
from boxbuild.solve.structured.problem import Problem, problem
from boxbuild.solve.structured.repair import Repairer
from boxbuild.solve.structured.rounds import BALANCE, FEASIBLE, FIRST_PARTS, FIRST_ROUND, GROWTH, ROUNDS, first_iterate

Floats = NDArray[np.float64]


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
    worth = prices.mean(axis=1) * laid.link
    sizes = first_sizes(laid, worth)
    repairer = Repairer(model, laid, sizes.volume)
    known = start if start is None else replace(start, values=as_before(model, start.values))
    first = first_iterate(laid, prices, known)
    seen = sizes if known is None else seen_sizes(sizes, first.quantities, first.prices, first.single_prices)
    method = Method(laid, metric(laid, seen), first, BALANCE)
    best = Best()

    def prove(prices: Iterate | None, quantities: Floats | None) -> None:
        _prove(best, prices, quantities, bounder, repairer)

    def done(round_: int) -> bool:
        seconds = time.perf_counter() - began
        cost = best.cost if best.columns is not None else None
        listen(Progress("solve", seconds, cost, best.bound, best.gap, f"round {round_}"))
        late = options.seconds is not None and seconds >= options.seconds
        return late or (best.gap is not None and best.gap <= options.gap)

    def look() -> None:
        if known is None or known.prices is None:
            _search(method, sizes, best, prove, done)
            return
        prove(first, first.quantities)
        if best.gap is None or best.gap > options.gap:
            left = search_again(method, sizes, first, change_prices(laid, worth), best, prove, done)
            if left is not None:
                _search(method, sizes, best, prove, done, *left)

    note = watched(look, options, began)
    how, stopped = _how(model, laid, best), f"stopped after {best.iterations:,} iterations"
    return ended(model, options, listen, best, how=how, note=note, stopped=stopped, began=began)


def _search(
    method: Method,
    sizes: Sizes,
    best: Best,
    prove: Callable[[Iterate | None, Floats | None], None],
    done: Callable[[int], bool],
    quantities: Floats | None = None,
    length: float = FIRST_ROUND,
) -> None:
    for round_ in range(1, ROUNDS + 1):
        parts = FIRST_PARTS if round_ == 1 else 1
        for _ in range(parts):
            if method.iterations:
                method.measure(sizes)
            method.iterate(int(length) // parts)
        at = prices = method.point()
        if quantities is not None:
            at = replace(at, quantities=0.5 * (quantities + at.quantities))
        aside = method.branch(at, FEASIBLE)
        aside.iterate(int(length))
        best.iterations += 2 * int(length)
        quantities = aside.point().quantities
        prove(prices, quantities)
        if done(round_):
            return
        length *= GROWTH


def _prove(best: Best, prices: Iterate | None, quantities: Floats | None, bounder: Bounder, repairer: Repairer) -> None:
    """Prove what prices and quantities are good for, and keep it where it is the best."""
    if prices is not None:
        bound, rows = bounder(prices.prices, prices.single_prices)
        if bound > best.bound:
            best.bound, best.prices = bound, rows
    columns = None if quantities is None else repairer(quantities)
    if columns is not None:
        cost = float(bounder.model.cost @ columns)
        if cost < best.cost:
            best.cost, best.columns = cost, columns


def _how(model: Model, laid: Problem, best: Best) -> str:
    return (
        f"structured: {model.matrix.nnz:,} non-zeros in {laid.bands.chains.arc.size + laid.bands.singles.arc.size:,} "
        f"terms; first-order steps with proven bounds and plans, {best.iterations:,} iterations"
    )
