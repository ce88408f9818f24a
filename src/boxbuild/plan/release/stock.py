"""The stock of a node at the end of each day, from what orders bring and take."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from boxbuild.plan.release.problem import Activities, Floats, Integers, ReleaseProblem
from boxbuild.plan.release.simulate import Starts


class Flows(NamedTuple):
    """What touches each node: entries ``x_start[node]`` to ``x_start[node + 1]`` of each group.

    Parameters
    ----------
    supply_start, supply
        Activities that supply the node.
    taker_start, taker, taken
        Activities that consume it, and units per unit started.
    receipt_start, receipt_day, receipt_quantity
        Receipts within the horizon.
    """

    supply_start: Integers
    supply: Integers
    taker_start: Integers
    taker: Integers
    taken: Floats
    receipt_start: Integers
    receipt_day: Integers
    receipt_quantity: Floats


@njit(cache=True)
def grouped(key: Integers, groups: int) -> tuple[Integers, Integers]:
    """Return where each group starts, and the entries sorted by group (stable)."""
    start = np.zeros(groups + 1, np.int64)
    for group in key:
        start[group + 1] += 1
    start = np.cumsum(start)
    place = start[:-1].copy()
    order = np.empty(key.size, np.int64)
    for entry in range(key.size):
        order[place[key[entry]]] = entry
        place[key[entry]] += 1
    return start, order


def flows(problem: ReleaseProblem) -> Flows:
    """Return what touches each node of a problem."""
    nodes, activities, receipts = problem.stock.size, problem.activities, problem.receipts
    supply_start, supply = grouped(activities.output, nodes)
    taker_start, entry = grouped(activities.input_node, nodes)
    of_entry = np.repeat(np.arange(activities.output.size), np.diff(activities.input_start))
    inside = np.flatnonzero(receipts.day < problem.horizon_days)
    receipt_start, receipt = grouped(receipts.node[inside], nodes)
    return Flows(
        supply_start,
        supply,
        taker_start,
        of_entry[entry],
        activities.input_quantity[entry],
        receipt_start,
        np.maximum(receipts.day[inside][receipt], 0),
        receipts.quantity[inside][receipt],
    )


class Placed(NamedTuple):
    """Orders by activity: entries ``start[row]`` to ``start[row + 1]`` of ``order``, by day."""

    start: Integers
    order: Integers


@njit(cache=True)
def stock_of(
    node: int,
    first: float,
    flow: Flows,
    placed: Placed,
    activities: Activities,
    starts: Starts,
    quantity: Floats,
    level: Floats,
) -> None:
    """Set ``level`` to a node's stock at the end of each day, before deliveries.

    Parameters
    ----------
    first
        Stock on day 0.
    quantity
        Units of each order.
    """
    level[:] = 0.0
    level[0] = first
    for entry in range(flow.receipt_start[node], flow.receipt_start[node + 1]):
        level[flow.receipt_day[entry]] += flow.receipt_quantity[entry]
    for entry in range(flow.supply_start[node], flow.supply_start[node + 1]):
        row = flow.supply[entry]
        for place in range(placed.start[row], placed.start[row + 1]):
            order = placed.order[place]
            level[starts.day[order] + activities.lead_days[row]] += quantity[order] * activities.gain[row]
    for entry in range(flow.taker_start[node], flow.taker_start[node + 1]):
        row = flow.taker[entry]
        for place in range(placed.start[row], placed.start[row + 1]):
            order = placed.order[place]
            level[starts.day[order]] -= quantity[order] * flow.taken[entry]
    for day in range(1, level.size):
        level[day] += level[day - 1]


@njit(cache=True)
def stocks_of(
    nodes: Integers, stock: Floats, flow: Flows, placed: Placed, activities: Activities, starts: Starts, days: int
) -> Floats:
    """Return the stock of some nodes at the end of each day, before deliveries: shape (nodes, days)."""
    level = np.empty((nodes.size, days))
    for place in range(nodes.size):
        node = nodes[place]
        stock_of(node, stock[node], flow, placed, activities, starts, starts.quantity, level[place])
    return level
