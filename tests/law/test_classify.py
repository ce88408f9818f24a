"""Which parameter holds for goods: the more particular one, and only for goods that claim what it names."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from tests.law.texts import dated, parameter

from boxbuild.law import load
from boxbuild.law.book import Book
from boxbuild.law.classify import classify, match
from boxbuild.law.parameter import Goods

DAY = date(2023, 5, 31)

# each matches the same goods, and wins over those before it
RANKED = {
    "any": "{}",
    "origin": "{origin: [CN]}",
    "chapter": '{hs: ["85"]}',
    "chapter_origin": '{hs: ["85"], origin: [CN]}',
    "heading": '{hs: ["8504", "85"]}',
    "end_use": "{end_use: igcr_phone}",
    "end_use_heading": '{hs: ["8504"], end_use: igcr_phone}',
    "form": "{form: charger}",
    "form_code": '{hs: ["85044030"], form: charger}',
    "form_end_use": "{form: charger, end_use: igcr_phone}",
    "agreement": "{agreement: aifta}",
    "agreement_form": "{agreement: aifta, form: charger}",
}


def book(goods: dict[str, str], **keys: str) -> Book:
    text = "".join(parameter(f"in.bcd.{name}", goods=each, **keys) for name, each in goods.items())
    found, issues = load.read({"law/in/test.yaml": text})
    assert issues == []
    return Book({each.id: each for each in found})


def winner(book: Book, hs: str | None = "85044030", form: str | None = "charger", day: date = DAY) -> str | None:
    found = classify(book, "IN", "bcd", hs, form, "igcr_phone", "CN", "aifta", day)
    return found[0].id.removeprefix("in.bcd.") if found else None


@pytest.mark.parametrize("pair", list(pairwise(RANKED)))
def test_the_more_particular_wins(pair: tuple[str, str]) -> None:
    chosen = {name: RANKED[name] for name in pair}
    assert winner(book(chosen)) == pair[1]
    assert winner(book(dict(reversed(chosen.items())))) == pair[1]


def test_of_all_the_most_particular_wins() -> None:
    assert winner(book(RANKED)) == "agreement_form"


@pytest.mark.parametrize(
    ("goods", "matches"),
    [
        (None, True),
        (Goods(), True),
        (Goods(hs=("8504",)), True),
        (Goods(hs=("39", "85")), True),
        (Goods(hs=("8507",)), False),
        (Goods(hs=("850440301",)), False),
        (Goods(form="charger"), True),
        (Goods(form="display"), False),
        (Goods(end_use="igcr_watch"), False),
        (Goods(agreement="safta"), False),
        (Goods(origin=("HK", "CN")), True),
        (Goods(origin=("HK",)), False),
        (Goods(not_origin=("CN",)), False),
        (Goods(not_origin=("HK",)), True),
    ],
)
def test_what_matches(goods: Goods | None, matches: bool) -> None:
    assert (match(goods, "85044030", "charger", "igcr_phone", "CN", "aifta") is not None) == matches


@pytest.mark.parametrize(
    "named", [Goods(form="x"), Goods(end_use="x"), Goods(agreement="x"), Goods(hs=("85",)), Goods(origin=("CN",))]
)
def test_goods_that_claim_nothing_do_not_match_what_is_named(named: Goods) -> None:
    assert match(named, None, None, None, None, None) is None


def test_what_is_not_in_force_leaves_the_less_particular() -> None:
    two = (
        book({"any": "{}"}).parameters
        | book({"form": "{form: charger}"}, values=dated("2020-01-01", until="2020-12-31")).parameters
    )
    both = Book(dict(two))
    assert winner(both, day=date(2020, 6, 1)) == "form"
    assert winner(both, day=date(2021, 1, 1)) == "any"
    assert winner(both, day=date(2019, 12, 31)) is None


def test_what_is_not_known_leaves_nothing() -> None:
    one = book({"any": "{}"})
    asked = ("IN", "bcd", "85044030", None, None, "CN", None, DAY)
    published = date(2020, 1, 1)
    assert classify(one, *asked, published) is not None
    assert classify(one, *asked, published - timedelta(days=1)) is None


def test_rate_and_cap_of_drawback_are_told_apart_by_their_unit() -> None:
    asked = ("IN", "drawback", "85171300", None, None, None, None, DAY)
    rate, cap = (classify(Book.package(), *asked, unit=unit) for unit in ("percent", "INR"))
    assert rate is not None
    assert cap is not None
    assert (rate[1].value, cap[1].value) == (4, 350)
