"""Export schemes: published numbers, and the two readings of every rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.building import add_rows, edit_rows, small_network, with_settings

from boxbuild.law import schemes
from boxbuild.law.law import Law

AMOUNTS = st.decimals(0, 10**6, places=4)
DAY = date(2023, 6, 5)


def law() -> Law:
    return Law.of(small_network())


def test_value_addition_of_115_over_100_is_15_percent() -> None:
    """The published example of Advance Authorisation."""
    assert schemes.value_addition(Decimal(115), Decimal(100)) == 15


def test_advance_authorisation_asks_for_15_percent() -> None:
    found = schemes.surplus(law(), "aa", Decimal(115), Decimal(100))
    assert found.value == 0
    assert [read.parameter for read in found.reads] == ["in.aa.value_addition"]
    assert found.note == "value addition 15.00 %"
    assert schemes.surplus(law(), "aa", Decimal(114), Decimal(100)).value == -1


@pytest.mark.parametrize("scheme", ["eou", "sez"])
def test_net_foreign_exchange_must_not_be_negative(scheme: str) -> None:
    assert schemes.surplus(law(), scheme, Decimal(100), Decimal(100)).value == 0


CHARGED = {"duty": Decimal(100), "surcharge": Decimal(10), "antidumping": Decimal(3), "igst": Decimal(2)}


@pytest.mark.parametrize(("scheme", "saved"), [("aa", 115), ("eou", 115), ("bonded", 115), ("brand", 110)])
def test_what_a_scheme_saves(scheme: str, saved: int) -> None:
    """The brand rate gives back basic duty and surcharge; the others spare every charge."""
    found = schemes.exempted(law(), scheme, CHARGED, DAY, "display-cn|noida")
    assert found.value == saved
    assert found.reads
    assert all(read.reference for read in found.reads)


def test_before_there_was_a_scheme_it_saves_nothing() -> None:
    assert schemes.exempted(law(), "aa", CHARGED, date(2010, 1, 1)).value == 0


@pytest.mark.parametrize(
    ("scheme", "day", "lost"),
    [
        ("aa", date(2023, 6, 5), 30),
        ("aa", date(2024, 6, 5), 20),  # RoDTEP is open to Advance Authorisation from March 2024
        ("bonded", date(2024, 6, 5), 30),
        ("brand", date(2024, 6, 5), 30),
    ],
)
def test_an_exempt_export_gives_up_drawback_and_rodtep(scheme: str, day: date, lost: int) -> None:
    credits = {"drawback": Decimal(20), "rodtep": Decimal(10)}
    assert schemes.forgone(law(), scheme, credits, day).value == lost


@given(st.fixed_dictionaries(dict.fromkeys(schemes.CHARGES, AMOUNTS)), st.sampled_from(sorted(schemes.SCHEMES)))
@settings(max_examples=50, deadline=None)
def test_both_readings_of_the_exemption_agree(charges: dict[str, Decimal], scheme: str) -> None:
    """The exact value is the coefficient that the model uses."""
    rule = schemes.SCHEMES[scheme]
    exact = schemes.exempted(law(), scheme, charges, DAY).value
    values = {**charges, **schemes.flags(law(), rule, DAY)}
    frame = pl.DataFrame({name: [float(value)] for name, value in values.items()})
    assert frame.select(rule.exemption.linear()).item() == pytest.approx(float(exact))


def test_rows_are_fixed_regimes_and_rows_of_the_table() -> None:
    network = edit_rows(small_network(), "sites", {"site": "noida"}, regime="aa")
    network = add_rows(network, "schemes", {"site": "chennai", "scheme": "bonded", "from_": "2023-07-01"})
    found = schemes.rows(network).sort("site").select("scheme", "site", "from").rows()
    assert found == [("bonded", "chennai", date(2023, 7, 1)), ("aa", "noida", None)]


def test_plants_abroad_and_zones_have_no_scheme() -> None:
    network = edit_rows(small_network(), "sites", {"site": "noida"}, regime="sez")
    network = edit_rows(network, "sites", {"site": "chennai"}, regime="aa")
    assert schemes.rows(with_settings(network, home_country="DE")).is_empty()
    assert schemes.rows(network)["site"].to_list() == ["chennai"]
