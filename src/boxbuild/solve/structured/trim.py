"""After quantities are carried out: what only ends up as stock is not made."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from boxbuild.solve.structured.bands import Terms


@numba.njit(cache=True)
def trim(
    order: Any,
    keep: Any,
    done: Any,
    kept: Any,
    delivers: Any,
    held: Any,
    stocked: Any,
    terms: Terms,
) -> None:
    """Leave out the last of what enters a stock and stays there to the end, from the top down; not what is held."""
    first, arc, chain, shift, start, stop, value, at, values, chain_first, by_chain = terms
    buckets = done.shape[1]
    for i in range(order.size):
        c = order[i]
        stock = done[keep[c]]
        least = np.inf
        for t in range(buckets - 1, -1, -1):
            least = min(least, stock[t])
            if least <= 1e-12:
                break
            for k in range(chain_first[c], chain_first[c + 1]):
                q = by_chain[k]
                a = arc[q]
                s = t - shift[q]
                if kept[a] or s < start[q] or s >= stop[q] or done[a, s] <= 0 or held[a, s]:
                    continue
                if (value[q] if at[q] < 0 else values[at[q] + s - start[q]]) <= 0:
                    continue
                # the column may arrive in several buckets: only what stays to the end from its first arrival goes
                v = done[a, s]
                good = True
                for p in range(first[a], first[a + 1]):
                    if s < start[p] or s >= stop[p]:
                        continue
                    w = value[p] if at[p] < 0 else values[at[p] + s - start[p]]
                    if w > 0 and stocked[chain[p]] and chain[p] == c:
                        if s + shift[p] < t:
                            good = False
                        v = min(v, least)
                    elif not stocked[chain[p]]:
                        good = good and w > 0 and not delivers[a]
                if not good or v <= 1e-12:
                    continue
                done[a, s] -= v
                for p in range(first[a], first[a + 1]):
                    if s < start[p] or s >= stop[p] or not stocked[chain[p]] or chain[p] >= keep.size:
                        continue
                    w = value[p] if at[p] < 0 else values[at[p] + s - start[p]]
                    row = done[keep[chain[p]]]
                    for u in range(s + shift[p], buckets):
                        row[u] -= w * v
                least = np.inf
                for u in range(t, buckets):
                    least = min(least, stock[u])
                if least <= 1e-12:
                    break
