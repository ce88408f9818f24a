"""The earliest day of an item at a site, by hand and by law."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from tests.building import add_rows, edit_rows, small_network, with_rows

from boxbuild.network.network import Network
from boxbuild.network.reach import component_needs, earliest_days, users


def days(network: Network) -> dict[tuple[str, str], int]:
    return {(item, site): day for item, site, day in earliest_days(network).iter_rows()}


def test_the_small_network_by_hand() -> None:
    found = days(small_network())
    assert found["chip", "noida"] == 0  # in stock
    assert found["board", "noida"] == 1  # a day after its chips
    assert found["board", "chennai"] == 4  # by road
    assert found["display", "chennai"] == 9  # the receipt of 14 June
    assert found["phone-a", "chennai"] == 11
    assert found["phone-b", "hamburg"] == 11  # battery 3, build 2, road 2, air 4
    assert ("chip", "chennai") not in found


def test_without_stock_everything_waits_for_the_longest_way() -> None:
    found = days(with_rows(with_rows(small_network(), "stock"), "receipts"))
    assert found["chip", "noida"] == 12
    assert found["board", "noida"] == 13
    assert found["display", "noida"] == 14
    assert found["phone-a", "hamburg"] == 14 + 2 + 2 + 4


def test_a_row_is_used_within_its_window_and_after_its_option_is_ready() -> None:
    network = with_rows(small_network(), "stock")
    assert days(edit_rows(network, "lanes", {"item": "chip"}, from_="2023-07-05"))["chip", "noida"] == 35
    assert ("chip", "noida") not in days(edit_rows(network, "lanes", {"item": "chip"}, until="2023-06-11"))
    network = add_rows(network, "options", {"option": "air", "earliest": "2023-06-12", "ready_days": 14})
    assert days(edit_rows(network, "lanes", {"item": "chip"}, option="air"))["chip", "noida"] == 26


def test_one_of_a_group_of_alternates_is_enough() -> None:
    network = small_network()
    for part in ("display", "battery"):
        network = edit_rows(network, "boms", {"parent": "phone-b", "component": part}, alternate_group="g")
    assert days(network)["phone-b", "noida"] == 3  # the display is in stock: it waits for the board alone


def test_a_component_that_comes_later_does_not_hold_up_a_build_before() -> None:
    late = {"parent": "board", "component": "battery", "quantity": 1, "from": "2023-07-03"}
    network = add_rows(small_network(), "boms", late)
    assert component_needs(network).filter(pl.col("component") == "battery")["operation"].sort().to_list() == [
        0,
        1,
        3,
        4,
    ]
    assert days(network)["board", "noida"] == 1


def test_users_are_the_plants_that_build_with_it() -> None:
    assert users(small_network()).filter(pl.col("item") == "chip").rows() == [("chip", "noida")]
    assert users(small_network()).filter(pl.col("item") == "battery")["site"].to_list() == ["chennai", "noida"]


@given(st.integers(0, 5), st.integers(0, 30))
def test_a_slower_lane_brings_nothing_earlier(row: int, more: int) -> None:
    network = small_network()
    slow = network.tables["lanes"].with_columns(
        pl.when(pl.int_range(pl.len()) == row)
        .then(pl.col("lead_days") + more)
        .otherwise("lead_days")
        .alias("lead_days")
    )
    before, after = days(network), days(network.with_table("lanes", slow))
    assert before.keys() == after.keys()
    assert all(before[place] <= after[place] <= before[place] + 3 * more for place in before)
