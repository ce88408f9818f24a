"""Every account, priced by hand; and the laws that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boxbuild.errors import DataError
from boxbuild.network.network import Network
from boxbuild.plan.ledger import ACCOUNTS, ledger, present_cost, totals

Make = Callable[..., Network]
Flows = Callable[..., dict[str, pl.DataFrame]]

BY_HAND = {
    ("material", 0, "display-cn|noida"): "56000",  # 10 × 70 × 80
    ("markup", 0, "display-cn|noida"): "1120",  # 0.02 of it
    ("freight", 0, "display-cn|noida"): "2800",  # 0.5 × 70 × 80
    ("freight", 1, "noida|hamburg|air||phone"): "3600",  # (2 + 4 × 0.5) × 10 × 90
    ("insurance", 1, "noida|hamburg|air||phone"): "820",  # 0.01 × 100 × 10 × 82
    ("duty", 0, "display-cn|noida"): "3440",  # 0.1 × 10.75 × 40 × 80: four days of seven arrive
    (
        "duty",
        1,
        "display-cn|noida",
    ): "5289",  # 0.2 × 10.75 × 30 × 82: the law and the rate of exchange of arrival
    ("duty", 1, "noida|hamburg|air||phone"): "4321",  # 0.05 × (8200 + 360 + 82) × 10
    ("conversion", 1, "noida|phone|"): "6200",  # 310 × 20
    ("overtime", 1, "line"): "270",  # 90 × 3
    ("holding", 0, "display|noida"): "224",  # 10 × 80 × 0.365 × 7 / 365 × 40
    ("late", 1, "hh-1"): "1344",  # 12000 × 0.002 × 7 × 8
    ("late", 2, "hh-2"): "98",  # 7 × 7 × 2
    ("lost", 0, "hh-1"): "24000",  # 12000 × 2
    ("lost", 1, "hh-2"): "8200",  # no price: 100 × 82 × 1
    ("shortfall", 2, "c"): "750",  # 150 × 5
    ("tier", 2, "c||10"): "-200",  # (290 - 300) × 20
    ("capex", 1, "line-2"): "82000",  # 1000 × 82
    ("opex", 1, "line-2"): "32800",  # 700 × 4 / 7 × 82
    ("opex", 2, "line-2"): "57400",
    ("residual", 2, "line-2"): "-70285.71",  # 82000 × (1 - 11 / 77)
    ("target", 2, "t"): "250",  # 100 × 2.5
}

BY_BOOK = {"surcharge", "antidumping", "igst", "exemption", "preference", "drawback", "rodtep", "incentive", "subsidy"}
"""Accounts that only the law book makes."""


def amounts(lines: pl.DataFrame, column: str = "amount") -> dict[tuple[str, int, str], Decimal]:
    return {row[:3]: row[3] for row in lines.select("account", "bucket", "key", column).iter_rows()}


def test_every_account_by_hand(make: Make, flows: Flows) -> None:
    """The ledger is what a clerk with a pencil writes."""
    lines = ledger(make(), flows())
    assert amounts(lines) == {line: Decimal(amount) for line, amount in BY_HAND.items()}
    assert amounts(lines, "present") == amounts(lines)
    without_book = [account for account in ACCOUNTS if account not in BY_BOOK]
    assert lines["account"].unique(maintain_order=True).to_list() == without_book


def test_lines_say_what_where_and_whose(make: Make, flows: Flows) -> None:
    """Item, site, partner and quantity of a line are those of what is paid for."""
    lines = ledger(make(), flows())
    shown = {row[:2]: row[2:] for row in lines.select("account", "key", "item", "site", "partner", "quantity").rows()}
    assert shown["material", "display-cn|noida"] == ("display", "noida", "csot", 70.0)
    assert shown["duty", "display-cn|noida"] == ("display", "noida", "csot", 30.0)
    assert shown["conversion", "noida|phone|"] == ("phone", "noida", "dixon", 20.0)
    assert shown["freight", "noida|hamburg|air||phone"] == ("phone", "hamburg", None, 10.0)
    assert shown["overtime", "line"] == (None, "noida", "dixon", 3.0)
    assert shown["lost", "hh-1"] == ("phone", "hamburg", None, 2.0)
    assert shown["shortfall", "c"] == (None, None, "dixon", 5.0)


def test_later_money_counts_less(make: Make, flows: Flows) -> None:
    """Present is the unrounded amount times (1 + rate)^(-day / 365)."""
    lines = ledger(make(discount_rate=Decimal("0.1")), flows())
    found = amounts(lines, "present")
    assert found["material", 0, "display-cn|noida"] == Decimal("56000.00")
    assert float(found["conversion", 1, "noida|phone|"]) == pytest.approx(6200 * 1.1 ** (-7 / 365), abs=0.005)
    residual = float(-Fraction(82000) * 6 / 7) * 1.1 ** (-14 / 365)
    assert float(found["residual", 2, "line-2"]) == pytest.approx(residual, abs=0.005)


def test_arrivals_of_orders_are_taken_as_they_are(make: Make, flows: Flows) -> None:
    """With arrivals given, duty is paid for what arrives, in the bucket in which it does."""
    plan = flows()
    arrivals = {
        "buys": plan["buys"].with_columns(arrival=pl.lit(1)),
        "shipments": plan["shipments"].with_columns(arrival=pl.lit(2)),
    }
    found = amounts(ledger(make(), plan, arrivals))
    assert {line: amount for line, amount in found.items() if line[0] == "duty"} == {
        ("duty", 1, "display-cn|noida"): Decimal("12341.00"),  # 0.2 × 10.75 × 70 × 82
        ("duty", 2, "noida|hamburg|air||phone"): Decimal("4321.00"),
    }


def test_amounts_are_rounded_once_half_up(make: Make, flows: Flows) -> None:
    """Parts of a line are added before they are rounded."""
    buy = {"offer": "display-cn", "item": "display", "supplier": "wuhan", "destination": "noida", "bucket": 0}
    plan = flows(buys=[{**buy, "quantity": 0.000005}, {**buy, "quantity": 0.00000125}])
    assert amounts(ledger(make(), plan))["material", 0, "display-cn|noida"] == Decimal("0.01")  # 0.004 + 0.001


@pytest.mark.parametrize("ties", [1, 3, 5, 7, 9, 11])
def test_a_division_does_not_turn_a_tie(make: Make, flows: Flows, ties: int) -> None:
    """800 × 0.1 × 7 / 365 × 0.0228125 is 0.035 exactly, whatever the digits of 560 / 365 say: it goes up."""
    stock = [{"item": "display", "site": "noida", "bucket": 0, "quantity": round(0.0228125 * ties, 7)}]
    found = amounts(ledger(make(holding_rate=Decimal("0.1")), flows(stock=stock)))
    assert found["holding", 0, "display|noida"] == Decimal("0.035") * ties + Decimal("0.005")


def test_lines_of_nothing_are_left_out(make: Make, flows: Flows) -> None:
    """An amount that rounds to nothing has no line; an empty plan has an empty ledger."""
    plan = flows(stock=[{"item": "display", "site": "noida", "bucket": 0, "quantity": 0.0001}])
    assert "holding" not in ledger(make(), plan)["account"]
    empty = {name: frame.clear() for name, frame in plan.items()}
    assert ledger(make(), empty).is_empty()
    assert totals(ledger(make(), empty)).is_empty()


@pytest.mark.parametrize("rate", ["0", "0.1"])
def test_the_cost_of_a_plan_is_the_sum_of_its_lines(make: Make, flows: Flows, rate: str) -> None:
    """Added up without writing the lines, each is rounded all the same."""
    network, plan = make(discount_rate=Decimal(rate)), flows()
    assert present_cost(network, plan) == ledger(network, plan)["present"].sum()
    empty = {name: table.clear() for name, table in plan.items()}
    empty_demand = make({"demand": []}, discount_rate=Decimal(rate))
    assert present_cost(empty_demand, empty) == sum(ledger(empty_demand, empty)["present"].to_list())


def test_without_duties_nothing_is_charged_and_the_rest_stays(make: Make, flows: Flows) -> None:
    """A network without the table duties pays no customs, and every other line is as with it."""
    charged, free = amounts(ledger(make(), flows())), amounts(ledger(make({"duties": []}), flows()))
    assert free == {line: amount for line, amount in charged.items() if line[0] != "duty"}
    assert any(line[0] == "duty" for line in charged)


def test_a_consigned_part_has_no_markup(make: Make, flows: Flows) -> None:
    """The assembler charges for handling only what it buys or is sold."""
    network = make()
    consigned = network.with_table("sources", network.tables["sources"].with_columns(terms=pl.lit("consigned")))
    assert "markup" not in ledger(consigned, flows())["account"]


def test_the_overtime_price_is_that_of_the_row_in_force(make: Make, flows: Flows) -> None:
    """Of two rows of a resource the one that holds on the bucket's first day counts."""
    until = {
        "resource": "line",
        "site": "noida",
        "per_week": 10.0,
        "overtime_per_week": 5.0,
        "overtime_cost": "50",
        "until": date(2023, 6, 11),
    }
    since = {**until, "overtime_cost": "60", "from": date(2023, 6, 12), "until": None}
    found = amounts(ledger(make({"resources": [until, since]}), flows()))
    assert found["overtime", 1, "line"] == Decimal(180)


def test_a_row_without_overtime_does_not_price_it(make: Make, flows: Flows) -> None:
    """A row that gives no overtime has no say in what overtime costs, though it holds on the first day."""
    regular = {"resource": "line", "site": "noida", "per_week": 10.0, "overtime_cost": "0"}
    extra = {**regular, "overtime_per_week": 5.0, "overtime_cost": "60", "from": date(2023, 6, 12)}
    found = amounts(ledger(make({"resources": [regular, extra]}), flows()))
    assert found["overtime", 1, "line"] == Decimal(180)


def test_a_flow_without_its_row_is_refused(make: Make, flows: Flows) -> None:
    """A purchase of an offer that does not hold then is an error, not a purchase for nothing."""
    network = make()
    ended = network.with_table("sources", network.tables["sources"].with_columns(until=pl.lit(date(2023, 6, 1))))
    with pytest.raises(DataError, match="offer display-cn, bucket 0"):
        ledger(ended, flows())


def test_a_currency_without_a_rate_is_refused(make: Make, flows: Flows) -> None:
    """Money in an unknown currency has no price."""
    with pytest.raises(DataError, match="EUR"):
        ledger(make({"rates": [{"currency": "USD", "home_per_unit": "80"}]}), flows())


def scaled(network: Network, factor: Decimal) -> Network:
    """Return the network with all of its money, but not its rates of exchange, times a factor."""
    for name, frame in network.tables.items():
        money = [column for column, dtype in frame.schema.items() if dtype.is_decimal()]
        if money and name != "rates":
            exact = (pl.col(column).cast(pl.Float64) * float(factor) for column in money)
            network = network.with_table(name, frame.with_columns(exact))
    return network


quantities = st.integers(1, 10**9).map(lambda millionths: millionths / 10**6)
laws = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def with_quantities(plan: dict[str, pl.DataFrame], quantity: float) -> dict[str, pl.DataFrame]:
    return {
        name: frame.with_columns(quantity=pl.lit(quantity)) if "quantity" in frame.columns else frame
        for name, frame in plan.items()
    }


@laws
@given(quantities)
def test_twice_the_money_is_twice_each_line(make: Make, flows: Flows, quantity: float) -> None:
    """Doubling every price doubles every line, to its rounding."""
    plan = with_quantities(flows(), quantity)
    once = amounts(ledger(make(), plan))
    twice = amounts(ledger(scaled(make(), Decimal(2)), plan))
    for line in once.keys() | twice.keys():
        assert abs(twice.get(line, Decimal(0)) - 2 * once.get(line, Decimal(0))) <= Decimal("0.02")


@laws
@given(quantities, st.sampled_from(["0.5", "3", "100"]))
def test_another_home_currency_is_another_unit(make: Make, flows: Flows, quantity: float, worth: str) -> None:
    """In a home currency of which ``worth`` make one of the old, every line is ``worth`` times as much."""
    network = make()
    other = make(home_currency="XTS")
    for name, frame in network.tables.items():
        if "currency" in frame.columns and name != "rates":
            other = other.with_table(name, frame.with_columns(pl.col("currency").fill_null("INR")))
    rates = network.tables["rates"].with_columns(pl.col("home_per_unit").cast(pl.Float64) * float(worth))
    rupee = rates[:1].with_columns(currency=pl.lit("INR"), home_per_unit=pl.lit(float(worth)))
    other = other.with_table("rates", pl.concat([rates, rupee]))
    plan = with_quantities(flows(), quantity)
    here, there = amounts(ledger(network, plan)), amounts(ledger(other, plan))
    for line in here.keys() | there.keys():
        gap = there.get(line, Decimal(0)) - Decimal(worth) * here.get(line, Decimal(0))
        assert abs(gap) <= Decimal("0.005") * (1 + Decimal(worth))


@laws
@given(quantities)
def test_totals_add_up(make: Make, flows: Flows, quantity: float) -> None:
    """The accounts add up to the ledger."""
    lines = ledger(make(discount_rate=Decimal("0.08")), with_quantities(flows(), quantity))
    by_account = totals(lines)
    assert by_account["amount"].sum() == lines["amount"].sum()
    assert by_account["present"].sum() == lines["present"].sum()
    assert by_account["lines"].sum() == lines.height
