"""Prices to a bound: the cost roll-up, in time and through the bill of materials.

Take any prices of capacity, supply, contracts and of every other row. The *links* of the model, its balances and
demands, say what one more unit of an item, at a site, in a bucket may at most be worth: no more than buying it, making
it from its components at their prices, shipping it from where it is, or keeping it from the bucket before. One pass,
from the components up and through time, lowers every price to what it may be; after it no column pays, and the prices
are a proven lower bound on the cost of every plan, whatever they were before.

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

from boxbuild.solve.structured.bands import Terms, value_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Longs = NDArray[np.int64]

PASSES = 8
"""Passes over all prices at most: more than one is needed only where what is consumed hangs on what is made of it."""


@dataclass(frozen=True)
class Order:
    """Order in which prices are lowered: what is consumed comes before what is made of it.

    Parameters
    ----------
    chain
        The links in their order.
    first
        Where each circle of links begins in ``chain``: a link by itself, or several that lead back to each other.
    plain
        Whether an arc supplies one link in one bucket only, and does not consume it. Shape ``(arcs,)``.
    taken
        Term by which an arc consumes the one link that it supplies later, as the keeping of stock does; -1 of all
        others. Shape ``(arcs,)``.
    sure
        Whether one pass is enough: there are no circles, and no arc supplies two links.
    """

    chain: Longs
    first: Longs
    plain: Flags
    taken: Longs
    sure: bool


def order(terms: Terms, link: Flags) -> Order:
    """Return an order in which what is consumed comes before what is made of it.

    Parameters
    ----------
    terms
        Terms of the model.
    link
        Whether a chain is a link. Shape ``(chains,)``.
    """
    given, taken = _edges(terms, link)
    depth, circle = _levels(taken, given, link.size)
    every = np.flatnonzero(link)
    ranked = every[np.lexsort((circle[every], depth[every]))]
    starts = np.flatnonzero(np.diff(circle[ranked], prepend=-1))
    most, least = _extremes(terms)
    gives = np.flatnonzero(link[terms.chain] & (most > 0))
    takes = np.flatnonzero(link[terms.chain] & (least < 0))
    arcs = terms.first.size - 1
    supplied, ahead = np.full(arcs, -1, dtype=np.int64), np.zeros(arcs, dtype=np.int64)
    supplied[terms.arc[gives]], ahead[terms.arc[gives]] = terms.chain[gives], terms.shift[gives]
    plain = supplied >= 0
    other = (supplied[terms.arc[gives]] != terms.chain[gives]) | (ahead[terms.arc[gives]] != terms.shift[gives])
    plain[terms.arc[gives][other]] = False
    plain[terms.arc[takes][supplied[terms.arc[takes]] == terms.chain[takes]]] = False
    alone = bool((supplied[terms.arc[gives]] == terms.chain[gives]).all())
    return Order(
        ranked, np.append(starts, ranked.size), plain, _taken(terms, link), alone and starts.size == ranked.size
    )


def _taken(terms: Terms, link: Flags) -> Longs:
    """Term by which an arc takes from one chain what it gives back to it later, steadily; -1 of all others."""
    arcs = terms.first.size - 1
    linked = np.flatnonzero(link[terms.chain])
    count = np.bincount(terms.arc[linked], minlength=arcs)
    firsts = np.cumsum(count) - count
    two = np.flatnonzero(count == 2)
    one, other = linked[firsts[two]], linked[firsts[two] + 1]
    take = np.where(terms.value[one] < 0, one, other)
    give = one + other - take
    steady = (terms.at[take] < 0) & (terms.at[give] < 0) & (terms.value[take] < 0) & (terms.value[give] > 0)
    within = (terms.start[take] <= terms.start[give]) & (terms.stop[take] >= terms.stop[give])
    kept = steady & within & (terms.chain[take] == terms.chain[give]) & (terms.shift[take] < terms.shift[give])
    taken = np.full(arcs, -1, dtype=np.int64)
    taken[two[kept]] = take[kept]
    return taken


def _extremes(terms: Terms) -> tuple[Floats, Floats]:
    """Largest and smallest value of every term."""
    most, least = terms.value.copy(), terms.value.copy()
    changing = np.flatnonzero(terms.at >= 0)
    if changing.size:
        firsts = terms.at[changing]
        most[changing], least[changing] = (
            np.maximum.reduceat(terms.values, firsts),
            np.minimum.reduceat(terms.values, firsts),
        )
    return most, least


def _edges(terms: Terms, link: Flags) -> tuple[Longs, Longs]:
    """Pairs (supplied chain, consumed chain) of every arc, one supply against each consumption; keeping is none."""
    mine = link[terms.chain]
    gives = np.flatnonzero(mine & (terms.value > 0))
    takes = np.flatnonzero(mine & (terms.value < 0))
    arc = terms.arc[takes]
    counts = np.bincount(terms.arc[gives], minlength=terms.first.size - 1)
    firsts = np.concatenate([[0], np.cumsum(counts)])
    many = counts[arc]
    take = np.repeat(takes, many)
    give = gives[np.repeat(firsts[arc], many) + np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)]
    supplied, consumed = terms.chain[give].astype(np.int64), terms.chain[take].astype(np.int64)
    moves = supplied != consumed
    return supplied[moves], consumed[moves]


def depths(terms: Terms, link: Flags) -> Longs:
    """Return the longest way to each chain from components up, lead times aside. Shape ``(chains,)``."""
    supplied, consumed = _edges(terms, link)
    return _levels(consumed, supplied, link.size)[0]


def _levels(before: Longs, after: Longs, count: int) -> tuple[Longs, Longs]:
    """Longest path to every chain, and the circle that it is in; chains in a circle share a depth."""
    graph = csr_matrix((np.ones(before.size, dtype=bool), (before, after)), shape=(count, count))
    circles, circle = connected_components(graph, directed=True, connection="strong")
    depth = np.zeros(circles, dtype=np.int64)
    _deepen(depth, circle[before], circle[after])
    return depth[circle], circle.astype(np.int64)


@numba.njit(cache=True)
def _deepen(depth: Any, before: Any, after: Any) -> None:
    deeper = True
    while deeper:
        deeper = False
        for k in range(before.size):
            if before[k] != after[k] and depth[after[k]] <= depth[before[k]]:
                depth[after[k]] = depth[before[k]] + 1
                deeper = True


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
        changed = _pass(prices, floor, base, link, ordered.chain, ordered.first, ordered.plain, ordered.taken, terms)
        if ordered.sure or not changed:
            return count
    return PASSES


@numba.njit(cache=True)
def _pass(
    prices: Any, floor: Any, base: Any, link: Any, ordered: Any, circle: Any, plain: Any, taken: Any, terms: Terms
) -> Any:
    """Lower all prices once: links by themselves over all buckets at once, circles of links bucket by bucket."""
    arc, by_chain = terms.arc, terms.by_chain
    changed = False
    left = np.empty(prices.shape[1])
    others = np.empty(by_chain.size, np.int64)
    for g in range(circle.size - 1):
        links = ordered[circle[g] : circle[g + 1]]
        many = 0
        if links.size == 1:
            many, lowered = _bought(links[0], left, others, prices, floor, base, link, plain, terms)
            changed |= lowered
            changed |= _keep(links[0], others[:many], taken, prices, floor, base, terms)
            if many == 0 or np.min(taken[arc[others[:many]]]) >= 0:
                continue
        else:
            for c in links:
                for q in by_chain[terms.by_chain_first[c] : terms.by_chain_first[c + 1]]:
                    if terms.value[q] > 0 or terms.at[q] >= 0:
                        others[many] = q
                        many += 1
        changed |= _share(others[:many], prices, floor, base, link, terms)
    return changed


@numba.njit(cache=True)
def _bought(
    c: Any, left: Any, others: Any, prices: Any, floor: Any, base: Any, link: Any, plain: Any, terms: Terms
) -> Any:
    """Lower one link below what each of its plain suppliers costs; list the others, and return how many they are."""
    first, arc, chain, shift, start, stop, value, at, values, chain_first, by_chain = terms
    many = 0
    changed = False
    for q in by_chain[chain_first[c] : chain_first[c + 1]]:
        if value[q] <= 0 and at[q] < 0:
            continue
        if not plain[arc[q]]:
            others[many] = q
            many += 1
            continue
        # what the supplier costs, with what it consumes
        a = arc[q]
        left[start[q] : stop[q]] = base[a][start[q] : stop[q]]
        for p in range(first[a], first[a + 1]):
            begin, end = max(start[p], start[q]), min(stop[p], stop[q])
            if p == q or not link[chain[p]] or begin >= end:
                continue
            here = left[begin:end]
            price = prices[chain[p]][begin + shift[p] : end + shift[p]]
            if at[p] < 0:
                w = value[p]
                for t in range(here.size):
                    here[t] -= w * price[t]
            else:
                ws = values[at[p] + begin - start[p] : at[p] + end - start[p]]
                for t in range(here.size):
                    here[t] -= ws[t] * price[t]
        # and the price that this allows
        price = prices[c][start[q] + shift[q] : stop[q] + shift[q]]
        least = floor[c][start[q] + shift[q] : stop[q] + shift[q]]
        cost = left[start[q] : stop[q]]
        for t in range(cost.size):
            v = value[q] if at[q] < 0 else values[at[q] + t]
            if v > 0 and price[t] * v > cost[t]:
                lowered = max(cost[t] / v, least[t])
                if price[t] > lowered:
                    changed = changed or price[t] > lowered + 1e-9 * (1.0 + abs(lowered))
                    price[t] = lowered
    return many, changed


@numba.njit(cache=True)
def _keep(c: Any, keeping: Any, taken: Any, prices: Any, floor: Any, base: Any, terms: Terms) -> Any:
    """Lower the prices of one link to what they were before, and what it costs to keep a unit since then."""
    _, arc, _, shift, start, stop, value, _, _, _, _ = terms
    changed = False
    price, least = prices[c], floor[c]
    for give in keeping:
        take = taken[arc[give]]
        if take < 0:
            continue
        cost = base[arc[give]]
        for s in range(start[give], stop[give]):
            before = (cost[s] - value[take] * price[s + shift[take]]) / value[give]
            t = s + shift[give]
            lowered = max(before, least[t])
            if price[t] > lowered:
                changed = changed or price[t] > lowered + 1e-9 * (1.0 + abs(lowered))
                price[t] = lowered
    return changed


@numba.njit(cache=True)
def _share(suppliers: Any, prices: Any, floor: Any, base: Any, link: Any, terms: Terms) -> Any:
    """Lower, bucket by bucket, the prices of all that a supplier supplies from then on below what it costs."""
    first, arc, chain, shift, start, stop, value, at, values, _, _ = terms
    changed = False
    for t in range(prices.shape[1]):
        for q in suppliers:
            a, s = arc[q], t - shift[q]
            if s < start[q] or s >= stop[q] or (value[q] if at[q] < 0 else values[at[q] + s - start[q]]) <= 0:
                continue
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
            level = _level(a, s, t, left, left / share, prices, link, terms)
            for p in range(first[a], first[a + 1]):
                if s < start[p] or s >= stop[p] or not link[chain[p]] or s + shift[p] < t:
                    continue
                if (value[p] if at[p] < 0 else values[at[p] + s - start[p]]) > 0:
                    price = prices[chain[p], s + shift[p]]
                    lowered = max(level, floor[chain[p], s + shift[p]])
                    if price > lowered:
                        changed = changed or price > lowered + 1e-9 * (1.0 + abs(lowered))
                        prices[chain[p], s + shift[p]] = lowered
    return changed


@numba.njit(cache=True)
def _level(a: Any, s: Any, t: Any, left: Any, level: Any, prices: Any, link: Any, terms: Terms) -> Any:
    """Price at which a column breaks even: what is below it keeps its price, the others share what is left."""
    first, _, chain, shift, start, stop, _, _, _, _, _ = terms
    while True:
        rest = left
        share = 0.0
        for p in range(first[a], first[a + 1]):
            if s < start[p] or s >= stop[p] or not link[chain[p]] or s + shift[p] < t:
                continue
            w = value_of(p, s, terms)
            if w > 0:
                price = prices[chain[p], s + shift[p]]
                if price < level:
                    rest -= w * price
                else:
                    share += w
        if share == 0.0 or rest / share <= level + 1e-12 * abs(level):
            return level
        level = rest / share
