"""The day by day of a release the plain way: every lot that may start is tried in every pass of every day."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from boxbuild.plan.release.explode import NOISE, whole_lots
from boxbuild.plan.release.lots import Lots
from boxbuild.plan.release.problem import Activities, Floats, Integers
from boxbuild.plan.release.simulate import Starts


def simulate(
    activities: Activities,
    heir: Integers,
    stock: Floats,
    capacity: Floats,
    receipt_start: Integers,
    receipt_node: Integers,
    receipt_quantity: Floats,
    lots: Lots,
    urgency: Floats,
) -> Starts:
    """Return the orders of :func:`boxbuild.plan.release.simulate.simulate`."""
    stock, capacity, horizon = stock.copy(), capacity.copy(), receipt_start.size - 1
    order = sorted(range(lots.row.size), key=lambda lot: (urgency[lot], lot))
    done, started = np.zeros(heir.size), []
    arriving: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for day in range(horizon):
        for entry in range(receipt_start[day], receipt_start[day + 1]):
            stock[receipt_node[entry]] += receipt_quantity[entry]
        for row, quantity in reversed(arriving[day]):
            stock[activities.output[row]] += quantity * activities.gain[row]
        _hand_over(day, activities, heir, lots, done)
        again = True
        while again:
            again = False
            for lot in order:
                row = lots.row[lot]
                arrival = day + activities.lead_days[row]
                open_ = max(lots.first_day[lot], activities.first_day[row]) <= day <= activities.last_day[row]
                asked = lots.target[lot] - done[row]
                if asked <= NOISE or not open_ or arrival >= horizon:
                    continue
                quantity = _start(row, asked, activities, stock, capacity[:, day // 7])
                if quantity == 0.0:
                    continue
                done[row] += quantity
                started.append((row, quantity, day))
                if arrival == day:
                    stock[activities.output[row]] += quantity * activities.gain[row]
                    again = True
                else:
                    arriving[arrival].append((row, quantity))
    rows, quantities, days = zip(*started, strict=True) if started else ((), (), ())
    return Starts(np.array(rows, np.int64), np.array(quantities, np.float64), np.array(days, np.int64))


def _start(row: int, asked: float, activities: Activities, stock: Floats, capacity: Floats) -> float:
    """Take what a row needs for what it can start of what is asked; return the units started."""
    least, multiple = activities.lot_min[row], activities.lot_multiple[row]
    quantity = whole_lots(asked, least, multiple)
    groups = (
        (activities.input_start, activities.input_node, activities.input_quantity, stock),
        (activities.use_start, activities.use_resource, activities.use_quantity, capacity),
    )
    for start, thing, each, have in groups:
        for entry in range(start[row], start[row + 1]):
            quantity = min(quantity, have[thing[entry]] / each[entry])
    if multiple > 0.0:
        quantity = np.floor(quantity / multiple + 1e-9) * multiple
    if quantity <= NOISE or quantity < least - 1e-9:
        return 0.0
    for start, thing, each, have in groups:
        for entry in range(start[row], start[row + 1]):
            have[thing[entry]] = max(0.0, have[thing[entry]] - quantity * each[entry])
    return float(quantity)


def _hand_over(day: int, activities: Activities, heir: Integers, lots: Lots, done: Floats) -> None:
    for row in np.flatnonzero(heir >= 0):
        if activities.last_day[row] == day - 1 and lots.start[row] < lots.start[row + 1]:
            total = lots.target[lots.start[row + 1] - 1]
            owed = total - done[row]
            if owed > NOISE:
                done[row] = total
                done[heir[row]] -= owed * activities.gain[row] / activities.gain[heir[row]]
