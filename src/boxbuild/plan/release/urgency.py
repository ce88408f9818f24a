"""How urgent each lot is: the last day it may start to be in time for what it is for."""

from __future__ import annotations

import numpy as np
from numba import njit

from boxbuild.plan.release.explode import NOISE, Structure, arrival_slot
from boxbuild.plan.release.lots import Lots
from boxbuild.plan.release.problem import Activities, Floats, Integers

NEVER = 1_000_000
"""Day of what nothing waits for."""


@njit(cache=True)
def served_slots(
    activities: Activities, structure: Structure, lots: Lots, given: Floats, delivered: Floats
) -> Integers:
    """Return the slot of its output's consumption that each lot is first used for, or -1 where there is none.

    Top-down: stock is used in the order of the slots, so the first unit that a lot adds to a node is for the slot in
    which what the node gives, cumulated, passes what it had before.

    Parameters
    ----------
    given
        Stock and receipts, cumulated: shape (nodes, slots).
    delivered
        Units delivered by the plan in each slot: shape (nodes, slots).
    """
    slots = given.shape[1]
    wanted = delivered.copy()
    serves = np.full(lots.row.size, -1, np.int64)
    had = np.zeros(slots + 1)
    for node in structure.nodes:
        taken = np.cumsum(wanted[node])
        had[:] = 0.0
        for entry in range(structure.supply_start[node], structure.supply_start[node + 1]):
            row = structure.supply[entry]
            before = 0.0
            for lot in range(lots.start[row], lots.start[row + 1]):
                had[lots.slot[lot] + 1] += (lots.target[lot] - before) * activities.gain[row]
                before = lots.target[lot]
        had = np.cumsum(had)
        for entry in range(structure.supply_start[node], structure.supply_start[node + 1]):
            row = structure.supply[entry]
            place = 0
            before = 0.0
            for lot in range(lots.start[row], lots.start[row + 1]):
                quantity = lots.target[lot] - before
                before = lots.target[lot]
                if quantity <= 0.0:
                    continue
                slot = lots.slot[lot]
                here = given[node, arrival_slot(row, slot, activities, structure)] + had[slot]
                while place < slots and taken[place] <= here + NOISE:
                    place += 1
                if place < slots:
                    serves[lot] = place
                for k in range(activities.input_start[row], activities.input_start[row + 1]):
                    wanted[activities.input_node[k], slot] += quantity * activities.input_quantity[k]
    return serves


@njit(cache=True)
def last_days(
    activities: Activities, structure: Structure, lots: Lots, serves: Integers, delivered_by: Floats
) -> Floats:
    """Return the last day on which each lot may start: shape (lots,).

    Parameters
    ----------
    serves
        Of :func:`served_slots`.
    delivered_by
        Day on which what the plan delivers in each slot is wanted: shape (nodes, slots).
    """
    by = delivered_by.copy()
    last = np.full(lots.row.size, float(NEVER))
    for node in structure.nodes:
        for entry in range(structure.supply_start[node], structure.supply_start[node + 1]):
            row = structure.supply[entry]
            for lot in range(lots.start[row], lots.start[row + 1]):
                if serves[lot] < 0 or by[node, serves[lot]] >= NEVER:
                    continue
                last[lot] = by[node, serves[lot]] - activities.lead_days[row]
                slot = lots.slot[lot]
                for k in range(activities.input_start[row], activities.input_start[row + 1]):
                    taken = activities.input_node[k]
                    by[taken, slot] = min(by[taken, slot], last[lot])
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
