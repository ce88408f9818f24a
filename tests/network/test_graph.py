"""Laws of the graph that bills of materials make."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from boxbuild.network.graph import cycles, levels

nodes = st.integers(0, 9)
graphs = st.lists(st.tuples(nodes, nodes), max_size=25)


def frame(edges: list[tuple[int, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        {"parent": [f"i{parent}" for parent, _ in edges], "component": [f"i{part}" for _, part in edges]},
        schema={"parent": pl.String, "component": pl.String},
    )


def acyclic(edges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]]


@given(graphs)
def test_a_component_is_below_its_parent_and_no_deeper_than_needed(edges: list[tuple[int, int]]) -> None:
    edges = acyclic(edges)
    level = dict(levels(frame(edges)).iter_rows())
    assert all(level[f"i{part}"] > level[f"i{parent}"] for parent, part in edges)
    for item, depth in level.items():
        above = [level[f"i{parent}"] for parent, part in edges if f"i{part}" == item]
        assert depth == max(above, default=-1) + 1


@given(graphs)
def test_a_cycle_is_named_exactly_where_levels_fail(edges: list[tuple[int, int]]) -> None:
    found = cycles(frame(edges))
    assert bool(found) == (-1 in levels(frame(edges))["level"])
    drawn = {(f"i{parent}", f"i{part}") for parent, part in edges}
    for cycle in found:
        assert set(zip(cycle, (*cycle[1:], cycle[0]), strict=True)) <= drawn
        assert len(set(cycle)) == len(cycle)


def test_one_cycle_is_named_for_each_knot() -> None:
    assert cycles(frame([(1, 2), (2, 1), (3, 4), (4, 5), (5, 3), (6, 6), (7, 8)])) == [
        ("i1", "i2"),
        ("i3", "i4", "i5"),
        ("i6",),
    ]
