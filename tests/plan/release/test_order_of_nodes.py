"""The order of nodes: after all that consumes them, and every node once, whatever the cycles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.plan.release.problems import activities, activity

from boxbuild.plan.release.order_of_nodes import sorted_nodes
from boxbuild.plan.release.problem import BUILD, SHIP


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), min_size=1, max_size=12))
def test_a_node_comes_after_all_that_consume_it(pairs: list[tuple[int, int]]) -> None:
    """Parents have lower numbers than their parts here, so there is no cycle."""
    rows = [activity(BUILD, parent, inputs={parent + gap: 1.0}) for parent, gap in pairs]
    place = {node: at for at, node in enumerate(sorted_nodes(activities(rows), 12).tolist())}
    assert sorted(place) == list(range(12))
    assert all(place[parent] < place[parent + gap] for parent, gap in pairs)


def test_lanes_both_ways_are_a_cycle_and_are_cut() -> None:
    rows = [activity(SHIP, 0, inputs={1: 1.0}), activity(SHIP, 1, inputs={0: 1.0}), activity(BUILD, 0, inputs={2: 1.0})]
    assert sorted(sorted_nodes(activities(rows), 3).tolist()) == [0, 1, 2]
