"""Pricing away: stock that anybody can buy is given a price instead of rows, until the plan shows that it binds.

Most components have no limit of supply: once the first purchase can have arrived, their balance rows say little. A
*pantry* is an item and site whose only inflows are purchases without any other row. Prices ``y[b]`` of its units are
chosen such that no purchase and no keeping pays:

    y[b] <= c[j]                     for every purchase j that arrives, in part, in b
    y[b+1] <= y[b] + h[b]            for keeping from b to b+1 at cost h[b]

Its rows after the first possible purchase leave the model: what is taken from it then costs ``y[b]`` a unit, what is
left of its stock is credited with ``y[b]``. Every such relaxation is a lower bound (Lagrange), whatever rows are left
out. The reduced model's quantities are completed by buying each pantry's shortages as late as possible. That plan is
feasible, its cost is known, and so is its distance from the bound; the pantries that make up most of it get their rows
back, and the model is solved again until the gap is closed. What a pantry lacks before it can be bought, where rows are
missing there, brings those rows back too.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from boxbuild.errors import InfeasibleError
from boxbuild.model.model import Model
from boxbuild.solve.bound import column_limits, dual_bound
from boxbuild.solve.infeasible import reasons
from boxbuild.solve.limits import idle_solution, is_infeasible, limit_note
from boxbuild.solve.progress import Listener, Progress, silent
from boxbuild.solve.session import Options, Outcome, run
from boxbuild.solve.solution import Solution, relative_gap

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Pantries:
    """The items and sites that can be priced away.

    Parameters
    ----------
    rows
        Balance row of each pantry and bucket. Shape ``(pantries, buckets)``.
    keep
        Column that keeps its stock at the end of each bucket. Same shape.
    price
        Price of one unit in each bucket. Same shape.
    first
        First bucket by whose end a purchase can have arrived in full. Shape ``(pantries,)``.
    cheapest
        Column of the cheapest purchase that has arrived in full by the end of each bucket and not before it, or -1.
        Shape
        ``(pantries, buckets)``.
    buys
        Columns of their purchases.
    """

    rows: Ints
    keep: Ints
    price: Floats
    first: Ints
    cheapest: Ints
    buys: Ints


def pantries(model: Model) -> Pantries:
    """Return every pantry of a model."""
    nodes, buckets = model.flows.nodes.height, model.flows.calendar.count
    first_row = model.first_row("balance")
    matrix = csc_matrix(model.matrix)
    buys = model.columns["buy"]["column"].to_numpy()
    node, arrival, column = _arrivals(matrix, buys, first_row, nodes, buckets)
    chosen = _candidates(model, matrix, buys, first_row, nodes, buckets)
    keep = model.columns["keep"]["column"].to_numpy().reshape(nodes, buckets)
    mine = chosen[node]
    node, arrival, column = node[mine], arrival[mine], column[mine]
    ceiling = np.full((nodes, buckets), np.inf)
    np.minimum.at(ceiling, (node, arrival), model.cost[column])
    last = np.zeros(matrix.shape[1], dtype=np.int64)
    np.maximum.at(last, column, arrival)
    owner = np.full(matrix.shape[1], -1, dtype=np.int64)
    owner[column] = node
    mine_columns = np.unique(column)
    order = mine_columns[np.lexsort((mine_columns, -model.cost[mine_columns]))]
    cheapest = np.full((nodes, buckets), -1, dtype=np.int64)
    cheapest[owner[order], last[order]] = order  # the cheapest is written last
    can = (cheapest >= 0).any(axis=1) & chosen
    at = np.flatnonzero(can)
    rows = first_row + at[:, None] * buckets + np.arange(buckets)[None, :]
    price = _prices(ceiling[at], model.cost[keep[at]])
    own_buys = mine_columns[can[owner[mine_columns]]]
    return Pantries(rows, keep[at], price, np.argmax(cheapest[at] >= 0, axis=1), cheapest[at], own_buys)


def _arrivals(matrix: csc_matrix, buys: Ints, first_row: int, nodes: int, buckets: int) -> tuple[Ints, Ints, Ints]:
    """Node, bucket and column of every balance entry of the purchases."""
    part = matrix[:, buys].tocoo()
    inside = (part.row >= first_row) & (part.row < first_row + nodes * buckets)
    place = part.row[inside].astype(np.int64) - first_row
    return place // buckets, place % buckets, buys[part.col[inside]]


def _candidates(model: Model, matrix: csc_matrix, buys: Ints, first_row: int, nodes: int, buckets: int) -> Flags:
    """Nodes whose only inflows are purchases that stand in no other row and have no limit of their own."""
    part = matrix[:, buys].tocoo()
    outside = (part.row < first_row) | (part.row >= first_row + nodes * buckets)
    limited = np.zeros(matrix.shape[1], dtype=bool)
    limited[buys[part.col[outside]]] = True
    limited |= np.isfinite(model.upper)
    is_buy = np.zeros(matrix.shape[1], dtype=bool)
    is_buy[buys] = True
    is_keep = np.zeros(matrix.shape[1], dtype=bool)
    is_keep[model.columns["keep"]["column"].to_numpy()] = True
    balance = csr_matrix(matrix)[first_row : first_row + nodes * buckets].tocoo()
    inflow = (balance.data > 0) & ~is_keep[balance.col]
    bad = inflow & (~is_buy[balance.col] | limited[balance.col])
    chosen = np.zeros(nodes, dtype=bool)
    chosen[balance.row[inflow] // buckets] = True
    chosen[balance.row[bad] // buckets] = False
    return chosen


def _prices(ceiling: Floats, holding: Floats) -> Floats:
    """The highest prices at which neither buying nor keeping pays. Shape ``(pantries, buckets)``.

    Before the first purchase can arrive, the price is the lowest that does not push later ones down: what is taken
    early saves
    the keeping.
    """
    price = ceiling.copy()
    for bucket in range(1, price.shape[1]):
        price[:, bucket] = np.minimum(price[:, bucket], price[:, bucket - 1] + holding[:, bucket - 1])
    for bucket in range(price.shape[1] - 2, -1, -1):
        early = ~np.isfinite(price[:, bucket])
        price[early, bucket] = np.maximum(price[early, bucket + 1] - holding[early, bucket], 0.0)
    return price


@dataclass(frozen=True)
class Reduced:
    """A model with rows priced away: solve ``model``, then add ``constant`` to its cost and bound.

    ``columns`` and ``rows`` are the numbers, in the whole model, of what is left in the reduced one.
    """

    model: Model
    constant: float
    columns: Ints
    rows: Ints


def reduce(model: Model, pantry: Pantries, relaxed: Flags) -> Reduced:
    """Price away the rows that ``relaxed`` marks. Shape of ``relaxed``: ``(pantries, buckets)``."""
    away = pantry.rows[relaxed]
    price = np.zeros(model.matrix.shape[0])
    price[away] = pantry.price[relaxed]
    cost = model.cost - model.matrix.T @ price
    stays = np.ones(model.matrix.shape[0], dtype=bool)
    stays[away] = False
    rows = np.flatnonzero(stays)
    matrix = csr_matrix(model.matrix)[rows].tocsc()
    empty = np.diff(matrix.indptr) == 0
    gone = empty & (cost >= -1e-9 * (1.0 + np.abs(model.cost))) & (model.lower == 0)
    columns = np.flatnonzero(~gone)
    smaller = replace(
        model,
        matrix=matrix[:, columns],
        cost=cost[columns],
        lower=model.lower[columns],
        upper=model.upper[columns],
        integer=model.integer[columns],
        row_lower=model.row_lower[rows],
        row_upper=model.row_upper[rows],
    )
    return Reduced(smaller, float(price[away] @ model.row_lower[away]), columns, rows)


@dataclass(frozen=True)
class Completed:
    """A plan of the whole model, or what stands in its way.

    Parameters
    ----------
    values
        Quantities of every column. Shape ``(columns,)``.
    early
        Units of each pantry that are missing before they can be bought. Shape ``(pantries,)``.
    loss
        What each pantry's purchases and keeping cost above its prices: its part of the gap. Shape ``(pantries,)``.
    """

    values: Floats
    early: Floats
    loss: Floats


def complete(model: Model, pantry: Pantries, reduced: Reduced, found: Floats) -> Completed:
    """Fill every pantry: buy each shortage as late as it can be bought."""
    values = np.zeros(model.cost.size)
    values[reduced.columns] = found
    values[pantry.keep.ravel()] = 0.0
    matrix = csr_matrix(model.matrix)
    rows = pantry.rows
    net = (matrix[rows.ravel()] @ values - model.row_lower[rows.ravel()]).reshape(rows.shape)
    stock = np.zeros(rows.shape[0])
    early = np.zeros(rows.shape[0])
    for bucket in range(rows.shape[1]):
        stock += net[:, bucket]
        short = np.maximum(-stock, 0.0)
        column = pantry.cheapest[:, bucket]
        buy = (column >= 0) & (short > 0)
        values[column[buy]] += short[buy]
        stock[buy] = 0.0
        missing = (column < 0) & (short > TOLERANCE)
        early[missing] += short[missing]
        stock = np.maximum(stock, 0.0)
    # A purchase may arrive in part before the bucket that it is for: what is kept follows from all arrivals.
    arrived = (matrix[rows.ravel()] @ values - model.row_lower[rows.ravel()]).reshape(rows.shape)
    values[pantry.keep] = np.maximum(np.cumsum(arrived, axis=1), 0.0)
    return Completed(values, early, _loss(model, pantry, values))


def _loss(model: Model, pantry: Pantries, values: Floats) -> Floats:
    """Reduced cost of what was bought and kept, by pantry."""
    price = np.zeros(model.matrix.shape[0])
    price[pantry.rows.ravel()] = pantry.price.ravel()
    reduced = (model.cost - model.matrix.T @ price) * values
    kept = reduced[pantry.keep].sum(axis=1)
    owner = np.full(model.matrix.shape[0], -1, dtype=np.int64)
    owner[pantry.rows.ravel()] = np.repeat(np.arange(pantry.rows.shape[0]), pantry.rows.shape[1])
    matrix = csc_matrix(model.matrix)
    first_entry = matrix.indices[matrix.indptr[pantry.buys]]
    bought = np.bincount(owner[first_entry], weights=reduced[pantry.buys], minlength=pantry.rows.shape[0])
    total: Floats = kept + bought
    return total


SHARE_TO_COME_BACK = 0.5
"""Part of the gap asked for that the pantries which stay priced away may lose together."""

TOLERANCE = 1e-6
"""Units that an interior point may be short of without being short: quantities are rounded to as much."""

ROUNDS = 12
"""Rounds after which the best plan so far is returned, whatever its gap."""


def solve_priced(model: Model, options: Options, listen: Listener = silent) -> Solution:
    """Solve a model without integers round by round, with ever fewer pantries priced away, until the gap is closed.

    Raises
    ------
    InfeasibleError
        No plan exists, since a relaxation of the model has none; with the reasons in the tables' words.
    LimitError
        A limit was reached before a plan was found, and not even the idle plan is feasible.
    """
    pantry, limits = pantries(model), column_limits(model)
    relaxed = np.arange(pantry.rows.shape[1])[None, :] > pantry.first[:, None]
    began = time.perf_counter()
    best: Solution | None = None
    bound, note = -np.inf, ""
    for round_ in range(1, ROUNDS + 1):
        reduced = reduce(model, pantry, relaxed)
        outcome = run(reduced.model, _rest(options, began), listen)
        if is_infeasible(outcome):
            raise InfeasibleError("no plan meets every hard limit", reasons(model))
        note = limit_note(outcome)
        if outcome.values is None:
            break
        bound = max(bound, _lower(reduced, outcome, limits))
        completed = complete(model, pantry, reduced, outcome.values)
        cost = float(model.cost @ completed.values)
        if not completed.early.any() and (best is None or cost < best.cost):
            best = Solution(completed.values, cost, bound, "feasible", _method(model, pantry, round_))
        gap = relative_gap(best.cost, bound) if best else None
        listen(
            Progress("solve", time.perf_counter() - began, best.cost if best else None, bound, gap, f"round {round_}")
        )
        if note or (gap is not None and gap <= options.gap):
            break
        relaxed = _fewer(pantry, relaxed, completed, options.gap * abs(cost))
    if best is None:
        return idle_solution(model, bound, _method(model, pantry, 0), note)
    best = replace(best, bound=min(bound, best.cost), note=note)
    reached = best.gap <= options.gap
    return replace(best, status="optimal") if reached else replace(best, note=note or f"stopped after {ROUNDS} rounds")


def _rest(options: Options, began: float) -> Options:
    left = None if options.seconds is None else max(options.seconds - (time.perf_counter() - began), 0.0)
    return replace(options, algorithm="ipm", crossover=False, seconds=left)


def _lower(reduced: Reduced, outcome: Outcome, limits: Floats) -> float:
    """The bound that the reduced model's own prices prove, for the whole model."""
    if outcome.prices is None:
        return -np.inf
    return dual_bound(reduced.model, outcome.prices, limits[reduced.columns]) + reduced.constant


def _method(model: Model, pantry: Pantries, rounds: int) -> str:
    free, every = pantry.rows.shape[0], model.flows.nodes.height
    return (
        f"priced away: of {model.matrix.nnz:,} non-zeros, the rows of {free:,} of {every:,} stocks that can be bought "
        f"freely come in only where they bind; HiGHS interior point, {rounds} rounds"
    )


def _fewer(pantry: Pantries, relaxed: Flags, completed: Completed, allowed: float) -> Flags:
    """Take back the rows that bind: before the first purchase where units are missing, all where much is lost."""
    still = relaxed.copy()
    missing = completed.early > 0
    bucket = np.arange(pantry.rows.shape[1])
    still[missing[:, None] & (bucket[None, :] <= pantry.first[:, None])] = False
    loss = np.where(relaxed.any(axis=1), completed.loss, 0.0)
    order = np.argsort(-loss, kind="stable")
    rest = loss.sum() - np.cumsum(loss[order])
    dear = order[: int(np.searchsorted(-rest, -SHARE_TO_COME_BACK * allowed)) + 1]
    still[dear[loss[dear] > 0]] = False
    return still
