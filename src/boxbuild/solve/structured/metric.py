"""The metric: how far a step may go, from how much flows and what it is worth.

A first-order method is as good as its scaling. Rows and columns are measured in their own size first: a column by its
*volume* (units a bucket that an equal split of average demand would send through it), a row by its *worth* (what one
more unit costs without any limits). As prices and flows become known, so do the sizes: a part of a few cents that
stops a line is worth what the line loses, and its price has far to go. With volumes ``v`` and worths ``g``,

    step of column j = v_j / sum_i |a_ij| g_i        step of row i = g_i / sum_j |a_ij| v_j

keeps the norm of the scaled matrix at or below 1. The stock of an item at a site is a chain in time: it is taken out of
the diagonal, its block of ``A T A'`` is tridiagonal, is factorised, and is solved exactly in every step.

T. Pock and A. Chambolle, "Diagonal preconditioning for first order primal-dual algorithms in convex optimization",
ICCV 2011.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from boxbuild.solve.structured import kernels
from boxbuild.solve.structured.bands import Terms
from boxbuild.solve.structured.problem import Problem

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Flags = NDArray[np.bool_]

ROUNDS = 12
"""Rounds of the explosion that gives the volumes: a bill of materials of so many levels and lanes is exact."""

KEPT = 3.0
"""Step of what is kept, in volumes."""

UNSEEN = 0.3
"""Least volume of an arc whose flow is seen, in first volumes: it may yet be used."""

GROWN = 1e6
"""Most that a row may be seen to be worth, in first worths: prices of what cannot be met grow without end."""

LIMIT = 0.5
"""Worth of a limit's whole use, in worths of what is made with it."""


@dataclass(frozen=True)
class Metric:
    """Steps of columns and rows.

    Parameters
    ----------
    column
        Step of each arc. Shape ``(arcs,)``.
    row
        Step of each chain that is not a stock. Shape ``(ranged, buckets)``.
    single
        Step of each single row.
    load, kept
        The stocks' metric: ``load[t] + 2 kept`` on its diagonal, ``load[0] + kept`` in the first bucket, and ``-kept``
        beside it. Shapes ``(nodes, buckets)`` and ``(nodes,)``.
    inverse_pivot, factor
        The same, factorised, in blocks for the kernel, in single precision. Shape ``(blocks, buckets, BLOCK)``.
    """

    column: Floats
    row: Floats
    single: Floats
    load: Floats
    kept: Floats
    inverse_pivot: Singles
    factor: Singles


@dataclass(frozen=True)
class Sizes:
    """How much flows, and what it is worth: what steps are measured by.

    Parameters
    ----------
    volume
        Units a bucket that flow through each arc. Shape ``(arcs,)``.
    worth, single_worth
        What one unit of each chain and of each single row is worth. Shapes ``(chains,)`` and ``(singles,)``.
    """

    volume: Floats
    worth: Floats
    single_worth: Floats


def first_sizes(problem: Problem, worth: Floats) -> Sizes:
    """Return the sizes before anything is known: demand split equally, and worths without limits.

    Parameters
    ----------
    problem
        The problem.
    worth
        Worth of one unit of each link. Shape ``(chains,)``.
    """
    volume = volumes(problem)
    return Sizes(volume, *_worths(problem, volume, worth))


def seen_sizes(first: Sizes, quantities: Floats, prices: Floats, single_prices: Floats) -> Sizes:
    """Return the sizes of quantities and prices that are seen, not far below the first ones.

    Parameters
    ----------
    first
        The sizes before anything was known.
    quantities, prices, single_prices
        What is seen. Shapes ``(arcs, buckets)``, ``(chains, buckets)`` and ``(singles,)``.
    """
    flows = 0.5 * (quantities.mean(axis=1, dtype=np.float64) + quantities.max(axis=1))
    dearest = np.maximum(prices.max(axis=1), -prices.min(axis=1))
    return Sizes(
        np.maximum(UNSEEN * first.volume, flows),
        np.clip(dearest, first.worth, GROWN * first.worth),
        np.clip(np.abs(single_prices), first.single_worth, GROWN * first.single_worth),
    )


def metric(problem: Problem, sizes: Sizes) -> Metric:
    """Return the steps of a problem, for quantities and prices of given sizes."""
    chains, singles = problem.bands.chains, problem.bands.singles
    volume, weight, single_weight = sizes.volume, sizes.worth, sizes.single_worth
    worth_of = np.zeros(problem.arcs)
    _dearest(weight, chains, single_weight, singles, problem.buckets, worth_of)
    alone = worth_of <= 1e-12 * worth_of.max(initial=0.0)  # in no row: a step of its volume
    worth_of[alone] = np.maximum(np.abs(problem.cost[alone]).max(axis=1, initial=0.0), 1.0)
    column = volume / worth_of
    kept = KEPT * volume[problem.keep] / weight[: problem.nodes]
    column[problem.keep] = np.where(_counted_elsewhere(problem), np.minimum(KEPT * column[problem.keep], kept), kept)
    scaled = volume.copy()
    scaled[problem.keep] = np.where(_counted_elsewhere(problem), KEPT * volume[problem.keep], 0.0)
    load = np.zeros((problem.chains, problem.buckets))
    _loads(scaled, chains, load)
    single_load = _single_loads(singles, volume, problem.singles)
    load /= weight[:, None]
    ranged = load[problem.nodes :]
    row = np.where(ranged > 0, 1.0 / np.where(ranged > 0, ranged, 1.0), 0.0)
    single = np.where(single_load > 0, single_weight / np.where(single_load > 0, single_load, 1.0), 0.0)
    stock = load[: problem.nodes]
    return Metric(column, row, single, stock, kept, *_factorised(stock, kept))


def _counted_elsewhere(problem: Problem) -> Flags:
    """Whether what is kept of a stock stands in other rows than its own balance. Shape ``(nodes,)``."""
    terms = problem.bands.chains
    elsewhere = np.zeros(problem.arcs, dtype=bool)
    elsewhere[terms.arc[terms.chain >= problem.nodes]] = True
    elsewhere[problem.bands.singles.arc] = True
    return elsewhere[problem.keep]


def volumes(problem: Problem) -> Floats:
    """Return the units a bucket that an equal split of average demand sends through every arc. Shape ``(arcs,)``."""
    terms = problem.bands.chains
    link = problem.link[terms.chain]
    gives, takes = link & (terms.value > 0), link & (terms.value < 0)
    main = gives & ~problem.aside[terms.arc]
    pairs, at = np.unique(np.stack([terms.arc[main], terms.chain[main]]), axis=1, return_inverse=True)
    yields = np.bincount(at.ravel(), weights=terms.value[main])
    suppliers = np.bincount(pairs[1], minlength=problem.chains)
    need = np.where(problem.link, np.maximum(problem.low, 0.0).sum(axis=1) / problem.buckets, 0.0)
    required = need.copy()
    volume = np.zeros(problem.arcs)
    for _ in range(ROUNDS):
        share = required[pairs[1]] / np.maximum(suppliers[pairs[1]], 1)
        volume = np.zeros(problem.arcs)
        np.maximum.at(volume, pairs[0], share / yields)
        taken = np.bincount(
            terms.chain[takes], weights=-terms.value[takes] * volume[terms.arc[takes]], minlength=problem.chains
        )
        required = need + taken
    volume[problem.keep] = np.maximum(required[: problem.nodes], 0.0)
    fallback = np.zeros(problem.arcs)
    np.maximum.at(fallback, terms.arc[gives], required[terms.chain[gives]])
    volume = np.where(volume > 0, volume, fallback)
    usual = float(np.median(volume[volume > 0])) if (volume > 0).any() else 1.0
    return np.maximum(np.where(volume > 0, volume, usual), 1e-6 * usual)


def _worths(problem: Problem, volume: Floats, worth: Floats) -> tuple[Floats, Floats]:
    """Worth of one unit of every chain and single row: of a limit, a part of what is made with it."""
    terms, singles = problem.bands.chains, problem.bands.singles
    usual = float(np.median(worth[problem.link & (worth > 0)])) if (problem.link & (worth > 0)).any() else 1.0
    weight = np.where(problem.link & (worth > 1e-3 * usual), worth, 1e-3 * usual)
    gives = problem.link[terms.chain] & (terms.value > 0)
    made = np.zeros(problem.arcs)
    np.maximum.at(made, terms.arc[gives], weight[terms.chain[gives]])

    def limits(these: Terms, count: int) -> Floats:
        moved = np.bincount(these.chain, weights=volume[these.arc] * made[these.arc], minlength=count)
        used = np.bincount(these.chain, weights=volume[these.arc] * np.abs(these.value), minlength=count)
        found = LIMIT * moved / np.maximum(used, 1e-12)
        return np.where(found > 0, found, usual)

    return np.where(problem.link, weight, limits(terms, problem.chains)), limits(singles, problem.singles)


def _single_loads(singles: Terms, volume: Floats, count: int) -> Floats:
    size = (singles.stop - singles.start).astype(np.int64)
    total = size * np.abs(singles.value)
    sums = np.concatenate([[0.0], np.cumsum(np.abs(singles.values))])
    changing = np.flatnonzero(singles.at >= 0)
    begin = singles.at[changing]
    total[changing] = sums[begin + size[changing]] - sums[begin]
    loads: Floats = np.bincount(singles.chain, weights=volume[singles.arc] * total, minlength=count).astype(np.float64)
    return loads


@numba.njit(cache=True)
def _loads(weights: Any, terms: Terms, out: Any) -> None:
    """Sum ``|a| weights`` over the columns of every row. Shapes: ``(arcs,)``, out ``(chains, buckets)``."""
    _, arc, _, shift, start, stop, value, at, values, first, order = terms
    for c in range(out.shape[0]):
        for q in order[first[c] : first[c + 1]]:
            w = weights[arc[q]]
            here = out[c][start[q] + shift[q] : stop[q] + shift[q]]
            if at[q] < 0:
                here += w * abs(value[q])
            else:
                here += w * np.abs(values[at[q] : at[q] + here.size])


@numba.njit(cache=True)
def _dearest(weight: Any, chains: Terms, single_weight: Any, singles: Terms, buckets: Any, out: Any) -> None:
    """Find the most that ``|a| weights`` over the rows of a column add up to, of each arc. Shape: ``(arcs,)``."""
    worths = np.empty(buckets)
    for a in range(out.size):
        worths[:] = 0.0
        _add_worths(a, weight, chains, worths)
        _add_worths(a, single_weight, singles, worths)
        out[a] = worths.max()


@numba.njit(cache=True, inline="always")
def _add_worths(a: Any, weight: Any, terms: Terms, worths: Any) -> None:
    for q in range(terms.first[a], terms.first[a + 1]):
        w = weight[terms.chain[q]]
        here = worths[terms.start[q] : terms.stop[q]]
        if terms.at[q] < 0:
            here += w * abs(terms.value[q])
        else:
            here += w * np.abs(terms.values[terms.at[q] : terms.at[q] + here.size])


def _factorised(load: Floats, kept: Floats) -> tuple[Singles, Singles]:
    nodes, buckets = load.shape
    blocks = (nodes + kernels.BLOCK - 1) // kernels.BLOCK
    inverse_pivot = np.ones((blocks, buckets, kernels.BLOCK), dtype=np.float32)
    factor = np.zeros((blocks, buckets, kernels.BLOCK), dtype=np.float32)
    _factorise(load, kept, inverse_pivot, factor)
    return inverse_pivot, factor


@numba.njit(cache=True)
def _factorise(load: Any, kept: Any, inverse_pivot: Any, factor: Any) -> None:
    """Factorise the tridiagonal metric of every stock."""
    lanes = inverse_pivot.shape[2]
    for c in range(load.shape[0]):
        block, lane = c // lanes, c % lanes
        pivot = load[c, 0] + kept[c]
        inverse_pivot[block, 0, lane] = 1.0 / pivot
        for t in range(1, load.shape[1]):
            by = -kept[c] / pivot
            factor[block, t, lane] = by
            pivot = load[c, t] + (2.0 + by) * kept[c]
            inverse_pivot[block, t, lane] = 1.0 / pivot
