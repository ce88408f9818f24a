"""The order in which nodes are exploded: what nothing else consumes first (low-level codes, cycles cut)."""

from __future__ import annotations

import numpy as np
from numba import njit

from boxbuild.plan.release.problem import Activities, Integers


@njit(cache=True)
def _release(activity: int, activities: Activities, waiting: Integers, queue: Integers, end: int) -> int:
    for entry in range(activities.input_start[activity], activities.input_start[activity + 1]):
        node = activities.input_node[entry]
        waiting[node] -= 1
        if waiting[node] == 0:
            queue[end] = node
            end += 1
    return end


@njit(cache=True)
def _least_waiting(waiting: Integers) -> int:
    best = -1
    for node in range(waiting.size):
        if waiting[node] > 0 and (best < 0 or waiting[node] < waiting[best]):
            best = node
    return best


@njit(cache=True)
def _sorted_nodes(activities: Activities, supply_start: Integers, supply: Integers) -> Integers:
    nodes = supply_start.size - 1
    waiting = np.zeros(nodes, np.int64)  # activities that consume the node and are not placed
    for node in activities.input_node:
        waiting[node] += 1
    queue = np.empty(nodes, np.int64)
    end = 0
    for node in range(nodes):
        if waiting[node] == 0:
            queue[end] = node
            end += 1
    here = 0
    while here < nodes:
        if here == end:  # a cycle, such as lanes both ways: cut it where least is left
            queue[end] = _least_waiting(waiting)
            waiting[queue[end]] = 0
            end += 1
        node = queue[here]
        here += 1
        for entry in range(supply_start[node], supply_start[node + 1]):
            end = _release(supply[entry], activities, waiting, queue, end)
    return queue


def supplies(activities: Activities, nodes: int) -> tuple[Integers, Integers]:
    """Return, for each node, the activities that supply it: entries ``start[node]`` to ``start[node + 1]``."""
    supply = np.argsort(activities.output, kind="stable")
    start = np.searchsorted(activities.output[supply], np.arange(nodes + 1))
    return start.astype(np.int64), supply.astype(np.int64)


def sorted_nodes(activities: Activities, nodes: int) -> Integers:
    """Return the nodes such that each comes after all that its stock is consumed for."""
    start, supply = supplies(activities, nodes)
    order: Integers = _sorted_nodes(activities, start, supply)
    return order
