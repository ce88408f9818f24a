"""Urgency: the day of a delivery, less all lead times on the way to it."""

from __future__ import annotations

import numpy as np
from tests.plan.release.problems import activities, activity

from boxbuild.plan.release.explode import Structure
from boxbuild.plan.release.lots import lots_of
from boxbuild.plan.release.order_of_nodes import sorted_nodes, supplies
from boxbuild.plan.release.problem import BUILD, BUY, SHIP
from boxbuild.plan.release.slots import cut
from boxbuild.plan.release.urgency import NEVER, delivery_wishes, last_days, served_slots


def test_last_days_chain_the_lead_times_and_skip_what_stock_covers() -> None:
    """Ship 7 days, build 2, buy 7; the first delivery (day 20) is covered by the market's stock."""
    rows = activities(
        [
            activity(SHIP, 0, lead_days=7, inputs={1: 1.0}),
            activity(BUILD, 1, lead_days=2, inputs={2: 1.0}),
            activity(BUY, 2, lead_days=7),
        ]
    )
    slots = cut(np.arange(0, 36, 7), 35)
    structure = Structure(sorted_nodes(rows, 3), *supplies(rows, 3), slots.first_day, slots.of_day)
    start = np.array([[0, 0, 8, 8, 8], [0, 0, 8, 8, 8], [8, 8, 8, 8, 16]], float)
    given_stock = np.repeat(np.array([[5.0], [0.0], [0.0]]), 5, axis=1)
    node, slot, day = np.zeros(2, np.int64), np.array([2, 3]), np.array([20.0, 27.0])
    delivered, by = delivery_wishes(3, 5, node, slot, day, np.array([5.0, 8.0]))
    lots = lots_of(start, np.full(3, -1), slots.first_day)
    serves = served_slots(rows, structure, lots, given_stock, delivered)
    last = last_days(rows, structure, lots, serves, by)
    found = dict(zip(zip(lots.row.tolist(), lots.slot.tolist(), strict=True), last, strict=True))
    assert found == {(0, 2): 20, (1, 2): 18, (2, 0): 11, (2, 4): NEVER}


def test_the_heir_of_a_row_has_a_lot_for_what_it_may_take_over() -> None:
    """Lots are where more is wanted than before; an heir has one in slot 0 besides."""
    lots = lots_of(np.array([[0.0, 5.0, 5.0], [0.0, 0.0, 2.0]]), np.array([1, -1]), np.array([0, 5, 12]))
    assert list(zip(lots.row.tolist(), lots.slot.tolist(), lots.target.tolist(), strict=True)) == [
        (0, 1, 5.0),
        (1, 0, 0.0),
        (1, 2, 2.0),
    ]
    assert lots.start.tolist() == [0, 1, 3]
    assert lots.first_day.tolist() == [5, 0, 12]
