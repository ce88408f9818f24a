"""Kernels of the first-order method, compiled once for single precision.

Each works on a part of the arcs, chains or stocks, and holds no lock of the interpreter: a large problem is cut into a
part for each core (:mod:`boxbuild.solve.structured.crew`).
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

BLOCK = 8
"""Chains whose tridiagonal systems are solved side by side."""


@numba.njit(fastmath=True, cache=True, nogil=True)
def primal_step(
    begin_arc: Any,
    end_arc: Any,
    old: Any,
    inverse_weight: Any,
    save: bool,
    cost: Any,
    step: Any,
    upper: Any,
    lower: Any,
    bounded: Any,
    first: Any,
    chain: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
    single_first: Any,
    single: Any,
    single_start: Any,
    single_stop: Any,
    single_value: Any,
    single_at: Any,
    single_values: Any,
    y: Any,
    u: Any,
    mirrored: Any,
    anchor: Any,
    point: Any,
    moved: Any,
) -> None:
    """Step every column against its reduced cost, and mirror it.

    ``mirrored`` holds ``2 p - x`` of the last step; the point it left is ``old * mirrored + (1 - old) * anchor``.
    """
    buckets = cost.shape[1]
    one = type(old)(1)
    zero = type(old)(0)
    two = type(old)(2)
    new = one - old
    g = np.empty(buckets, cost.dtype)
    for a in range(begin_arc, end_arc):
        for t in range(buckets):
            g[t] = cost[a, t]
        for q in range(first[a], first[a + 1]):
            row = y[chain[q]]
            s = shift[q]
            begin = start[q]
            end = stop[q]
            if at[q] < 0:
                v = value[q]
                for t in range(begin, end):
                    g[t] -= v * row[t + s]
            else:
                base = at[q] - begin
                for t in range(begin, end):
                    g[t] -= values[base + t] * row[t + s]
        for q in range(single_first[a], single_first[a + 1]):
            price = u[single[q]]
            if price == zero:
                continue
            if single_at[q] < 0:
                v = single_value[q] * price
                for t in range(single_start[q], single_stop[q]):
                    g[t] -= v
            else:
                base = single_at[q] - single_start[q]
                for t in range(single_start[q], single_stop[q]):
                    g[t] -= single_values[base + t] * price
        size = step[a] * inverse_weight
        e = mirrored[a]
        z = anchor[a]
        total = zero
        b = bounded[a]
        if b < 0:
            for t in range(buckets):
                x = old * e[t] + new * z[t]
                p = max(x - size * g[t], zero)
                e[t] = two * p - x
                total += (p - x) * (p - x)
                g[t] = p
        else:
            for t in range(buckets):
                x = old * e[t] + new * z[t]
                p = min(max(x - size * g[t], lower[b, t]), upper[b, t])
                e[t] = two * p - x
                total += (p - x) * (p - x)
                g[t] = p
        moved[a] = total / step[a]
        if save:
            for t in range(buckets):
                point[a, t] = g[t]


@numba.njit(fastmath=True, cache=True, nogil=True)
def chain_step(
    begin_row: Any,
    end_row: Any,
    weight: Any,
    new: Any,
    save: bool,
    low: Any,
    high: Any,
    step: Any,
    ranged: Any,
    first: Any,
    order: Any,
    arc: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
    e: Any,
    y: Any,
    anchor: Any,
    point: Any,
    moved: Any,
) -> None:
    """Step the prices of chains whose metric is diagonal."""
    buckets = y.shape[1]
    one = type(weight)(1)
    zero = type(weight)(0)
    two = type(weight)(2)
    old = one - new
    r = np.empty(buckets, y.dtype)
    for i in range(begin_row, end_row):
        c = ranged[i]
        r[:] = zero
        for k in range(first[c], first[c + 1]):
            q = order[k]
            column = e[arc[q]]
            s = shift[q]
            begin = start[q]
            end = stop[q]
            if at[q] < 0:
                v = value[q]
                for t in range(begin, end):
                    r[t + s] += v * column[t]
            else:
                base = at[q] - begin
                for t in range(begin, end):
                    r[t + s] += values[base + t] * column[t]
        total = zero
        for t in range(buckets):
            size = step[i, t] * weight
            if size > zero:
                before = y[c, t]
                w = before - size * r[t]
                p = w + size * min(max(-w / size, low[i, t]), high[i, t])
                total += (p - before) * (p - before) / step[i, t]
                if save:
                    point[c, t] = p
                y[c, t] = new * (two * p - before) + old * anchor[c, t]
        moved[c] = total


@numba.njit(fastmath=True, cache=True, nogil=True)
def stock_step(
    begin_block: Any,
    end_block: Any,
    weight: Any,
    new: Any,
    save: bool,
    given: Any,
    inverse_pivot: Any,
    factor: Any,
    first: Any,
    order: Any,
    arc: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
    e: Any,
    y: Any,
    anchor: Any,
    point: Any,
    moved: Any,
) -> None:
    """Step the prices of stock chains: a residual, a tridiagonal solve and the mirror in one pass, 8 chains at a time.

    ``inverse_pivot`` and ``factor`` are the blocks of the factorised metric. Shape ``(blocks, buckets, 8)``.
    """
    nodes, buckets = given.shape
    one = type(weight)(1)
    zero = type(weight)(0)
    two = type(weight)(2)
    old = one - new
    r = np.zeros((buckets, BLOCK), y.dtype)
    a = np.empty(buckets, y.dtype)
    square = np.zeros((buckets, BLOCK), y.dtype)
    for block in range(begin_block, end_block):
        begin_node = block * BLOCK
        many = min(BLOCK, nodes - begin_node)
        for lane in range(many):
            c = begin_node + lane
            for t in range(buckets):
                a[t] = given[c, t]
            for k in range(first[c], first[c + 1]):
                q = order[k]
                column = e[arc[q]]
                s = shift[q]
                begin = start[q]
                end = stop[q]
                if at[q] < 0:
                    v = value[q]
                    for t in range(begin, end):
                        a[t + s] -= v * column[t]
                else:
                    base = at[q] - begin
                    for t in range(begin, end):
                        a[t + s] -= values[base + t] * column[t]
            for t in range(buckets):
                r[t, lane] = a[t]
        f = factor[block]
        d = inverse_pivot[block]
        if save:
            for t in range(buckets):
                for lane in range(BLOCK):
                    square[t, lane] = r[t, lane]
        for t in range(1, buckets):
            for lane in range(BLOCK):
                r[t, lane] -= f[t, lane] * r[t - 1, lane]
        for lane in range(BLOCK):
            r[buckets - 1, lane] *= d[buckets - 1, lane]
        for t in range(buckets - 2, -1, -1):
            for lane in range(BLOCK):
                r[t, lane] = r[t, lane] * d[t, lane] - f[t + 1, lane] * r[t + 1, lane]
        for lane in range(many):
            c = begin_node + lane
            if save:
                total = zero
                for t in range(buckets):
                    total += square[t, lane] * r[t, lane]
                    point[c, t] = y[c, t] + weight * r[t, lane]
                moved[c] = total * weight * weight
            for t in range(buckets):
                y[c, t] = new * (y[c, t] + two * weight * r[t, lane]) + old * anchor[c, t]


@numba.njit(fastmath=True, cache=True)
def single_step(
    weight: Any,
    new: Any,
    low: Any,
    high: Any,
    step: Any,
    first: Any,
    order: Any,
    arc: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
    e: Any,
    u: Any,
    anchor: Any,
    point: Any,
    moved: Any,
) -> None:
    """Step the prices of single rows."""
    for c in range(u.size):
        r = 0.0
        for k in range(first[c], first[c + 1]):
            q = order[k]
            column = e[arc[q]]
            part = 0.0
            if at[q] < 0:
                for t in range(start[q], stop[q]):
                    part += column[t]
                part *= value[q]
            else:
                base = at[q] - start[q]
                for t in range(start[q], stop[q]):
                    part += values[base + t] * column[t]
            r += part
        size = step[c] * weight
        if size > 0:
            before = u[c]
            w = before - size * r
            p = w + size * min(max(-w / size, low[c]), high[c])
            moved[c] = (p - before) * (p - before) / step[c]
            point[c] = p
            u[c] = new * (2 * p - before) + (1 - new) * anchor[c]


@numba.njit(cache=True)
def loads(
    weights: Any,
    first: Any,
    order: Any,
    arc: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
    out: Any,
) -> None:
    """Sum ``|a| weights`` over the columns of every row. Shapes: ``(arcs,)``, out ``(chains, buckets)``."""
    for c in range(out.shape[0]):
        for k in range(first[c], first[c + 1]):
            q = order[k]
            w = weights[arc[q]]
            for t in range(start[q], stop[q]):
                v = value[q] if at[q] < 0 else values[at[q] + t - start[q]]
                out[c, t + shift[q]] += abs(v) * w


@numba.njit(cache=True)
def worths(
    weights: Any, first: Any, chain: Any, start: Any, stop: Any, value: Any, at: Any, values: Any, out: Any
) -> None:
    """Sum ``|a| weights`` over the rows of every column. Shapes: ``(chains,)``, out ``(arcs, buckets)``."""
    for a in range(out.shape[0]):
        for q in range(first[a], first[a + 1]):
            w = weights[chain[q]]
            for t in range(start[q], stop[q]):
                v = value[q] if at[q] < 0 else values[at[q] + t - start[q]]
                out[a, t] += abs(v) * w
