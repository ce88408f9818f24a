"""Values by day, and as known on a day: against the naive reading of the rule, on random tables of values."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxbuild.law.parameter import Parameter, Value

START = date(2020, 1, 1)
DAYS = st.integers(0, 40).map(lambda number: START + timedelta(days=number))


def value(since: date, number: int = 1, until: date | None = None, published: date = START) -> Value:
    return Value(since, Decimal(number), until, published, "1/2020", "synthetic")


def parameter(*values: Value) -> Parameter:
    ordered = tuple(sorted(values, key=lambda each: each.since))
    return Parameter("in.bcd.x", "A rate", "IN", "bcd", "percent", None, ordered)


@st.composite
def parameters(draw: st.DrawFn) -> Parameter:
    """Any table of values: retrospective, ended, overlapping, temporary, with the same first day."""
    found = []
    for number in range(draw(st.integers(0, 6))):
        since = draw(DAYS)
        length = draw(st.none() | st.integers(0, 20))
        until = since + timedelta(days=length) if length is not None else None
        interrupts = until is not None and draw(st.booleans())
        found.append(Value(since, Decimal(number), until, draw(DAYS), "1/2020", "synthetic", interrupts=interrupts))
    return parameter(*found)


def naive(parameter: Parameter, day: date, known_on: date | None) -> Value | None:
    """The rule as it is written: of the known values that have begun, the one with the latest first day."""
    begun = [each for each in parameter.values if each.since <= day]
    known = [each for each in begun if known_on is None or each.published <= known_on]
    running = [each for each in known if not (each.interrupts and each.until is not None and each.until < day)]
    if not running:
        return None
    latest = max(enumerate(running), key=lambda pair: (pair[1].since, pair[0]))[1]
    return latest if latest.until is None or day <= latest.until else None


@given(parameters(), DAYS, st.none() | DAYS)
def test_the_value_of_a_day_is_that_of_the_naive_reading(table: Parameter, day: date, known_on: date | None) -> None:
    assert table.on(day, known_on) is naive(table, day, known_on)


@given(parameters(), st.none() | DAYS)
def test_windows_are_the_values_of_their_days(table: Parameter, known_on: date | None) -> None:
    windows = table.windows(known_on)
    for earlier, later in pairwise(windows):
        assert earlier.until is not None
        assert earlier.until < later.since
    for number in range(-2, 70):
        day = START + timedelta(days=number)
        holding = [each.value for each in windows if each.since <= day and (each.until is None or day <= each.until)]
        value = table.on(day, known_on)
        assert [id(each) for each in holding] == ([id(value)] if value is not None else [])


@given(parameters(), DAYS, DAYS)
def test_what_is_published_later_is_not_known(table: Parameter, day: date, known_on: date) -> None:
    found = table.on(day, known_on)
    assert found is None or found.published <= known_on


@given(parameters(), DAYS)
def test_knowing_everything_is_knowing_the_last_day(table: Parameter, day: date) -> None:
    assert table.on(day, date.max) is table.on(day)


def test_a_change_that_is_not_yet_published_leaves_the_old_value() -> None:
    budget = date(2024, 7, 23)
    phone = parameter(value(START, 20), value(date(2024, 7, 24), 15, published=budget))
    day = date(2024, 8, 1)
    assert [each.number for each in (phone.on(day, budget - timedelta(days=1)), phone.on(day, budget)) if each] == [
        20,
        15,
    ]


def test_law_that_is_retrospective_is_known_from_its_publication() -> None:
    rodtep = parameter(value(START, 24, published=date(2020, 8, 1)))
    assert rodtep.on(date(2020, 2, 1), date(2020, 7, 31)) is None
    assert rodtep.on(date(2020, 2, 1), date(2020, 8, 1)) is not None


def test_a_number_is_not_a_ladder() -> None:
    ladder = Value(START, {1: Decimal(6), 2: Decimal(5)}, None, START, "1/2020", "synthetic")
    assert (ladder.of_year(2), ladder.of_year(3), value(START, 7).of_year(3)) == (5, None, 7)
    with pytest.raises(TypeError, match="ladder"):
        _ = ladder.number
