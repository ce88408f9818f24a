"""Which rows of a bill of materials hold, where and when."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from tests.building import START, add_rows, small_network, with_rows

from boxbuild.bom.rows import PLACE, bom_by_bucket, bom_on, bom_rows


def test_a_row_without_site_holds_at_every_plant_that_builds_the_parent() -> None:
    rows = bom_rows(small_network())
    assert rows.filter(pl.col("parent") == "phone-a")["site"].unique().sort().to_list() == [
        "chennai",
        "noida",
    ]
    assert rows.filter(pl.col("parent") == "board")["site"].to_list() == ["noida"]
    assert set(rows["first"]) == {0}
    assert set(rows["last"]) == {7}
    display = rows.filter((pl.col("component") == "display") & (pl.col("parent") == "phone-a"))
    assert display["use"].to_list() == [1.01, 1.01]


def test_a_row_that_names_a_site_replaces_the_other_there_and_then() -> None:
    own = {"parent": "phone-a", "site": "noida", "component": "battery", "quantity": 3}
    network = add_rows(small_network(), "boms", own | {"from": "2023-06-19", "until": "2023-07-02"})
    rows = bom_by_bucket(network).filter((pl.col("parent") == "phone-a") & (pl.col("component") == "battery"))
    there = rows.filter(pl.col("site") == "noida").sort("bucket")["quantity"].to_list()
    elsewhere = rows.filter(pl.col("site") == "chennai").sort("bucket")["quantity"].to_list()
    assert there == [1, 1, 3, 3, 1, 1, 1, 1]
    assert elsewhere == [1] * 8


def test_a_quantity_of_zero_takes_the_component_away() -> None:
    own = {"parent": "phone-a", "site": "noida", "component": "battery", "quantity": 0}
    rows = bom_rows(add_rows(small_network(), "boms", own))
    assert rows.filter((pl.col("parent") == "phone-a") & (pl.col("component") == "battery"))["site"].to_list() == [
        "chennai"
    ]


def test_a_network_without_bills_has_no_rows() -> None:
    network = with_rows(small_network(), "boms")
    assert bom_rows(network).is_empty()
    assert bom_on(network, START).is_empty()


days = st.none() | st.integers(-10, 70).map(lambda day: START + timedelta(days=day))
lines = st.lists(
    st.tuples(st.sampled_from([None, "noida", "chennai"]), st.sampled_from("abc"), st.integers(0, 3), days, days),
    max_size=8,
)


@given(lines)
def test_a_bucket_has_the_rows_of_its_first_day(
    drawn: list[tuple[str | None, str, int, date | None, date | None]],
) -> None:
    network = with_rows(
        small_network(),
        "boms",
        *(
            {
                "parent": "phone-a",
                "site": site,
                "component": part,
                "quantity": count,
                "from": opened,
                "until": closed,
            }
            for site, part, count, opened, closed in drawn
        ),
    )
    found = bom_by_bucket(network)
    for bucket, first in enumerate(network.calendar.first_days):
        here = found.filter(pl.col("bucket") == bucket).drop("bucket")
        assert here.sort("row", "site").equals(bom_on(network, first))
        assert _plainly(drawn, first) == sorted(here.select(*PLACE, "row").drop("parent").rows())


def _plainly(
    drawn: list[tuple[str | None, str, int, date | None, date | None]], day: date
) -> list[tuple[str, str, int]]:
    holding = [
        (row, site, part, count)
        for row, (site, part, count, opened, closed) in enumerate(drawn)
        if (opened is None or opened <= day) and (closed is None or closed >= day)
    ]
    found = []
    for plant in ("noida", "chennai"):
        named = {part for _, site, part, _ in holding if site == plant}
        for row, site, part, count in holding:
            if count and (site == plant or (site is None and part not in named)):
                found.append((plant, part, row))
    return sorted(found)
