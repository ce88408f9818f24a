"""Quantities to a plan: cover, level, simulate, trim, settle.

Whatever quantities come in, a plan comes out: every balance holds, no limit is exceeded, nothing is negative. From the
top of the bill of materials down, what is planned to leave a stock is covered by what enters it, and what overloads a
line or an offer is brought forward. Then the network is simulated bucket by bucket, from the components up: a build,
purchase or shipment starts when its turn has come, as far as stock and limits allow, and catches up later. What only
ends up as stock is not made, and what is not a flow is settled at its least cost. What locks ask for is brought to them
first, is not moved, is served before what is shared is divided, and is not left out.

Its cost is a proven upper bound, and it is a plan.
"""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.solve.session import Options, run
from boxbuild.solve.structured.bands import Terms
from boxbuild.solve.structured.carry import Lists, Roles, Turns, World, carry_out
from boxbuild.solve.structured.level import add_up, cover, level
from boxbuild.solve.structured.locked import locked
from boxbuild.solve.structured.problem import Problem
from boxbuild.solve.structured.roll import depths
from boxbuild.solve.structured.trim import trim

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-7
"""By how much a row may be missed, relative to its size."""

TRIMS = 2
"""Passes that trim: the second took 0.04 % off a first plan of 5e5, is never worse, and is a small part of a repair."""


class Repairer:
    """Turns quantities into a plan."""

    def __init__(self, model: Model, problem: Problem, volume: Floats) -> None:
        self.model, self.problem, self.volume = model, problem, volume
        terms = problem.bands.chains
        link = problem.link[terms.chain]
        limited = np.isfinite(problem.high).any(axis=1) & ~problem.link
        singles = problem.bands.singles
        capped = np.isfinite(problem.single_high)
        self.flow = np.zeros(problem.arcs, dtype=bool)
        self.flow[terms.arc[link]] = True
        self._absorbers()
        self.depth = depths(terms, problem.link)
        self.locked = locked(model, problem)
        self.turns, self.top = self._turns(terms, link)
        first = model.first_row("demand")
        self.series = np.zeros(problem.chains, dtype=bool)
        self.series[problem.places.chain[first : first + model.families["demand"].keys.height]] = True
        delivers = np.zeros(problem.arcs, dtype=bool)
        delivers[terms.arc[self.series[terms.chain] & (terms.value > 0)]] = True
        self.roles = Roles(
            gives=_lists(terms, link & (terms.value > 0), problem.arcs),
            takes=_lists(terms, link & (terms.value < 0), problem.arcs),
            uses=_lists(terms, limited[terms.chain] & (terms.value > 0), problem.arcs),
            counts=_lists(singles, capped[singles.chain] & (singles.value > 0), problem.arcs),
            stocked=np.arange(problem.chains) < problem.nodes,
            series=self.series,
            delivers=delivers,
            held=self.locked.held,
        )

    def within(self, model: Model, problem: Problem) -> Repairer:
        """Return a repairer for other limits of the columns. ``model`` and ``problem`` differ in limits only."""
        other = copy.copy(self)
        other.model, other.problem = model, problem
        other._absorbers()
        return other

    def _absorbers(self) -> None:
        """Columns that stand in one limit only: overtime gives it room, a shortfall makes up for what it misses."""
        problem, terms = self.problem, self.problem.bands.chains
        self.room = problem.high.copy()
        link_arcs = np.zeros(problem.arcs, dtype=bool)
        link_arcs[terms.arc[problem.link[terms.chain]]] = True
        loosens = ~link_arcs[terms.arc] & (terms.value < 0) & ~problem.link[terms.chain]
        upper = np.full((problem.arcs, problem.buckets), np.inf)
        upper[problem.bounded >= 0] = problem.upper[problem.bounded[problem.bounded >= 0]]
        for q in np.flatnonzero(loosens):
            t = slice(terms.start[q], terms.stop[q])
            row = slice(terms.start[q] + terms.shift[q], terms.stop[q] + terms.shift[q])
            self.room[terms.chain[q], row] += -terms.value[q] * upper[terms.arc[q], t]
        simple = np.zeros(problem.arcs, dtype=bool)
        simple[terms.arc[loosens]] = True
        entries = np.zeros(problem.arcs, dtype=np.int64)
        np.maximum.at(entries, problem.places.arc, np.diff(self.model.matrix.indptr))
        simple &= entries == 1
        other = ~link_arcs & ~simple
        self.loosens = np.flatnonzero(loosens & simple[terms.arc])
        self.other = np.flatnonzero(other[problem.places.arc])
        self.other_part = self.model.matrix[:, self.other]
        self.upper = upper

    def _turns(self, terms: Terms, link: Flags) -> tuple[Turns, Longs]:
        """Who comes when, and the depth of what each arc gives to: -1 where it gives to no link."""
        problem = self.problem
        rank, top = np.full((2, problem.arcs), -1, dtype=np.int64)
        taken, given = link & (terms.value < 0), link & (terms.value > 0)
        np.maximum.at(rank, terms.arc[taken], self.depth[terms.chain[taken]])
        np.maximum.at(top, terms.arc[given], self.depth[terms.chain[given]])
        decide = np.zeros(problem.arcs, dtype=np.int64)
        np.maximum.at(decide, terms.arc[taken], terms.shift[taken])
        arcs = np.flatnonzero(self.flow & ~np.isin(np.arange(problem.arcs), problem.keep))
        free: Flags = np.all(~self.locked.held, axis=1)
        arcs = arcs[np.lexsort((free[arcs], rank[arcs]))]
        chains = np.flatnonzero(problem.link)
        chains = chains[np.argsort(self.depth[chains], kind="stable")]
        levels = np.arange(-1, self.depth.max() + 2)
        turns = Turns(
            arc=arcs,
            arc_first=np.searchsorted(rank[arcs], levels),
            chain=chains,
            chain_first=np.searchsorted(self.depth[chains], levels),
            decide=decide,
        )
        return turns, top

    def __call__(self, quantities: Floats) -> Floats | None:
        """Return the columns of the plan that follows quantities, or ``None`` where its flows miss a hard minimum.

        Parameters
        ----------
        quantities
            Planned quantities. Shape ``(arcs, buckets)``.
        """
        problem, terms = self.problem, self.problem.bands.chains
        x = np.maximum(quantities, 0.0)
        x[~problem.exists] = 0.0
        kept = np.zeros(problem.arcs, dtype=bool)
        kept[problem.keep] = True
        self.locked.bring(x, self.volume)
        weight = x.sum(axis=1) + 1e-6 * self.volume
        add_up(np.flatnonzero(self.series), problem.low, x, terms)
        load = np.zeros((problem.chains, problem.buckets))
        limits = np.unique(terms.chain[self.roles.uses.term])
        for depth in range(int(self.depth.max()), -1, -1):
            mine = self.turns.chain[self.turns.chain_first[depth + 1] : self.turns.chain_first[depth + 2]]
            stocks = mine[~self.series[mine]]
            for _ in range(2):
                cover(stocks, problem.low, x, kept, self.locked.shut, weight, terms)
            chosen = (self.top == depth) & self.flow & ~kept & ~self.roles.delivers
            level(limits, self.room, load, x, chosen, self.locked.held, terms)
        world = self._world()
        carry_out(
            x,
            problem.low,
            problem.exists,
            self.upper,
            world,
            self.roles,
            self.turns,
            terms,
            problem.bands.singles,
        )
        done = world.done
        done[problem.keep] = world.stock
        self._trim(done, kept)
        columns = self._complete(done)
        return None if columns is None or self.deviation(columns) > TOLERANCE else columns

    def _world(self) -> World:
        """What there is before anything is done."""
        problem = self.problem
        left = np.where(self.series[:, None] & np.isfinite(problem.low), problem.low, 0.0)
        return World(
            done=np.zeros((problem.arcs, problem.buckets)),
            stock=np.zeros((problem.nodes, problem.buckets)),
            arriving=np.zeros((problem.nodes, problem.buckets)),
            left=left,
            room=self.room.copy(),
            single_room=problem.single_high.copy(),
        )

    def _trim(self, done: Floats, kept: Flags) -> None:
        """Leave out what only ends up as stock, from the top down."""
        problem, roles = self.problem, self.roles
        order = self.turns.chain[::-1]
        order = order[order < problem.nodes]
        for _ in range(TRIMS):
            trim(
                order.copy(), problem.keep, done, kept, roles.delivers, roles.held, roles.stocked, problem.bands.chains
            )

    def _complete(self, done: Floats) -> Floats | None:
        """Return the plan's columns: what follows from its flows (overtime, shortfalls, ladders) at its least cost."""
        problem, terms, model = self.problem, self.problem.bands.chains, self.model
        done[~self.flow] = 0.0
        values = problem.of_columns(done)
        over, _ = problem.on_chains(np.maximum(model.matrix @ values - model.row_upper, 0.0))
        for q in self.loosens:
            t = slice(terms.start[q], terms.stop[q])
            row = slice(terms.start[q] + terms.shift[q], terms.stop[q] + terms.shift[q])
            done[terms.arc[q], t] = np.minimum(over[terms.chain[q], row] / -terms.value[q], self.upper[terms.arc[q], t])
        values = problem.of_columns(done)
        return self._settled(values) if self.other.size else values

    def _settled(self, values: Floats) -> Floats | None:
        """Settle with the solver what is not a flow: a small model of its own once the flows are given."""
        model = self.model
        rows = np.unique(self.other_part.indices)
        have = model.matrix @ values
        part = self.other_part.tocsr()[rows].tocsc()
        small = replace(
            model,
            matrix=part,
            cost=model.cost[self.other],
            lower=model.lower[self.other],
            upper=model.upper[self.other],
            integer=model.integer[self.other],
            row_lower=model.row_lower[rows] - have[rows],
            row_upper=model.row_upper[rows] - have[rows],
        )
        if small.integer.any():
            decided = run(_gated(small), Options(gap=1e-6)).values
            if decided is None:
                return None
            small = _decided(small, np.round(decided[small.integer]))
        found = run(small, Options(gap=1e-6)).values
        if found is None:
            return None
        values[self.other] = np.clip(found, small.lower, small.upper)
        return values

    def deviation(self, columns: Floats) -> float:
        """Return the largest deviation of a row, relative to its size, or of a column from its limits."""
        model = self.model
        have = model.matrix @ columns
        size = 1.0 + np.maximum(np.abs(np.where(np.isfinite(model.row_lower), model.row_lower, 0.0)), np.abs(have))
        rows = np.maximum(np.maximum(model.row_lower - have, have - model.row_upper), 0.0) / size
        limits = np.maximum(np.maximum(model.lower - columns, columns - model.upper), 0.0) / (1.0 + np.abs(columns))
        return float(max(rows.max(initial=0.0), limits.max(initial=0.0)))


def _decided(model: Model, integers: Floats) -> Model:
    """Return a model whose integer columns have values."""
    lower, upper = model.lower.copy(), model.upper.copy()
    lower[model.integer] = upper[model.integer] = integers
    return replace(model, lower=lower, upper=upper, integer=np.zeros_like(model.integer))


def _gated(model: Model) -> Model:
    """Tighten the gates ``x <= M z`` of a small model: given its flows, a step holds no more than its whole ladder.

    What no sensible plan exceeds may be a million times what this plan has, and the solver's tolerances do not bear it.
    """
    rows = model.matrix.tocsr()
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    whole, column = model.integer[rows.indices], rows.indices
    mixed = np.bincount(row[(rows.data < 0) | (model.lower[column] < 0)], minlength=rows.shape[0]) > 0
    most = model.upper.copy()
    sums = ~mixed[row] & (rows.data > 0)
    np.minimum.at(most, column[sums], np.maximum(model.row_upper[row[sums]], 0.0) / rows.data[sums])
    positive, negative = rows.data > 0, rows.data < 0
    count = np.bincount(row[positive], minlength=rows.shape[0])
    other = np.bincount(row[negative & ~whole], minlength=rows.shape[0])
    gate = (count == 1) & (other == 0) & (np.abs(model.row_upper) <= 1e-9)
    limit = np.full(rows.shape[0], np.inf)
    mine = positive & ~whole & gate[row]
    limit[row[mine]] = rows.data[mine] * most[column[mine]]
    tight = negative & gate[row]
    rows.data[tight] = -np.minimum(-rows.data[tight], limit[row[tight]])
    return replace(model, matrix=rows.tocsc())


def _lists(terms: Terms, mine: Flags, arcs: int) -> Lists:
    chosen = np.flatnonzero(mine)
    first = np.zeros(arcs + 1, dtype=np.int64)
    np.cumsum(np.bincount(terms.arc[chosen], minlength=arcs), out=first[1:])
    return Lists(first, chosen)
