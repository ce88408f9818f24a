"""From a plan to its orders: explode, simulate, deliver, look who waited, try again from the best, trim."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boxbuild.plan.release.deliver import Deliveries, deliver, groups
from boxbuild.plan.release.explode import Structure, explode
from boxbuild.plan.release.lots import Lots, lots_of
from boxbuild.plan.release.order_of_nodes import sorted_nodes, supplies
from boxbuild.plan.release.orders import Orders
from boxbuild.plan.release.problem import DELIVER, Floats, Integers, ReleaseProblem
from boxbuild.plan.release.reserve import Reserve, reserve
from boxbuild.plan.release.simulate import Starts, merged, simulate
from boxbuild.plan.release.slots import cumulated_starts, cut, delivery_slots
from boxbuild.plan.release.stock import Flows, Placed, flows, grouped, stocks_of
from boxbuild.plan.release.trim import trim
from boxbuild.plan.release.urgency import delivery_wishes, last_days, served_slots
from boxbuild.plan.release.windows import heirs

ROUNDS = 12
"""Simulations tried at most."""

SPARE_DAYS = 2
"""On the last days of a slot, capacity that would be lost may start what the next slot wants."""

SQUEAK_DAYS, LEAST_DAYS = 28.0, 2.0
"""Days by which a wholly late delivery is wanted earlier in the next simulation, at first and at least.

They are halved where a simulation is no better than the best.
"""


@dataclass(frozen=True)
class _Work:
    """A problem with what does not change between rounds."""

    problem: ReleaseProblem
    structure: Structure
    lots: Lots
    serves: Integers
    delivered_by: Floats
    reserve: Reserve
    held: Lots
    heir: Integers
    flow: Flows
    receipts: tuple[Integers, Integers, Floats]
    market: tuple[Integers, Integers, Integers]


def release(problem: ReleaseProblem, *, rounds: int = ROUNDS) -> Orders:
    """Return the plan's orders in whole lots, dated to the day.

    No order takes stock that is not there on its day, none exceeds its week's capacity, its window or its lot, and
    no demand gets more than it asks for, whatever the plan says. What the plan asks for and cannot be had is late or
    missing.

    Parameters
    ----------
    rounds
        Simulations tried, at least 1; the one with the least cost of late and lost demand is kept.
    """
    work = _prepare(problem)
    wanted, days = work.delivered_by, SQUEAK_DAYS
    best = _attempt(work, wanted)
    best_cost = _cost(problem, best[1])
    for _ in range(rounds - 1):
        if best_cost <= 0.0 or days < LEAST_DAYS:
            break
        earlier = _squeaked(work, best[1], wanted, days)
        tried = _attempt(work, earlier)
        cost = _cost(problem, tried[1])
        if cost < best_cost:
            best, best_cost, wanted = tried, cost, earlier
        else:
            days /= 2.0
    return _finish(work, *best)


def _prepare(problem: ReleaseProblem) -> _Work:
    nodes, activities, demands = problem.stock.size, problem.activities, problem.demands
    slots = cut(problem.guide.edges, problem.horizon_days)
    count = slots.first_day.size
    structure = Structure(sorted_nodes(activities, nodes), *supplies(activities, nodes), slots.first_day, slots.of_day)
    guide = cumulated_starts(problem.guide, slots)
    slot, day = delivery_slots(problem.guide, slots, demands.due_day)
    delivered, delivered_by = delivery_wishes(
        nodes,
        count,
        demands.node[problem.guide.demand],
        slot,
        day.astype(np.float64),
        problem.guide.delivered,
    )
    inside = problem.receipts.day < problem.horizon_days
    receipt_day = np.maximum(problem.receipts.day[inside], 0)
    given = np.zeros((nodes, count))
    given[:, 0] = problem.stock
    np.add.at(given, (problem.receipts.node[inside], slots.of_day[receipt_day]), problem.receipts.quantity[inside])
    given = np.cumsum(given, axis=1)
    target = explode(activities, structure, guide, given - np.cumsum(delivered, axis=1))
    held = reserve(problem, delivered)
    heir = heirs(held.activities)
    first_day = np.maximum(0, slots.first_day - SPARE_DAYS)
    lots = lots_of(target, heir[: target.shape[0]], first_day)
    receipt_start, order = grouped(receipt_day, problem.horizon_days)
    return _Work(
        problem,
        structure,
        lots,
        served_slots(activities, structure, lots, given, delivered),
        delivered_by,
        held,
        lots_of(np.vstack([target, held.target]), heir, first_day),
        heir,
        flows(problem),
        (receipt_start, problem.receipts.node[inside][order], problem.receipts.quantity[inside][order]),
        groups(demands),
    )


def _attempt(work: _Work, wanted: Floats) -> tuple[Starts, Deliveries]:
    """Simulate with given days on which deliveries are wanted, and deliver."""
    problem, held = work.problem, work.reserve
    last = last_days(problem.activities, work.structure, work.lots, work.serves, wanted)
    sold = work.held.slot[work.lots.slot.size :]
    node = held.nodes[work.held.row[work.lots.slot.size :] - problem.activities.output.size]
    starts = simulate(
        held.activities,
        work.heir,
        held.stock,
        problem.capacity,
        *work.receipts,
        work.held,
        np.r_[last, wanted[node, sold]],
    )
    starts = merged(starts, problem.activities.output.size)
    nodes, start, group = work.market
    placed = Placed(*grouped(starts.row, problem.activities.output.size))
    available = stocks_of(nodes, problem.stock, work.flow, placed, problem.activities, starts, problem.horizon_days)
    return starts, deliver(problem.demands, start, group, available)


def _cost(problem: ReleaseProblem, deliveries: Deliveries) -> float:
    """Return the money of late and lost demand; a lost unit counts double, so that late is better than never."""
    demands = problem.demands
    late = np.maximum(0, deliveries.day - demands.due_day[deliveries.demand])
    per_day = _late_per_day(problem)[deliveries.demand]
    asked = demands.quantity[demands.due_day < problem.horizon_days].sum()
    missing = demands.quantity.copy()
    np.subtract.at(missing, deliveries.demand, deliveries.quantity)
    missing[demands.due_day >= problem.horizon_days] = 0.0
    lost = 2.0 * np.maximum(demands.lost_cost, 1e-3) * np.where(missing > 1e-6, missing, 0.0)
    return float(lost.sum() + (per_day * late * deliveries.quantity).sum()) if asked else 0.0


def _late_per_day(problem: ReleaseProblem) -> Floats:
    """Return the money of a unit's day late; where it is free, so little that all of it is less than losing it."""
    demands = problem.demands
    least = np.maximum(demands.lost_cost, 1e-3) / (demands.max_late_days + 1)
    money: Floats = np.where(demands.late_per_day > 0.0, demands.late_per_day, least)
    return money


def _squeaked(work: _Work, deliveries: Deliveries, wanted: Floats, days: float) -> Floats:
    """Return when deliveries are wanted in the next round: earlier where this round was late, by so many days."""
    demands = work.problem.demands
    on_time = np.zeros(demands.node.size)
    punctual = deliveries.day <= demands.due_day[deliveries.demand]
    np.add.at(on_time, deliveries.demand[punctual], deliveries.quantity[punctual])
    inside = (demands.due_day < work.problem.horizon_days) & (demands.quantity > 0.0)
    late = 1.0 - on_time[inside] / demands.quantity[inside]
    slot = work.structure.slot_of_day[np.maximum(demands.due_day[inside], 0)]
    earlier = wanted.copy()
    np.subtract.at(earlier, (demands.node[inside], slot), days * late)
    return earlier


def _finish(work: _Work, starts: Starts, deliveries: Deliveries) -> Orders:
    """Trim what nobody takes, and put all orders into one table."""
    problem = work.problem
    activities = problem.activities
    start, order = grouped(problem.demands.node[deliveries.demand], problem.stock.size)
    quantity = trim(
        activities,
        work.structure.nodes,
        problem.stock,
        work.flow,
        Placed(*grouped(starts.row, activities.output.size)),
        starts,
        start,
        order,
        deliveries,
        problem.horizon_days,
    )
    keep = quantity > 0.0
    row, day = starts.row[keep], starts.day[keep]
    return Orders(
        kind=np.r_[activities.kind[row], np.full(deliveries.demand.size, DELIVER)],
        row=np.r_[row, deliveries.demand],
        quantity=np.r_[quantity[keep], deliveries.quantity],
        start=np.r_[day, deliveries.day],
        end=np.r_[day + activities.lead_days[row], deliveries.day],
    )
