"""Day by day: what is wanted is started in order of urgency, as far as stock and the week's capacity go."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from boxbuild.plan.release.explode import NOISE, whole_lots
from boxbuild.plan.release.lots import Lots
from boxbuild.plan.release.problem import Activities, Floats, Integers


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
    raised
        How often the stock of each node has risen.
    capacity
        Units of each resource left: shape (weeks, resources).
    done
        Units of each row started.
    lacks, lacked
        Node that each row could not start for want of, or -1, and how often its stock had risen then.
    spent
        Week in which each row could not start for want of capacity, or -1.
    """

    stock: Floats
    raised: Integers
    capacity: Floats
    done: Floats
    lacks: Integers
    lacked: Integers
    spent: Integers


class Book(NamedTuple):
    """What was started so far, with room for more.

    Parameters
    ----------
    row, quantity, day
        As in :class:`Starts`.
    following
        The entry before that arrives on the same day, or -1.
    newest
        The newest entry that arrives on each day, or -1.
    """

    row: Integers
    quantity: Floats
    day: Integers
    following: Integers
    newest: Integers


@njit(cache=True)
def _with_room(book: Book, count: int, more: int) -> Book:
    size = book.row.size
    if count + more <= size:
        return book
    size = max(2 * size, count + more)
    wider = Book(
        np.empty(size, np.int64),
        np.empty(size, np.float64),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        book.newest,
    )
    wider.row[:count] = book.row[:count]
    wider.quantity[:count] = book.quantity[:count]
    wider.day[:count] = book.day[:count]
    wider.following[:count] = book.following[:count]
    return wider


@njit(cache=True, inline="always")
def _least(
    quantity: float, row: int, start: Integers, thing: Integers, each: Floats, have: Floats
) -> tuple[float, int]:
    """Return the units of a row that what it takes is there for, and which of it is the least, or -1."""
    least = -1
    for entry in range(start[row], start[row + 1]):
        enough = have[thing[entry]] / each[entry]
        if enough < quantity:
            quantity, least = enough, thing[entry]
    return quantity, least


@njit(cache=True, inline="always")
def _take(quantity: float, row: int, start: Integers, thing: Integers, each: Floats, have: Floats) -> None:
    for entry in range(start[row], start[row + 1]):
        have[thing[entry]] = max(0.0, have[thing[entry]] - quantity * each[entry])


@njit(cache=True)
def _start_all(
    day: int, wanted: Integers, wants: int, activities: Activities, lots: Lots, state: State, book: Book, count: int
) -> tuple[int, int, bool]:
    """Start what can start of the lots wanted, in their order, and forget those that are done or never can.

    Returns
    -------
    tuple
        How many are still wanted, how many entries the book has, and whether something that was started today can be
        used today. There is room for an entry of every lot.
    """
    # the arrays of a tuple are cheap to read only once they have a name
    input_start, input_node, input_quantity = activities.input_start, activities.input_node, activities.input_quantity
    use_start, use_resource, use_quantity = activities.use_start, activities.use_resource, activities.use_quantity
    lead_days, first_day, last_day = activities.lead_days, activities.first_day, activities.last_day
    lot_min, lot_multiple = activities.lot_min, activities.lot_multiple
    output, gain = activities.output, activities.gain
    stock, raised, _, done, lacks, lacked, spent = state
    booked_row, booked_quantity, booked_day, following, newest = book
    lot_row, target = lots.row, lots.target
    week = day // 7
    capacity = state.capacity[week]
    left, usable = 0, False
    for place in range(wants):
        lot = wanted[place]
        row = lot_row[lot]
        asked = target[lot] - done[row]
        arrival = day + lead_days[row]
        if asked <= NOISE or day > last_day[row] or arrival >= newest.size:
            continue
        wanted[left] = lot
        left += 1
        lack = lacks[row]
        if day < first_day[row] or spent[row] == week or (lack >= 0 and raised[lack] == lacked[row]):
            continue
        quantity = whole_lots(asked, lot_min[row], lot_multiple[row])
        quantity, lack = _least(quantity, row, input_start, input_node, input_quantity, stock)
        quantity, scarce = _least(quantity, row, use_start, use_resource, use_quantity, capacity)
        if lot_multiple[row] > 0.0:
            quantity = np.floor(quantity / lot_multiple[row] + 1e-9) * lot_multiple[row]
        if quantity <= NOISE or quantity < lot_min[row] - 1e-9:
            if scarce >= 0:
                spent[row] = week
            elif lack >= 0:
                lacks[row], lacked[row] = lack, raised[lack]
            continue
        _take(quantity, row, input_start, input_node, input_quantity, stock)
        _take(quantity, row, use_start, use_resource, use_quantity, capacity)
        done[row] += quantity
        booked_row[count], booked_quantity[count], booked_day[count] = row, quantity, day
        if arrival == day:
            stock[output[row]] += quantity * gain[row]
            raised[output[row]] += 1
            usable = True
        else:
            following[count] = newest[arrival]
            newest[arrival] = count
        count += 1
    return left, count, usable


@njit(cache=True)
def _queues(lots: Lots, urgency: Floats, days: int) -> tuple[Integers, Integers]:
    """Return the lots that may start from each day on, most urgent first: entries ``start[d]`` to ``start[d + 1]``."""
    start = np.zeros(days + 1, np.int64)
    for day in lots.first_day:
        start[day + 1] += 1
    start = np.cumsum(start)
    place = start[:-1].copy()
    queue = np.empty(lots.row.size, np.int64)
    for lot in np.argsort(urgency, kind="mergesort"):
        queue[place[lots.first_day[lot]]] = lot
        place[lots.first_day[lot]] += 1
    return start, queue


@njit(cache=True)
def _merge(wanted: Integers, count: int, more: Integers, urgency: Floats) -> int:
    """Merge lots into the first ``count`` of those wanted, all sorted by urgency and number; return how many it is."""
    left, right = count - 1, more.size - 1
    for place in range(count + more.size - 1, -1, -1):
        if right < 0:
            break
        one, other = wanted[left], more[right]
        if left >= 0 and (urgency[one], one) > (urgency[other], other):
            wanted[place] = one
            left -= 1
        else:
            wanted[place] = other
            right -= 1
    return count + more.size


@njit(cache=True)
def _hand_over(day: int, lots: Lots, activities: Activities, heir: Integers, ending: Integers, state: State) -> bool:
    """Let the row of the next window start what a row whose window ended yesterday still owes."""
    found = False
    for row in ending:
        if activities.last_day[row] != day - 1 or lots.start[row] == lots.start[row + 1]:
            continue
        total = lots.target[lots.start[row + 1] - 1]
        owed = total - state.done[row]
        if owed > NOISE:
            state.done[row] = total
            state.done[heir[row]] -= owed * activities.gain[row] / activities.gain[heir[row]]
            found = True
    return found


@njit(cache=True)
def _arrive(day: int, book: Book, activities: Activities, state: State) -> None:
    entry = book.newest[day]
    while entry >= 0:
        row = book.row[entry]
        state.stock[activities.output[row]] += book.quantity[entry] * activities.gain[row]
        state.raised[activities.output[row]] += 1
        entry = book.following[entry]


@njit(cache=True)
def simulate(
    activities: Activities,
    heir: Integers,
    stock: Floats,
    capacity: Floats,
    receipt_start: Integers,
    receipt_node: Integers,
    receipt_quantity: Floats,
    lots: Lots,
    urgency: Floats,
) -> Starts:
    """Return the orders that follow the lots without ever taking what is not there.

    Each day: what is due arrives; then every row that is behind the target of its lots that may start by now starts
    what it can, the lots with the earliest last day first. A row that could not start is not asked again before what
    it lacks is there.

    Parameters
    ----------
    heir
        Row that takes over what a row owes when its window ends, or -1: shape (activities,).
    receipt_start, receipt_node, receipt_quantity
        Receipts of day ``d``: entries ``receipt_start[d]`` to ``receipt_start[d + 1]``.
    urgency
        Last day on which each lot may start.
    """
    rows, horizon = heir.size, receipt_start.size - 1
    nobody = np.full(rows, -1)
    state = State(
        stock.copy(),
        np.zeros(stock.size, np.int64),
        np.ascontiguousarray(capacity.T),
        np.zeros(rows),
        nobody.copy(),
        nobody.copy(),
        nobody.copy(),
    )
    size = lots.row.size
    book = Book(
        np.empty(size, np.int64),
        np.empty(size, np.float64),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.full(horizon, -1),
    )
    queue_start, queue = _queues(lots, urgency, horizon)
    ending = np.flatnonzero(heir >= 0)
    wanted = np.empty(size, np.int64)
    wants, listed, count = 0, 0, 0  # lots wanted now, days whose lots they are, entries of the book
    for day in range(horizon):
        for entry in range(receipt_start[day], receipt_start[day + 1]):
            state.stock[receipt_node[entry]] += receipt_quantity[entry]
            state.raised[receipt_node[entry]] += 1
        _arrive(day, book, activities, state)
        if _hand_over(day, lots, activities, heir, ending, state):
            wants, listed = 0, 0
        while listed <= day:
            wants = _merge(wanted, wants, queue[queue_start[listed] : queue_start[listed + 1]], urgency)
            listed += 1
        again = True
        while again:  # what arrives on the day it starts may be used on it
            book = _with_room(book, count, wants)
            wants, count, again = _start_all(day, wanted, wants, activities, lots, state, book, count)
    return Starts(book.row[:count], book.quantity[:count], book.day[:count])


@njit(cache=True)
def merged(starts: Starts, rows: int) -> Starts:
    """Return one order for all that a row starts on one day, by day; what rows from ``rows`` on started is dropped."""
    found = Starts(starts.row.copy(), starts.quantity.copy(), starts.day.copy())
    newest = np.full(rows, -1)
    count = 0
    for entry in range(starts.row.size):
        row = starts.row[entry]
        if row >= rows:
            continue
        last = newest[row]
        if last >= 0 and found.day[last] == starts.day[entry]:
            found.quantity[last] += starts.quantity[entry]
            continue
        newest[row] = count
        found.row[count], found.quantity[count], found.day[count] = row, starts.quantity[entry], starts.day[entry]
        count += 1
    return Starts(found.row[:count], found.quantity[:count], found.day[:count])
