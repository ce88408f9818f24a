"""Ranks: lots in the order in which they are looked at, the most urgent first."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit

from boxbuild.plan.release.lots import Lots
from boxbuild.plan.release.problem import Floats, Integers

_DIGIT: Final = 16
"""Bits that one pass of the sort looks at."""


class Ranked(NamedTuple):
    """Lots by rank: a lower number is more urgent.

    Parameters
    ----------
    row, target
        What is started, and the units of it started by then, cumulated.
    from_day, by_day
        Lots that may start from day ``d`` on and not before: entries ``from_day[d]`` to ``from_day[d + 1]`` of
        ``by_day``, in order.
    """

    row: Integers
    target: Floats
    from_day: Integers
    by_day: Integers


@njit(cache=True)
def order_of(values: Floats) -> Integers:
    """Return the entries from the least value to the greatest, equal ones as they stand.

    A radix sort by the bits of the numbers (D. E. Knuth, The Art of Computer Programming, volume 3, section 5.2.5):
    those of a negative number are turned round, so that all rise with it.
    """
    count, digits = values.size, 1 << _DIGIT
    sign, mask = np.uint64(1) << np.uint64(63), np.uint64(digits - 1)
    key = (values + 0.0).view(np.uint64)
    for entry in range(count):
        key[entry] = ~key[entry] if key[entry] & sign else key[entry] | sign
    order, sorted_ = np.arange(count), np.empty(count, np.int64)
    for digit in range(64 // _DIGIT):
        shift = np.uint64(digit * _DIGIT)
        start = np.zeros(digits + 1, np.int64)
        for entry in range(count):
            start[np.int64((key[entry] >> shift) & mask) + 1] += 1
        if start.max() == count:
            continue
        place = np.cumsum(start)
        for before in order:
            own = np.int64((key[before] >> shift) & mask)
            sorted_[place[own]] = before
            place[own] += 1
        order, sorted_ = sorted_, order
    return order


@njit(cache=True)
def ranked(lots: Lots, first_day: Integers, urgency: Floats, days: int) -> Ranked:
    """Return lots by rank.

    Parameters
    ----------
    first_day
        First day on which each row may start: shape (activities,). A lot may from then on and from its own.
    urgency
        Last day on which each lot may start.
    days
        Length of the horizon; what may start only after it is left out of ``by_day``.
    """
    order = order_of(urgency)
    row, target = np.empty(order.size, np.int64), np.empty(order.size, np.float64)
    day = np.empty(order.size, np.int64)
    from_day = np.zeros(days + 1, np.int64)
    for rank in range(order.size):
        lot = order[rank]
        row[rank], target[rank] = lots.row[lot], lots.target[lot]
        day[rank] = max(lots.first_day[lot], first_day[row[rank]])
        if day[rank] < days:
            from_day[day[rank] + 1] += 1
    from_day = np.cumsum(from_day)
    place = from_day[:-1].copy()
    by_day = np.empty(from_day[-1], np.int64)
    for rank in range(order.size):
        if day[rank] < days:
            by_day[place[day[rank]]] = rank
            place[day[rank]] += 1
    return Ranked(row, target, from_day, by_day)
