"""Rates of customs duty that were researched one by one: the law book gives each on its first and on its last day."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from boxbuild.law.book import Book
from boxbuild.law.classify import classify

FILE = Path(__file__).parent / "data" / "duties.csv"
ROWS = list(csv.DictReader(FILE.read_text("utf-8").splitlines()))
LATER = timedelta(days=400)


def days(row: dict[str, str]) -> tuple[date, date]:
    """First and last day; without a last, some day later."""
    first = date.fromisoformat(row["from"])
    return first, date.fromisoformat(row["until"]) if row["until"] else first + LATER


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['parameter']}-{row['from']}" for row in ROWS])
def test_a_rate_by_its_goods_and_by_its_name(row: dict[str, str]) -> None:
    book = Book.package()
    for day in days(row):
        value = book[row["parameter"]].on(day)
        assert value is not None
        assert value.value == Decimal(row["rate"])
        for hs in row["hs"].split():
            claims = (row["form"] or None, row["end_use"] or None, row["origin"] or "CN", None)
            found = classify(book, "IN", row["levy"], hs, *claims, day)
            assert found is not None
            assert found == (book[row["parameter"]], value)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['parameter']}-{row['from']}" for row in ROWS])
def test_a_rate_ends_with_its_last_day(row: dict[str, str]) -> None:
    first, last = days(row)
    parameter = Book.package()[row["parameter"]]
    value = parameter.on(first)
    assert parameter.on(first - timedelta(days=1)) is not value
    if row["until"]:
        assert parameter.on(last + timedelta(days=1)) is not value


def test_every_row_has_goods() -> None:
    assert len(ROWS) == 88
    assert all(row["hs"] and row["source"].startswith("http") for row in ROWS)


@pytest.mark.parametrize(
    ("form", "rate"),
    [("display", 10), ("display_with_parts", 15), ("camera_module", 10), ("touch_panel", 10), (None, 15)],
)
def test_the_form_decides_between_parts_of_one_classification(form: str | None, rate: int) -> None:
    """On 31 May 2023 one code, 8517 79 90, has several rates: the form in which it is shipped tells them apart."""
    found = classify(Book.package(), "IN", "bcd", "85177990", form, "igcr_phone", "CN", None, date(2023, 5, 31))
    assert found is not None
    assert found[1].value == rate


def test_after_the_cut_mechanics_are_found_by_their_material() -> None:
    book, claims = Book.package(), ("mechanics", "igcr_phone", "CN", None)
    before = classify(book, "IN", "bcd", "73181500", *claims, date(2024, 1, 29))
    after = classify(book, "IN", "bcd", "73181500", *claims, date(2024, 1, 30))
    assert before is not None
    assert after is not None
    assert (before[0].id, before[1].value) == ("in.bcd.mechanics", 15)
    assert (after[0].id, after[1].value) == ("in.bcd.mechanics_metal", 10)


def test_antidumping_is_only_on_boards_that_say_they_are_such() -> None:
    book, day = Book.package(), date(2025, 1, 1)
    form = "bare_pcb_up_to_6_layers"
    assert classify(book, "IN", "antidumping", "85340000", form, None, "HK", None, day) is not None
    assert classify(book, "IN", "antidumping", "85340000", None, None, "HK", None, day) is None
    assert classify(book, "IN", "antidumping", "85340000", form, None, "CN", None, day) is None


def test_the_budget_of_july_2024_was_not_known_the_day_before() -> None:
    phone, day = Book.package()["in.bcd.phone"], date(2024, 8, 1)
    known = {known: phone.on(day, known) for known in (date(2024, 7, 22), date(2024, 7, 23), None)}
    assert [value.value if value else None for value in known.values()] == [20, 15, 15]


def test_the_ladder_of_the_production_linked_incentive() -> None:
    book, day = Book.package(), date(2023, 5, 31)
    rate = book["in.pli.lsem.global.rate"].on(day)
    outlay = book["in.pli.lsem.outlay"].on(day)
    assert rate is not None
    assert outlay is not None
    assert [rate.of_year(year) for year in range(1, 7)] == [6, 6, 5, 5, 4, None]
    assert sum(outlay.value.values()) == 40951


def test_india_is_not_free_of_duty_on_phones() -> None:
    """A published table says 0 % for HS 8517 in India."""
    found = classify(Book.package(), "IN", "bcd", "85171300", None, None, "CN", None, date(2026, 3, 1))
    assert found is not None
    assert found[1].value == 15
