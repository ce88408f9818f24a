"""Plans that the solver makes pass: two readings of one specification agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.building import START, add_rows, drop_rows, edit_rows, small_network, with_rows, with_settings

import boxbuild
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan

EXAMPLES = Path(__file__).parents[2] / "examples"


def mixed_buckets(network: Network) -> Network:
    return with_settings(network, buckets="5d+2w+2m", discount_rate=Decimal("0.1"))


def alternates(network: Network) -> Network:
    network = drop_rows(network, "boms", parent="board", component="chip")
    network = add_rows(
        network,
        "items",
        {"item": "chip-x", "kind": "component", "hs": "85423100", "value": 20, "currency": "USD"},
    )
    network = add_rows(
        network,
        "boms",
        {"parent": "board", "component": "chip", "quantity": 2, "scrap": 0.005, "alternate_group": "g"},
        {
            "parent": "board",
            "component": "chip-x",
            "quantity": 3,
            "scrap": 0.03,
            "alternate_group": "g",
            "until": "2023-07-02",
        },
    )
    offer = {"offer": "x", "item": "chip-x", "supplier": "wuhan", "price": "3.333", "currency": "USD", "royalty": "0.7"}
    return add_rows(network, "sources", offer | {"lead_days": 3, "per_week": 500, "from": "2023-06-01"})


def options(network: Network) -> Network:
    line = {"option": "line", "capex": "1000", "currency": "USD", "opex_per_week": "500", "life_weeks": 40}
    network = add_rows(network, "options", line | {"ready_days": 9, "earliest": "2023-06-08"})
    more = {"resource": "noida-smt", "site": "noida", "per_week": 30, "overtime_per_week": 10, "overtime_cost": 50}
    network = add_rows(network, "resources", more | {"option": "line"})
    operation = {"site": "noida", "item": "phone-a", "option": "line", "cost": 10, "lead_days": 4, "yield": 0.99}
    return add_rows(network, "operations", operation)


def money(network: Network) -> Network:
    network = with_rows(
        network,
        "rates",
        {"currency": "USD", "from": "2023-06-12", "home_per_unit": "82.5"},
        {"currency": "USD", "from": "2023-07-03", "home_per_unit": "85.123456"},
    )
    return add_rows(
        network,
        "duties",
        {"country": "IN", "hs": "8517", "origin": "CN", "from": "2023-06-20", "rate": 0.22},
        {"country": "DE", "hs": "8517", "origin": "IN", "from": "2023-07-05", "rate": 0.123},
    )


def commitments(network: Network) -> Network:
    contract = {"contract": "c1", "partner": "ems", "family": "phone", "min": 4000, "shortfall_cost": "3"}
    network = add_rows(network, "contracts", contract | {"from": "2023-06-08", "until": "2023-07-20"})
    network = add_rows(network, "contracts", {"contract": "c2", "partner": "csot", "item": "display", "max": 2500})
    steps = [(0, 300), (700, 290), (2000, 280)]
    rows = [{"contract": "c1", "from_quantity": start, "price": price} for start, price in steps]
    ladder = [
        {"offer": "battery-in", "from_quantity": start, "price": price, "kind": "incremental"}
        for start, price in [(0, 500), (300.5, 480), (1000, 470)]
    ]
    network = add_rows(network, "tiers", *rows, *ladder)
    return add_rows(
        network,
        "targets",
        {"target": "t1", "metric": "export_share", "scope": "family=phone", "at_least": 0.7, "penalty": "50"},
        {"target": "t2", "metric": "on_time_share", "scope": "market=hamburg", "at_least": 1, "penalty": "9"},
        {"target": "t3", "metric": "local_purchase_share", "at_least": 0.5, "penalty": "0.01", "currency": "USD"},
        {"target": "t4", "metric": "units_built", "scope": "site=chennai", "at_least": 500, "penalty": "5"},
        {"target": "t5", "metric": "units_bought", "scope": "partner=csot", "at_least": 3000, "penalty": "0.5"},
        {"target": "t6", "metric": "units_delivered", "scope": "country=IN", "at_least": 1500, "penalty": "5"},
    )


def lateness(network: Network) -> Network:
    network = edit_rows(network, "resources", {"resource": "noida-final"}, until="2023-06-20")
    later = {"resource": "noida-final", "site": "noida", "per_week": 40, "overtime_per_week": 20, "from": "2023-07-06"}
    network = add_rows(network, "resources", later | {"overtime_cost": 300})
    wanted = {"item": "phone-a", "market": "india", "quantity": 150}
    return add_rows(
        network,
        "demand",
        wanted | {"demand": "before", "due": "2023-05-30", "late_per_day": "7", "max_late_days": 60},
        wanted | {"demand": "after", "due": "2024-05-30"},
        wanted | {"demand": "poor", "due": "2023-07-01", "item": "phone-b", "quantity": 333.333},
    )


def every_other_week(network: Network) -> Network:
    """Rows of an offer, an operation, a lane and a resource that take turns week by week, on different terms."""
    for table, where, odd in (
        ("sources", {"offer": "display-cn"}, {"per_week": 400, "price": "19.5"}),
        ("sources", {"offer": "battery-in"}, {"per_week": 350, "price": "510", "lead_days": 4}),
        ("operations", {"site": "noida", "item": "phone-a"}, {"cost": "320", "yield_": 0.9}),
        ("lanes", {"origin": "mumbai", "destination": "hamburg"}, {"per_week": 300, "per_unit": "0.9"}),
        ("resources", {"resource": "noida-final"}, {"per_week": 40, "overtime_cost": "250"}),
    ):
        network = in_turns(network, table, where, odd)
    steps = [{"offer": "display-cn", "from_quantity": start, "price": price} for start, price in [(0, 18), (1000, 17)]]
    return add_rows(network, "tiers", *(step | {"currency": "USD"} for step in steps))


def in_turns(network: Network, table: str, where: dict[str, str], odd: dict[str, Any]) -> Network:
    """Return a network in which one row is a row a week, every second one with other values."""
    whole = network.tables[table]
    rows = whole.filter(**where)
    one = network.with_table(table, rows)
    weeks = []
    for week in range(8):
        first = START + timedelta(days=7 * week)
        dated = edit_rows(one, table, where, from_=first, until=first + timedelta(days=6))
        weeks.append((edit_rows(dated, table, where, **odd) if week % 2 else dated).tables[table])
    return network.with_table(table, pl.concat([whole.join(rows, on=list(where), how="anti"), *weeks], how="diagonal"))


CHANGES: list[Callable[[Network], Network]] = [
    mixed_buckets,
    alternates,
    options,
    money,
    commitments,
    lateness,
    every_other_week,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_plan_of_a_changed_network_passes(change: Callable[[Network], Network]) -> None:
    """The small network with one more feature."""
    assert str(make_plan(change(small_network()), release=False).audit()).startswith("audit of small: passed")


@pytest.mark.parametrize("buckets", ["8w", "4d+5w+2w"])
def test_the_orders_of_rows_that_take_turns_pass(buckets: str) -> None:
    """Each order goes by the row of its day, and is priced by the row of its bucket."""
    plan = make_plan(with_settings(every_other_week(small_network()), buckets=buckets))
    week = (pl.col("start") - START).dt.total_days() // 7
    turns = plan["orders"].select("kind", "reference", turn=week % 2).unique()
    for name in ("display-cn", "air"):
        assert set(turns.filter(reference=name)["turn"]) == {0, 1}
    assert set(turns.filter(kind="build")["turn"]) == {0, 1}
    assert plan.audit().failures == ()


def test_the_plan_of_every_feature_passes() -> None:
    """The small network with all of them at once, in mixed buckets."""
    network = small_network()
    for change in (alternates, options, money, commitments, lateness, mixed_buckets):
        network = change(network)
    result = make_plan(network, release=False).audit()
    assert result.failures == ()


def test_the_example_that_is_solved_by_hand_passes() -> None:
    """The tiny example."""
    assert boxbuild.plan(boxbuild.read(EXAMPLES / "tiny"), release=False).audit().failures == ()
