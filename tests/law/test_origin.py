"""Rules of origin: the published vectors, the shift of classification, and what softens it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.building import small_network

from boxbuild.law.law import Law
from boxbuild.law.origin import Input, Rule, originates, rule, shifted
from boxbuild.law.value_added import COMPONENTS, DEFINITIONS, Definition, evaluate, sides

DAY = date(2023, 6, 5)


def of(**shares: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in shares.items()}


@pytest.mark.parametrize(
    ("definition", "components", "share"),
    [
        ("rvc_build_down", of(fob="1000", non_originating="300"), "0.7"),  # golden: TV 1000, VNM 300
        ("va_pli", of(sales="200", non_originating="100", imported="40", royalty="10"), "0.25"),
        ("rvc_build_up", of(fob="1000", originating="450"), "0.45"),
        ("rvc_net_cost", of(originating="200", conversion="100", non_originating="300"), "0.5"),
        ("va_ppp", of(sales="1000", non_originating="300", imported="50", duty="30", royalty="20"), "0.6"),
        ("va_gross", of(originating="75", non_originating="25"), "0.75"),
        ("va_non_semiconductor", of(local_parts="35", foreign_parts="65"), "0.35"),
    ],
)
def test_shares(definition: str, components: dict[str, Decimal], share: str) -> None:
    numerator, denominator = sides(DEFINITIONS[definition], components)
    assert numerator / denominator == Decimal(share)


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=lambda one: one.name)
def test_a_definition_is_a_ratio_of_sums(definition: Definition) -> None:
    """Both sides are 0 without components and twice as large for twice as much: linear rows may stand for them."""
    ones = {name: Decimal(index + 2) for index, name in enumerate(COMPONENTS)}
    twice = {name: 2 * value for name, value in ones.items()}
    assert sides(definition, {}) == (0, 0)
    assert sides(definition, twice) == tuple(2 * side for side in sides(definition, ones))


def test_a_trace_names_its_source() -> None:
    trace = evaluate(DEFINITIONS["va_pli"], of(sales="10", non_originating="4"), "phone")
    assert trace.value == Decimal("0.6")
    assert "https://" in trace.note
    assert trace.formula == "(sales - non_originating - imported - royalty) / (sales)"


INPUTS = (
    Input("board", "85177910", "CN", Decimal(300)),
    Input("chip", "85423100", "TW", Decimal(100)),
    Input("case", "85177990", "IN", Decimal(200)),
)


@pytest.mark.parametrize(
    ("digits", "own", "same"),
    [
        (4, {"IN"}, ["board"]),  # the case is of the same heading, but originates
        (6, {"IN"}, []),  # 8517 79 becomes 8517 13
        (4, {"IN", "CN"}, []),  # by cumulation the board is own
        (2, {"IN"}, ["board", "chip"]),
        (4, set(), ["board", "case"]),
    ],
)
def test_tariff_shift(digits: int, own: set[str], same: list[str]) -> None:
    assert [one.item for one in shifted("85171300", INPUTS, digits, own)] == same


def test_what_is_not_classified_does_not_shift() -> None:
    unknown = Input("thing", None, "CN", Decimal(1))
    assert shifted("85171300", [unknown], 4, {"IN"}) == (unknown,)


@pytest.mark.parametrize(("de_minimis", "value"), [("0.29", 0), ("0.3", 1)])
def test_de_minimis(de_minimis: str, value: int) -> None:
    """300 of the same heading in 1000."""
    asked = Rule("x", {"rvc_build_down": Decimal("0.6")}, 4, Decimal(de_minimis), ())
    assert originates(asked, "85171300", Decimal(1000), Decimal(50), INPUTS, {"IN"}).value == value


@pytest.mark.parametrize(("least", "value"), [("0.6", 1), ("0.61", 0)])
def test_value_content(least: str, value: int) -> None:
    """(1000 - 400) / 1000."""
    asked = Rule("x", {"rvc_build_down": Decimal(least)}, None, Decimal(0), ())
    assert originates(asked, "85171300", Decimal(1000), Decimal(50), INPUTS, {"IN"}).value == value


def test_one_method_is_enough() -> None:
    """By transaction value 0.6, by net cost (650 - 400) / 650 = 0.38."""
    both = {"rvc_build_down": Decimal("0.7"), "rvc_net_cost": Decimal("0.35")}
    asked = Rule("usmca", both, None, Decimal(0), ())
    assert originates(asked, None, Decimal(1000), Decimal(50), INPUTS, {"IN"}).value == 1


@pytest.mark.parametrize(
    ("country", "agreement", "shares", "digits"),
    [
        ("IN", "aifta", {"rvc_build_down": "0.35"}, 6),
        ("IN", "cepa_ae", {"rvc_build_down": "0.4"}, 4),
        ("MX", "usmca", {"rvc_build_down": "0.6", "rvc_net_cost": "0.5"}, None),
    ],
)
def test_rules_of_the_book(country: str, agreement: str, shares: dict[str, str], digits: int | None) -> None:
    found = rule(Law.of(small_network()), country, agreement, DAY)
    assert found is not None
    assert {name: str(share) for name, share in found.shares.items()} == shares
    assert found.digits == digits
    assert all(read.reference for read in found.reads)


def test_no_rule_where_the_book_has_none() -> None:
    assert rule(Law.of(small_network()), "DE", "aifta", DAY) is None
