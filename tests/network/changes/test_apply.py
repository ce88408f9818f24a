"""What changes do to the tables."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.building import START, add_rows, edit_rows, small_network

from boxbuild.errors import ChangeError
from boxbuild.network.changes import Change, apply, apply_changes
from boxbuild.network.network import Network
from boxbuild.network.scenario import Scenario

AUGUST = date(2023, 7, 3), date(2023, 7, 16)


def changed(network: Network, **words: Any) -> Network:
    return apply_changes(network, [Change(**words)])


def column(network: Network, table: str, name: str) -> list[Any]:
    return network.tables[table][name].to_list()


def test_apply_leaves_the_network_as_it_was() -> None:
    network = small_network()
    before = network.digest
    scenario = Scenario(
        "half", "why", (Change("resources", scale={"per_week": 0.5}), Change("settings", set={"buckets": "4w"}))
    )
    after = apply(network, scenario)
    assert network.digest == before
    assert column(after, "resources", "per_week") == [50, 30, 40]
    assert after.calendar.count == 4


def test_set_takes_values_as_they_are_written() -> None:
    network = changed(
        small_network(),
        table="receipts",
        where={"reference": "PO-1"},
        set={"due": "2023-06-21", "firm": "no", "quantity": 10, "origin": ""},
    )
    row = network.tables["receipts"].row(0, named=True)
    assert (row["due"], row["firm"], row["quantity"], row["origin"]) == (date(2023, 6, 21), False, 10.0, None)


def test_money_is_changed_exactly() -> None:
    network = changed(small_network(), table="sources", where={"offer": "display-cn"}, scale={"price": 1.1})
    assert column(network, "sources", "price")[0] == Decimal("19.8")
    network = changed(network, table="sources", where={"offer": "display-cn"}, plus={"price": "0.3", "lead_days": 7})
    assert column(network, "sources", "price")[0] == Decimal("20.1")
    assert column(network, "sources", "lead_days")[0] == 21


def test_a_date_is_moved_by_days() -> None:
    network = changed(small_network(), table="receipts", where={"item": "dis*"}, plus={"due": 14})
    assert column(network, "receipts", "due") == [date(2023, 6, 28)]


def test_a_factor_on_a_default_works_on_the_default() -> None:
    network = edit_rows(small_network(), "demand", {"demand": "DE-a-1"}, max_late_days=None)
    network = changed(network, table="demand", where={"demand": "DE-a-1"}, scale={"max_late_days": 0.5})
    assert column(network, "demand", "max_late_days")[0] == 14


@pytest.mark.parametrize(
    ("where", "offers"),
    [
        ({"offer": "chip-cn"}, ["chip-cn"]),
        ({"offer": ["chip-cn", "battery-in"]}, ["chip-cn", "battery-in"]),
        ({"offer": "*-cn"}, ["display-cn", "chip-cn"]),
        ({"offer": "chip?cn"}, ["chip-cn"]),
        ({"destination": ""}, ["display-cn", "battery-in"]),
        ({"supplier": {"country": "CN"}}, ["display-cn", "chip-cn"]),
        ({"supplier": {"partner": {"kind": "supplier", "country": "IN"}}}, ["battery-in"]),
        ({"price": 25, "currency": "USD"}, ["chip-cn"]),
        ({"lead_days": [7, 14]}, ["display-cn", "chip-cn"]),
        ({"royalty": 0}, ["display-cn", "chip-cn", "battery-in"]),
        ({}, ["display-cn", "chip-cn", "battery-in"]),
    ],
)
def test_where_chooses_rows(where: dict[str, object], offers: list[str]) -> None:
    network = changed(small_network(), table="sources", where=where, set={"note": "chosen"})
    assert network.tables["sources"].filter(pl.col("note") == "chosen")["offer"].to_list() == offers


def test_a_change_with_days_cuts_the_row() -> None:
    network = changed(
        small_network(),
        table="resources",
        where={"resource": "noida-final"},
        scale={"per_week": 0.5},
        from_=AUGUST[0],
        until=AUGUST[1],
        source="flood report",
    )
    rows = network.tables["resources"].filter(pl.col("resource") == "noida-final")
    assert rows.select("per_week", "from", "until", "source").rows() == [
        (100, None, date(2023, 7, 2), None),
        (50, AUGUST[0], AUGUST[1], "flood report"),
        (100, date(2023, 7, 17), None, None),
    ]
    assert rows.height == network.tables["resources"].height - 2


def test_removing_for_some_days_leaves_a_hole() -> None:
    network = changed(
        small_network(), table="lanes", where={"origin": "wuhan"}, remove=True, from_=AUGUST[0], until=AUGUST[1]
    )
    rows = network.tables["lanes"].filter(pl.col("origin") == "wuhan")
    assert rows.select("from", "until").rows() == [(None, date(2023, 7, 2)), (date(2023, 7, 17), None)]


def test_a_rate_returns_to_what_it_was() -> None:
    network = add_rows(
        edit_rows(small_network(), "rates", {"currency": "USD"}, from_="2023-06-12"),
        "rates",
        {"currency": "USD", "from": "2023-07-10", "home_per_unit": 84},
    )
    network = changed(
        network, table="rates", set={"home_per_unit": 100}, from_=date(2023, 6, 5), until=date(2023, 7, 16)
    )
    assert network.tables["rates"].select("from", "home_per_unit").rows() == [
        (None, Decimal("82.5")),
        (date(2023, 6, 5), Decimal(100)),
        (date(2023, 7, 10), Decimal(100)),
        (date(2023, 7, 17), Decimal(84)),
    ]


def test_demand_changes_where_its_due_day_lies_within() -> None:
    network = changed(small_network(), table="demand", scale={"quantity": 2}, from_=AUGUST[0], until=AUGUST[1])
    assert column(network, "demand", "quantity") == [1600, 900, 1000, 600, 700, 800]
    network = changed(small_network(), table="demand", where={"market": "hamburg"}, remove=True, from_=AUGUST[1])
    assert column(network, "demand", "demand") == ["DE-a-1", "IN-a-1", "IN-a-2", "IN-b-1"]


def test_added_rows_take_the_days_and_the_source_of_the_change() -> None:
    lane = {"origin": "noida", "destination": "hamburg", "mode": "air", "lead_days": 3, "per_unit": "1.25"}
    network = changed(small_network(), table="lanes", add=(lane,), from_=AUGUST[0], source="quote 7")
    row = network.tables["lanes"].row(-1, named=True)
    assert (row["from"], row["until"], row["source"]) == (AUGUST[0], None, "quote 7")
    assert (row["lead_days"], row["per_unit"], row["per_kg"]) == (3, Decimal("1.25"), None)


def test_settings_are_set_exactly() -> None:
    network = changed(small_network(), table="settings", set={"holding_rate": 0.18, "start": "2023-06-12"})
    assert network.settings.holding_rate == Decimal("0.18")
    assert network.settings.start == date(2023, 6, 12)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"table": "resource", "set": {"per_week": 1}}, "resource: is not a table (did you mean resources?)"),
        ({"table": "resources", "set": {"perweek": 1}}, "set.perweek: perweek: is not a column of resources (did you"),
        ({"table": "resources"}, "the change does nothing (write one of set, scale, plus, add, remove)"),
        ({"table": "resources", "set": {"unit": "h"}, "scale": {"per_week": 1}}, "does two things: set and scale"),
        ({"table": "resources", "set": {"per_week": -1}}, "set.per_week: -1: is below 0"),
        ({"table": "resources", "set": {"per_week": ""}}, "must not be blank"),
        ({"table": "resources", "scale": {"per_week": "half"}}, "half: is not a number"),
        ({"table": "resources", "scale": {"per_week": -1}}, "a factor is not negative"),
        ({"table": "resources", "scale": {"site": 2}}, "a column of type text has no scale"),
        ({"table": "resources", "plus": {"per_week": -70}}, "column per_week is below 0"),
        ({"table": "resources", "remove": True}, "every row of the table would go"),
        (
            {"table": "resources", "where": {"resource": "noida-finl"}, "scale": {"per_week": 2}},
            "did you mean noida-fin",
        ),
        (
            {"table": "uses", "where": {"site": "chennai", "item": "board"}, "scale": {"quantity": 2}},
            "no row of uses has site = 'chennai' and item = 'board' (there are rows with each of them, but none",
        ),
        ({"table": "uses", "where": {"quantity": 7}, "scale": {"quantity": 2}}, "column quantity has 0.05, 0.06, 0.02"),
        ({"table": "contracts", "scale": {"min": 2}}, "no row of contracts is there"),
        ({"table": "contracts", "scale": {"min": 2}, "until": AUGUST[1]}, "holds as a whole, not by day"),
        ({"table": "items", "scale": {"value": 2}, "from_": AUGUST[0]}, "holds as a whole, not by day"),
        ({"table": "settings", "scale": {"holding_rate": 2}}, "settings can only be set"),
        ({"table": "settings", "set": {"buckets": "4w"}, "where": {"title": "x"}}, "settings have no rows"),
        ({"table": "duties", "where": {"hs": "*"}, "remove": True, "from_": AUGUST[0]}, "cannot go for a time"),
        ({"table": "lanes", "set": {"until": "2023-07-02"}, "from_": AUGUST[0]}, "the days of the change set it"),
        ({"table": "lanes", "scale": {"per_unit": 2}, "from_": AUGUST[1], "until": AUGUST[0]}, "is before from"),
        ({"table": "demand", "scale": {"quantity": 2}, "from_": date(2024, 1, 1)}, "holds from 2024-01-01 on"),
        (
            {"table": "sources", "where": {"offer": "battery-in"}, "scale": {"per_week": 2}},
            "per_week is blank in every",
        ),
        ({"table": "sources", "set": {"terms": "turnky"}}, "is not one of the choices (did you mean turnkey?)"),
        ({"table": "sources", "set": {"price": "1,25"}}, "is not a number (write 1234.5)"),
        ({"table": "sources", "set": {"lead_days": 2.5}}, "is not a whole number"),
        ({"table": "sources", "set": {"from": "soon"}}, "is not a date (write 2023-06-05)"),
        ({"table": "receipts", "set": {"firm": "maybe"}}, "is neither yes nor no"),
        ({"table": "receipts", "set": {"item": 3}}, "is not a text"),
        ({"table": "receipts", "plus": {"due": 0.5}}, "moved by whole days"),
        ({"table": "receipts", "where": {"quantity": {"item": "x"}}, "remove": True}, "refers to no other table"),
        ({"table": "rates", "add": ({"currency": "EUR"},)}, "add.1.home_per_unit: is missing"),
        ({"table": "rates", "add": ({"currency": "USD", "home_per_unit": 1},)}, "has a row with currency USD already"),
        (
            {"table": "rates", "add": ({"currency": "EUR", "home_per_unit": 1},), "from_": AUGUST[0]},
            "rows of this table have no window",
        ),
        (
            {"table": "rates", "where": {"currency": "x"}, "add": ({"currency": "EUR", "home_per_unit": 1},)},
            "rows that are added are not chosen",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value["table"],
)
def test_a_change_without_meaning_says_why(words: dict[str, Any], says: str) -> None:
    with pytest.raises(ChangeError) as raised:
        changed(small_network(), **words)
    assert says in str(raised.value)
    assert str(raised.value).startswith(f"change 1 ({words['table']}): ")


@given(st.floats(0.01, 100))
def test_a_factor_and_its_inverse_leave_everything_as_it_was(factor: float) -> None:
    network = small_network()
    there = changed(network, table="demand", scale={"quantity": factor})
    back = changed(there, table="demand", scale={"quantity": 1 / factor})
    assert column(back, "demand", "quantity") == pytest.approx(column(network, "demand", "quantity"))
    assert back.tables["demand"].drop("quantity").equals(network.tables["demand"].drop("quantity"))


days = st.none() | st.integers(-20, 80).map(lambda day: START + timedelta(days=day))


@given(st.lists(days, min_size=1, max_size=4, unique=True), days, days, st.booleans())
def test_cutting_keeps_one_row_a_day_and_changes_the_days_that_are_meant(
    firsts: list[date | None], first: date | None, last: date | None, removes: bool
) -> None:
    if first and last and last < first:
        first, last = last, first
    firsts = sorted(firsts, key=lambda day: day or date.min)
    lasts = [day - timedelta(days=1) for day in firsts[1:] if day] + [None]
    rows = [
        {"origin": "noida", "destination": "india", "mode": "air", "lead_days": number, "from": opened, "until": closed}
        for number, (opened, closed) in enumerate(zip(firsts, lasts, strict=True))
    ]
    network = add_rows(small_network(), "lanes", *rows)
    verb: dict[str, Any] = {"remove": True} if removes else {"plus": {"lead_days": 100}}
    try:
        after = changed(
            network, table="lanes", where={"mode": "air", "destination": "india"}, from_=first, until=last, **verb
        )
    except ChangeError:
        assert last is not None
        assert firsts[0] is not None
        assert last < firsts[0]
        return
    for day in (START + timedelta(days=number) for number in range(-30, 90)):
        meant = (first is None or first <= day) and (last is None or last >= day)
        old, new = _holding(network, day), _holding(after, day)
        if meant and removes:
            assert not new
        else:
            assert new == Counter(lead + 100 * meant for lead in old.elements())


@given(st.lists(days, min_size=1, max_size=4, unique=True), days, days)
def test_a_rate_is_changed_on_the_days_that_are_meant_and_on_no_other(
    firsts: list[date | None], first: date | None, last: date | None
) -> None:
    if first and last and last < first:
        first, last = last, first
    rows = [{"currency": "EUR", "from": opened, "home_per_unit": number + 1} for number, opened in enumerate(firsts)]
    network = add_rows(small_network(), "rates", *rows)
    after = changed(
        network, table="rates", where={"currency": "EUR"}, plus={"home_per_unit": 100}, from_=first, until=last
    )
    for day in (START + timedelta(days=number) for number in range(-30, 90)):
        meant = (first is None or first <= day) and (last is None or last >= day)
        assert _rate(after, day) == _rate(network, day) + 100 * meant


def _holding(network: Network, day: date) -> Counter[int]:
    rows = network.tables["lanes"].filter(
        (pl.col("destination") == "india")
        & (pl.col("mode") == "air")
        & (pl.col("from").is_null() | (pl.col("from") <= day))
        & (pl.col("until").is_null() | (pl.col("until") >= day))
    )
    return Counter(rows["lead_days"].to_list())


def _rate(network: Network, day: date) -> Decimal:
    rows = network.tables["rates"].filter(pl.col("currency") == "EUR")
    known = sorted(rows.with_columns(pl.col("from").fill_null(date.min)).select("from", "home_per_unit").rows())
    return [rate for opened, rate in known if opened <= day or opened == known[0][0]][-1]
