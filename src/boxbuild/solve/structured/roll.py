"""Prices to a bound: the cost roll-up, in time and through the bill of materials.

Take any prices of capacity, supply, contracts and of every other row. The *links* of the model, its balances and demands,
say what one more unit of an item, at a site, in a bucket may at most be worth: no more than buying it, making it from
its components at their prices, shipping it from where it is, or keeping it from the bucket before. One pass through time,
in each bucket from the components up, lowers every price to what it may be; after it no column pays, and the prices are
a proven lower bound on the cost of every plan, whatever they were before.

The prices of a bill of materials are the cost roll-up of every planner, which makes this the dual of the explosion: W.
Leontief, "Input-output economics" (1966).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from boxbuild.solve.structured.bands import Terms

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Longs = NDArray[np.int64]

PASSES = 8
"""Passes over all prices at most: more than one is needed only where lanes lead in circles within a bucket."""


@dataclass(frozen=True)
class Order:
    """Order of the links inside a bucket, components first, and those that look ahead in time and come last."""

    first: Longs
    last: Longs


def order(terms: Terms, link: Flags) -> Order:
    """Return an order in which what is consumed comes before what is made of it in the same bucket.

    Parameters
    ----------
    terms
        Terms of the model.
    link
        Whether a chain is a link. Shape ``(chains,)``.
    """
    supplied, consumed = _edges(terms, link)
    ahead = supplied[1] < consumed[1]
    late = np.zeros(link.size, dtype=bool)
    late[supplied[0][ahead]] = True
    depth = depths(terms, link)
    every = np.flatnonzero(link)
    ranked = every[np.argsort(depth[every], kind="stable")]
    return Order(ranked[~late[ranked]], ranked[late[ranked]])


def _edges(terms: Terms, link: Flags) -> tuple[tuple[Longs, Longs], tuple[Longs, Longs]]:
    """Pairs (supplied chain and shift, consumed chain and shift) of every arc, one supply against each consumption."""
    mine = link[terms.chain]
    gives = np.flatnonzero(mine & (terms.value > 0))
    takes = np.flatnonzero(mine & (terms.value < 0))
    arc = terms.arc[takes]
    counts = np.bincount(terms.arc[gives], minlength=terms.first.size - 1)
    firsts = np.concatenate([[0], np.cumsum(counts)])
    many = counts[arc]
    take = np.repeat(takes, many)
    give = gives[np.repeat(firsts[arc], many) + np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)]
    keeps = terms.chain[give] == terms.chain[take]
    give, take = give[~keeps], take[~keeps]
    return (
        (terms.chain[give].astype(np.int64), terms.shift[give].astype(np.int64)),
        (terms.chain[take].astype(np.int64), terms.shift[take].astype(np.int64)),
    )


def depths(terms: Terms, link: Flags) -> Longs:
    """Return the longest way to each chain from components up, lead times aside. Shape ``(chains,)``."""
    supplied, consumed = _edges(terms, link)
    return _depths(consumed[0], supplied[0], link.size)


def _depths(before: Longs, after: Longs, count: int) -> Longs:
    """Longest path to every chain; chains in a circle share a depth."""
    graph = csr_matrix((np.ones(before.size, dtype=np.int8), (before, after)), shape=(count, count))
    parts, part = connected_components(graph, directed=True, connection="strong")
    one, two = part[before], part[after]
    edges = np.unique(np.stack([one[one != two], two[one != two]]), axis=1)
    depth = np.zeros(parts, dtype=np.int64)
    while True:
        deeper = depth.copy()
        np.maximum.at(deeper, edges[1], depth[edges[0]] + 1)
        if np.array_equal(deeper, depth):
            return depth[part].astype(np.int64)
        depth = deeper


def roll(prices: Floats, floor: Floats, base: Floats, terms: Terms, link: Flags, ordered: Order) -> int:
    """Lower the prices of the links, in place, until no column pays. Return the passes that it took.

    Parameters
    ----------
    prices
        Price of every chain and bucket. Shape ``(chains, buckets)``.
    floor
        Price below which no unit falls: what it costs to keep it to the end, for then it need not be used. Same shape.
    base
        Cost of every column less what its other rows (those that are not links) are worth; infinite where there is no
        column. Shape ``(arcs, buckets)``.
    terms, link, ordered
        Terms of the model, its links and their order.
    """
    for count in range(1, PASSES + 1):
        changed = _pass(prices, floor, base, link, ordered.first, ordered.last, *_arrays(terms))
        if not changed:
            return count
    return PASSES


def _arrays(terms: Terms) -> tuple[Any, ...]:
    return (
        terms.first,
        terms.arc,
        terms.chain,
        terms.shift,
        terms.start,
        terms.stop,
        terms.value,
        terms.at,
        terms.values,
        terms.by_chain_first,
        terms.by_chain,
    )


@numba.njit(cache=True)
def _lower(
    c: Any,
    t: Any,
    prices: Any,
    floor: Any,
    base: Any,
    link: Any,
    first: Any,
    arc: Any,
    chain: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
    chain_first: Any,
    by_chain: Any,
) -> Any:
    """Lower the price of one chain and bucket below what each of its suppliers costs."""
    changed = False
    for k in range(chain_first[c], chain_first[c + 1]):
        q = by_chain[k]
        s = t - shift[q]
        if s < start[q] or s >= stop[q]:
            continue
        v = value[q] if at[q] < 0 else values[at[q] + s - start[q]]
        if v <= 0:
            continue
        a = arc[q]
        left = base[a, s]
        total = 0.0
        share = 0.0
        for p in range(first[a], first[a + 1]):
            if s < start[p] or s >= stop[p] or not link[chain[p]]:
                continue
            w = value[p] if at[p] < 0 else values[at[p] + s - start[p]]
            price = prices[chain[p], s + shift[p]]
            if w > 0 and s + shift[p] >= t:
                total += w * price
                share += w
            else:
                left -= w * price
        if total <= left:
            continue
        level = left / share
        while True:  # what is below the level keeps its price, the others share what is left
            rest = left
            share = 0.0
            for p in range(first[a], first[a + 1]):
                if s < start[p] or s >= stop[p] or not link[chain[p]] or s + shift[p] < t:
                    continue
                w = value[p] if at[p] < 0 else values[at[p] + s - start[p]]
                if w > 0:
                    price = prices[chain[p], s + shift[p]]
                    if price < level:
                        rest -= w * price
                    else:
                        share += w
            if share == 0.0 or rest / share <= level + 1e-12 * abs(level):
                break
            level = rest / share
        for p in range(first[a], first[a + 1]):
            if s < start[p] or s >= stop[p] or not link[chain[p]] or s + shift[p] < t:
                continue
            w = value[p] if at[p] < 0 else values[at[p] + s - start[p]]
            if w > 0:
                price = prices[chain[p], s + shift[p]]
                lowered = max(level, floor[chain[p], s + shift[p]])
                if price > lowered:
                    changed = changed or price > lowered + 1e-9 * (1.0 + abs(lowered))
                    prices[chain[p], s + shift[p]] = lowered
    return changed


@numba.njit(cache=True)
def _pass(
    prices: Any,
    floor: Any,
    base: Any,
    link: Any,
    early: Any,
    late: Any,
    first: Any,
    arc: Any,
    chain: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
    chain_first: Any,
    by_chain: Any,
) -> Any:
    changed = False
    for t in range(prices.shape[1]):
        for i in range(early.size):
            if _lower(
                early[i],
                t,
                prices,
                floor,
                base,
                link,
                first,
                arc,
                chain,
                shift,
                start,
                stop,
                value,
                at,
                values,
                chain_first,
                by_chain,
            ):
                changed = True
    for t in range(prices.shape[1]):
        for i in range(late.size):
            if _lower(
                late[i],
                t,
                prices,
                floor,
                base,
                link,
                first,
                arc,
                chain,
                shift,
                start,
                stop,
                value,
                at,
                values,
                chain_first,
                by_chain,
            ):
                changed = True
    return changed
