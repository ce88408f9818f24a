"""The law book: found by name and levy, with a network's own law on top."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from tests.law.texts import dated, parameter

from boxbuild.errors import DataError, UsageError
from boxbuild.law.book import Book
from boxbuild.network import catalogue

BOOK = Book.package()
DAY = date(2023, 5, 31)


def rows(*given: dict[str, object]) -> pl.DataFrame:
    """The table ``law`` with these rows."""
    usual = {"instrument": "Reform", "reference": "synthetic"}
    return pl.DataFrame([{**usual, **row} for row in given], schema=catalogue.table("law").schema)


def rate(book: Book, name: str, day: date = DAY, known_on: date | None = None) -> Decimal | None:
    found = book[name].on(day, known_on)
    return found.number if found else None


def test_the_package_is_read_once() -> None:
    assert Book.package() is BOOK
    assert rate(BOOK, "in.bcd.phone") == 20


def test_parameters_of_a_levy() -> None:
    assert [each.id for each in BOOK.levied("IN", "landing")] == ["in.landing"]
    assert {each.levy for each in BOOK.levied("IN", "bcd")} == {"bcd"}
    assert BOOK.levied("IN", "nothing") == ()
    assert sum(len(BOOK.levied(*key)) for key in {(p.country, p.levy) for p in BOOK.parameters.values()}) == len(
        BOOK.parameters
    )


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(UsageError) as caught:
        _ = BOOK["in.bcd.phome"]
    assert caught.value.hint == "did you mean in.bcd.phone?"


def test_without_own_law_it_is_the_book() -> None:
    assert BOOK.overlaid({}, rows()) is BOOK
    assert BOOK.overlaid({}) is BOOK


def test_a_file_replaces_a_parameter_and_adds_another() -> None:
    text = parameter("in.bcd.phone", dated("2020-01-01", value="7")) + parameter("in.bcd.toy", goods='{hs: ["9503"]}')
    book = BOOK.overlaid({"own.yaml": text})
    assert (rate(book, "in.bcd.phone"), rate(book, "in.bcd.toy"), rate(BOOK, "in.bcd.phone")) == (7, 10, 20)
    assert rate(book, "in.bcd.phone", date(2019, 1, 1)) is None
    assert book["in.bcd.phone"].place == "law/own.yaml:1"


def test_a_row_replaces_the_value_until_the_next_one() -> None:
    book = BOOK.overlaid({}, rows({"parameter": "in.bcd.phone", "from": date(2023, 1, 1), "value": 12.5}))
    days = (date(2022, 12, 31), date(2023, 1, 1), date(2024, 7, 23), date(2024, 7, 24))
    assert [rate(book, "in.bcd.phone", day) for day in days] == [20, Decimal("12.5"), Decimal("12.5"), 15]


def test_a_row_of_the_same_day_replaces_the_value() -> None:
    book = BOOK.overlaid({}, rows({"parameter": "in.bcd.phone", "from": date(2024, 7, 24), "value": 0.0}))
    assert rate(book, "in.bcd.phone", date(2025, 1, 1)) == 0


def test_after_a_temporary_value_the_book_holds_again() -> None:
    row = {"parameter": "in.bcd.phone", "from": date(2023, 1, 1), "until": date(2023, 1, 31), "value": 0.0}
    book = BOOK.overlaid({}, rows(row))
    assert [rate(book, "in.bcd.phone", date(2023, month, 15)) for month in (1, 2)] == [0, 20]


def test_a_reform_is_known_from_its_publication() -> None:
    row = {"parameter": "in.bcd.phone", "from": date(2023, 4, 1), "published": date(2023, 2, 1), "value": 5.0}
    book = BOOK.overlaid({}, rows(row))
    assert [rate(book, "in.bcd.phone", DAY, known) for known in (date(2023, 1, 31), date(2023, 2, 1))] == [20, 5]
    unsaid = BOOK.overlaid({}, rows({**row, "published": None}))
    assert rate(unsaid, "in.bcd.phone", DAY, date(2020, 1, 1)) == 5


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = parameter("in.bcd.toy", goods='{hs: ["95 03"]}', unit="per cent")
    table = rows(
        {"parameter": "in.bcd.phome", "from": DAY, "value": 1.0},
        {"parameter": "in.pli.lsem.global.rate", "from": DAY, "value": 1.0},
        {"parameter": "in.bcd.phone", "from": DAY, "value": 2000.0},
        {"parameter": "in.bcd.phone", "from": DAY, "until": date(2023, 1, 1), "value": 1.0},
    )
    with pytest.raises(DataError) as caught:
        BOOK.overlaid({"own.yaml": text}, table)
    issues = caught.value.issues
    assert {issue.code for issue in issues} == {"L004", "L009", "law-unknown", "law-ladder", "L013", "law-window"}
    assert [(issue.code, issue.row, issue.value) for issue in issues if issue.table == "law"] == [
        ("law-unknown", 0, "in.bcd.phome"), ("law-ladder", 1, "in.pli.lsem.global.rate"),
        ("L013", 2, "2000"), ("law-window", 3, "2023-01-01"),
    ]  # fmt: skip
    assert [issue.hint for issue in issues if issue.code == "law-unknown"] == ["did you mean in.bcd.phone?"]


def test_own_law_may_not_tie_with_the_book() -> None:
    text = parameter("in.bcd.smartphone", goods='{hs: ["851713"]}', values=dated("2022-01-01"))
    with pytest.raises(DataError) as caught:
        BOOK.overlaid({"own.yaml": text})
    assert [issue.code for issue in caught.value.issues] == ["L008"]


def test_the_digest_follows_what_the_law_says() -> None:
    same = BOOK.overlaid({"own.yaml": "# nothing\n"})
    other = BOOK.overlaid({}, rows({"parameter": "in.bcd.phone", "from": DAY, "value": 1.0}))
    assert same.digest == BOOK.digest != other.digest
    assert other.digest != BOOK.overlaid({}, rows({"parameter": "in.bcd.phone", "from": DAY, "value": 2.0})).digest


def test_parameters_travel_between_processes() -> None:
    for each in BOOK.parameters.values():
        assert pickle.loads(pickle.dumps(each)) == each  # noqa: S301
