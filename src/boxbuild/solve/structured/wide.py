"""Wide rows: the terms as the kernels of the method read them, every one over the whole width of a row.

Rows of quantities and prices are longer than the calendar and end in zeros, and before the first one is another row of
zeros: a term that is shifted in time reads into these zeros, or into those at the end of the row before. A term of one
value then needs neither a beginning nor an end, wherever a column or a row without an entry does not exist: what is not
there is 0. What is not *whole* in this sense is a *part*, with a beginning, a size and a list of values.

Single rows whose windows do not meet share a *strand*, a row of prices like that of a chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from boxbuild.solve.structured.bands import Terms
from boxbuild.solve.structured.kernels import Side
from boxbuild.solve.structured.problem import Problem

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
Singles = NDArray[np.float32]

LANES = 16
"""Rows are a multiple of this: what a core works on at once."""

SHIFTED = 0.98
"""Share of the terms that are shifted by no more than the zeros at the end of a row."""


@dataclass(frozen=True)
class Strands:
    """Single rows on rows of their own.

    Parameters
    ----------
    first
        Where the single rows of each strand begin in ``single``. Shape ``(strands + 1,)``.
    single, begin, end
        Number and window of each single row that has entries.
    strand
        Strand of every single row; -1 of those without entries. Shape ``(singles,)``.
    """

    first: Longs
    single: Longs
    begin: Longs
    end: Longs
    strand: Longs

    @property
    def count(self) -> int:
        """How many strands there are."""
        return self.first.size - 1

    def lay(self, prices: Floats, rows: Singles) -> None:
        """Write the prices of single rows into the rows of their strands."""
        for single, begin, end in zip(self.single, self.begin, self.end, strict=True):
            rows[self.strand[single], begin:end] = prices[single]


@dataclass(frozen=True)
class Wide:
    """The matrix in wide rows.

    Parameters
    ----------
    width
        Length of a row.
    there
        Whether there is a row. Shape ``(chains, buckets)``.
    strands
        Where the single rows are: the strands follow the chains.
    by_arc, by_chain
        The matrix, with its signs turned, by arcs and by chains (and strands).
    """

    width: int
    there: Flags
    strands: Strands
    by_arc: Side
    by_chain: Side


def wide(problem: Problem) -> Wide:
    """Return the matrix of a problem in wide rows."""
    chains, singles = problem.bands.chains, problem.bands.singles
    held = _strands(singles, problem.singles, problem.buckets)
    rows = problem.chains + held.count
    there = np.zeros((rows, problem.buckets), dtype=bool)
    chained = problem.places.chain >= 0
    there[problem.places.chain[chained], problem.places.chain_bucket[chained]] = True
    for strand, begin, end in zip(held.strand[held.single], held.begin, held.end, strict=True):
        there[problem.chains + strand, begin:end] = True
    arc = np.concatenate([chains.arc, singles.arc]).astype(np.int64)
    chain = np.concatenate([chains.chain, problem.chains + held.strand[singles.chain]]).astype(np.int64)
    shift = np.concatenate([chains.shift, singles.shift]).astype(np.int64)
    start = np.concatenate([chains.start, singles.start]).astype(np.int64)
    size = np.concatenate([chains.stop, singles.stop]).astype(np.int64) - start
    value = np.concatenate([chains.value, singles.value])
    steady = np.concatenate([chains.at, singles.at]) < 0
    width = _width(problem.buckets, np.abs(shift))
    group, leader = _groups(arc, chain, shift)
    covered = np.bincount(group, weights=size, minlength=leader.size)
    same = np.ones(leader.size, dtype=bool)
    same[group[~steady | (value != value[leader[group]])]] = False
    same &= np.abs(shift[leader]) <= width - problem.buckets
    whole = same & (covered == _possible(arc[leader], chain[leader], shift[leader], problem.exists, there))
    part = np.flatnonzero(~whole[group])
    values, value_at = _listed(chains, singles, part, size)
    leader = leader[whole]
    ends = (arc, 1 + arc, problem.arcs), (chain, 1 + chain, rows)

    def side(mine: tuple[Any, ...], other: tuple[Any, ...], sign: int) -> Side:
        """Terms by their own row; what is read begins ``sign * shift`` after the beginning of the other row."""
        own, _, count = mine
        _, row, _ = other
        first, order = _sorted(own[leader], count)
        part_first, part_order = _sorted(own[part], count)
        terms, parts = leader[order], part[part_order]
        begin = start[parts] if sign > 0 else start[parts] + shift[parts]
        return Side(
            first,
            row[terms] * width + sign * shift[terms],
            (-value[terms]).astype(np.float32),
            part_first,
            begin,
            row[parts] * width + begin + sign * shift[parts],
            size[parts],
            value_at[part_order],
            values,
        )

    return Wide(width, there[: problem.chains], held, side(ends[0], ends[1], 1), side(ends[1], ends[0], -1))


def _width(buckets: int, shifts: Longs) -> int:
    """Length of the rows: the calendar, and zeros for most of the shifts."""
    usual = np.sort(shifts)[int(SHIFTED * (shifts.size - 1))] if shifts.size else 0
    return int(-(-(buckets + min(usual, buckets)) // LANES) * LANES)


def _groups(arc: Longs, chain: Longs, shift: Longs) -> tuple[Longs, Longs]:
    """Number the terms that differ in their time alone, and return the first term of each number."""
    low = shift.min(initial=0)
    key = (arc * (chain.max(initial=0) + 1) + chain) * (shift.max(initial=0) - low + 1) + shift - low
    _, leader, group = np.unique(key, return_index=True, return_inverse=True)
    return group.astype(np.int64), leader.astype(np.int64)


@numba.njit(cache=True)
def _possible(arc: Any, chain: Any, shift: Any, exists: Any, there: Any) -> Any:
    """How many entries each term would have if it had one wherever its column and its row are there."""
    buckets = exists.shape[1]
    found = np.zeros(arc.size, np.int64)
    for q in range(arc.size):
        column, row, s = exists[arc[q]], there[chain[q]], shift[q]
        for t in range(max(0, -s), min(buckets, buckets - s)):
            if column[t] and row[t + s]:
                found[q] += 1
    return found


def _listed(chains: Terms, singles: Terms, part: Longs, size: Longs) -> tuple[Singles, Longs]:
    """List the values of the parts with their signs turned, and say where those of each begin."""
    count, sizes = chains.arc.size, size[part]
    at = np.cumsum(sizes) - sizes
    place = np.concatenate([chains.at, singles.at])[part]
    value = np.repeat(np.concatenate([chains.value, singles.value])[part], sizes)
    within = np.arange(value.size) - np.repeat(at, sizes)
    source = np.repeat(place, sizes)
    for values, of in ((chains.values, part < count), (singles.values, part >= count)):
        mine = np.repeat(of, sizes) & (source >= 0)
        value[mine] = values[(source + within)[mine]]
    return (-value).astype(np.float32), at


def _sorted(key: Longs, count: int) -> tuple[Longs, Longs]:
    """Where each key begins in the order of the keys, and that order."""
    first = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(key, minlength=count), out=first[1:])
    return first, np.argsort(key, kind="stable")


def _strands(singles: Terms, count: int, buckets: int) -> Strands:
    """Put single rows one after another on strands, those together that have the same arcs."""
    begin, end = np.full(count, buckets, dtype=np.int64), np.zeros(count, dtype=np.int64)
    marks = np.random.default_rng(0).integers(1 << 40, size=singles.first.size)
    arcs = np.zeros(count, dtype=np.int64)
    np.add.at(arcs, singles.chain, marks[singles.arc])
    np.minimum.at(begin, singles.chain, singles.start)
    np.maximum.at(end, singles.chain, singles.stop)
    used = np.flatnonzero(end > 0)
    strand = np.full(count, -1, dtype=np.int64)
    free: list[int] = []
    here, last = 0, -1
    for single in used[np.lexsort((begin[used], arcs[used]))].tolist():
        if arcs[single] != last:
            here, last = len(free), int(arcs[single])
        for number in range(here, len(free)):
            if free[number] <= begin[single]:
                break
        else:
            number = len(free)
            free.append(0)
        free[number] = int(end[single])
        strand[single] = number
    first, order = _sorted(strand[used], len(free))
    ordered = used[order]
    return Strands(first, ordered, begin[ordered], end[ordered], strand)
