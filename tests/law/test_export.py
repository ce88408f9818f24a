"""What exports are paid: the two sides agree, and no more is paid than the law caps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.building import edit_rows
from tests.customs_network import customs_network

from boxbuild.law.book import Book
from boxbuild.law.export import Export, benefits, export_benefits
from boxbuild.law.law import Law
from boxbuild.law.parameter import Goods, Parameter, Value

DAY = date(2023, 6, 5)
PHONE = Goods(hs=("851713",))


def parameter(name: str, number: Decimal, unit: str, goods: Goods | None = PHONE) -> Parameter:
    value = Value(date(2020, 1, 1), number, None, date(2020, 1, 1), "instrument", "reference")
    return Parameter(name, name, "IN", name.split(".")[1], unit, goods, (value,))


def law_of(*parameters: Parameter, regime: str = "dta", value: Decimal = Decimal(9000)) -> Law:
    network = edit_rows(customs_network(), "sites", {"site": "mumbai"}, regime=regime)
    network = edit_rows(network, "items", {"item": "phone-a"}, value=value)
    return Law(network, Book({one.id: one for one in parameters}))


SHIP = pl.DataFrame({"origin": ["mumbai"], "destination": ["hamburg"], "item": ["phone-a"], "bucket": [0]})

AMOUNTS = st.decimals(0, 500, places=2)


@settings(max_examples=60, deadline=None)
@given(
    rate=st.none() | st.decimals(0, 10, places=1),
    cap=st.none() | AMOUNTS,
    remission=st.none() | AMOUNTS,
    opened=st.none() | st.sampled_from([Decimal(0), Decimal(1)]),
    regime=st.sampled_from(["dta", "dta", "aa", "eou"]),
    value=st.decimals(0, 20000, places=2),
)
def test_both_sides_agree(
    rate: Decimal | None,
    cap: Decimal | None,
    remission: Decimal | None,
    opened: Decimal | None,
    regime: str,
    value: Decimal,
) -> None:
    """The vectorised benefits are the exact ones, and the drawback is neither above its rate nor above its cap."""
    known = [
        ("in.drawback.rate", rate, "percent", PHONE),
        ("in.drawback.cap", cap, "INR", PHONE),
        ("in.rodtep.phone", remission, "INR", PHONE),
        ("in.rodtep.open_to.aa", opened, "yes_no", None),
    ]
    law = law_of(
        *(parameter(name, number, unit, goods) for name, number, unit, goods in known if number is not None),
        regime=regime,
        value=value,
    )
    trace = benefits(law, Export("IN", "phone-a", "85171300", regime), value, DAY, Decimal(1))
    exact = {part.rule: part.value for part in trace.parts}
    (row,) = export_benefits(law, SHIP).iter_rows(named=True)
    assert row["drawback"] == pytest.approx(float(exact.get("export.drawback", 0)), abs=1e-9)
    assert row["rodtep"] == pytest.approx(float(exact.get("export.rodtep", 0)), abs=1e-9)
    assert trace.value == sum(exact.values())
    if rate is not None and regime == "dta":
        assert exact["export.drawback"] == min(rate / 100 * value, value if cap is None else cap)
    assert ("export.rodtep" in exact) == (remission is not None and (regime == "dta" or (regime, opened) == ("aa", 1)))


def test_the_rates_of_the_book() -> None:
    """In June 2023: 4 % of the value free on board, at most 350 a phone, and 24.50."""
    law = Law.of(customs_network())
    phone = Export("IN", "phone-a", "85171300")
    dear = benefits(law, phone, Decimal(9000), DAY, Decimal(1))
    assert [part.value for part in dear.parts] == [350, Decimal("24.5")]
    assert [read.parameter for read in dear.parts[0].reads] == [
        "in.drawback.air.phone.rate",
        "in.drawback.air.phone.cap",
    ]
    assert benefits(law, phone, Decimal(5000), DAY, Decimal(1)).parts[0].value == 200


def test_a_cap_in_rupees_in_a_plan_of_another_currency() -> None:
    """The cap is worth what a rupee is."""
    law = Law.of(customs_network())
    found = benefits(law, Export("IN", "phone-a", "85171300"), Decimal(110), DAY, Decimal("0.0125"))
    assert [part.value for part in found.parts] == [Decimal("4.375"), Decimal("0.30625")]
