"""What a release needs to know, as flat arrays: what can be started, for whom, from what, and the plan's wish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from boxbuild.errors import BoxbuildError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

BUILD: Final = 0
BUY: Final = 1
SHIP: Final = 2
DELIVER: Final = 3
PICK: Final = 4
"""Takes one of the alternates of a group for the builds that need the group."""


class Activities(NamedTuple):
    """Everything that can be started: operations, offers to a destination, items on a lane.

    One row is one way to obtain the item of node ``output`` in one window of days. A row whose terms change over time
    is several rows with windows that do not overlap.

    Parameters
    ----------
    kind
        ``BUILD``, ``BUY``, ``SHIP`` or ``PICK``.
    output
        Node (item at a site) that the result arrives at.
    gain
        Units that arrive for each unit started (the yield).
    lead_days
        Whole days from start to arrival. What arrives on a day can be used on that day.
    lot_min, lot_multiple
        Least quantity of one order, and the step above zero (0: any quantity).
    first_day, last_day
        Days on which it may be started.
    unit_cost
        Only to choose between rows where the plan does not say.
    input_start, input_node, input_quantity
        Units of each node taken at the start, for one unit started: those of row ``a`` are the entries
        ``input_start[a]`` to ``input_start[a + 1]``.
    use_start, use_resource, use_quantity
        Capacity taken in the week of the start, the same way.
    """

    kind: Integers
    output: Integers
    gain: Floats
    lead_days: Integers
    lot_min: Floats
    lot_multiple: Floats
    first_day: Integers
    last_day: Integers
    unit_cost: Floats
    input_start: Integers
    input_node: Integers
    input_quantity: Floats
    use_start: Integers
    use_resource: Integers
    use_quantity: Floats


class Demands(NamedTuple):
    """What is asked for.

    Parameters
    ----------
    node
        Item at its market.
    first_day, due_day, max_late_days
        Never delivered before ``first_day``, on time until ``due_day``, never later than ``due_day + max_late_days``.
    quantity, min_shipment
        Units; a part delivered is at least ``min_shipment`` or the whole.
    priority
        1 goes first.
    late_per_day, lost_cost
        Money for one unit: each day late, and never delivered.
    """

    node: Integers
    first_day: Integers
    due_day: Integers
    quantity: Floats
    min_shipment: Floats
    max_late_days: Integers
    priority: Integers
    late_per_day: Floats
    lost_cost: Floats


class Receipts(NamedTuple):
    """What arrives whatever is decided: node, day and units."""

    node: Integers
    day: Integers
    quantity: Floats


class Guide(NamedTuple):
    """The plan that the orders follow.

    Parameters
    ----------
    edges
        First day of each bucket, and the day after the last: shape (buckets + 1,).
    starts
        Units of each activity started in each bucket: shape (activities, buckets).
    demand, bucket, delivered
        Deliveries of the plan, one entry per demand and bucket.
    """

    edges: Integers
    starts: Floats
    demand: Integers
    bucket: Integers
    delivered: Floats


@dataclass(frozen=True)
class ReleaseProblem:
    """A plan to be turned into orders. Days count from the plan's start.

    Parameters
    ----------
    horizon_days
        Orders start and arrive on days 0 to ``horizon_days - 1``.
    stock
        Units at each node on day 0: shape (nodes,).
    capacity
        Units of each resource in each 7-day week from day 0: shape (resources, weeks). A supplier's or a lane's week
        that several rows share is a resource, too.
    """

    horizon_days: int
    stock: Floats
    receipts: Receipts
    activities: Activities
    capacity: Floats
    demands: Demands
    guide: Guide

    def __post_init__(self) -> None:
        """Refuse what the kernels, which do not look, would misread."""
        rows = self.activities.output.size
        weeks = -(-self.horizon_days // 7)
        faults = [
            message
            for broken, message in (
                (self.capacity.shape[1] < weeks, f"capacity covers {self.capacity.shape[1]} of {weeks} weeks"),
                (self.guide.starts.shape != (rows, self.guide.edges.size - 1), "the guide has another shape"),
                (bool((self.activities.lead_days < 0).any()), "a lead time is negative"),
                (bool((self.activities.input_quantity <= 0).any()), "an input is not above zero"),
                (bool((self.activities.use_quantity <= 0).any()), "a use is not above zero"),
                (bool((self.activities.gain <= 0).any()), "a yield is not above zero"),
                (bool((self.stock < 0).any()), "a stock is negative"),
            )
            if broken
        ]
        if faults:
            raise ReleaseProblemError("; ".join(faults))


class ReleaseProblemError(BoxbuildError):
    """The arrays of a release do not fit together."""

    code = "release-problem"
