"""Laws of low-level codes, explosion and where-used."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.building import small_network

from boxbuild.bom.cycles import find_cycle
from boxbuild.bom.explosion import explode
from boxbuild.bom.levels import low_level_codes
from boxbuild.bom.rows import bom_rows
from boxbuild.bom.where_used import where_used
from boxbuild.errors import DataError

Line = tuple[int, int, int]

ROWS = pl.Schema({"parent": pl.String, "component": pl.String, "use": pl.Float64})


def frame(lines: list[Line]) -> pl.DataFrame:
    return pl.DataFrame([(f"i{parent}", f"i{part}", use / 2) for parent, part, use in lines], schema=ROWS, orient="row")


pairs = st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1])
bills = st.lists(st.tuples(pairs, st.integers(1, 6)).map(lambda line: (*line[0], line[1])), max_size=15)
wants = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 2), st.integers(0, 20)), min_size=1, max_size=5)
half_yields = st.lists(st.sampled_from([0.5, 1.0]), min_size=8, max_size=8)


@given(bills)
def test_every_component_is_deeper_than_its_parent(lines: list[Line]) -> None:
    codes = low_level_codes(frame(lines), pl.Series(["i0", "new"]))
    level = dict(codes.iter_rows())
    assert level["new"] == 0
    assert all(level[f"i{part}"] > level[f"i{parent}"] for parent, part, _ in lines)
    assert codes["item"].is_unique().all()


@given(bills, wants, half_yields)
def test_explosion_equals_plain_recursion(
    lines: list[Line], wanted: list[tuple[int, int, int]], yields: list[float]
) -> None:
    def take(item: int, bucket: int, quantity: float) -> None:
        gross[f"i{item}", bucket] = gross.get((f"i{item}", bucket), 0.0) + quantity
        for parent, part, use in lines:
            if parent == item:
                take(part, bucket, quantity / yields[item] * use / 2)

    gross: dict[tuple[str, int], float] = {}
    for item, bucket, quantity in wanted:
        take(item, bucket, quantity)
    needs = pl.DataFrame(
        [(f"i{item}", bucket, quantity) for item, bucket, quantity in wanted],
        schema={"item": pl.String, "bucket": pl.Int64, "quantity": pl.Float64},
        orient="row",
    )
    good = pl.DataFrame({"item": [f"i{item}" for item in range(8)], "yield": yields})
    found = {(item, bucket): quantity for item, bucket, quantity in explode(needs, frame(lines), good).iter_rows()}
    assert found == pytest.approx(gross)


@given(bills, st.integers(0, 7))
def test_where_used_is_the_explosion_read_from_below(lines: list[Line], item: int) -> None:
    rows = frame(lines)
    above = {parent: quantity for parent, _, quantity in where_used(rows, f"i{item}").iter_rows()}
    for parent in range(8):
        one = pl.DataFrame({"item": [f"i{parent}"], "quantity": [1.0]})
        below = dict(explode(one, rows).iter_rows())
        expected = below.get(f"i{item}", 0.0) if parent != item else 0.0
        assert above.get(f"i{parent}", 0.0) == pytest.approx(expected)


def test_the_small_network_takes_four_chips_for_two_phones() -> None:
    rows = bom_rows(small_network()).filter(pl.col("site") == "noida")
    needs = pl.DataFrame({"item": ["phone-a", "phone-b"], "quantity": [1, 1]})
    taken = dict(explode(needs, rows).iter_rows())
    assert taken["chip"] == pytest.approx(4 * 1.005)
    assert taken["battery"] == 3
    used = where_used(rows, "chip")
    assert used.rows() == [("board", 1, 2.01), ("phone-a", 2, 2.01), ("phone-b", 2, 2.01)]


def test_a_share_splits_a_need_over_alternates() -> None:
    rows = frame([(0, 1, 2), (0, 2, 2)]).with_columns(share=pl.Series([0.25, 0.75]))
    taken = dict(explode(pl.DataFrame({"item": ["i0"], "quantity": [100]}), rows).iter_rows())
    assert taken == {"i0": 100, "i1": 25, "i2": 75}


def test_a_cycle_is_named() -> None:
    rows = frame([(0, 1, 1), (1, 2, 1), (2, 1, 1)])
    assert find_cycle(rows) == ("i1", "i2")
    for fails in (lambda: low_level_codes(rows), lambda: where_used(rows, "i0")):
        with pytest.raises(DataError, match="i1 → i2 → i1"):
            fails()


def test_nothing_explodes_into_nothing() -> None:
    nothing = pl.DataFrame(schema={"item": pl.String, "quantity": pl.Float64})
    assert explode(nothing, frame([])).is_empty()
    assert find_cycle(frame([])) == ()
    assert where_used(frame([]), "i0").is_empty()
