"""Before quantities are carried out: demands add up, what leaves a stock is covered, overloads are brought forward."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from boxbuild.solve.structured.bands import Terms


@numba.njit(cache=True)
def add_up(
    series: Any,
    low: Any,
    x: Any,
    terms: Terms,
) -> None:
    """Make deliveries and losses add up to every demand: too much is cut, too little is shared out."""
    _, arc, _, shift, start, stop, _, _, _, chain_first, by_chain = terms
    for i in range(series.size):
        c = series[i]
        for t in range(x.shape[1]):
            if not np.isfinite(low[c, t]):
                continue
            total = 0.0
            earliest = -1
            for k in range(chain_first[c], chain_first[c + 1]):
                q = by_chain[k]
                s = t - shift[q]
                if start[q] <= s < stop[q]:
                    total += x[arc[q], s]
                    if earliest < 0:
                        earliest = q
            if earliest < 0:
                continue
            if total > 0:
                f = low[c, t] / total
                for k in range(chain_first[c], chain_first[c + 1]):
                    q = by_chain[k]
                    s = t - shift[q]
                    if start[q] <= s < stop[q]:
                        x[arc[q], s] *= f
            else:
                x[arc[earliest], t - shift[earliest]] = low[c, t]


@numba.njit(cache=True)
def cover(
    chains: Any,
    low: Any,
    x: Any,
    kept: Any,
    shut: Any,
    weight: Any,
    terms: Terms,
) -> None:
    """Let what enters a stock cover what leaves it: what is short is added to its suppliers, by their weights.

    Nothing is added to what is shut: that is fixed by locks.
    """
    _, arc, _, shift, start, stop, value, at, values, chain_first, by_chain = terms
    for i in range(chains.size):
        c = chains[i]
        have = 0.0
        for t in range(x.shape[1]):
            have -= low[c, t]
            open_weight = 0.0
            for k in range(chain_first[c], chain_first[c + 1]):
                q = by_chain[k]
                a = arc[q]
                if kept[a]:
                    continue
                s = t - shift[q]
                if s < start[q] or s >= stop[q]:
                    continue
                v = value[q] if at[q] < 0 else values[at[q] + s - start[q]]
                have += v * x[a, s]
                if v > 0 and not shut[a, s]:
                    open_weight += v * weight[a]
            if have < -1e-9 and open_weight > 0:
                f = -have / open_weight
                for k in range(chain_first[c], chain_first[c + 1]):
                    q = by_chain[k]
                    a = arc[q]
                    if kept[a]:
                        continue
                    s = t - shift[q]
                    if s < start[q] or s >= stop[q]:
                        continue
                    v = value[q] if at[q] < 0 else values[at[q] + s - start[q]]
                    if v > 0 and not shut[a, s]:
                        x[a, s] += f * weight[a]
                have = 0.0


@numba.njit(cache=True)
def level(
    limits: Any,
    room: Any,
    load: Any,
    x: Any,
    chosen: Any,
    held: Any,
    terms: Terms,
) -> None:
    """Bring forward what exceeds a limit, bucket by bucket, and add what the chosen arcs use to the load.

    What is held by locks stays in its bucket.
    """
    _, arc, _, shift, start, stop, value, at, values, chain_first, by_chain = terms
    for i in range(limits.size):
        c = limits[i]
        for t in range(x.shape[1] - 1, 0, -1):
            if not np.isfinite(room[c, t]):
                continue
            mine = 0.0
            for k in range(chain_first[c], chain_first[c + 1]):
                q = by_chain[k]
                s = t - shift[q]
                if chosen[arc[q]] and start[q] <= s < stop[q]:
                    mine += max(value[q] if at[q] < 0 else values[at[q] + s - start[q]], 0.0) * x[arc[q], s]
            over = load[c, t] + mine - room[c, t]
            if over > 1e-12 and mine > 0:
                f = min(1.0, over / mine)
                for k in range(chain_first[c], chain_first[c + 1]):
                    q = by_chain[k]
                    s = t - shift[q]
                    inside = chosen[arc[q]] and start[q] < s < stop[q] and x[arc[q], s] > 0
                    if inside and not held[arc[q], s] and not held[arc[q], s - 1]:
                        moved = f * x[arc[q], s]
                        x[arc[q], s] -= moved
                        x[arc[q], s - 1] += moved
        for k in range(chain_first[c], chain_first[c + 1]):
            q = by_chain[k]
            if chosen[arc[q]]:
                for s in range(start[q], stop[q]):
                    load[c, s + shift[q]] += (
                        max(value[q] if at[q] < 0 else values[at[q] + s - start[q]], 0.0) * x[arc[q], s]
                    )
