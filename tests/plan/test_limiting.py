"""What limits a demand: each kind of limit is found where it is the only one, by prices and by the rule of thumb."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.building import drop_rows, edit_rows, small_network, with_rows

from boxbuild.network.network import Network
from boxbuild.plan.limiting import limiting
from boxbuild.plan.make import make_plan


def reasons(network: Network) -> list[dict[str, Any]]:
    """What the rule of thumb says, of a plan that keeps no reasons."""
    plan = make_plan(network, release=False)
    found = limiting(replace(plan, tables={**plan.tables, "reasons": plan["reasons"].clear()}))
    assert not found["sure"].any()
    assert found["reason"].str.starts_with("most likely: ").all()
    return found.to_dicts()


def sure(network: Network) -> list[dict[str, Any]]:
    """What the prices of a plan say."""
    found = limiting(make_plan(network, release=False))
    assert found["sure"].all()
    return found.to_dicts()


def test_nothing_is_said_where_nothing_is_missed() -> None:
    demand = {
        "demand": "D",
        "item": "phone-a",
        "market": "india",
        "due": "2023-07-23",
        "quantity": "10",
        "price": "11000",
    }
    assert reasons(with_rows(small_network(), "demand", demand)) == []


def test_a_full_resource_is_named() -> None:
    network = edit_rows(small_network(), "resources", {"resource": "noida-smt"}, per_week="6")
    found = [row for row in reasons(network) if row["limit"] == "resource"]
    assert found
    assert {row["thing"] for row in found} == {"noida-smt"}
    assert "is full" in found[0]["reason"]


def test_an_offer_at_its_weekly_limit_is_named() -> None:
    network = edit_rows(small_network(), "sources", {"offer": "chip-cn"}, per_week="300")
    found = [row for row in reasons(network) if row["limit"] == "offer"]
    assert found
    assert {row["thing"] for row in found} == {"chip-cn"}


def test_lead_times_that_forbid_it_are_named() -> None:
    network = edit_rows(small_network(), "sources", {"offer": "chip-cn"}, lead_days="55")
    found = reasons(network)
    assert found
    assert {row["limit"] for row in found} == {"lead time"}


def test_a_market_that_nothing_reaches_is_named() -> None:
    network = drop_rows(small_network(), "lanes", destination="hamburg")
    found = {row["market"]: row["limit"] for row in reasons(network)}
    assert found["hamburg"] == "no way"


def test_a_demand_that_is_not_worth_its_cost_is_named() -> None:
    network = edit_rows(small_network(), "demand", {"demand": "IN-a-2"}, price="1", lost_cost="1")
    found = {row["demand"]: row["limit"] for row in reasons(network)}
    assert found["IN-a-2"] == "cost"


@pytest.mark.parametrize("most", [0, 1])
def test_no_more_than_asked_for(most: int) -> None:
    network = edit_rows(small_network(), "resources", {"resource": "noida-smt"}, per_week="6")
    assert limiting(make_plan(network, release=False), most=most).height == most


@pytest.mark.parametrize(
    ("table", "row", "change", "kind", "thing"),
    [
        ("resources", {"resource": "noida-smt"}, {"per_week": "6"}, "line", "line noida-smt"),
        ("sources", {"offer": "chip-cn"}, {"per_week": "300"}, "supplier", "offer chip-cn"),
    ],
)
def test_prices_name_what_is_full(
    table: str, row: dict[str, str], change: dict[str, str], kind: str, thing: str
) -> None:
    found = [one for one in sure(edit_rows(small_network(), table, row, **change)) if one["limit"] == kind]
    assert found
    assert {one["thing"] for one in found} == {thing}
    assert "saves up to" in found[0]["reason"]


def test_prices_name_the_part_that_lead_times_forbid_more_of() -> None:
    found = sure(edit_rows(small_network(), "sources", {"offer": "chip-cn"}, lead_days="55"))
    assert found
    assert {(one["limit"], one["thing"]) for one in found} == {("part", "chip at noida")}
    assert "more of it can be there in" in found[0]["reason"]


def test_prices_know_a_market_that_nothing_reaches() -> None:
    found = {one["market"]: one for one in sure(drop_rows(small_network(), "lanes", destination="hamburg"))}
    assert found["hamburg"]["limit"] == "no way"
    assert found["hamburg"]["thing"] == "hamburg"


def test_prices_know_what_is_not_worth_its_cost() -> None:
    network = edit_rows(small_network(), "demand", {"demand": "IN-a-2"}, price="1", lost_cost="1")
    found = {one["demand"]: one for one in sure(network)}
    assert found["IN-a-2"]["limit"] == "cost"
