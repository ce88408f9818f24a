"""Whole lots: the plan's starts, cumulated and rounded up, with what the lots above need besides."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from boxbuild.plan.release.problem import Activities, Floats, Integers

NOISE = 1e-6
"""Relative quantity that a solver's tolerance leaves and no lot is started for."""

DUST = 1e-2
"""Units that no lot is started for: the solutions of large models have many small quantities that mean nothing."""

AHEAD_DAYS = 56
"""How long before it is needed the lot may start that follows when those before it are used up."""

NEXT = 1e-3
"""Part of a lot that is left when the lots before count as used up; dust is no more than that, either."""


class Structure(NamedTuple):
    """Who supplies whom, and when: the parts of a problem that all kernels share.

    Parameters
    ----------
    nodes
        Top-down: a node comes after all that consume it.
    supply_start, supply
        Activities by output node.
    slot_day
        First day of each slot.
    slot_of_day
        Slot of each day.
    """

    nodes: Integers
    supply_start: Integers
    supply: Integers
    slot_day: Integers
    slot_of_day: Integers


@njit(cache=True)
def arrival_slot(row: int, slot: int, activities: Activities, structure: Structure) -> int:
    """Return the slot in which a start on the first day of a slot arrives; the last one where it is later."""
    day = structure.slot_day[slot] + activities.lead_days[row]
    slot_then: int = structure.slot_of_day[min(day, structure.slot_of_day.size - 1)]
    return slot_then


@njit(cache=True)
def whole_lots(quantity: float, lot_min: float, lot_multiple: float) -> float:
    """Return the least quantity of whole lots that is not below the one asked for."""
    quantity = max(quantity, lot_min)
    if lot_multiple > 0.0:
        quantity = np.ceil(quantity / lot_multiple - NOISE) * lot_multiple
    return quantity


@njit(cache=True)
def _levels(activities: Activities, structure: Structure, guide: Floats, given: Floats) -> Floats:
    """Return the stock that the plan, started at the beginning of each slot, leaves unused in each."""
    flow = np.zeros_like(given)
    for row in range(activities.output.size):
        before = 0.0
        for slot in range(structure.slot_day.size):
            started = guide[row, slot] - before
            before = guide[row, slot]
            if started <= 0.0:
                continue
            arrives = arrival_slot(row, slot, activities, structure)
            flow[activities.output[row], arrives] += started * activities.gain[row]
            for entry in range(activities.input_start[row], activities.input_start[row + 1]):
                flow[activities.input_node[entry], slot] -= started * activities.input_quantity[entry]
    level = given.copy()
    for node in range(level.shape[0]):
        total = 0.0
        for slot in range(level.shape[1]):
            total += flow[node, slot]
            level[node, slot] += total
    return level


@njit(cache=True)
def _shares(node: int, activities: Activities, structure: Structure, guide: Floats, share: Floats) -> None:
    """Set how much of what a node needs besides the plan comes from each of its supplies."""
    first, last = structure.supply_start[node], structure.supply_start[node + 1]
    total = 0.0
    cheapest = -1
    for entry in range(first, last):
        row = structure.supply[entry]
        total += guide[row, -1] * activities.gain[row]
        if cheapest < 0 or activities.unit_cost[row] < activities.unit_cost[cheapest]:
            cheapest = row
    for entry in range(first, last):
        row = structure.supply[entry]
        if total > NOISE:
            share[row] = guide[row, -1] / total
        else:
            share[row] = 1.0 / activities.gain[row] if row == cheapest else 0.0


@njit(cache=True)
def _fill(row: int, activities: Activities, structure: Structure, wanted: Floats, target: Floats) -> None:
    """Round one row's wanted starts up, cumulated, where its window and the horizon let it start.

    Where there is a least lot, the next one is started as soon as those before are used up, if it is needed within
    ``AHEAD_DAYS``: it is needed whole sooner or later, and what is there early is there when the plan's weeks are not
    kept to the day. What would be left for the last order is started with the one before where it is less than the
    least lot.
    """
    slots = wanted.size
    least, multiple = activities.lot_min[row], activities.lot_multiple[row]
    dust = min(DUST, NEXT * max(least, multiple))
    started = 0.0
    horizon = structure.slot_of_day.size
    for slot in range(slots):
        next_day = structure.slot_day[slot + 1] if slot + 1 < slots else horizon
        usable = (
            structure.slot_day[slot] + activities.lead_days[row] < horizon
            and structure.slot_day[slot] <= activities.last_day[row]
            and next_day > activities.first_day[row]
        )
        needed = wanted[slot] - started
        soon = needed
        if least > 0.0:
            soon = wanted[structure.slot_of_day[min(structure.slot_day[slot] + AHEAD_DAYS, horizon - 1)]] - started
            needed = min(needed + NEXT * least, soon)
        if usable and needed > NOISE * max(1.0, wanted[slot]) and soon > dust + NOISE:
            spared = dust if multiple > 0.0 else 0.0
            order = whole_lots(needed - spared, least, multiple)
            rest = wanted[-1] - started - spared
            if order < rest < order + least:  # else the last order would be a whole least lot for what is missing
                order = whole_lots(rest, least, multiple)
            started += order
        target[slot] = started


@njit(cache=True)
def explode(activities: Activities, structure: Structure, guide: Floats, given: Floats) -> Floats:
    """Return the starts of each row in whole lots, cumulated by slot.

    Top-down: each row follows the plan's cumulated starts, plus its share of what the lots above consume more than
    the plan says and the plan's stock does not cover.

    Parameters
    ----------
    guide
        The plan's starts, cumulated: shape (activities, slots).
    given
        Stock and receipts, cumulated, less the plan's deliveries: shape (nodes, slots).
    """
    rows, slots = guide.shape
    level = _levels(activities, structure, guide, given)
    besides = np.zeros_like(given)  # consumed more than in the plan, cumulated
    target = np.zeros((rows, slots))
    share = np.zeros(rows)
    wanted = np.zeros(slots)
    for node in structure.nodes:
        _shares(node, activities, structure, guide, share)
        for entry in range(structure.supply_start[node], structure.supply_start[node + 1]):
            row = structure.supply[entry]
            most = 0.0
            for slot in range(slots):
                arrives = arrival_slot(row, slot, activities, structure)
                lacking = besides[node, arrives] - max(0.0, level[node, arrives])
                if besides[node, arrives] > NOISE and lacking > most:
                    most = lacking
                wanted[slot] = guide[row, slot] + share[row] * most
            _fill(row, activities, structure, wanted, target[row])
            for k in range(activities.input_start[row], activities.input_start[row + 1]):
                for slot in range(slots):
                    besides[activities.input_node[k], slot] += activities.input_quantity[k] * (
                        target[row, slot] - guide[row, slot]
                    )
    return target
