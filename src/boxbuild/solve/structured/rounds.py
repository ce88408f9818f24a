"""Rounds of a search: how long they are, and where the first one begins."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from boxbuild.solve.solution import Solution
from boxbuild.solve.structured.method import Iterate
from boxbuild.solve.structured.problem import Problem

Floats = NDArray[np.float64]

FIRST_ROUND, GROWTH = 150, 1.3
"""Iterations of the first round from nothing, and by how much the next ones are longer."""

FIRST_PARTS: Final = 2
"""Parts of the first round, each of which takes steps by what the one before it saw. Later rounds are one part."""

BALANCE, FEASIBLE = 1.0, 64.0
"""Weight of the prices' steps at the start, and by how much it is raised to close what quantities miss."""

ROUNDS: Final = 24
"""Rounds after which the best plan is returned, whatever its gap: about half a million iterations."""


def first_iterate(laid: Problem, prices: Floats, start: Solution | None) -> Iterate:
    """Return where to begin: at a solution, or with nothing done and the prices of a world without limits.

    Parameters
    ----------
    laid
        What is to be solved.
    prices
        Prices of the chains without limits; they also stand for prices that the solution does not know.
    start
        A solution of a model with the same columns and rows.
    """
    if start is None or start.prices is None:
        return Iterate(np.zeros((laid.arcs, laid.buckets)), prices, np.zeros(laid.singles))
    chains, singles = laid.on_chains(start.prices)
    return Iterate(laid.on_arcs(start.values), np.where(np.isnan(chains), prices, chains), np.nan_to_num(singles))
