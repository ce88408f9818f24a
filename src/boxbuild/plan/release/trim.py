"""What nobody takes is not ordered: lots are taken away, top-down, where stock never needs them again."""

from __future__ import annotations

import numpy as np
from numba import njit

from boxbuild.plan.release.deliver import Deliveries
from boxbuild.plan.release.explode import NOISE
from boxbuild.plan.release.problem import Activities, Floats, Integers
from boxbuild.plan.release.simulate import Starts
from boxbuild.plan.release.stock import Flows, Placed, stock_of


@njit(cache=True)
def kept(quantity: float, removable: float, lot_min: float, lot_multiple: float) -> float:
    """Return the least whole lots to keep of an order when ``removable`` units of it are not needed."""
    needed = quantity - removable
    if needed <= NOISE:
        return 0.0
    needed = max(needed, lot_min)
    if lot_multiple > 0.0:
        needed = np.ceil(needed / lot_multiple - 1e-9) * lot_multiple
    return min(needed, quantity)


@njit(cache=True)
def _sorted_orders(node: int, flow: Flows, placed: Placed, activities: Activities, starts: Starts) -> Integers:
    """Return the orders that supply a node, the latest arrival first."""
    count = 0
    for entry in range(flow.supply_start[node], flow.supply_start[node + 1]):
        row = flow.supply[entry]
        count += placed.start[row + 1] - placed.start[row]
    orders = np.empty(count, np.int64)
    arrival = np.empty(count, np.int64)
    count = 0
    for entry in range(flow.supply_start[node], flow.supply_start[node + 1]):
        row = flow.supply[entry]
        for place in range(placed.start[row], placed.start[row + 1]):
            orders[count] = placed.order[place]
            arrival[count] = -starts.day[placed.order[place]] - activities.lead_days[row]
            count += 1
    return orders[np.argsort(arrival, kind="mergesort")]


@njit(cache=True)
def _trim_node(orders: Integers, level: Floats, activities: Activities, starts: Starts, quantity: Floats) -> None:
    """Take away from a node's orders, the last first, what the rest of its days never needs."""
    day = level.size
    spare = np.inf
    for order in orders:
        row = starts.row[order]
        gain = activities.gain[row]
        while day > starts.day[order] + activities.lead_days[row]:
            day -= 1
            spare = min(spare, level[day])
        keep = kept(
            quantity[order],
            max(0.0, spare) / gain,
            activities.lot_min[row],
            activities.lot_multiple[row],
        )
        spare -= (quantity[order] - keep) * gain
        quantity[order] = keep


@njit(cache=True)
def trim(
    activities: Activities,
    nodes: Integers,
    stock: Floats,
    flow: Flows,
    placed: Placed,
    starts: Starts,
    delivered_start: Integers,
    delivered: Integers,
    deliveries: Deliveries,
    days: int,
) -> Floats:
    """Return the units kept of each order.

    Top-down: what is taken away would have consumed inputs, which are then looked at in their turn. It never
    harms: the stock of the output stays at least zero on every day, and that of the inputs only rises.

    Parameters
    ----------
    nodes
        Such that each comes after all that consume it.
    stock
        Units of each node on day 0.
    delivered_start, delivered
        Deliveries from each node: entries ``delivered_start[node]`` to ``delivered_start[node + 1]``.
    """
    quantity = starts.quantity.copy()
    level = np.empty(days)
    for node in nodes:
        orders = _sorted_orders(node, flow, placed, activities, starts)
        if orders.size == 0:
            continue
        stock_of(node, stock[node], flow, placed, activities, starts, quantity, level)
        for entry in range(delivered_start[node], delivered_start[node + 1]):
            order = delivered[entry]
            level[deliveries.day[order] :] -= deliveries.quantity[order]
        _trim_node(orders, level, activities, starts, quantity)
    return quantity
