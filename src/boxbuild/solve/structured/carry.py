"""Carry quantities out, bucket by bucket: a start takes what is there, and what cannot start is done as soon as it can.

From the components up, every build, purchase and shipment starts when its turn has come, as far as stock and limits
allow. What many ask for and few can have is shared by what they ask for.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from boxbuild.solve.structured.bands import Terms

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOTHING = 1e-12
"""Units below which nothing starts."""

PART, REST, BACK = 0, 1, 2
"""Turns of a start: each its part of what is scarce, then what is left, and what goes back."""

ON_TIME, LATE = 0, 1
"""What is planned for a bucket comes before what is late: whoever waits delays nobody else."""


class Lists(NamedTuple):
    """Terms of one sort, by arc: ``first`` and, for each, the number of the term."""

    first: Longs
    term: Longs


class Roles(NamedTuple):
    """What the terms of an arc do, and what its chains are.

    Parameters
    ----------
    gives, takes
        Terms by which an arc enters a link, and by which it leaves one.
    uses, counts
        Terms by which it uses a limit by bucket, and one for the whole horizon.
    stocked, series
        Whether a chain is a stock, and whether it is a demand. Shape ``(chains,)``.
    delivers
        Whether an arc serves a demand. Shape ``(arcs,)``.
    held
        Whether locks ask for a column: it is served before what is shared is divided. Shape ``(arcs, buckets)``.
    """

    gives: Lists
    takes: Lists
    uses: Lists
    counts: Lists
    stocked: Flags
    series: Flags
    delivers: Flags
    held: Flags


class Turns(NamedTuple):
    """Who comes when.

    Parameters
    ----------
    arc, arc_first
        Arcs by the depth of what they take, and where each depth begins; the first is that of what takes nothing.
    chain, chain_first
        Chains by their depth, likewise.
    decide
        Buckets between an arc's bucket and the one in which it takes its last input. Shape ``(arcs,)``.
    """

    arc: Longs
    arc_first: Longs
    chain: Longs
    chain_first: Longs
    decide: Longs


class World(NamedTuple):
    """What there is while a plan is carried out; changed in place.

    Parameters
    ----------
    done
        Units started. Shape ``(arcs, buckets)``.
    stock, arriving
        Units in stock at a bucket's end, and units on their way. Shape ``(nodes, buckets)``.
    left
        What is left of a demand, and what is prepared of any other link that is no stock. Shape ``(chains, buckets)``.
    room, single_room
        What is left of the limits. Shapes ``(chains, buckets)`` and ``(singles,)``.
    """

    done: Floats
    stock: Floats
    arriving: Floats
    left: Floats
    room: Floats
    single_room: Floats


class Waiting(NamedTuple):
    """What waits for its start.

    Parameters
    ----------
    want, late
        Units to start in this bucket as planned for it, and those of earlier buckets. Shape ``(arcs,)``.
    behind
        Units planned so far that did not start. Shape ``(arcs,)``.
    planned
        Deliveries planned so far that were not made, by demand. Shape ``(chains, buckets)``.
    factor
        Part of what is asked for that a chain has. Shape ``(chains,)``.
    """

    want: Floats
    late: Floats
    behind: Floats
    planned: Floats
    factor: Floats


@numba.njit(cache=True)
def carry_out(
    x: Any, low: Any, exists: Any, upper: Any, world: World, roles: Roles, turns: Turns, terms: Terms, singles: Terms
) -> None:
    """Carry quantities ``x`` out; ``world`` says what was done. ``low`` is what leaves a chain by itself."""
    arcs, buckets = x.shape
    chains = roles.series.size
    waiting = Waiting(np.zeros(arcs), np.zeros(arcs), np.zeros(arcs), np.zeros((chains, buckets)), np.ones(chains))
    for now in range(buckets):
        _arrive(now, low, world)
        _ask(now, x, exists, upper, waiting, world, roles, turns, terms)
        for depth in range(turns.chain_first.size - 1):
            some = turns.arc[turns.arc_first[depth] : turns.arc_first[depth + 1]]
            for plan in (ON_TIME, LATE):
                if plan == LATE and not _add_late(some, waiting):
                    continue
                _divide(now, depth, waiting, world, roles, turns, terms)
                for turn in (PART, REST):
                    _start(now, some, turn, waiting, world, roles, turns, terms, singles)
        _keep_for_later(now, waiting, roles, turns, terms)
        _give_back(now, waiting, world, roles, turns, terms, singles)
    _lose(world, roles, turns, terms)


@numba.njit(cache=True)
def _arrive(now: Any, low: Any, world: World) -> None:
    """Begin a bucket: what was kept, less what leaves by itself, and what arrives."""
    stock, arriving = world.stock, world.arriving
    for c in range(stock.shape[0]):
        have = (stock[c, now - 1] if now > 0 else 0.0) - low[c, now] + arriving[c, now]
        stock[c, now] = 0.0 if -1e-6 < have < 0 else have


@numba.njit(cache=True)
def _ask(
    now: Any,
    x: Any,
    exists: Any,
    upper: Any,
    waiting: Waiting,
    world: World,
    roles: Roles,
    turns: Turns,
    terms: Terms,
) -> None:
    """Say what every arc would start: what was planned up to now, and did not start; no more than a demand has left."""
    want, late, behind, planned, _ = waiting
    left, order, decide, delivers = world.left, turns.arc, turns.decide, roles.delivers
    first, term = roles.gives
    chain, shift, start, stop = terms.chain, terms.shift, terms.start, terms.stop
    for a in order:
        s = now - decide[a]
        want[a] = late[a] = 0.0
        if s < 0:
            continue
        if delivers[a]:
            for q in term[first[a] : first[a + 1]]:
                if start[q] <= s < stop[q]:
                    c, t = chain[q], s + shift[q]
                    planned[c, t] += x[a, s]
                    want[a] = min(planned[c, t], left[c, t])
                    planned[c, t] -= want[a]
        else:
            behind[a] += x[a, s]
            if exists[a, s] and behind[a] > 0:
                want[a] = min(behind[a], upper[a, s])
        late[a] = max(want[a] - x[a, s], 0.0)
        want[a] -= late[a]


@numba.njit(cache=True)
def _add_late(some: Any, waiting: Waiting) -> bool:
    """Add what is late to what some arcs want; say whether there is any."""
    want, late = waiting.want, waiting.late
    found = False
    for a in some:
        found = found or late[a] > 0
        want[a] += late[a]
        late[a] = 0.0
    return found


@numba.njit(cache=True)
def _divide(now: Any, depth: Any, waiting: Waiting, world: World, roles: Roles, turns: Turns, terms: Terms) -> None:
    """Say what part of what is asked of the chains of a depth they have."""
    want, factor = waiting.want, waiting.factor
    _, arc, _, shift, start, stop, value, at, values, by_chain_first, by_chain = terms
    stock, left, stocked, series, decide = world.stock, world.left, roles.stocked, roles.series, turns.decide
    for c in turns.chain[turns.chain_first[depth] : turns.chain_first[depth + 1]]:
        if series[c]:
            continue
        need = 0.0
        for q in by_chain[by_chain_first[c] : by_chain_first[c + 1]]:
            s = now - decide[arc[q]]
            if want[arc[q]] > 0 and start[q] <= s < stop[q] and s + shift[q] == now:
                v = value[q] if at[q] < 0 else values[at[q] + s - start[q]]
                if v < 0:
                    need -= v * want[arc[q]]
        have = max(stock[c, now] if stocked[c] else left[c, now], 0.0)
        factor[c] = 1.0 if need <= have else have / need


@numba.njit(cache=True)
def _start(
    now: Any,
    some: Any,
    turn: Any,
    waiting: Waiting,
    world: World,
    roles: Roles,
    turns: Turns,
    terms: Terms,
    singles: Terms,
) -> None:
    """Start what some arcs want, as far as stock and limits allow; less than nothing goes back."""
    want, behind, factor = waiting.want, waiting.behind, waiting.factor
    done, stock, arriving, left, room, single_room = world
    gives, takes, uses, counts, stocked, series, delivers, held = roles
    gives_first, takes_first, uses_first, counts_first = gives.first, takes.first, uses.first, counts.first
    gives_term, takes_term, uses_term, counts_term = gives.term, takes.term, uses.term, counts.term
    _, _, chain, shift, start, stop, value, at, values, _, _ = terms
    _, _, one_chain, _, one_start, one_stop, one_value, one_at, one_values, _, _ = singles
    decide = turns.decide
    for a in some:
        v, s = want[a], now - decide[a]
        if turn != BACK:
            if v <= 0:
                continue
            if turn == PART and not held[a, s]:
                part = 1.0
                for q in takes_term[takes_first[a] : takes_first[a + 1]]:
                    if start[q] <= s < stop[q]:
                        part = min(part, factor[chain[q]])
                v *= part
            for q in takes_term[takes_first[a] : takes_first[a + 1]]:
                if start[q] <= s < stop[q]:
                    c = chain[q]
                    have = stock[c, now] if stocked[c] else left[c, s + shift[q]]
                    w = value[q] if at[q] < 0 else values[at[q] + s - start[q]]
                    v = min(v, max(have, 0.0) / -w)
            for q in uses_term[uses_first[a] : uses_first[a + 1]]:
                if start[q] <= s < stop[q]:
                    w = value[q] if at[q] < 0 else values[at[q] + s - start[q]]
                    v = min(v, max(room[chain[q], s + shift[q]], 0.0) / w)
            for q in counts_term[counts_first[a] : counts_first[a + 1]]:
                if one_start[q] <= s < one_stop[q]:
                    w = one_value[q] if one_at[q] < 0 else one_values[one_at[q] + s - one_start[q]]
                    v = min(v, max(single_room[one_chain[q]], 0.0) / w)
            if v <= NOTHING:
                continue
        done[a, s] += v
        for q in takes_term[takes_first[a] : takes_first[a + 1]]:
            if start[q] <= s < stop[q]:
                w = value[q] if at[q] < 0 else values[at[q] + s - start[q]]
                if stocked[chain[q]]:
                    stock[chain[q], now] += w * v
                else:
                    left[chain[q], s + shift[q]] += w * v
        for q in gives_term[gives_first[a] : gives_first[a + 1]]:
            if start[q] <= s < stop[q]:
                w = value[q] if at[q] < 0 else values[at[q] + s - start[q]]
                c = chain[q]
                if series[c]:
                    left[c, s + shift[q]] -= w * v
                elif not stocked[c]:
                    left[c, s + shift[q]] += w * v
                elif s + shift[q] == now:
                    stock[c, now] += w * v
                else:
                    arriving[c, s + shift[q]] += w * v
        for q in uses_term[uses_first[a] : uses_first[a + 1]]:
            if start[q] <= s < stop[q]:
                w = value[q] if at[q] < 0 else values[at[q] + s - start[q]]
                room[chain[q], s + shift[q]] -= w * v
        for q in counts_term[counts_first[a] : counts_first[a + 1]]:
            if one_start[q] <= s < one_stop[q]:
                w = one_value[q] if one_at[q] < 0 else one_values[one_at[q] + s - one_start[q]]
                single_room[one_chain[q]] -= w * v
        want[a] -= v
        if not delivers[a]:
            behind[a] -= v


@numba.njit(cache=True)
def _keep_for_later(now: Any, waiting: Waiting, roles: Roles, turns: Turns, terms: Terms) -> None:
    """Put deliveries that could not be made back to those that are planned."""
    want, planned, delivers = waiting.want, waiting.planned, roles.delivers
    first, term = roles.gives
    for a in turns.arc:
        if delivers[a] and want[a] > 0:
            s = now - turns.decide[a]
            for q in term[first[a] : first[a + 1]]:
                if terms.start[q] <= s < terms.stop[q]:
                    planned[terms.chain[q], s + terms.shift[q]] += want[a]


@numba.njit(cache=True)
def _give_back(
    now: Any, waiting: Waiting, world: World, roles: Roles, turns: Turns, terms: Terms, singles: Terms
) -> None:
    """Take back what was prepared for a group of alternates and not used."""
    want = waiting.want
    _, arc, _, shift, start, stop, value, at, values, by_chain_first, by_chain = terms
    done, left = world.done, world.left
    one = np.zeros(1, np.int64)
    for c in turns.chain:
        if roles.stocked[c] or roles.series[c] or left[c, now] <= NOTHING:
            continue
        mine = by_chain[by_chain_first[c] : by_chain_first[c + 1]]
        total = 0.0
        for q in mine:
            s = now - shift[q]
            if value[q] > 0 and start[q] <= s < stop[q]:
                total += (value[q] if at[q] < 0 else values[at[q] + s - start[q]]) * done[arc[q], s]
        part = left[c, now] / total if total > 0 else 0.0
        for q in mine:
            a, s = arc[q], now - shift[q]
            if part > 0 and value[q] > 0 and start[q] <= s < stop[q] and done[a, s] > 0 and turns.decide[a] == shift[q]:
                waits = want[a]
                want[a] = -part * done[a, s]
                one[0] = a
                _start(now, one, BACK, waiting, world, roles, turns, terms, singles)
                want[a] = waits


@numba.njit(cache=True)
def _lose(world: World, roles: Roles, turns: Turns, terms: Terms) -> None:
    """Lose what is left of every demand."""
    done, left = world.done, world.left
    first, term = roles.gives
    for a in turns.arc:
        if roles.delivers[a] and roles.takes.first[a] == roles.takes.first[a + 1]:
            for q in term[first[a] : first[a + 1]]:
                for s in range(terms.start[q], terms.stop[q]):
                    done[a, s] += max(left[terms.chain[q], s + terms.shift[q]], 0.0)
                    left[terms.chain[q], s + terms.shift[q]] = 0.0
