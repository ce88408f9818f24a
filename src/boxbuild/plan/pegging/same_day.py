"""Within a day: the turns of moves that carry an item round a circle of sites and arrive when they leave.

What arrives on a day can be used on it. Where sites send the same item back and forth within one day, somebody has to
send first: who has the units.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from boxbuild.plan.pegging.moves import Integers

if TYPE_CHECKING:
    from boxbuild.plan.pegging.book import Book

ENOUGH = 1 - 1e-9
"""Of what a move takes that has to be there before its turn comes."""

TRIES = 5_000
"""Steps of the search for an order; after that, moves without a turn come last."""


def turns(book: Book) -> Integers:
    """Return the turn of each move that leaves, and arrives on the same day, inside one circle; -1 for the others."""
    moves, nodes = book.moves, book.nodes
    found = np.full(moves.kind.size, -1, np.int64)
    if not nodes.round.any():
        return found
    same = (moves.into >= 0) & (moves.start == moves.end)
    _, circle = nodes.rank(moves.into)
    inside = np.flatnonzero(same & (circle >= 0))
    inside = inside[nodes.round[circle[inside]]]
    inside = inside[[_goes_round(book, int(move), int(circle[move])) for move in inside]] if inside.size else inside
    for group in _grouped(circle[inside], moves.start[inside]):
        chosen = inside[group]
        found[_in_turn(book, chosen)] = np.arange(chosen.size)
    return found


def _goes_round(book: Book, move: int, circle: int) -> bool:
    _, inputs = book.nodes.rank(np.array(book.inputs(move), np.int64))
    return bool((inputs == circle).any())


def _grouped(*keys: Integers) -> Iterator[Integers]:
    order = np.lexsort(keys)
    changed = np.zeros(order.size, np.bool_)
    for key in keys:
        changed[1:] |= key[order][1:] != key[order][:-1]
    yield from (group for group in np.split(order, np.flatnonzero(changed)) if group.size)


def _in_turn(book: Book, chosen: Integers) -> Integers:
    """Return the moves of one circle and day in an order in which each has what it takes, as far as there is one."""
    moves = [int(move) for move in chosen]
    taken = {move: _taken(book, move) for move in moves}
    brought = {move: (int(book.moves.into[move]), float(book.moves.good[move])) for move in moves}
    stock = {node: _before(book, node, chosen) for needs in taken.values() for node in needs}
    best: list[int] = []
    open_ways = [(best, stock)]
    for _ in range(TRIES):
        if not open_ways or len(best) == len(moves):
            break
        done, here = open_ways.pop()
        best = max(best, done, key=len)
        for move in reversed(moves):
            if move not in done and all(here[node] >= need * ENOUGH for node, need in taken[move].items()):
                after = dict(here)
                for node, need in taken[move].items():
                    after[node] -= need
                into, units = brought[move]
                after[into] = after.get(into, 0.0) + units
                open_ways.append(([*done, move], after))
    return np.array([*best, *(move for move in moves if move not in best)], np.int64)


def _taken(book: Book, move: int) -> dict[int, float]:
    """What a move takes from nodes of its circle."""
    _, circle = book.nodes.rank(book.moves.into[[move]])
    found = {}
    for node in book.inputs(move):
        if book.nodes.rank(np.array([node]))[1][0] == circle[0]:
            uses = book.uses(node)
            found[node] = float(uses.quantity[uses.move == move].sum())
    return found


def _before(book: Book, node: int, chosen: Integers) -> float:
    """What is at a node on the day of the chosen moves, before their turns."""
    moves = book.moves
    day = moves.start[chosen[0]]
    supply, uses = book.supplies(node), book.uses(node)
    come = supply[(moves.end[supply] <= day) & ~np.isin(supply, chosen)]
    gone = (moves.start[uses.move] < day) & ~np.isin(uses.move, chosen)
    return float(moves.good[come].sum() - uses.quantity[gone].sum())
