"""The rate of duty is the one that a plain reading of the table gives."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from boxbuild.law.duties import TableDuties
from boxbuild.network import catalogue
from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

START = date(2023, 6, 5)
COUNTRIES = st.sampled_from(["IN", "CN", "DE"])
CODES = st.sampled_from(["85", "8517", "851713", "85171300", "9", "8504"])
DAYS = st.none() | st.integers(-10, 40).map(lambda days: START + timedelta(days=days))
DUTIES = st.lists(
    st.tuples(COUNTRIES, CODES, st.none() | COUNTRIES, DAYS, st.integers(0, 50).map(lambda percent: percent / 100)),
    max_size=12,
    unique_by=lambda row: row[:4],
)
GOODS = st.lists(
    st.tuples(COUNTRIES, st.none() | CODES | st.just("85171310"), st.none() | COUNTRIES, st.integers(0, 4)),
    max_size=12,
)

Row = tuple[str, str, str | None, date | None, float]
Good = tuple[str, str | None, str | None, int]


def network_of(duties: list[Row]) -> Network:
    columns = ("country", "hs", "origin", "from", "rate")
    table = pl.DataFrame(
        duties, schema={name: catalogue.table("duties").schema[name] for name in columns}, orient="row"
    )
    return Network(Settings(START, buckets="2w+3d"), {"duties": table})


def frame_of(goods: list[Good]) -> pl.DataFrame:
    schema = {"country": pl.String, "hs": pl.String, "origin": pl.String, "bucket": pl.Int64}
    return pl.DataFrame(goods, schema=schema, orient="row")


def read_plainly(duties: list[Row], good: Good, day: date) -> float:
    country, hs, origin, _ = good
    if hs is None or country == origin:
        return 0.0
    matching = [
        (len(row[1]), row[2] is not None, row[3] or date.min, row[4])
        for row in duties
        if row[0] == country and hs.startswith(row[1]) and row[2] in (None, origin) and (row[3] or date.min) <= day
    ]
    return max(matching)[3] if matching else 0.0


@given(DUTIES, GOODS)
def test_rates_are_those_of_a_plain_reading(duties: list[Row], goods: list[Good]) -> None:
    """Longest prefix, then named origin, then latest date; otherwise nothing."""
    network = network_of(duties)
    rates = TableDuties(network).rates(frame_of(goods))
    days = network.calendar.first_days
    assert rates.to_list() == [read_plainly(duties, good, days[good[3]]) for good in goods]


def test_a_rate_not_yet_in_force_leaves_the_shorter_prefix() -> None:
    """A longer code with a later date counts from that date on only."""
    network = network_of(
        [("IN", "85", None, None, 0.2), ("IN", "8517", None, START + timedelta(days=7), 0.1)],
    )
    rates = TableDuties(network).rates(frame_of([("IN", "85171300", "CN", bucket) for bucket in (0, 1, 4)]))
    assert rates.to_list() == [0.2, 0.1, 0.1]


def test_a_named_origin_wins_over_a_blank_one() -> None:
    """Within one prefix the origin decides; across prefixes the prefix does."""
    network = network_of(
        [("IN", "85", "CN", None, 0.3), ("IN", "85", None, None, 0.2), ("IN", "8517", None, None, 0.1)],
    )
    goods = [
        ("IN", "8504", "CN", 0),
        ("IN", "8504", "DE", 0),
        ("IN", "8517", "CN", 0),
        ("IN", "8504", None, 0),
    ]
    assert TableDuties(network).rates(frame_of(goods)).to_list() == [0.3, 0.2, 0.1, 0.2]


def test_no_table_is_no_duty() -> None:
    """An empty table, and no goods, are fine."""
    network = network_of([])
    assert TableDuties(network).rates(frame_of([("IN", "85", "CN", 0)])).to_list() == [0.0]
    assert TableDuties(network).rates(frame_of([])).dtype == pl.Float64
