"""Sweeps: which part of every order belongs to a demand, and how much of a part every order holds.

An order is one mix: each unit of it has the same share of everything that went into it. So upstream a use passes its
share on to what supplied it, in proportion; downstream a supply passes on what it holds. Both go through the nodes
in their order; through a circle of sites as often as goods go round in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from boxbuild.plan.pegging.book import Book
from boxbuild.plan.pegging.moves import Flags, Floats, Integers


@dataclass(frozen=True)
class Held:
    """How much of a root every move holds.

    Parameters
    ----------
    amount
        Units of the root in each move, all of what came out of it together. Shape ``(moves,)``.
    touched
        Part of each move's units, 0 to 1, that holds any of the root: at least so much.
    left_of, left
        Moves of which something is left at the end of the plan, and how many units of the root that is.
    uncovered
        Units of the root that are taken before they are there, and not followed.
    """

    amount: Floats
    touched: Floats
    left_of: Integers
    left: Floats
    uncovered: float


class _Queue:
    """Circles of nodes still to be looked at, in their order or against it."""

    def __init__(self, book: Book, *, down: bool) -> None:
        self._nodes, self._sign = book.nodes, 1 if down else -1
        self._heap: list[tuple[int, int]] = []
        self._known: set[int] = set()

    def add(self, nodes: Integers) -> None:
        depth, circle = self._nodes.rank(np.unique(nodes[nodes >= 0]))
        for one, where in zip(depth.tolist(), circle.tolist(), strict=True):
            if where not in self._known:
                self._known.add(where)
                heappush(self._heap, (self._sign * one, where))

    def circles(self) -> Iterator[tuple[list[int], bool]]:
        """Yield the nodes of each circle, and whether goods can go round in it."""
        while self._heap:
            circle = heappop(self._heap)[1]
            yield self._nodes.members(circle).tolist(), bool(self._nodes.round[circle])


def shares(book: Book, roots: Integers, root_shares: Floats, stop: Flags | None = None) -> Floats:
    """Return the part, 0 to 1, of every move that goes into some moves.

    Parameters
    ----------
    roots, root_shares
        Moves, and which part of each is asked about.
    stop
        Moves that are not looked through. Shape ``(moves,)``.
    """
    share = np.zeros(book.moves.kind.size)
    share[roots] = root_shares
    queue = _Queue(book, down=False)
    queue.add(_sources(book, roots))
    for nodes, goes_round in queue.circles():
        supplies = np.concatenate([book.supplies(node) for node in nodes])
        before = share[supplies].copy()
        while True:
            last = share[supplies].copy()
            passed = [_passed_up(book, node, share, stop) for node in nodes]
            share[supplies] = before
            for supply, part in passed:
                np.add.at(share, supply, part)
            if not goes_round or np.array_equal(share[supplies], last):
                break
        found = supplies[share[supplies] > 0.0]
        queue.add(_sources(book, found if stop is None else found[~stop[found]]))
    return share


def _passed_up(book: Book, node: int, share: Floats, stop: Flags | None) -> tuple[Integers, Floats]:
    match = book.match(node)
    of_use = np.where(match.use >= 0, share[match.use], 0.0)
    if stop is not None:
        of_use[(match.use >= 0) & stop[match.use]] = 0.0
    kept = match.there & (of_use > 0.0)
    supply = match.supply[kept]
    return supply, of_use[kept] * match.quantity[kept] / book.moves.good[supply]


def _sources(book: Book, moves: Integers) -> Integers:
    """Return the nodes that some moves take from; of builds, of all the windows of what they build."""
    sent = book.moves.out_of[moves]
    built = np.unique(book.moves.into[moves[sent < 0]])
    lines = [book.lines.component[book.lines.building(int(node))] for node in built if node >= 0]
    return np.concatenate([sent[sent >= 0], *lines])


def held(book: Book, roots: Integers, amounts: Floats, *, adds_up: bool = False) -> Held:
    """Return how much of some moves all the others hold.

    Parameters
    ----------
    roots, amounts
        Moves, and how many units of the root each holds.
    adds_up
        Whether a root that is made of other roots holds theirs, too; else it holds its own only.
    """
    count = book.moves.kind.size
    amount, touched, fixed = np.zeros(count), np.zeros(count), np.zeros(count, np.bool_)
    amount[roots], touched[roots], fixed[roots] = amounts, 1.0, not adds_up
    queue, groups = _Queue(book, down=True), _Groups(touched, fixed)
    queue.add(book.moves.into[roots])
    left_of: list[Integers] = [np.zeros(0, np.int64)]
    left: list[Floats] = [np.zeros(0)]
    uncovered = 0.0
    for nodes, goes_round in queue.circles():
        for node in nodes:
            groups.settle(node)
        users = np.unique(np.concatenate([book.match(node).uses.move for node in nodes]))
        users = users[~fixed[users]]
        before, touched_before = amount[users].copy(), touched[users].copy()
        while True:
            last = amount[users].copy()
            passed = [_passed_down(book, node, amount, touched) for node in nodes]
            amount[users], touched[users] = before, touched_before
            for node, (use, part, of_entry) in zip(nodes, passed, strict=True):
                free = ~fixed[use]
                np.add.at(amount, use[free], part[free])
                groups.note(book, node, of_entry)
            if not goes_round or np.array_equal(amount[users], last):
                break
        for node in nodes:
            match = book.match(node)
            here = np.flatnonzero(np.where(match.supply >= 0, amount[match.supply], 0.0) > 0.0)
            supply, use = match.supply[here], match.use[here]
            units = amount[supply] * match.quantity[here] / book.moves.good[supply]
            left_of.append(supply[use < 0])
            left.append(units[use < 0])
            uncovered += float(units[~match.there[here]].sum())
        queue.add(book.moves.into[users[amount[users] > 0.0]])
    return Held(amount, touched, np.concatenate(left_of), np.concatenate(left), uncovered)


def _passed_down(book: Book, node: int, amount: Floats, touched: Floats) -> tuple[Integers, Floats, Floats]:
    """Return who takes how much of the root, and which part of each use of the node holds any of it."""
    match = book.match(node)
    kept = match.there & (match.use >= 0)
    kept &= np.where(match.supply >= 0, amount[match.supply], 0.0) > 0.0
    supply, entry = match.supply[kept], match.entry[kept]
    part = amount[supply] * match.quantity[kept] / book.moves.good[supply]
    reached = np.bincount(entry, touched[supply] * match.quantity[kept], minlength=match.uses.move.size)
    with np.errstate(invalid="ignore"):
        of_entry = np.where(match.uses.quantity > 0, reached / match.uses.quantity, 0.0)
    return match.use[kept], part, np.minimum(of_entry, 1.0)


class _Groups:
    """The part of each build that is touched: the largest of its lines; members of a group of alternates add up."""

    def __init__(self, touched: Floats, fixed: Flags) -> None:
        self._touched, self._fixed = touched, fixed
        self._pending: dict[int, dict[int, tuple[Integers, Integers, Floats]]] = {}

    def note(self, book: Book, node: int, of_entry: Floats) -> None:
        """Take in what the uses of a node hold."""
        uses = book.match(node).uses
        some = (of_entry > 0.0) & ~self._fixed[uses.move]
        alone = some & (uses.group < 0)
        np.maximum.at(self._touched, uses.move[alone], of_entry[alone])
        grouped = some & (uses.group >= 0)
        if grouped.any():
            move, part = uses.move[grouped], (of_entry * uses.part)[grouped]
            into = book.moves.into[move]
            for made in np.unique(into).tolist():
                one = into == made
                self._pending.setdefault(made, {})[node] = (move[one], uses.group[grouped][one], part[one])

    def settle(self, made: int) -> None:
        """Add up the members of the groups of what is built at a node."""
        found = list(self._pending.pop(made, {}).values())
        if not found:
            return
        move, group, part = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.lexsort((group, move))
        first = np.flatnonzero(np.r_[True, (np.diff(move[order]) != 0) | (np.diff(group[order]) != 0)])
        total = np.minimum(np.add.reduceat(part[order], first), 1.0)
        np.maximum.at(self._touched, move[order][first], total)
