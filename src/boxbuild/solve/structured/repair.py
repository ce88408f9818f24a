"""Quantities to a plan: cover, level, simulate, trim, settle.

Whatever quantities come in, a plan comes out: every balance holds, no limit is exceeded, nothing is negative. From the
top of the bill of materials down, what is planned to leave a stock is covered by what enters it, and what overloads a
line or an offer is brought forward. Then the network is simulated bucket by bucket, from the components up: a build,
purchase or shipment starts when its turn has come, as far as stock and limits allow, and catches up later. What only
ends up as stock is not made, and what is not a flow is settled at its least cost.

Its cost is a proven upper bound, and it is a plan.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.solve.session import Options, run
from boxbuild.solve.structured.bands import Terms
from boxbuild.solve.structured.problem import Problem
from boxbuild.solve.structured.roll import depths

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-7
"""By how much a row may be missed, relative to its size."""

TRIMS = 2
"""Passes that trim: the second took 0.04 % off a first plan of 5e5, is never worse, and is a small part of a repair."""


@dataclass(frozen=True)
class Lists:
    """Terms of one sort, by arc: ``first`` and, for each, the number of the term."""

    first: Longs
    term: Longs


class Repairer:
    """Turns quantities into a plan."""

    def __init__(self, model: Model, problem: Problem, volume: Floats) -> None:
        self.model, self.problem, self.volume = model, problem, volume
        terms = problem.bands.chains
        link = problem.link[terms.chain]
        limited = np.isfinite(problem.high).any(axis=1) & ~problem.link
        self.gives = _lists(terms, link & (terms.value > 0), problem.arcs)
        self.takes = _lists(terms, link & (terms.value < 0), problem.arcs)
        self.uses = _lists(terms, limited[terms.chain] & (terms.value > 0), problem.arcs)
        singles = problem.bands.singles
        capped = np.isfinite(problem.single_high)
        self.counts = _lists(singles, capped[singles.chain] & (singles.value > 0), problem.arcs)
        self.flow = np.zeros(problem.arcs, dtype=bool)
        self.flow[terms.arc[link]] = True
        self._absorbers()
        self.depth = depths(terms, problem.link)
        self._orders(terms, link)
        self.series = np.zeros(problem.chains, dtype=bool)
        self.series[
            problem.places.chain[
                model.first_row("demand") : model.first_row("demand") + model.families["demand"].keys.height
            ]
        ] = True
        self.stocked = np.zeros(problem.chains, dtype=bool)
        self.stocked[: problem.nodes] = True
        delivers = np.zeros(problem.arcs, dtype=bool)
        mine = self.series[terms.chain] & (terms.value > 0)
        delivers[terms.arc[mine]] = True
        self.delivers = delivers

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

    def _orders(self, terms: Terms, link: Flags) -> None:
        problem = self.problem
        rank = np.full(problem.arcs, -1, dtype=np.int64)
        taken = link & (terms.value < 0)
        np.maximum.at(rank, terms.arc[taken], self.depth[terms.chain[taken]])
        decide = np.zeros(problem.arcs, dtype=np.int64)
        np.maximum.at(decide, terms.arc[taken], terms.shift[taken])
        self.rank, self.decide = rank, decide
        arcs = np.flatnonzero(self.flow & ~np.isin(np.arange(problem.arcs), problem.keep))
        self.arc_order = arcs[np.argsort(rank[arcs], kind="stable")]
        ranks = rank[self.arc_order]
        self.rank_first = np.searchsorted(ranks, np.arange(-1, self.depth.max() + 2))
        chains = np.flatnonzero(problem.link)
        self.chain_order = chains[np.argsort(self.depth[chains], kind="stable")]
        self.depth_first = np.searchsorted(self.depth[self.chain_order], np.arange(-1, self.depth.max() + 2))
        top = np.full(problem.arcs, -1, dtype=np.int64)
        given = link & (terms.value > 0)
        np.maximum.at(top, terms.arc[given], self.depth[terms.chain[given]])
        self.top = top

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
        both = (
            terms.first,
            terms.arc,
            terms.chain,
            terms.shift,
            terms.start,
            terms.stop,
            terms.value,
            terms.at,
            terms.values,
            terms.by_chain_first,
            terms.by_chain,
        )
        weight = x.sum(axis=1) + 1e-6 * self.volume
        _normal(np.flatnonzero(self.series), problem.low, x, problem.exists, *both)
        load = np.zeros((problem.chains, problem.buckets))
        limits = np.unique(terms.chain[self.uses.term])
        for depth in range(int(self.depth.max()), -1, -1):
            mine = self.chain_order[self.depth_first[depth + 1] : self.depth_first[depth + 2]]
            stocks = mine[~self.series[mine]]
            for _ in range(2):
                _cover(stocks, problem.low, x, kept, weight, problem.exists, *both)
            chosen = (self.top == depth) & self.flow & ~kept & ~self.delivers
            _level(limits, self.room, load, x, chosen, problem.exists, *both)
        done = np.zeros_like(x)
        stock = np.zeros((problem.nodes, problem.buckets))
        left = np.where(self.series[:, None], problem.low, 0.0)
        left[~np.isfinite(left)] = 0.0
        _simulate(
            x,
            done,
            stock,
            left,
            self.room.copy(),
            problem.single_high.copy(),
            problem.low,
            problem.exists,
            self.upper,
            self.arc_order,
            self.rank_first,
            self.chain_order,
            self.depth_first,
            self.decide,
            self.delivers,
            self.stocked,
            self.series,
            self.gives.first,
            self.gives.term,
            self.takes.first,
            self.takes.term,
            self.uses.first,
            self.uses.term,
            self.counts.first,
            self.counts.term,
            problem.bands.singles.chain,
            problem.bands.singles.start,
            problem.bands.singles.stop,
            problem.bands.singles.value,
            problem.bands.singles.at,
            problem.bands.singles.values,
            *both,
        )
        done[problem.keep] = stock
        self.trim(done, both, kept)
        columns = self._complete(done)
        return None if columns is None or self.deviation(columns) > TOLERANCE else columns

    def trim(self, done: Floats, both: Any, kept: Flags) -> None:
        """Leave out what only ends up as stock, from the top down."""
        order = self.chain_order[::-1]
        order = order[order < self.problem.nodes]
        for _ in range(TRIMS):
            _trim(order.copy(), self.problem.keep, done, kept, self.delivers, self.problem.exists, self.stocked, *both)

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
    sums = ~mixed[row]
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


@numba.njit(cache=True)
def _value(q: Any, t: Any, start: Any, value: Any, at: Any, values: Any) -> Any:
    return value[q] if at[q] < 0 else values[at[q] + t - start[q]]


@numba.njit(cache=True)
def _normal(
    series: Any,
    low: Any,
    x: Any,
    exists: Any,
    first: Any,
    arc: Any,
    chain: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
    chain_first: Any,
    by_chain: Any,
) -> None:
    """Make deliveries and losses add up to every demand: too much is cut, too little is shared out."""
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
def _cover(
    chains: Any,
    low: Any,
    x: Any,
    kept: Any,
    weight: Any,
    exists: Any,
    first: Any,
    arc: Any,
    chain: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
    chain_first: Any,
    by_chain: Any,
) -> None:
    """Let what enters a stock cover what leaves it: what is short is added to its suppliers, by their weights."""
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
                v = _value(q, s, start, value, at, values)
                have += v * x[a, s]
                if v > 0:
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
                    v = _value(q, s, start, value, at, values)
                    if v > 0:
                        x[a, s] += f * weight[a]
                have = 0.0


@numba.njit(cache=True)
def _level(
    limits: Any,
    room: Any,
    load: Any,
    x: Any,
    chosen: Any,
    exists: Any,
    first: Any,
    arc: Any,
    chain: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
    chain_first: Any,
    by_chain: Any,
) -> None:
    """Bring forward what exceeds a limit, bucket by bucket, and add what the chosen arcs use to the load."""
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
                    mine += max(_value(q, s, start, value, at, values), 0.0) * x[arc[q], s]
            over = load[c, t] + mine - room[c, t]
            if over > 1e-12 and mine > 0:
                f = min(1.0, over / mine)
                for k in range(chain_first[c], chain_first[c + 1]):
                    q = by_chain[k]
                    s = t - shift[q]
                    if chosen[arc[q]] and start[q] < s < stop[q] and x[arc[q], s] > 0:
                        moved = f * x[arc[q], s]
                        x[arc[q], s] -= moved
                        x[arc[q], s - 1] += moved
        for k in range(chain_first[c], chain_first[c + 1]):
            q = by_chain[k]
            if chosen[arc[q]]:
                for s in range(start[q], stop[q]):
                    load[c, s + shift[q]] += max(_value(q, s, start, value, at, values), 0.0) * x[arc[q], s]


@numba.njit(cache=True)
def _fits(
    a: Any,
    s: Any,
    want: Any,
    now: Any,
    stock: Any,
    left: Any,
    room: Any,
    single_room: Any,
    stocked: Any,
    takes_first: Any,
    takes: Any,
    uses_first: Any,
    uses: Any,
    counts_first: Any,
    counts: Any,
    single_chain: Any,
    single_start: Any,
    single_stop: Any,
    single_value: Any,
    single_at: Any,
    single_values: Any,
    chain: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
) -> Any:
    """How much of what is wanted stock and limits allow."""
    v = want
    for k in range(takes_first[a], takes_first[a + 1]):
        q = takes[k]
        if start[q] <= s < stop[q]:
            c = chain[q]
            have = stock[c, now] if stocked[c] else left[c, s + shift[q]]
            v = min(v, max(have, 0.0) / -_value(q, s, start, value, at, values))
    for k in range(uses_first[a], uses_first[a + 1]):
        q = uses[k]
        if start[q] <= s < stop[q]:
            r = room[chain[q], s + shift[q]]
            v = min(v, max(r, 0.0) / _value(q, s, start, value, at, values))
    for k in range(counts_first[a], counts_first[a + 1]):
        q = counts[k]
        if single_start[q] <= s < single_stop[q]:
            v = min(
                v,
                max(single_room[single_chain[q]], 0.0)
                / _value(q, s, single_start, single_value, single_at, single_values),
            )
    return v


@numba.njit(cache=True)
def _book(
    a: Any,
    s: Any,
    v: Any,
    now: Any,
    done: Any,
    stock: Any,
    arriving: Any,
    left: Any,
    room: Any,
    single_room: Any,
    stocked: Any,
    series: Any,
    gives_first: Any,
    gives: Any,
    takes_first: Any,
    takes: Any,
    uses_first: Any,
    uses: Any,
    counts_first: Any,
    counts: Any,
    single_chain: Any,
    single_start: Any,
    single_stop: Any,
    single_value: Any,
    single_at: Any,
    single_values: Any,
    chain: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
) -> None:
    """Start ``v`` units, or take them back where ``v`` is negative."""
    done[a, s] += v
    for k in range(takes_first[a], takes_first[a + 1]):
        q = takes[k]
        if start[q] <= s < stop[q]:
            w = _value(q, s, start, value, at, values)
            if stocked[chain[q]]:
                stock[chain[q], now] += w * v
            else:
                left[chain[q], s + shift[q]] += w * v
    for k in range(gives_first[a], gives_first[a + 1]):
        q = gives[k]
        if start[q] <= s < stop[q]:
            w = _value(q, s, start, value, at, values)
            c = chain[q]
            if series[c]:
                left[c, s + shift[q]] -= w * v
            elif not stocked[c]:
                left[c, s + shift[q]] += w * v
            elif s + shift[q] == now:
                stock[c, now] += w * v
            else:
                arriving[c, s + shift[q]] += w * v
    for k in range(uses_first[a], uses_first[a + 1]):
        q = uses[k]
        if start[q] <= s < stop[q]:
            room[chain[q], s + shift[q]] -= _value(q, s, start, value, at, values) * v
    for k in range(counts_first[a], counts_first[a + 1]):
        q = counts[k]
        if single_start[q] <= s < single_stop[q]:
            single_room[single_chain[q]] -= _value(q, s, single_start, single_value, single_at, single_values) * v


@numba.njit(cache=True)
def _simulate(
    x: Any,
    done: Any,
    stock: Any,
    left: Any,
    room: Any,
    single_room: Any,
    low: Any,
    exists: Any,
    upper: Any,
    arc_order: Any,
    rank_first: Any,
    chain_order: Any,
    depth_first: Any,
    decide: Any,
    delivers: Any,
    stocked: Any,
    series: Any,
    gives_first: Any,
    gives: Any,
    takes_first: Any,
    takes: Any,
    uses_first: Any,
    uses: Any,
    counts_first: Any,
    counts: Any,
    single_chain: Any,
    single_start: Any,
    single_stop: Any,
    single_value: Any,
    single_at: Any,
    single_values: Any,
    first: Any,
    arc: Any,
    chain: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
    chain_first: Any,
    by_chain: Any,
) -> None:
    """Carry a plan out, bucket by bucket; what could not be done in its bucket is done as soon as it can be."""
    arcs, buckets = x.shape
    nodes = stock.shape[0]
    behind = np.zeros(arcs)
    want = np.zeros(arcs)
    planned = np.zeros((series.size, buckets))
    arriving = np.zeros((nodes, buckets))
    factor = np.ones(series.size)
    for now in range(buckets):
        for c in range(nodes):
            stock[c, now] = (stock[c, now - 1] if now > 0 else 0.0) - low[c, now] + arriving[c, now]
            if stock[c, now] < 0:
                stock[c, now] = 0.0 if stock[c, now] > -1e-6 else stock[c, now]
        for i in range(arc_order.size):
            a = arc_order[i]
            s = now - decide[a]
            want[a] = 0.0
            if s < 0:
                continue
            if delivers[a]:
                for k in range(gives_first[a], gives_first[a + 1]):
                    q = gives[k]
                    if start[q] <= s < stop[q]:
                        c = chain[q]
                        planned[c, s + shift[q]] += x[a, s]
                        want[a] = min(planned[c, s + shift[q]], left[c, s + shift[q]])
                        planned[c, s + shift[q]] -= want[a]
                continue
            behind[a] += x[a, s]
            if exists[a, s] and behind[a] > 0:
                want[a] = min(behind[a], upper[a, s])
        # limits shared by their users
        for depth in range(-1, depth_first.size - 2):
            for i in range(depth_first[depth + 1], depth_first[depth + 2]):
                c = chain_order[i]
                if series[c]:
                    continue
                need = 0.0
                for k in range(chain_first[c], chain_first[c + 1]):
                    q = by_chain[k]
                    a = arc[q]
                    s = now - decide[a]
                    if want[a] > 0 and start[q] <= s < stop[q] and s + shift[q] == now:
                        v = _value(q, s, start, value, at, values)
                        if v < 0:
                            need -= v * want[a]
                have = stock[c, now] if stocked[c] else left[c, now]
                factor[c] = 1.0 if need <= have else max(have, 0.0) / need
            for turn in range(2):
                for i in range(rank_first[depth + 1], rank_first[depth + 2]):
                    a = arc_order[i]
                    if want[a] <= 0:
                        continue
                    s = now - decide[a]
                    v = want[a]
                    if turn == 0:
                        f = 1.0
                        for k in range(takes_first[a], takes_first[a + 1]):
                            q = takes[k]
                            if start[q] <= s < stop[q]:
                                f = min(f, factor[chain[q]])
                        v *= f
                    v = _fits(
                        a,
                        s,
                        v,
                        now,
                        stock,
                        left,
                        room,
                        single_room,
                        stocked,
                        takes_first,
                        takes,
                        uses_first,
                        uses,
                        counts_first,
                        counts,
                        single_chain,
                        single_start,
                        single_stop,
                        single_value,
                        single_at,
                        single_values,
                        chain,
                        shift,
                        start,
                        stop,
                        value,
                        at,
                        values,
                    )
                    if v > 1e-12:
                        _book(
                            a,
                            s,
                            v,
                            now,
                            done,
                            stock,
                            arriving,
                            left,
                            room,
                            single_room,
                            stocked,
                            series,
                            gives_first,
                            gives,
                            takes_first,
                            takes,
                            uses_first,
                            uses,
                            counts_first,
                            counts,
                            single_chain,
                            single_start,
                            single_stop,
                            single_value,
                            single_at,
                            single_values,
                            chain,
                            shift,
                            start,
                            stop,
                            value,
                            at,
                            values,
                        )
                        want[a] -= v
                        if not delivers[a]:
                            behind[a] -= v
        for i in range(arc_order.size):
            a = arc_order[i]
            if delivers[a] and want[a] > 0:
                s = now - decide[a]
                for k in range(gives_first[a], gives_first[a + 1]):
                    q = gives[k]
                    if start[q] <= s < stop[q]:
                        planned[chain[q], s + shift[q]] += want[a]
        # what was prepared for a group of alternates and not used goes back
        for i in range(chain_order.size):
            c = chain_order[i]
            if stocked[c] or series[c] or left[c, now] <= 1e-12:
                continue
            total = 0.0
            for k in range(chain_first[c], chain_first[c + 1]):
                q = by_chain[k]
                s = now - shift[q]
                if value[q] > 0 and start[q] <= s < stop[q]:
                    total += _value(q, s, start, value, at, values) * done[arc[q], s]
            if total > 0:
                f = left[c, now] / total
                for k in range(chain_first[c], chain_first[c + 1]):
                    q = by_chain[k]
                    a = arc[q]
                    s = now - shift[q]
                    if value[q] > 0 and start[q] <= s < stop[q] and done[a, s] > 0:
                        v = f * done[a, s]
                        behind[a] += v
                        _book(
                            a,
                            s,
                            -v,
                            now,
                            done,
                            stock,
                            arriving,
                            left,
                            room,
                            single_room,
                            stocked,
                            series,
                            gives_first,
                            gives,
                            takes_first,
                            takes,
                            uses_first,
                            uses,
                            counts_first,
                            counts,
                            single_chain,
                            single_start,
                            single_stop,
                            single_value,
                            single_at,
                            single_values,
                            chain,
                            shift,
                            start,
                            stop,
                            value,
                            at,
                            values,
                        )
    # what is left of a demand is lost
    for i in range(arc_order.size):
        a = arc_order[i]
        if delivers[a] and takes_first[a] == takes_first[a + 1]:
            for k in range(gives_first[a], gives_first[a + 1]):
                q = gives[k]
                for s in range(start[q], stop[q]):
                    done[a, s] += max(left[chain[q], s + shift[q]], 0.0)
                    left[chain[q], s + shift[q]] = 0.0


@numba.njit(cache=True)
def _trim(
    order: Any,
    keep: Any,
    done: Any,
    kept: Any,
    delivers: Any,
    exists: Any,
    stocked: Any,
    first: Any,
    arc: Any,
    chain: Any,
    shift: Any,
    start: Any,
    stop: Any,
    value: Any,
    at: Any,
    values: Any,
    chain_first: Any,
    by_chain: Any,
) -> None:
    """Leave out the last of what enters a stock and stays there to the end, from the top down."""
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
                if kept[a] or s < start[q] or s >= stop[q] or done[a, s] <= 0:
                    continue
                if _value(q, s, start, value, at, values) <= 0:
                    continue
                # the column may arrive in several buckets: only what stays to the end from its first arrival goes
                v = done[a, s]
                good = True
                for p in range(first[a], first[a + 1]):
                    if s < start[p] or s >= stop[p]:
                        continue
                    w = _value(p, s, start, value, at, values)
                    if w > 0 and stocked[chain[p]] and chain[p] == c:
                        if s + shift[p] < t:
                            good = False
                        v = min(v, least / 1.0)
                    elif not stocked[chain[p]]:
                        good = good and w > 0 and not delivers[a]
                if not good or v <= 1e-12:
                    continue
                done[a, s] -= v
                for p in range(first[a], first[a + 1]):
                    if s < start[p] or s >= stop[p] or not stocked[chain[p]] or chain[p] >= keep.size:
                        continue
                    w = _value(p, s, start, value, at, values)
                    row = done[keep[chain[p]]]
                    for u in range(s + shift[p], buckets):
                        row[u] -= w * v
                least = np.inf
                for u in range(t, buckets):
                    least = min(least, stock[u])
                if least <= 1e-12:
                    break
