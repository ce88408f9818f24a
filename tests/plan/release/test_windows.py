"""Heirs: the row whose window follows."""

from __future__ import annotations

from tests.plan.release.problems import activities, activity

from boxbuild.plan.release.problem import BUILD, BUY
from boxbuild.plan.release.windows import heirs


def test_the_next_window_of_the_same_node_and_kind_inherits() -> None:
    rows = [
        activity(BUILD, 0, first_day=20, last_day=29),
        activity(BUILD, 0, last_day=9),
        activity(BUILD, 0, first_day=10, last_day=19),
        activity(BUY, 0, last_day=5),
        activity(BUILD, 1, last_day=30),
        activity(BUILD, 0, first_day=5, last_day=9),
    ]
    assert heirs(activities(rows)).tolist() == [-1, 2, 0, -1, -1, 2]
