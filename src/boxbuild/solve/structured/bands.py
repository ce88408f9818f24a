"""Bands: the matrix without its repetitions.

Between an arc and a chain the matrix has the same value at the same distance in time, bucket after bucket: a *term*
``(arc, chain, shift, first, last, value)`` stands for the entries ``A[(chain, t + shift), (arc, t)] = value`` with
``first <= t < last``. Where the value changes with time, the term points into a list of values. A kernel that walks
over terms reads one index per term and works on contiguous numbers; the matrix itself is not needed any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from boxbuild.solve.structured.places import Places

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


class Terms(NamedTuple):
    """Terms between arcs and chains (or single rows), sorted by arc. A kernel takes them as they are.

    Parameters
    ----------
    first
        Where the terms of each arc begin. Shape ``(arcs + 1,)``.
    arc, chain, shift, start, stop
        Shape ``(terms,)``. ``shift`` is 0 for single rows.
    value
        The value where it is the same in every bucket.
    at
        Where the values of a changing term begin in ``values``; -1 where it does not change.
    values
        Values of the terms that change.
    by_chain_first, by_chain
        Where the terms of each chain begin in ``by_chain``, and the terms in order of their chains.
    """

    first: Longs
    arc: Ints
    chain: Ints
    shift: Ints
    start: Ints
    stop: Ints
    value: Floats
    at: Longs
    values: Floats
    by_chain_first: Longs
    by_chain: Longs


@numba.njit(cache=True)
def value_of(term: Any, bucket: Any, terms: Terms) -> Any:
    """Return the value of a term in a bucket of its arc, between its first and its last."""
    at = terms.at[term]
    return terms.value[term] if at < 0 else terms.values[at + bucket - terms.start[term]]


@dataclass(frozen=True)
class Bands:
    """A matrix as terms to chains and terms to single rows."""

    chains: Terms
    singles: Terms


def bands(matrix: csc_matrix, places: Places) -> Bands:
    """Return the terms of a matrix. Time: linear in its non-zeros."""
    at = np.full(places.arcs * places.buckets, -1, dtype=np.int64)
    at[places.arc * places.buckets + places.arc_bucket] = np.arange(places.arc.size)
    arrays = _collect(
        at.reshape(places.arcs, places.buckets),
        matrix.indptr,
        matrix.indices,
        matrix.data,
        places.chain,
        places.chain_bucket,
        _follows(places),
    )
    chain, values = arrays[1], arrays[7]
    is_single = chain < 0
    return Bands(
        _terms(arrays, ~is_single, chain, values, places.arcs, places.chains),
        _terms(arrays, is_single, -1 - chain, values, places.arcs, places.singles),
    )


def _terms(
    arrays: tuple[Any, ...], mine: NDArray[np.bool_], chain: Ints, values: Floats, arcs: int, chains: int
) -> Terms:
    arc, _, shift, start, stop, value, place, _ = arrays
    arc, chain = arc[mine], chain[mine]
    order = np.argsort(chain, kind="stable")
    return Terms(
        first=_firsts(arc, arcs),
        arc=arc,
        chain=chain,
        shift=shift[mine],
        start=start[mine],
        stop=stop[mine],
        value=value[mine],
        at=place[mine],
        values=values,
        by_chain_first=_firsts(chain, chains),
        by_chain=order,
    )


def _follows(places: Places) -> NDArray[np.bool_]:
    """Whether a row is that of the same chain as the row before it, a bucket later."""
    chain, bucket = places.chain, places.chain_bucket
    follows = np.zeros(chain.size, dtype=np.bool_)
    follows[1:] = (chain[1:] == chain[:-1]) & (chain[1:] >= 0) & (bucket[1:] == bucket[:-1] + 1)
    return follows


def _firsts(key: Ints, count: int) -> Longs:
    first = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(key, minlength=count), out=first[1:])
    return first


@numba.njit(cache=True)
def _grown(old: Any, size: int) -> Any:
    new = np.empty(size, old.dtype)
    new[: old.size] = old
    return new


@numba.njit(cache=True)
def _collect(
    column_at: Any, indptr: Any, indices: Any, data: Any, row_chain: Any, row_bucket: Any, follows: Any
) -> Any:
    """Walk along every arc and join each entry to the term that it continues.

    ``follows`` says whether a row is that of the same chain as the row before it, a bucket later: nearly all are.
    """
    arcs, buckets = column_at.shape
    size = 1024
    arc_ = np.empty(size, np.int32)
    chain_ = np.empty(size, np.int32)
    shift_ = np.empty(size, np.int32)
    start_ = np.empty(size, np.int32)
    stop_ = np.empty(size, np.int32)
    value_ = np.empty(size, np.float64)
    changes = np.zeros(size, np.int64)
    last_ = np.empty(size, np.int64)
    count = 0
    for a in range(arcs):
        begin = count
        for t in range(buckets):
            j = column_at[a, t]
            if j < 0:
                continue
            hint = begin
            for k in range(indptr[j], indptr[j + 1]):
                row = indices[k]
                if hint < count and last_[hint] + 1 == row and stop_[hint] == t and follows[row]:
                    if data[k] != value_[hint]:
                        changes[hint] = 1
                    stop_[hint], last_[hint] = t + 1, row
                    hint += 1
                    continue
                chain = row_chain[row]
                shift = row_bucket[row] - t if chain >= 0 else 0
                found = -1
                for q in range(hint, count):
                    if stop_[q] == t and chain_[q] == chain and shift_[q] == shift:
                        found = q
                        break
                if found < 0:
                    for q in range(begin, hint):
                        if stop_[q] == t and chain_[q] == chain and shift_[q] == shift:
                            found = q
                            break
                if found < 0:
                    if count == size:
                        size *= 2
                        arc_, chain_, shift_ = _grown(arc_, size), _grown(chain_, size), _grown(shift_, size)
                        start_, stop_, value_ = _grown(start_, size), _grown(stop_, size), _grown(value_, size)
                        changes, last_ = _grown(changes, size), _grown(last_, size)
                    arc_[count] = a
                    chain_[count] = chain
                    shift_[count] = shift
                    start_[count] = t
                    value_[count] = data[k]
                    changes[count] = 0
                    found = count
                    count += 1
                elif data[k] != value_[found]:
                    changes[found] = 1
                stop_[found], last_[found] = t + 1, row
                hint = found + 1
    place = np.full(count, -1, np.int64)
    total = 0
    for q in range(count):
        if changes[q]:
            place[q] = total
            total += stop_[q] - start_[q]
    values = np.empty(total, np.float64)
    if total:
        q = 0
        for a in range(arcs):
            begin = q
            while q < count and arc_[q] == a:
                q += 1
            for p in range(begin, q):
                if place[p] < 0:
                    continue
                for t in range(start_[p], stop_[p]):
                    j = column_at[a, t]
                    for k in range(indptr[j], indptr[j + 1]):
                        chain = row_chain[indices[k]]
                        if chain == chain_[p] and (chain < 0 or row_bucket[indices[k]] - t == shift_[p]):
                            values[place[p] + t - start_[p]] = data[k]
                            break
    return (
        arc_[:count].copy(),
        chain_[:count].copy(),
        shift_[:count].copy(),
        start_[:count].copy(),
        stop_[:count].copy(),
        value_[:count].copy(),
        place,
        values,
    )
