"""Again: from a plan that was good before a few rows changed, to one that is good after it.

Old prices prove a good bound at once. Old quantities do not make a good plan: what is new is planned on lines that are
full, and whoever waits for it delays others. So steps with long moves of prices begin from the plan, and every unit of
change has a small price in them, which is met exactly: what need not move stays where it was, rows far from the change
stay closed, and the work is near the change. The price falls from round to round, so that any gap can be reached.
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
from boxbuild.solve.structured.metric import Sizes
from boxbuild.solve.structured.problem import Problem
from boxbuild.solve.structured.rounds import FEASIBLE, GROWTH

Floats = NDArray[np.float64]

FIRST_ROUND: Final = 300
"""Iterations of the first round with long moves of prices; balanced steps before them are half as many."""

RATE, FALLS = 0.03, 0.7
"""Price of a unit of change in the first round, as a part of what the unit is worth, and what is left of it a round."""

ROUNDS: Final = 5
"""Rounds after which the change is too large for this: the search goes on as from nothing, from where it is."""


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
    sizes: Sizes,
    first: Iterate,
    price: Floats,
    best: Best,
    prove: Callable[[Iterate | None, Floats | None], None],
    done: Callable[[int], bool],
) -> tuple[Floats, float] | None:
    """Look for a plan from another one.

    Parameters
    ----------
    method, sizes
        Balanced steps, which begin at the other plan and its prices, and the sizes before anything was known.
    first
        That plan.
    price
        What a unit of every arc is worth (:func:`change_prices`).
    best
        What is proven so far.
    prove
        Proves what prices and quantities are good for, and keeps it in ``best``.
    done
        Told the number of a round; says whether to stop.

    Returns
    -------
    tuple or None
        Where it did not come to an end: the last quantities, and the iterations of the next round.
    """
    quantities, length = first.quantities, float(FIRST_ROUND)
    for round_ in range(1, ROUNDS + 1):
        if round_ > 1:
            method.measure(sizes)
        method.iterate(int(length) // 2)
        at = method.point()
        aside = method.branch(replace(at, quantities=0.5 * (quantities + at.quantities)), FEASIBLE)
        aside.stay_near(first.quantities, RATE * FALLS ** (round_ - 1) * price)
        aside.iterate(int(length))
        best.iterations += int(length) // 2 + int(length)
        quantities = aside.point().quantities
        prove(at, quantities)
        if done(round_):
            return None
        length *= GROWTH
    return quantities, length
