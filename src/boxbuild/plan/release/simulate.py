"""Day by day: what is wanted is started in order of urgency, as far as stock and the week's capacity go."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from boxbuild.plan.release.explode import NOISE, Structure, whole_lots
from boxbuild.plan.release.problem import Activities, Floats, Integers

SPARE_DAYS = 2
"""On the last days of a slot, capacity that would be lost may start what the next slot wants."""


class Starts(NamedTuple):
    """What was started: row, units and day, in the order of the days."""

    row: Integers
    quantity: Floats
    day: Integers


class State(NamedTuple):
    """What changes from day to day.

    Parameters
    ----------
    stock
        Units at each node.
    capacity
        Units of each resource left in each week.
    done
        Units of each row started.
    """

    stock: Floats
    capacity: Floats
    done: Floats


@njit(cache=True)
def startable(row: int, week: int, asked: float, activities: Activities, state: State) -> float:
    """Return the whole lots of a row that can start today, at most those asked for."""
    lot = activities.lot_multiple[row]
    quantity = whole_lots(asked, activities.lot_min[row], lot)
    for entry in range(activities.input_start[row], activities.input_start[row + 1]):
        have = state.stock[activities.input_node[entry]] / activities.input_quantity[entry]
        quantity = min(quantity, have)
    for entry in range(activities.use_start[row], activities.use_start[row + 1]):
        left = state.capacity[activities.use_resource[entry], week] / activities.use_quantity[entry]
        quantity = min(quantity, left)
    if lot > 0.0:
        quantity = np.floor(quantity / lot + 1e-9) * lot
    if quantity <= NOISE or quantity < activities.lot_min[row] - 1e-9:
        return 0.0
    return quantity


@njit(cache=True)
def take(row: int, week: int, quantity: float, activities: Activities, state: State) -> None:
    """Take a start's inputs and capacity."""
    for entry in range(activities.input_start[row], activities.input_start[row + 1]):
        node = activities.input_node[entry]
        state.stock[node] = max(0.0, state.stock[node] - quantity * activities.input_quantity[entry])
    for entry in range(activities.use_start[row], activities.use_start[row + 1]):
        resource = activities.use_resource[entry]
        left = state.capacity[resource, week] - quantity * activities.use_quantity[entry]
        state.capacity[resource, week] = max(0.0, left)
    state.done[row] += quantity


@njit(cache=True)
def _gather(
    day: int,
    until: int,
    activities: Activities,
    structure: Structure,
    target: Floats,
    reached: Integers,
    done: Floats,
    rows: Integers,
    slots: Integers,
) -> int:
    """List the rows and slots that are wanted by slot ``until`` and may start today; return how many."""
    count = 0
    horizon = structure.slot_of_day.size
    for row in range(done.size):
        while reached[row] <= until and target[row, reached[row]] <= done[row] + NOISE:
            reached[row] += 1
        if (
            reached[row] > until
            or day < activities.first_day[row]
            or day > activities.last_day[row]
            or day + activities.lead_days[row] >= horizon
        ):
            continue
        before = done[row]
        for slot in range(reached[row], until + 1):
            if target[row, slot] > before + NOISE:
                rows[count] = row
                slots[count] = slot
                count += 1
                before = target[row, slot]
    return count


@njit(cache=True)
def _hand_over(
    day: int, target: Floats, activities: Activities, heir: Integers, done: Floats, reached: Integers
) -> None:
    """Let the row of the next window start what a row whose window ended yesterday still owes."""
    for row in range(done.size):
        if activities.last_day[row] != day - 1 or heir[row] < 0:
            continue
        owed = target[row, -1] - done[row]
        if owed > NOISE:
            done[row] = target[row, -1]
            done[heir[row]] -= owed * activities.gain[row] / activities.gain[heir[row]]
            reached[heir[row]] = 0


@njit(cache=True)
def _append(count: int, row: int, quantity: float, day: int, starts: Starts) -> Starts:
    if count == starts.row.size:
        more = Starts(np.empty(2 * count, np.int64), np.empty(2 * count, np.float64), np.empty(2 * count, np.int64))
        more.row[:count] = starts.row
        more.quantity[:count] = starts.quantity
        more.day[:count] = starts.day
        starts = more
    starts.row[count] = row
    starts.quantity[count] = quantity
    starts.day[count] = day
    return starts


@njit(cache=True)
def _arrive(
    day: int, ring: Integers, starts: Starts, following: Integers, activities: Activities, stock: Floats
) -> None:
    entry = ring[day]
    while entry >= 0:
        row = starts.row[entry]
        stock[activities.output[row]] += starts.quantity[entry] * activities.gain[row]
        entry = following[entry]


@njit(cache=True)
def simulate(
    activities: Activities,
    structure: Structure,
    heir: Integers,
    stock: Floats,
    capacity: Floats,
    receipt_start: Integers,
    receipt_node: Integers,
    receipt_quantity: Floats,
    target: Floats,
    last: Floats,
) -> Starts:
    """Return the orders that follow the targets without ever taking what is not there.

    Each day: what is due arrives; then every row that is behind its target of this slot (on the last
    ``SPARE_DAYS`` of a slot: of the next) starts what it can, the lots with the earliest last day first.

    Parameters
    ----------
    heir
        Row that takes over what a row owes when its window ends, or -1: shape (activities,).
    receipt_start, receipt_node, receipt_quantity
        Receipts of day ``d``: entries ``receipt_start[d]`` to ``receipt_start[d + 1]``.
    target
        Starts wanted, cumulated: shape (activities, slots).
    last
        Last day on which each row's lots of each slot may start.
    """
    rows, slots = target.shape
    horizon = structure.slot_of_day.size
    state = State(stock.copy(), capacity.copy(), np.zeros(rows))
    reached = np.zeros(rows, np.int64)
    starts = Starts(np.empty(4096, np.int64), np.empty(4096, np.float64), np.empty(4096, np.int64))
    following = np.empty(4096, np.int64)
    ring = np.full(horizon, -1)  # newest order that arrives on each day
    count = 0
    want_row = np.empty(rows * slots, np.int64)
    want_slot = np.empty(rows * slots, np.int64)
    for day in range(horizon):
        for entry in range(receipt_start[day], receipt_start[day + 1]):
            state.stock[receipt_node[entry]] += receipt_quantity[entry]
        _arrive(day, ring, starts, following, activities, state.stock)
        _hand_over(day, target, activities, heir, state.done, reached)
        until = structure.slot_of_day[min(day + SPARE_DAYS, horizon - 1)]
        wants = _gather(day, until, activities, structure, target, reached, state.done, want_row, want_slot)
        urgency = np.empty(wants)
        for want in range(wants):
            urgency[want] = last[want_row[want], want_slot[want]]
        order = np.argsort(urgency, kind="mergesort")
        again = True
        while again:  # what arrives on the day it starts may be used on it
            again = False
            for want in order:
                row = want_row[want]
                asked = target[row, want_slot[want]] - state.done[row]
                if asked <= NOISE:
                    continue
                quantity = startable(row, day // 7, asked, activities, state)
                if quantity <= 0.0:
                    continue
                take(row, day // 7, quantity, activities, state)
                starts = _append(count, row, quantity, day, starts)
                if following.size < starts.row.size:
                    longer = np.empty(starts.row.size, np.int64)
                    longer[:count] = following[:count]
                    following = longer
                if activities.lead_days[row] == 0:
                    state.stock[activities.output[row]] += quantity * activities.gain[row]
                    again = True
                else:
                    arrives = day + activities.lead_days[row]
                    following[count] = ring[arrives]
                    ring[arrives] = count
                count += 1
    return Starts(starts.row[:count], starts.quantity[:count], starts.day[:count])
