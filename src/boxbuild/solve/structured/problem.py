"""The problem: a model laid out by arcs and chains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.solve.structured.bands import Bands, bands
from boxbuild.solve.structured.places import Places, places

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Longs = NDArray[np.int64]


LINKS: Final = ("balance", "alternates", "demand")
"""Families of Leontief's kind: what a column gives to one it makes of what it takes from others."""


@dataclass(frozen=True)
class Problem:
    """A model laid out by arcs and chains; what is not there has cost 0, no terms and a value of 0.

    Parameters
    ----------
    places, bands
        Where everything is, and the matrix.
    cost
        Shape ``(arcs, buckets)``.
    exists
        Whether there is a column. Same shape.
    bounded
        Number of each arc with an upper limit or a lower one above 0 in ``lower`` and ``upper``; -1 for the others.
    lower, upper
        Shape ``(bounded arcs, buckets)``.
    low, high
        Bounds of the chains; 0 and infinity... of what is not there. Shape ``(chains, buckets)``.
    single_low, single_high
        Bounds of the single rows.
    nodes
        The first chains are the stocks.
    keep
        Arc that keeps each stock. Shape ``(nodes,)``.
    link
        Whether a chain is of :data:`LINKS`: a stock, a demand or a group of alternates. Shape ``(chains,)``.
    aside
        Whether an arc is late or lost: no volume is planned on it. Shape ``(arcs,)``.
    """

    places: Places
    bands: Bands
    cost: Floats
    exists: Flags
    bounded: Longs
    lower: Floats
    upper: Floats
    low: Floats
    high: Floats
    single_low: Floats
    single_high: Floats
    nodes: int
    keep: Longs
    link: Flags
    aside: Flags

    @property
    def arcs(self) -> int:
        """How many arcs there are."""
        return self.places.arcs

    @property
    def chains(self) -> int:
        """How many chains there are."""
        return self.places.chains

    @property
    def singles(self) -> int:
        """How many single rows there are."""
        return self.places.singles

    @property
    def buckets(self) -> int:
        """How many buckets there are."""
        return self.places.buckets

    def on_arcs(self, columns: Floats, fill: float = 0.0) -> Floats:
        """Lay values of columns out by arcs. Shapes ``(columns,)`` to ``(arcs, buckets)``."""
        out = np.full((self.arcs, self.buckets), fill)
        out[self.places.arc, self.places.arc_bucket] = columns
        return out

    def of_columns(self, arcs: Floats) -> Floats:
        """Take the values of the columns from an array by arcs."""
        found: Floats = arcs[self.places.arc, self.places.arc_bucket].astype(np.float64)
        return found

    def of_rows(self, chains: Floats, singles: Floats) -> Floats:
        """Take the values of the rows from arrays by chains and by single rows."""
        single = self.places.chain < 0
        out = np.zeros(self.places.chain.size)
        out[~single] = chains[self.places.chain[~single], self.places.chain_bucket[~single]]
        out[single] = singles[-1 - self.places.chain[single]]
        return out

    def on_chains(self, rows: Floats, fill: float = 0.0) -> tuple[Floats, Floats]:
        """Lay values of rows out by chains and by single rows."""
        single = self.places.chain < 0
        chains = np.full((self.chains, self.buckets), fill)
        chains[self.places.chain[~single], self.places.chain_bucket[~single]] = rows[~single]
        singles = np.zeros(self.singles)
        singles[-1 - self.places.chain[single]] = rows[single]
        return chains, singles


def problem(model: Model) -> Problem:
    """Lay a model out by arcs and chains."""
    where = places(model)
    shape = (where.arcs, where.buckets)
    cost, exists = np.zeros(shape), np.zeros(shape, dtype=bool)
    cost[where.arc, where.arc_bucket] = model.cost
    exists[where.arc, where.arc_bucket] = True
    bounded, lower, upper = _bounds(model, where)
    single = where.chain < 0
    low, high = np.full((where.chains, where.buckets), -np.inf), np.full((where.chains, where.buckets), np.inf)
    at = (where.chain[~single], where.chain_bucket[~single])
    low[at], high[at] = model.row_lower[~single], model.row_upper[~single]
    single_low, single_high = np.zeros(where.singles), np.zeros(where.singles)
    single_low[-1 - where.chain[single]] = model.row_lower[single]
    single_high[-1 - where.chain[single]] = model.row_upper[single]
    link = np.zeros(where.chains, dtype=bool)
    for family in LINKS:
        first_row = model.first_row(family)
        link[where.chain[first_row : first_row + model.families[family].keys.height]] = True
    nodes = model.flows.nodes.height
    keep = where.arc[model.columns["keep"]["column"].to_numpy()].reshape(nodes, where.buckets)[:, 0]
    aside = np.zeros(where.arcs, dtype=bool)
    late = model.columns["deliver"]
    late = late.filter(late["bucket"] > late["due_bucket"])
    aside[where.arc[late["column"].to_numpy()]] = True
    aside[where.arc[model.columns["short"]["column"].to_numpy()]] = True
    aside[keep] = True
    return Problem(
        where,
        bands(model.matrix, where),
        cost,
        exists,
        bounded,
        lower,
        upper,
        low,
        high,
        single_low,
        single_high,
        nodes,
        keep,
        link,
        aside,
    )


def _bounds(model: Model, where: Places) -> tuple[Longs, Floats, Floats]:
    limited = np.isfinite(model.upper) | (model.lower > 0)
    named = np.unique(where.arc[limited])
    bounded = np.full(where.arcs, -1, dtype=np.int64)
    bounded[named] = np.arange(named.size)
    lower = np.zeros((named.size, where.buckets))
    upper = np.full((named.size, where.buckets), np.inf)
    mine = bounded[where.arc] >= 0
    at = (bounded[where.arc[mine]], where.arc_bucket[mine])
    lower[at], upper[at] = model.lower[mine], model.upper[mine]
    return bounded, lower, upper
