"""Kernels of the first-order method, compiled once for single precision.

Each works on a part of the arcs, chains or stocks, and holds no lock of the interpreter: a large problem is cut into a
part for each core (:mod:`boxbuild.solve.structured.crew`). Quantities and prices come in wide rows
(:mod:`boxbuild.solve.structured.wide`), the first of which is empty: the row of arc or chain ``k`` is row ``k + 1``.
Inner loops run over views of whole rows, which is what the compiler turns into vector instructions.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np

BLOCK = 32
"""Chains whose tridiagonal systems are solved side by side."""


class Side(NamedTuple):
    """The matrix by its arcs, or by its chains, with its signs turned.

    Parameters
    ----------
    first
        Where the whole terms of each row begin.
    at, value
        Where each whole term begins to read among the wide rows of the other side, and its value.
    part_first
        Where the parts of each row begin.
    begin, part_at, size, value_at
        Where each part begins in its own row and among the rows of the other side, its length, and where its values
        begin in ``values``.
    values
        Values of the parts.
    """

    first: Any
    at: Any
    value: Any
    part_first: Any
    begin: Any
    part_at: Any
    size: Any
    value_at: Any
    values: Any


@numba.njit(fastmath=True, nogil=True, inline="always")
def _add(k: Any, side: Any, source: Any, out: Any) -> None:
    """Add row ``k`` of a side times what is on the other side, laid out flat. A call would cost more than the sum."""
    width = out.size
    for q in range(side.first[k], side.first[k + 1]):
        whole = side.value[q]
        row = source[side.at[q] : side.at[q] + width]
        for t in range(width):
            out[t] += whole * row[t]
    for q in range(side.part_first[k], side.part_first[k + 1]):
        size = side.size[q]
        here = out[side.begin[q] : side.begin[q] + size]
        there = source[side.part_at[q] : side.part_at[q] + size]
        value = side.values[side.value_at[q] : side.value_at[q] + size]
        for t in range(size):
            here[t] += value[t] * there[t]


def _primal(*, look: bool, near: bool) -> Any:
    """Return the step of the quantities, with what is looked at and a price on change or without: it is made for each.

    A price ``k`` of a unit of change is met exactly: what a step moves by less than ``size k`` stays where it was.
    """

    @numba.njit(fastmath=True, cache=True, nogil=True)
    def step(
        begin_arc: Any,
        end_arc: Any,
        old: Any,
        inverse_weight: Any,
        cost: Any,
        step: Any,
        lower: Any,
        upper: Any,
        bounded: Any,
        side: Any,
        y: Any,
        mirrored: Any,
        anchor: Any,
        point: Any,
        moved: Any,
        known: Any,
        change: Any,
    ) -> None:
        width = cost.shape[1]
        one = type(old)(1)
        zero = type(old)(0)
        two = type(old)(2)
        new = one - old
        g = np.empty(width, cost.dtype)
        for a in range(begin_arc, end_arc):
            own = cost[a]
            for t in range(width):
                g[t] = own[t]
            _add(a, side, y, g)
            size = step[a] * inverse_weight
            e = mirrored[a + 1]
            z = anchor[a + 1]
            least = lower[bounded[a]]
            most = upper[bounded[a]]
            if near:
                stays = size * change[a]
                own = known[a]
            if look:
                row = point[a + 1]
                total = zero
                for t in range(width):
                    x = old * e[t] + new * z[t]
                    p = x - size * g[t]
                    if near:
                        p -= min(max(p - own[t], -stays), stays)
                    p = min(max(p, least[t]), most[t])
                    total += (p - x) * (p - x)
                    row[t] = p
                moved[a] = total / step[a]
            for t in range(width):
                x = old * e[t] + new * z[t]
                p = x - size * g[t]
                if near:
                    p -= min(max(p - own[t], -stays), stays)
                e[t] = two * min(max(p, least[t]), most[t]) - x

    return step


primal_step, primal_look = _primal(look=False, near=False), _primal(look=True, near=False)
near_step, near_look = _primal(look=False, near=True), _primal(look=True, near=True)
"""Step every column against its reduced cost, and mirror it; the second ones also leave the point and how far it moved.

``mirrored`` holds ``2 p - x`` of the last step; the point it left is ``old * mirrored + (1 - old) * anchor``.
``bounded`` says which rows of ``lower`` and ``upper`` hold for an arc; ``known`` is the plan to stay near to, and
``change`` the price of a unit of change of an arc, where that is asked for.
"""


@numba.njit(fastmath=True, cache=True, nogil=True)
def chain_step(
    begin_row: Any,
    end_row: Any,
    weight: Any,
    new: Any,
    save: Any,
    low: Any,
    high: Any,
    step: Any,
    nodes: Any,
    side: Any,
    e: Any,
    y: Any,
    anchor: Any,
    point: Any,
    moved: Any,
) -> None:
    """Step the prices of chains whose metric is diagonal: those after the stocks."""
    width = y.shape[1]
    one = type(weight)(1)
    zero = type(weight)(0)
    two = type(weight)(2)
    old = one - new
    r = np.empty(width, y.dtype)
    for i in range(begin_row, end_row):
        c = nodes + i
        r[:] = zero
        _add(c, side, e, r)
        price = y[c + 1]
        pulled = anchor[c + 1]
        least = low[i]
        most = high[i]
        steps = step[i]
        if save:
            row = point[c + 1]
            total = zero
            for t in range(width):
                if steps[t] > zero:
                    size = steps[t] * weight
                    w = price[t] + size * r[t]
                    p = w + min(max(-w, size * least[t]), size * most[t])
                    total += (p - price[t]) * (p - price[t]) / steps[t]
                    row[t] = p
            moved[c] = total
        for t in range(width):
            size = steps[t] * weight
            w = price[t] + size * r[t]
            p = w + min(max(-w, size * least[t]), size * most[t])
            price[t] = new * (two * p - price[t]) + old * pulled[t]


@numba.njit(fastmath=True, cache=True, nogil=True)
def stock_step(
    begin_block: Any,
    end_block: Any,
    weight: Any,
    new: Any,
    save: Any,
    given: Any,
    inverse_pivot: Any,
    factor: Any,
    side: Any,
    e: Any,
    y: Any,
    anchor: Any,
    point: Any,
    moved: Any,
) -> None:
    """Step the prices of stock chains: a residual, a tridiagonal solve and the mirror in one pass, block by block.

    ``inverse_pivot`` and ``factor`` are the blocks of the factorised metric. Shape ``(blocks, buckets, BLOCK)``.
    """
    nodes, width = given.shape
    lanes = inverse_pivot.shape[2]
    one = type(weight)(1)
    zero = type(weight)(0)
    two = type(weight)(2)
    old = one - new
    r = np.zeros(inverse_pivot.shape[1:], y.dtype)
    square = np.zeros_like(r)
    a = np.zeros(width, y.dtype)
    for block in range(begin_block, end_block):
        many = min(lanes, nodes - block * lanes)
        for lane in range(many):
            c = block * lanes + lane
            own = given[c]
            for t in range(width):
                a[t] = own[t]
            _add(c, side, e, a)
            for t in range(r.shape[0]):
                r[t, lane] = a[t]
        if save:
            square[:] = r
        _solve(r, inverse_pivot[block], factor[block])
        for lane in range(many):
            c = block * lanes + lane
            price = y[c + 1]
            pulled = anchor[c + 1]
            if save:
                total = zero
                row = point[c + 1]
                for t in range(r.shape[0]):
                    total += square[t, lane] * r[t, lane]
                    row[t] = price[t] + weight * r[t, lane]
                moved[c] = total * weight * weight
            for t in range(r.shape[0]):
                a[t] = r[t, lane]
            for t in range(r.shape[0]):
                price[t] = new * (price[t] + two * weight * a[t]) + old * pulled[t]


@numba.njit(fastmath=True, cache=True, nogil=True)
def _solve(r: Any, inverse_pivot: Any, factor: Any) -> None:
    """Solve tridiagonal systems side by side, in place. Shapes ``(buckets, BLOCK)``."""
    buckets, lanes = r.shape
    for t in range(1, buckets):
        here, before, by = r[t], r[t - 1], factor[t]
        for lane in range(lanes):
            here[lane] -= by[lane] * before[lane]
    here, by = r[buckets - 1], inverse_pivot[buckets - 1]
    for lane in range(lanes):
        here[lane] *= by[lane]
    for t in range(buckets - 2, -1, -1):
        here, after, by, on = r[t], r[t + 1], inverse_pivot[t], factor[t + 1]
        for lane in range(lanes):
            here[lane] = here[lane] * by[lane] - on[lane] * after[lane]


@numba.njit(cache=True)
def single_step(
    weight: Any,
    new: Any,
    low: Any,
    high: Any,
    step: Any,
    chains: Any,
    first: Any,
    single: Any,
    begin: Any,
    end: Any,
    side: Any,
    e: Any,
    y: Any,
    u: Any,
    anchor: Any,
    point: Any,
    moved: Any,
) -> None:
    """Step the prices of single rows, and write them on their strands, which follow the chains in ``y``."""
    r = np.empty(y.shape[1], y.dtype)
    for strand in range(first.size - 1):
        r[:] = 0
        _add(chains + strand, side, e, r)
        for k in range(first[strand], first[strand + 1]):
            c = single[k]
            size = step[c] * weight
            if size <= 0:
                continue
            missed = 0.0
            for t in range(begin[k], end[k]):
                missed += r[t]
            before = u[c]
            w = before + size * missed
            p = w + size * min(max(-w / size, low[c]), high[c])
            moved[c] = (p - before) * (p - before) / step[c]
            point[c] = p
            u[c] = new * (2 * p - before) + (1 - new) * anchor[c]
            for t in range(begin[k], end[k]):
                y[chains + strand + 1, t] = u[c]
