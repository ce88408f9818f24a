"""Day by day: what is wanted is started in order of urgency, as far as stock and the week's capacity go."""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numba import njit

from boxbuild.plan.release.explode import NOISE, whole_lots
from boxbuild.plan.release.lots import Lots
from boxbuild.plan.release.problem import Activities, Floats, Integers
from boxbuild.plan.release.ranked import Ranked, ranked

ROOM = 4
"""Orders for each lot that there is room for before a book is copied into a larger one."""


class Starts(NamedTuple):
    """What was started: row, units and day, in the order of the days."""

    row: Integers
    quantity: Floats
    day: Integers


class Waiting(NamedTuple):
    """Lots that cannot start, by what they wait for.

    Parameters
    ----------
    newest
        Of each node, the newest lot that waits for its stock to rise, or -1; last, the newest that waits for the week
        to end.
    following
        Of each lot, the one that waits for the same since before, or -1.
    woken
        Room for the lots that wait no more.
    """

    newest: Integers
    following: Integers
    woken: Integers


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
    waiting
        Lots of the rows that lack something.
    """

    stock: Floats
    raised: Integers
    capacity: Floats
    done: Floats
    lacks: Integers
    lacked: Integers
    spent: Integers
    waiting: Waiting


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
def _wait(lot: int, node: int, waiting: Waiting) -> None:
    """Put a lot aside until the stock of a node rises; with node -1, until the week is over."""
    waiting.following[lot] = waiting.newest[node]
    waiting.newest[node] = lot


@njit(cache=True)
def _wake(node: int, waiting: Waiting, woken: int) -> int:
    """Add the lots that wait for a node to those woken; return how many these are."""
    lot = waiting.newest[node]
    waiting.newest[node] = -1
    while lot >= 0:
        waiting.woken[woken] = lot
        woken += 1
        lot = waiting.following[lot]
    return woken


@njit(cache=True)
def _recall(lot: int, woken: int, late: int, lots: Integers, ahead: list[int]) -> int:
    """Put the lots woken whose turn comes after that of ``lot`` ahead; return how many of them were late."""
    for entry in range(late, woken):
        other = lots[entry]
        if other > lot:
            heapq.heappush(ahead, other)
        else:
            lots[late] = other
            late += 1
    return late


@njit(cache=True)
def _start_all(
    day: int,
    wanted: Integers,
    wants: int,
    activities: Activities,
    lots: Ranked,
    state: State,
    book: Book,
    count: int,
    kept: Integers,
) -> tuple[int, int, int, bool]:
    """Start what can start of the lots wanted, in their order, and forget those that are done or never can.

    Parameters
    ----------
    kept
        Filled with the lots that are still wanted and wait for nothing.

    Returns
    -------
    tuple
        How many are kept, how many entries the book has, how many lots were woken after their turn, and whether
        something that was started today can be used today. There is room for an entry of every lot.
    """
    # the arrays of a tuple are cheap to read only once they have a name
    input_start, input_node, input_quantity = activities.input_start, activities.input_node, activities.input_quantity
    use_start, use_resource, use_quantity = activities.use_start, activities.use_resource, activities.use_quantity
    lead_days, last_day = activities.lead_days, activities.last_day
    lot_min, lot_multiple = activities.lot_min, activities.lot_multiple
    output, gain = activities.output, activities.gain
    stock, raised, _, done, lacks, lacked, spent, waiting = state
    booked_row, booked_quantity, booked_day, following, newest = book
    lot_row, target = lots.row, lots.target
    week = day // 7
    capacity = state.capacity[week]
    left, place, late, usable = 0, 0, 0, False
    ahead = [0 for _ in range(0)]  # woken before their turn
    while place < wants or len(ahead) > 0:
        if place < wants and (len(ahead) == 0 or wanted[place] < ahead[0]):
            lot = wanted[place]
            place += 1
        else:
            lot = heapq.heappop(ahead)
        row = lot_row[lot]
        asked = target[lot] - done[row]
        arrival = day + lead_days[row]
        if asked <= NOISE or day > last_day[row] or arrival >= newest.size:
            continue
        lack = lacks[row]
        if spent[row] == week:
            _wait(lot, -1, waiting)
            continue
        if lack >= 0 and raised[lack] == lacked[row]:
            _wait(lot, lack, waiting)
            continue
        quantity = whole_lots(asked, lot_min[row], lot_multiple[row])
        quantity, lack = _least(quantity, row, input_start, input_node, input_quantity, stock)
        quantity, scarce = _least(quantity, row, use_start, use_resource, use_quantity, capacity)
        if lot_multiple[row] > 0.0:
            quantity = np.floor(quantity / lot_multiple[row] + 1e-9) * lot_multiple[row]
        if quantity <= NOISE or quantity < lot_min[row] - 1e-9:
            if scarce >= 0:
                spent[row] = week
                _wait(lot, -1, waiting)
            elif lack >= 0:
                lacks[row], lacked[row] = lack, raised[lack]
                _wait(lot, lack, waiting)
            else:
                kept[left] = lot
                left += 1
            continue
        _take(quantity, row, input_start, input_node, input_quantity, stock)
        _take(quantity, row, use_start, use_resource, use_quantity, capacity)
        done[row] += quantity
        if target[lot] - done[row] > NOISE:
            kept[left] = lot
            left += 1
        booked_row[count], booked_quantity[count], booked_day[count] = row, quantity, day
        if arrival == day:
            node = output[row]
            stock[node] += quantity * gain[row]
            raised[node] += 1
            usable = True
            late = _recall(lot, _wake(node, waiting, late), late, waiting.woken, ahead)
        else:
            following[count] = newest[arrival]
            newest[arrival] = count
        count += 1
    return left, count, late, usable


@njit(cache=True)
def _merge(wanted: Integers, count: int, more: Integers) -> int:
    """Merge lots into the first ``count`` of those wanted, all in order; return how many it is."""
    more = np.sort(more)
    left, right = count - 1, more.size - 1
    for place in range(count + more.size - 1, -1, -1):
        if right < 0:
            break
        if left >= 0 and wanted[left] > more[right]:
            wanted[place] = wanted[left]
            left -= 1
        else:
            wanted[place] = more[right]
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
def _arrive(day: int, book: Book, activities: Activities, state: State, woken: int) -> int:
    """Add what arrives to the stock; return how many lots are woken."""
    entry = book.newest[day]
    while entry >= 0:
        row = book.row[entry]
        node = activities.output[row]
        state.stock[node] += book.quantity[entry] * activities.gain[row]
        state.raised[node] += 1
        woken = _wake(node, state.waiting, woken)
        entry = book.following[entry]
    return woken


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
    what it can, the lots with the earliest last day first. A lot of a row that could not start waits, and is looked at
    again only when there is more of what the row lacks.

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
    size = lots.row.size
    by_rank = ranked(lots, activities.first_day, urgency, horizon)
    nobody = np.full(rows, -1)
    state = State(
        stock.copy(),
        np.zeros(stock.size, np.int64),
        np.ascontiguousarray(capacity.T),
        np.zeros(rows),
        nobody.copy(),
        nobody.copy(),
        nobody.copy(),
        Waiting(np.full(stock.size + 1, -1), np.empty(size, np.int64), np.empty(size, np.int64)),
    )
    room = ROOM * size  # what is not written takes no memory
    book = Book(
        np.empty(room, np.int64),
        np.empty(room, np.float64),
        np.empty(room, np.int64),
        np.empty(room, np.int64),
        np.full(horizon, -1),
    )
    ending = np.flatnonzero(heir >= 0)
    wanted, kept = np.empty(size, np.int64), np.empty(size, np.int64)
    wants, listed, count = 0, 0, 0  # lots looked at today, lots of the days so far, entries of the book
    for day in range(horizon):
        woken = _wake(-1, state.waiting, 0) if day % 7 == 0 else 0
        for entry in range(receipt_start[day], receipt_start[day + 1]):
            node = receipt_node[entry]
            state.stock[node] += receipt_quantity[entry]
            state.raised[node] += 1
            woken = _wake(node, state.waiting, woken)
        woken = _arrive(day, book, activities, state, woken)
        if _hand_over(day, lots, activities, heir, ending, state):
            wants, listed, woken = 0, 0, 0
            state.waiting.newest[:] = -1
        wants = _merge(wanted, wants, by_rank.by_day[listed : by_rank.from_day[day + 1]])
        wants = _merge(wanted, wants, state.waiting.woken[:woken])
        listed = by_rank.from_day[day + 1]
        again = True
        while again:  # what arrives on the day it starts may be used on it
            book = _with_room(book, count, size)
            wants, count, woken, again = _start_all(day, wanted, wants, activities, by_rank, state, book, count, kept)
            wanted, kept = kept, wanted
            wants = _merge(wanted, wants, state.waiting.woken[:woken])
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
