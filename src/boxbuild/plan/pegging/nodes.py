"""The order of nodes: an item at a site comes before whatever is made of it or is where it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from boxbuild.plan.pegging.moves import BUILD, SHIP, Flags, Integers, Moves
from boxbuild.plan.pegging.recipes import Lines


@dataclass(frozen=True)
class Nodes:
    """Nodes and their order.

    Parameters
    ----------
    nodes
        Numbers of all nodes that moves touch, sorted. Shape ``(nodes,)``.
    circle
        Number of the circle that each node is in: sites that send an item back and forth are one circle, every other
        node is one of its own.
    depth
        Such that every link between two circles goes from the smaller to the larger.
    round
        Whether goods can go round in each circle. Shape ``(circles,)``.
    """

    nodes: Integers
    circle: Integers
    depth: Integers
    round: Flags

    def rank(self, nodes: Integers) -> tuple[Integers, Integers]:
        """Return depth and circle of nodes; of -1, what stands after all."""
        place = np.minimum(np.searchsorted(self.nodes, nodes), self.nodes.size - 1)
        last = np.iinfo(np.int64).max
        return np.where(nodes < 0, last, self.depth[place]), np.where(nodes < 0, -1, self.circle[place])

    @cached_property
    def _by_circle(self) -> tuple[Integers, Integers]:
        order = np.argsort(self.circle, kind="stable")
        return order, self.circle[order]

    def members(self, circle: int) -> Integers:
        """Return the nodes of a circle."""
        order, circles = self._by_circle
        first, last = np.searchsorted(circles, [circle, circle + 1])
        return self.nodes[order[first:last]]


def nodes_of(moves: Moves, lines: Lines) -> Nodes:
    """Return the nodes of a plan in their order."""
    built = _distinct(moves.into[moves.kind == BUILD])
    used = np.isin(lines.parent, built)
    shipped = moves.kind == SHIP
    span = len(moves.items) * len(moves.sites)
    ways = _distinct(moves.out_of[shipped] * span + moves.into[shipped])
    tail = np.r_[lines.component[used], ways // span]
    head = np.r_[lines.parent[used], ways % span]
    touched = np.r_[_distinct(moves.into), _distinct(moves.out_of), tail, head]
    nodes = np.unique(touched[touched >= 0])
    start, end = _places(nodes, tail), _places(nodes, head)
    count, circle = _circles(start, end, nodes.size)
    between = circle[start] != circle[end]
    depth = _depths(circle[start[between]], circle[end[between]], count)
    goes_round = np.zeros(count, np.bool_)
    goes_round[circle[start[~between]]] = True
    return Nodes(nodes, circle, depth[circle], goes_round)


def _distinct(values: Integers) -> Integers:
    """Return each value once, in no order: by a hash, for there are millions."""
    return pl.Series(values).unique().to_numpy()


def _places(nodes: Integers, which: Integers) -> Integers:
    """Return the positions of nodes in a sorted list of them."""
    return np.searchsorted(nodes, which).astype(np.int64)


def _circles(tail: Integers, head: Integers, vertices: int) -> tuple[int, Integers]:
    """Return how many circles a graph has, and the number of the circle of each vertex."""
    graph = coo_array((np.ones(tail.size, np.int8), (tail, head)), shape=(vertices, vertices))
    count, circle = connected_components(graph, connection="strong")
    return count, circle.astype(np.int64)


def _depths(tail: Integers, head: Integers, count: int) -> Integers:
    """Return the longest way to each of the vertices of a graph without circles."""
    depth = np.zeros(count, np.int64)
    while True:
        deeper = depth.copy()
        np.maximum.at(deeper, head, depth[tail] + 1)
        if np.array_equal(deeper, depth):
            return depth
        depth = deeper
