"""The book of every node: what supplies it, what uses it, and which use takes which supply."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from boxbuild.plan.pegging.match import NOBODY, first_in_first_out
from boxbuild.plan.pegging.moves import BUILD, Flags, Floats, Integers, Moves, numbers
from boxbuild.plan.pegging.nodes import Nodes, nodes_of
from boxbuild.plan.pegging.recipes import Lines, lines_of
from boxbuild.plan.pegging.same_day import turns


class Uses(NamedTuple):
    """What is taken from a node.

    Parameters
    ----------
    move
        Who takes it. Shape ``(uses,)``.
    quantity
        Units.
    part
        Which part of the units started it is enough for: 1, but for alternates.
    group
        Number of the group of alternates, or -1.
    """

    move: Integers
    quantity: Floats
    part: Floats
    group: Integers


class Match(NamedTuple):
    """Who takes from whom at a node, one entry a peg.

    Parameters
    ----------
    supply, use
        Moves; -1 in place of a use is what is left at the end, in place of a supply what is missing.
    quantity
        Units.
    entry
        Position of the use among :attr:`uses`, -1 for what is left.
    there
        Whether the supply was there before the use; else it is a rounding, goods that go round within a day, or a plan
        that does not pass its audit. Nothing follows such a peg.
    uses
        All uses of the node.
    """

    supply: Integers
    use: Integers
    quantity: Floats
    entry: Integers
    there: Flags
    uses: Uses


class _Index(NamedTuple):
    """Moves by node: those of a node stand together."""

    move: Integers
    node: Integers

    def at(self, node: int) -> Integers:
        first, last = np.searchsorted(self.node, [node, node + 1])
        return self.move[first:last]


def _indexed(nodes: Integers) -> _Index:
    move = np.flatnonzero(nodes >= 0)
    order = np.argsort(nodes[move], kind="stable")
    return _Index(move[order], nodes[move][order])


@dataclass(frozen=True)
class Book:
    """The nodes of a plan; each is matched when it is first asked for."""

    moves: Moves
    _matches: dict[int, Match] = field(default_factory=dict, repr=False)

    @cached_property
    def lines(self) -> Lines:
        """Lines of the bills of materials."""
        return lines_of(self.moves)

    @cached_property
    def nodes(self) -> Nodes:
        """Nodes and their order."""
        return nodes_of(self.moves, self.lines)

    @cached_property
    def into(self) -> _Index:
        """Moves by the node that they supply."""
        return _indexed(self.moves.into)

    @cached_property
    def out_of(self) -> _Index:
        """Shipments and deliveries by the node that they take from."""
        return _indexed(self.moves.out_of)

    @cached_property
    def _taken(self) -> tuple[_Index, Integers, Floats]:
        """What builds take from groups: index by node, groups and quantities."""
        moves, taken = self.moves, self.moves.taken
        move = taken["move"].to_numpy().astype(np.int64)
        site = moves.into[move] % len(moves.sites)
        index = _indexed(numbers(taken["component"], moves.items) * len(moves.sites) + site)
        group = numbers(taken["group"], self.lines.groups) if self.lines.groups else np.zeros(0, np.int64)
        return index, group, taken["quantity"].to_numpy()

    @cached_property
    def _taken_by(self) -> _Index:
        """Rows of what builds take from groups, by build."""
        return _indexed(self.moves.taken["move"].to_numpy().astype(np.int64))

    def builds(self, node: int) -> Integers:
        """Return the builds of an item at a site."""
        made = self.into.at(node)
        builds: Integers = made[self.moves.kind[made] == BUILD]
        return builds

    @cached_property
    def turn(self) -> Integers:
        """Within a day, the turn of a move that goes round in a circle of sites; -1 for all others."""
        return turns(self)

    @cached_property
    def _use_turn(self) -> Integers:
        """The turn of a move as a use: who does not go round within the day takes after all who do."""
        return np.where(self.turn < 0, np.iinfo(np.int64).max, self.turn)

    def supplies(self, node: int) -> Integers:
        """Return the moves that supply a node, in no order of days."""
        return self.into.at(node)

    def uses(self, node: int) -> Uses:
        """Return what takes from a node, in no order of days."""
        moves, lines = self.moves, self.lines
        sent = self.out_of.at(node)
        found = [Uses(sent, moves.quantity[sent], np.ones(sent.size), np.full(sent.size, -1))]
        here = lines.taking(node)
        for line in range(here.start, here.stop):
            if lines.group[line] < 0:
                build = self._by_line(line)
                quantity = moves.quantity[build] * lines.per_unit[line]
                found.append(Uses(build, quantity, np.ones(build.size), np.full(build.size, -1)))
        found.extend(self._alternates(node, here))
        return Uses(
            np.concatenate([one.move for one in found]),
            np.concatenate([one.quantity for one in found]),
            np.concatenate([one.part for one in found]),
            np.concatenate([one.group for one in found]),
        )

    def _by_line(self, line: int) -> Integers:
        build = self.builds(int(self.lines.parent[line]))
        day = self.moves.start[build]
        held: Integers = build[(self.lines.since[line] <= day) & (day <= self.lines.until[line])]
        return held

    def _alternates(self, node: int, here: slice) -> list[Uses]:
        if self.moves.taken.is_empty():
            return []
        moves, lines = self.moves, self.lines
        index, groups, quantities = self._taken
        row = index.at(node)
        if row.size == 0:
            return []
        build = moves.taken["move"].to_numpy().astype(np.int64)[row]
        part = np.ones(row.size)
        for line in range(here.start, here.stop):
            day = moves.start[build]
            by = (lines.group[line] == groups[row]) & (lines.parent[line] == moves.into[build])
            by &= (lines.since[line] <= day) & (day <= lines.until[line])
            part[by] = quantities[row][by] / (lines.per_unit[line] * moves.quantity[build][by])
        return [Uses(build, quantities[row], part, groups[row])]

    def match(self, node: int) -> Match:
        """Return who takes from whom at a node: first in, first out by days, then in the order of the plan."""
        if node not in self._matches:
            self._matches[node] = self._match(node)
        return self._matches[node]

    def _match(self, node: int) -> Match:
        moves, turn = self.moves, self.turn
        supply = self.supplies(node)
        supply = supply[np.lexsort((supply, moves.kind[supply], turn[supply], moves.end[supply]))]
        uses = self.uses(node)
        order = np.lexsort((uses.move, self._use_turn[uses.move], moves.start[uses.move]))
        uses = Uses(uses.move[order], uses.quantity[order], uses.part[order], uses.group[order])
        pegs = first_in_first_out(moves.good[supply], uses.quantity)
        giver = np.where(pegs.supply == NOBODY, NOBODY, supply[pegs.supply] if supply.size else NOBODY)
        taker = np.where(pegs.use == NOBODY, NOBODY, uses.move[pegs.use] if uses.move.size else NOBODY)
        return Match(giver, taker, pegs.quantity, pegs.use, self._there(giver, taker), uses)

    def _there(self, supply: Integers, use: Integers) -> Flags:
        """Whether each supply was there before its use: on an earlier day, or earlier in the order of that day."""
        moves, nodes = self.moves, self.nodes
        begun, arrived, taken = moves.start[supply], moves.end[supply], moves.start[use]
        depth, circle = nodes.rank(moves.into[supply])
        next_depth, next_circle = nodes.rank(moves.into[use])
        before = (depth < next_depth) | ((circle == next_circle) & (self.turn[supply] < self._use_turn[use]))
        there = (use == NOBODY) | ((arrived <= taken) & ((begun < taken) | before))
        covered: Flags = (supply != NOBODY) & there
        return covered

    def inputs(self, move: int) -> list[int]:
        """Return the nodes that a move takes from."""
        moves, lines = self.moves, self.lines
        if moves.kind[move] != BUILD:
            return [int(moves.out_of[move])] if moves.out_of[move] >= 0 else []
        line = lines.building(int(moves.into[move]))
        day = moves.start[move]
        held = line[(lines.since[line] <= day) & (day <= lines.until[line]) & (lines.group[line] < 0)]
        found = lines.component[held].tolist()
        if not moves.taken.is_empty():
            row = self._taken_by.at(move)
            site = int(moves.into[move]) % len(moves.sites)
            component = numbers(moves.taken["component"][row.tolist()], moves.items)
            found += (component * len(moves.sites) + site).tolist()
        return list(dict.fromkeys(found))
