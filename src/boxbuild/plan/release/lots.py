"""Lots: what each row is to start in each slot, as one flat list."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from boxbuild.plan.release.explode import NOISE
from boxbuild.plan.release.problem import Floats, Integers


class Lots(NamedTuple):
    """Lots, sorted by row and slot.

    Parameters
    ----------
    start
        Lots of row ``r``: entries ``start[r]`` to ``start[r + 1]``.
    row, slot
        What is started, and by the end of which slot.
    target
        Units of the row started by then, cumulated.
    first_day
        Day from which it may start.
    """

    start: Integers
    row: Integers
    slot: Integers
    target: Floats
    first_day: Integers


@njit(cache=True)
def lots_of(target: Floats, heir: Integers, first_day: Integers) -> Lots:
    """Return the lots of targets: one for each slot in which more is wanted than before.

    A row that is the heir of another has one in slot 0, perhaps of nothing, for what it may have to take over.

    Parameters
    ----------
    target
        Starts wanted, cumulated: shape (activities, slots).
    heir
        Row that takes over what a row owes when its window ends, or -1: shape (activities,).
    first_day
        Day from which the lots of each slot may start.
    """
    rows = target.shape[0]
    inherits = np.zeros(rows, np.bool_)
    for row in range(rows):
        if heir[row] >= 0:
            inherits[heir[row]] = True
    start = np.zeros(rows + 1, np.int64)
    of_row = np.empty(target.size, np.int64)
    slot = np.empty(target.size, np.int64)
    until = np.empty(target.size, np.float64)
    day = np.empty(target.size, np.int64)
    count = 0
    for row in range(rows):
        before = 0.0
        for place in range(target.shape[1]):
            if target[row, place] > before + NOISE or (place == 0 and inherits[row]):
                before = target[row, place]
                of_row[count], slot[count], until[count] = row, place, before
                day[count] = first_day[place]
                count += 1
        start[row + 1] = count
    return Lots(start, of_row[:count].copy(), slot[:count].copy(), until[:count].copy(), day[:count].copy())
