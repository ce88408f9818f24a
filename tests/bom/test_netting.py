"""Laws of netting: nothing is ever missing, nothing is made that is there, and without stock it is the explosion."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.building import small_network

from boxbuild.bom.explosion import explode
from boxbuild.bom.netting import REQUIREMENTS, net, requirements
from boxbuild.errors import DataError
from boxbuild.network.calendar import Calendar

CALENDAR = Calendar.parse(date(2026, 1, 5), "3w+1m")
UNITS = pl.Schema({"item": pl.String, "bucket": pl.Int64, "quantity": pl.Float64})
TAKEN = pl.Schema({"parent": pl.String, "component": pl.String, "taken": pl.Float64})
LEADS = pl.Schema({"item": pl.String, "lead_days": pl.Int64})

Line = tuple[tuple[int, int], int]
Unit = tuple[int, int, int]

pairs = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] < pair[1])
bills = st.lists(st.tuples(pairs, st.integers(1, 6)), max_size=12, unique_by=lambda line: line[0])
units = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3), st.integers(0, 20)), min_size=1, max_size=6)
lead_times = st.lists(st.sampled_from([0, 3, 7, 21]), min_size=7, max_size=7)


def frame(rows: list[Unit]) -> pl.DataFrame:
    return pl.DataFrame([(f"i{item}", bucket, float(many)) for item, bucket, many in rows], schema=UNITS, orient="row")


def taken(lines: list[Line]) -> pl.DataFrame:
    return pl.DataFrame([(f"i{parent}", f"i{part}", use / 2) for (parent, part), use in lines], TAKEN, orient="row")


def leads(days: list[int]) -> pl.DataFrame:
    return pl.DataFrame([(f"i{item}", lead) for item, lead in enumerate(days)], schema=LEADS, orient="row")


def plainly(lines: list[Line], wants: list[Unit], there: list[Unit], days: list[int]) -> dict[tuple[str, int], float]:
    """Net requirements by simulating the stock of one item after the other; parts have higher numbers than parents."""
    gross = {(item, bucket): 0.0 for item in range(7) for bucket in range(CALENDAR.count)}
    stock = dict(gross)
    for rows, into in ((wants, gross), (there, stock)):
        for item, bucket, many in rows:
            into[item, bucket] += many
    wanted = {}
    for item in range(7):
        left = 0.0
        for bucket in range(CALENDAR.count):
            left += stock[item, bucket] - gross[item, bucket]
            missing = max(0.0, -left)
            left += missing
            wanted[f"i{item}", bucket] = missing
            begun = max(0, CALENDAR.bucket(int(CALENDAR.starts[bucket]) - days[item]))
            for (parent, part), use in lines:
                if parent == item:
                    gross[part, begun] += missing * use / 2
    return {place: many for place, many in wanted.items() if many}


@given(bills, units, units, lead_times)
def test_net_requirements_are_those_of_a_simulated_stock(
    lines: list[Line], wants: list[Unit], there: list[Unit], days: list[int]
) -> None:
    found = net(frame(wants), frame(there), taken(lines), leads(days), CALENDAR)
    known = {(item, bucket): many for item, bucket, _, many in found.iter_rows() if many}
    assert known == pytest.approx(plainly(lines, wants, there, days))
    assert found.schema == REQUIREMENTS
    assert found.equals(found.sort("item", "bucket"))


@given(bills, units)
def test_without_stock_and_lead_times_gross_is_the_explosion(lines: list[Line], wants: list[Unit]) -> None:
    found = net(frame(wants), frame([]), taken(lines), leads([]), CALENDAR)
    exploded = explode(frame(wants), taken(lines).rename({"taken": "use"})).filter(pl.col("quantity") > 0)
    assert {row[:2]: row[2] for row in found.iter_rows()} == pytest.approx(
        {row[:2]: row[2] for row in exploded.iter_rows()}
    )
    assert found["gross"].to_list() == pytest.approx(found["net"].to_list())


def test_an_item_that_contains_itself_is_named() -> None:
    rows = pl.DataFrame([("a", "b", 1.0), ("b", "a", 1.0)], schema=TAKEN, orient="row")
    with pytest.raises(DataError, match="contains itself"):
        net(frame([(0, 0, 1)]), frame([]), rows, leads([]), CALENDAR)


def test_more_stock_never_asks_for_more() -> None:
    network = small_network()
    more = network["items"].select("item", quantity=pl.lit(5.0), site=pl.lit("noida"))
    stocked = network.with_table("stock", pl.concat([network.tables["stock"], more], how="diagonal_relaxed"))
    before, after = requirements(network), requirements(stocked)
    assert 0 < after["net"].sum() < before["net"].sum()


def test_stock_and_receipts_come_first() -> None:
    """10 wanted in week 2, 3 there and 2 arriving: 5 are made, begun a week before, of 2 parts each, of which 4 lie."""
    rows = pl.DataFrame([("phone", "chip", 2.0)], schema=TAKEN, orient="row")
    wanted = pl.DataFrame([("phone", 2, 10.0)], schema=UNITS, orient="row")
    there = pl.DataFrame([("phone", 0, 3.0), ("phone", 1, 2.0), ("chip", 0, 4.0)], schema=UNITS, orient="row")
    week = pl.DataFrame([("phone", 7)], schema=LEADS, orient="row")
    found = net(wanted, there, rows, week, CALENDAR).rows()
    assert found == [("chip", 1, 10.0, 6.0), ("phone", 2, 10.0, 5.0)]
