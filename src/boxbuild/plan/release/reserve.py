"""Stock that is both sold and consumed: what the plan sells of it is held back from those that consume it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from boxbuild.plan.release.problem import DELIVER, Activities, Floats, Integers, ReleaseProblem


class Reserve(NamedTuple):
    """A problem's activities with one row more for each node that is both sold and consumed.

    Such a row takes from the node what the plan delivers, into a node that nothing takes from.

    Parameters
    ----------
    nodes
        Sold and consumed.
    activities
        The problem's rows, then one for each of ``nodes``.
    stock
        With the node that nothing takes from, last.
    target
        Deliveries of the plan, cumulated: shape (nodes, slots).
    """

    nodes: Integers
    activities: Activities
    stock: Floats
    target: Floats


def reserve(problem: ReleaseProblem, delivered: Floats) -> Reserve:
    """Return a problem's activities with the rows that hold back what is delivered."""
    own = problem.activities
    nodes = np.intersect1d(problem.demands.node, own.input_node).astype(np.int64)
    many = nodes.size
    ones, zeros = np.ones(many), np.zeros(many, dtype=np.int64)
    held = Activities(
        kind=np.r_[own.kind, np.full(many, DELIVER)],
        output=np.r_[own.output, np.full(many, problem.stock.size)],
        gain=np.r_[own.gain, ones],
        lead_days=np.r_[own.lead_days, zeros + 1],
        lot_min=np.r_[own.lot_min, 0.0 * ones],
        lot_multiple=np.r_[own.lot_multiple, 0.0 * ones],
        first_day=np.r_[own.first_day, zeros],
        last_day=np.r_[own.last_day, zeros + problem.horizon_days],
        unit_cost=np.r_[own.unit_cost, 0.0 * ones],
        input_start=np.r_[own.input_start, own.input_start[-1] + 1 + np.arange(many)],
        input_node=np.r_[own.input_node, nodes],
        input_quantity=np.r_[own.input_quantity, ones],
        use_start=np.r_[own.use_start, np.full(many, own.use_start[-1])],
        use_resource=own.use_resource,
        use_quantity=own.use_quantity,
    )
    return Reserve(nodes, held, np.r_[problem.stock, 0.0], np.cumsum(delivered[nodes], axis=1))
