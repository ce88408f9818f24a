"""The graph that bills of materials make: low-level codes and cycles."""

from __future__ import annotations

from collections import deque

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]


def levels(edges: pl.DataFrame) -> pl.DataFrame:
    """Return the low-level code of every item: the longest way down to it from an item that is in nothing.

    Parameters
    ----------
    edges
        Columns ``parent`` and ``component``.

    Returns
    -------
    DataFrame
        Columns ``item`` and ``level`` (0: in nothing), in the order of first appearance. An item on a cycle,
        or below one, has level -1.

    Notes
    -----
    Kahn's topological sort, one level at a time, so that the work of a level is a few array operations.
    """
    items, graph = _graph(edges)
    waiting = np.asarray(graph.sum(axis=0)).ravel().astype(np.int64)
    level = np.full(len(items), -1, dtype=np.int64)
    frontier = np.flatnonzero(waiting == 0)
    depth = 0
    while frontier.size:
        level[frontier] = depth
        reached, counts = np.unique(_targets(graph, frontier), return_counts=True)
        waiting[reached] -= counts
        frontier = reached[waiting[reached] == 0]
        depth += 1
    return pl.DataFrame({"item": items, "level": level}, schema={"item": pl.String, "level": pl.Int64})


def cycles(edges: pl.DataFrame) -> list[tuple[str, ...]]:
    """Return one cycle from each knot of items that contain each other; none where the graph has no cycle.

    Each is a tuple of items from parent to component; the last one contains the first.
    """
    items, graph = _graph(edges)
    if not len(items):
        return []
    _, knot = connected_components(graph, connection="strong")
    looped = graph.diagonal() > 0
    tied = looped | (np.bincount(knot)[knot] > 1)
    starts: dict[int, int] = {}
    for node in np.flatnonzero(tied):
        known = starts.get(int(knot[node]))
        if known is None or (looped[node] and not looped[known]):
            starts[int(knot[node])] = int(node)
    return [tuple(items[node] for node in _cycle(graph, start)) for start in starts.values()]


def _graph(edges: pl.DataFrame) -> tuple[pl.Series, csr_array]:
    """Return the items and the matrix with a 1 where the row's item contains the column's."""
    pairs = edges.select("parent", "component").drop_nulls().unique(maintain_order=True)
    items = pl.concat([pairs["parent"], pairs["component"]]).unique(maintain_order=True).alias("item")
    code = pl.DataFrame({"item": items, "code": np.arange(len(items))}, schema={"item": pl.String, "code": pl.Int64})
    row = pairs.join(code, left_on="parent", right_on="item", maintain_order="left")["code"].to_numpy()
    column = pairs.join(code, left_on="component", right_on="item", maintain_order="left")["code"].to_numpy()
    ones = np.ones(len(row), dtype=np.int64)
    return items, csr_array((ones, (row, column)), shape=(len(items), len(items)))


def _targets(graph: csr_array, nodes: Ints) -> Ints:
    """Return the ends of all edges that leave the nodes, with repetitions."""
    ends: Ints = graph[nodes].indices.astype(np.int64)
    return ends


def _cycle(graph: csr_array, start: int) -> list[int]:
    """Return the shortest way from a node on a cycle back to itself, by breadth-first search."""
    before: dict[int, int] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for end in graph.indices[graph.indptr[node] : graph.indptr[node + 1]].tolist():
            if end == start:
                way = [node]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            if end not in before:
                before[end] = node
                queue.append(end)
    return []
