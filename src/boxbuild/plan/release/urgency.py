"""How urgent each lot is: the last day it may start to be in time for what it is for."""

from __future__ import annotations

import numpy as np
from numba import njit

from boxbuild.plan.release.explode import NOISE, Structure, arrival_slot
from boxbuild.plan.release.problem import Activities, Floats, Integers

NEVER = 1_000_000
"""Day of what nothing waits for."""


@njit(cache=True)
def _cumulate(values: Floats, total: Floats) -> None:
    running = 0.0
    for slot in range(values.size):
        running += values[slot]
        total[slot] = running


@njit(cache=True)
def _pull(row: int, activities: Activities, target: Floats, last: Floats, wanted: Floats, by: Floats) -> None:
    """Add what a row's lots take from their inputs, and the day they take it by."""
    for entry in range(activities.input_start[row], activities.input_start[row + 1]):
        node = activities.input_node[entry]
        before = 0.0
        for slot in range(target.size):
            quantity = target[slot] - before
            before = target[slot]
            if quantity > 0.0:
                wanted[node, slot] += quantity * activities.input_quantity[entry]
                by[node, slot] = min(by[node, slot], last[slot])


@njit(cache=True)
def last_days(
    activities: Activities,
    structure: Structure,
    target: Floats,
    given: Floats,
    delivered: Floats,
    delivered_by: Floats,
) -> Floats:
    """Return the last day on which each row's lots of each slot may start.

    Top-down: stock is used in the order of the slots, so the first unit that a lot adds to a node is for the slot in
    which what the node gives, cumulated, passes what it had before.

    Parameters
    ----------
    target
        Starts in whole lots, cumulated: shape (activities, slots).
    given
        Stock and receipts, cumulated: shape (nodes, slots).
    delivered, delivered_by
        Units delivered by the plan in each slot, and the day they are wanted: shape (nodes, slots).
    """
    rows, slots = target.shape
    wanted = delivered.copy()
    by = delivered_by.copy()
    last = np.full((rows, slots), float(NEVER))
    taken = np.zeros(slots)
    had = np.zeros(slots)
    for node in structure.nodes:
        _cumulate(wanted[node], taken)
        had[:] = 0.0
        for entry in range(structure.supply_start[node], structure.supply_start[node + 1]):
            row = structure.supply[entry]
            for slot in range(1, slots):
                had[slot] += target[row, slot - 1] * activities.gain[row]
        for entry in range(structure.supply_start[node], structure.supply_start[node + 1]):
            row = structure.supply[entry]
            serves = 0
            for slot in range(slots):
                if target[row, slot] - (target[row, slot - 1] if slot > 0 else 0.0) <= 0.0:
                    continue
                before = given[node, arrival_slot(row, slot, activities, structure)] + had[slot]
                while serves < slots and taken[serves] <= before + NOISE:
                    serves += 1
                if serves < slots and by[node, serves] < NEVER:
                    last[row, slot] = by[node, serves] - activities.lead_days[row]
            _pull(row, activities, target[row], last[row], wanted, by)
    return last


def delivery_wishes(
    nodes: int, slots: int, node: Integers, slot: Integers, day: Floats, quantity: Floats
) -> tuple[Floats, Floats]:
    """Return the units delivered from each node in each slot, and the first day they are wanted."""
    delivered = np.zeros((nodes, slots))
    delivered_by = np.full((nodes, slots), float(NEVER))
    np.add.at(delivered, (node, slot), quantity)
    wanted = quantity > NOISE
    np.minimum.at(delivered_by, (node[wanted], slot[wanted]), day[wanted])
    return delivered, delivered_by
