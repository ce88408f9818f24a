"""Who gets what when: the stock at each market promised to its demands."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from boxbuild.plan.release.explode import NOISE
from boxbuild.plan.release.problem import Demands, Floats, Integers


class Deliveries(NamedTuple):
    """What is delivered: demand, units and day."""

    demand: Integers
    quantity: Floats
    day: Integers


@njit(cache=True)
def part(available: float, rest: float, least: float) -> float:
    """Return the most of a rest to ship now such that this part and what stays are each 0 or at least ``least``."""
    if available >= rest - NOISE:
        return min(available, rest)
    quantity = min(available, rest - least)
    return quantity if quantity >= least and quantity > NOISE else 0.0


@njit(cache=True)
def _spare(free: Floats, first: int, end: int) -> float:
    spare = np.inf
    for day in range(first, end):
        spare = min(spare, free[day])
    return max(spare, 0.0)


@njit(cache=True)
def _first_spare(free: Floats, first: int, last: int) -> int:
    """Return the first day from ``first`` on with something to spare on every day before ``last``; else ``last``."""
    day = last
    while day > first and free[day - 1] > NOISE:
        day -= 1
    return day


@njit(cache=True)
def _served_first(asked: Integers, demands: Demands, available: Floats) -> Integers:
    """Return demands by priority and, within one, those that can have something on their due day first."""
    free = available.copy()
    rank = np.empty(asked.size, np.int64)
    for place in range(asked.size):
        demand = asked[place]
        quantity = 0.0
        if demands.due_day[demand] < free.size:
            spare = _spare(free, demands.due_day[demand], free.size)
            quantity = part(spare, demands.quantity[demand], demands.min_shipment[demand])
            free[demands.due_day[demand] :] -= quantity
        rank[place] = 2 * demands.priority[demand] + (1 if quantity <= 0.0 else 0)
    return asked[np.argsort(rank, kind="mergesort")]


@njit(cache=True)
def _promise_all(asked: Integers, demands: Demands, free: Floats, promised: Floats) -> None:
    """Promise each demand, by its last day, what can reach it at all."""
    horizon = free.size
    for demand in asked:
        if demands.due_day[demand] >= horizon:
            continue
        last = min(horizon - 1, demands.due_day[demand] + demands.max_late_days[demand])
        quantity = part(_spare(free, last, horizon), demands.quantity[demand], demands.min_shipment[demand])
        promised[demand] = quantity
        free[last:] -= quantity


@njit(cache=True)
def _advance(demand: int, day: int, last: int, demands: Demands, free: Floats, promised: Floats) -> float:
    """Move what can be moved of a promise from its last day to an earlier one; return the units."""
    rest: float = promised[demand]
    quantity = rest
    if day < last:
        quantity = part(_spare(free, day, last), rest, demands.min_shipment[demand])
        free[day:last] -= quantity
    promised[demand] = max(0.0, rest - quantity)
    if promised[demand] <= NOISE:
        promised[demand] = 0.0
    return quantity


@njit(cache=True)
def _advance_all(
    asked: Integers, first: int, demands: Demands, free: Floats, promised: Floats, given: Deliveries, count: int
) -> int:
    """Deliver on the due day (``first`` 0) or, with ``first`` 1, as soon after it as stock allows."""
    horizon = free.size
    for demand in asked:
        last = min(horizon - 1, demands.due_day[demand] + demands.max_late_days[demand])
        day = demands.due_day[demand] + first
        while promised[demand] > 0.0 and day <= last:
            if first > 0:
                day = _first_spare(free, day, last)
            quantity = _advance(demand, day, last, demands, free, promised)
            if quantity > 0.0:
                given.demand[count] = demand
                given.quantity[count] = quantity
                given.day[count] = day
                count += 1
            if first == 0:
                break
            day += 1
    return count


@njit(cache=True)
def _bring_forward(first: int, count: int, demands: Demands, free: Floats, given: Deliveries) -> None:
    """Deliver before the due day what can be: each part whole, on the first day that allows it."""
    for place in range(first, count):
        demand, day = given.demand[place], given.day[place]
        earliest = day
        while earliest > demands.first_day[demand] and free[earliest - 1] >= given.quantity[place]:
            earliest -= 1
        free[earliest:day] -= given.quantity[place]
        given.day[place] = earliest


@njit(cache=True)
def _most_parts(demands: Demands) -> int:
    parts = 0
    for demand in range(demands.node.size):
        whole = demands.max_late_days[demand] + 2
        if demands.min_shipment[demand] > 0.0:
            whole = min(whole, int(demands.quantity[demand] / demands.min_shipment[demand]) + 2)
        parts += whole
    return parts


@njit(cache=True)
def deliver(demands: Demands, group_start: Integers, group: Integers, available: Floats) -> Deliveries:
    """Return the deliveries from each market's stock.

    A unit promised for a day needs stock on every day from then on that no earlier promise has taken. First
    every demand is promised by its last possible day what can reach it at all, so that no unit is lost that need
    not be; then as much of that as possible is brought forward to the due day; then the late rest as early as
    possible; at last what is on time is brought forward to the first day.

    Parameters
    ----------
    group_start, group
        Demands of each market node, first served first: entries ``group_start[i]`` to ``group_start[i + 1]``.
    available
        Stock of those nodes at the end of each day if nothing were delivered: shape (market nodes, days).
    """
    size = _most_parts(demands)
    given = Deliveries(np.empty(size, np.int64), np.empty(size, np.float64), np.empty(size, np.int64))
    promised = np.zeros(demands.node.size)
    count = 0
    for place in range(group_start.size - 1):
        free = available[place].copy()
        asked = _served_first(group[group_start[place] : group_start[place + 1]], demands, free)
        _promise_all(asked, demands, free, promised)
        first = count
        count = _advance_all(asked, 0, demands, free, promised, given, count)
        punctual = count
        count = _advance_all(asked, 1, demands, free, promised, given, count)
        _bring_forward(first, punctual, demands, free, given)
    return Deliveries(given.demand[:count], given.quantity[:count], given.day[:count])


def groups(demands: Demands) -> tuple[Integers, Integers, Integers]:
    """Return the market nodes, where the demands of each start, and the demands: important first, then early due."""
    order = np.lexsort((demands.due_day, demands.priority, demands.node))
    nodes, start = np.unique(demands.node[order], return_index=True)
    return nodes, np.r_[start, order.size].astype(np.int64), order.astype(np.int64)
