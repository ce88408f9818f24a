"""Again: from a plan that was good before a few rows changed, to one that is good after it.

Old prices prove a good bound at once. Old quantities do not make a good plan: what is new is planned on lines that are
full, and whoever waits for it delays others. So steps with long moves of prices begin from the plan, and every unit of
change has a small price in them, which is met exactly: what need not move stays where it was, rows far from the change
stay closed, and the work is near the change. The price falls from round to round, so that any gap can be reached.
Balanced steps move the prices of the bound, as long as that helps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.solve.structured.ending import Best
from boxbuild.solve.structured.method import Iterate, Method
from boxbuild.solve.structured.problem import Problem
from boxbuild.solve.structured.rounds import FEASIBLE, GROWTH

Floats = NDArray[np.float64]

FIRST_ROUND: Final = 300
"""Iterations of the first round."""

RATE, FALLS = 0.03, 0.7
"""Price of a unit of change in the first round, as a part of what the unit is worth, and what is left of it a round."""

CLOSE: Final = 0.8
"""Part of the gap asked for between what quantities cost before their repair and the bound: it is no better moved."""

MOVED: Final = 0.1
"""Part of the gap by which balanced steps raise the bound, if they are worth another round."""

ROUNDS: Final = 5
"""Rounds after which the change is too large for this: the search goes on as from nothing, from where it is."""

REST: Final = 2
"""Rounds without balanced steps after some that were not."""


def as_before(model: Model, values: Floats) -> Floats:
    """Return a plan's quantities for demands that changed: what is wanted more than before is lost.

    Parameters
    ----------
    model
        The model of today.
    values
        Quantities of a plan, by column. Shape ``(columns,)``.
    """
    first, lost = model.first_row("demand"), model.columns["short"]["column"].to_numpy()
    rows = slice(first, first + lost.size)
    missing = model.row_lower[rows] - (model.matrix @ values)[rows]
    quantities = values.copy()
    quantities[lost] += np.maximum(missing, 0.0)
    return quantities


def change_prices(laid: Problem, worth: Floats) -> Floats:
    """Return what a unit of every arc is worth: what it brings into stocks; 0 for what is kept, delivered or lost.

    Parameters
    ----------
    laid
        What is to be solved.
    worth
        What one unit of each link is worth. Shape ``(chains,)``.
    """
    terms = laid.bands.chains
    into = (terms.chain < laid.nodes) & (terms.value > 0)
    price = np.zeros(laid.arcs)
    np.maximum.at(price, terms.arc[into], terms.value[into] * worth[terms.chain[into]])
    price[laid.keep] = 0.0
    return price


def search_again(
    method: Method,
    first: Iterate,
    price: Floats,
    best: Best,
    gap: float,
    prove: Callable[[Iterate | None, Floats | None], None],
    done: Callable[[int], bool],
) -> tuple[Floats, float] | None:
    """Look for a plan from another one.

    Parameters
    ----------
    method
        Balanced steps, which begin at the other plan and its prices.
    first
        That plan.
    price
        What a unit of every arc is worth (:func:`change_prices`).
    best, gap
        What is proven so far, and the gap asked for.
    prove
        Proves what prices and quantities are good for, and keeps it in ``best``.
    done
        Told the number of a round; says whether to stop.

    Returns
    -------
    tuple or None
        Where it did not come to an end: the last quantities, and the iterations of the next round.
    """
    aside, length, rest = method.branch(first, FEASIBLE), float(FIRST_ROUND), 0
    quantities = first.quantities
    holds = best.cost <= (1 + MOVED * gap) * _cost(method, quantities)
    for round_ in range(1, ROUNDS + 1):
        if round_ > 1 or not holds:  # a plan that still holds lacks a better bound, if anything
            aside.stay_near(first.quantities, RATE * FALLS ** (round_ - 1) * price)
            aside.iterate(int(length))
            best.iterations += int(length)
            quantities = aside.point().quantities
            prove(None, quantities)
            if done(round_):
                return None
            length *= GROWTH
        raw = _cost(method, quantities)
        if rest or raw - best.bound <= CLOSE * gap * abs(raw):
            rest = max(rest - 1, 0)
            continue
        bound = best.bound
        method.iterate(int(length) // 2)
        best.iterations += int(length) // 2
        at = method.point()
        prove(at, None)
        if done(round_):
            return None
        if best.bound - bound > MOVED * (best.cost - best.bound):
            aside = method.branch(replace(at, quantities=0.5 * (quantities + at.quantities)), FEASIBLE)
        else:
            rest = REST
    return quantities, length


def _cost(method: Method, quantities: Floats) -> float:
    """What quantities cost, before any repair."""
    return float((method.problem.cost * quantities).sum())
