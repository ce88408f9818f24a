"""Locked: the columns that locks hold, and quantities brought to what the locks ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.solve.structured.problem import Problem

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Longs = NDArray[np.int64]

ROUNDS: Final = 3
"""How often quantities are brought to locks that overlap."""


@dataclass(frozen=True)
class Locked:
    """The locks of a model, laid out by arcs.

    Parameters
    ----------
    held
        Columns of a lock that asks for a quantity: they are not brought forward, come first where something is shared,
        and are not left out. Shape ``(arcs, buckets)``.
    shut
        Columns of a fixed lock: nothing is added to them either. Same shape.
    low, high
        What the locks ask for, those that cover most columns first. Shape ``(locks,)``.
    first, arc, bucket
        The columns of each lock: those from ``first[l]`` up to ``first[l + 1]``.
    """

    held: Flags
    shut: Flags
    low: Floats
    high: Floats
    first: Longs
    arc: Longs
    bucket: Longs

    def bring(self, x: Floats, volume: Floats) -> None:
        """Scale quantities, in place, to what the locks ask for; a lock on nothing yet is shared out by volumes.

        Parameters
        ----------
        x
            Quantities. Shape ``(arcs, buckets)``.
        volume
            Usual quantity of an arc in a bucket. Shape ``(arcs,)``.
        """
        for _ in range(ROUNDS if self.low.size else 0):
            for lock in range(self.low.size):
                mine = slice(self.first[lock], self.first[lock + 1])
                at = (self.arc[mine], self.bucket[mine])
                total = float(x[at].sum())
                if total > self.high[lock]:
                    x[at] *= self.high[lock] / total
                elif total < self.low[lock]:
                    if total > 0:
                        x[at] *= self.low[lock] / total
                    elif at[0].size:
                        x[at] = self.low[lock] * volume[at[0]] / volume[at[0]].sum()


def locked(model: Model, problem: Problem) -> Locked:
    """Return the locks of a model."""
    keys = model.families["locks"].keys
    held = np.zeros((problem.arcs, problem.buckets), dtype=bool)
    shut = np.zeros_like(held)
    first_row = model.first_row("locks")
    rows = model.matrix[first_row : first_row + keys.height].tocsr()
    widest = np.argsort(-np.diff(rows.indptr), kind="stable")
    rows = rows[widest]
    low = np.maximum(keys["lower"].to_numpy().astype(np.float64)[widest], 0.0)
    high = keys["upper"].to_numpy().astype(np.float64)[widest]
    arc, bucket = problem.places.arc[rows.indices], problem.places.arc_bucket[rows.indices]
    lock = np.repeat(np.arange(keys.height), np.diff(rows.indptr))
    asked = low[lock] > 0
    held[arc[asked], bucket[asked]] = True
    fixed = high[lock] <= low[lock] * (1 + 1e-12)
    shut[arc[fixed], bucket[fixed]] = True
    return Locked(held, shut, low, high, rows.indptr.astype(np.int64), arc, bucket)
