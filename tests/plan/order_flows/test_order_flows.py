"""Dated orders count by bucket as a clerk would count them, and cost what the same flows cost in a plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.building import START, add_rows, edit_rows, small_network, with_rows, with_settings

from boxbuild.errors import DataError
from boxbuild.network.network import Network
from boxbuild.plan.ledger import ledger
from boxbuild.plan.order_flows import OrderFlows, order_flows
from boxbuild.plan.release_cost import release_cost
from boxbuild.plan.schemas import SCHEMAS

NOTHING = {name: SCHEMAS[name].to_frame() for name in ("order_alternates", "options")}


def orders_of(rows: Iterable[tuple[str, str, str, str | None, str | None, float, date, date]]) -> pl.DataFrame:
    names = ("kind", "item", "site", "destination", "reference", "quantity", "start", "end")
    filled = [
        {"order": f"o{number}", "lane_item": None, **dict(zip(names, row, strict=True))}
        for number, row in enumerate(rows)
    ]
    for row in filled:
        if row["kind"] == "ship" and row["site"] in ("wuhan", "chennai") and row["destination"] != "mumbai":
            row["lane_item"] = row["item"]
    return pl.DataFrame(filled, schema=SCHEMAS["orders"])


def flows_of(network: Network, orders: pl.DataFrame, **given: pl.DataFrame) -> OrderFlows:
    tables = {**NOTHING, **given}
    return order_flows(network, orders, tables["order_alternates"], tables["options"])


def june(day: int) -> date:
    return date(2023, 6, day)


PHONES = orders_of(
    [
        ("buy", "battery", "pune", "noida", "battery-in", 100.0, june(7), june(10)),
        ("build", "board", "noida", None, None, 60.0, june(5), june(6)),
        ("build", "board", "noida", None, None, 40.0, june(9), june(10)),
        ("build", "phone-a", "noida", None, None, 90.0, june(12), june(14)),
        ("ship", "phone-a", "noida", "mumbai", "road", 88.0, june(17), june(19)),
        ("ship", "phone-a", "mumbai", "india", "road", 88.0, june(20), june(21)),
        ("deliver", "phone-a", "india", None, "IN-a-1", 50.0, june(26), june(26)),
        ("deliver", "phone-a", "india", None, "IN-a-1", 38.0, date(2023, 7, 3), date(2023, 7, 3)),
    ]
)


def rows_of(frame: pl.DataFrame, *columns: str, **where: Any) -> list[tuple[Any, ...]]:
    return frame.filter(**where).select(columns).rows()


def test_orders_add_up_by_the_bucket_of_their_first_day() -> None:
    """Two orders of one week are one build of the bucket; good units are what the yield leaves."""
    tables = flows_of(small_network(), PHONES).tables
    assert rows_of(tables["builds"], "item", "bucket", "quantity", "good") == [
        ("board", 0, 100.0, 99.0),
        ("phone-a", 1, 90.0, 88.2),
    ]
    assert rows_of(tables["buys"], "offer", "supplier", "destination", "bucket", "start") == [
        ("battery-in", "pune", "noida", 0, START)
    ]
    assert rows_of(tables["deliveries"], "demand", "bucket", "quantity", "late_days") == [
        ("IN-a-1", 3, 50.0, 0),
        ("IN-a-1", 4, 38.0, 7),
    ]
    assert rows_of(tables["shortages"], "quantity", demand="IN-a-1") == [(512.0,)]
    assert tables["shortages"].height == 6


def test_orders_within_the_grace_days_are_not_late() -> None:
    """What comes on the Monday after the due Sunday costs nothing more and counts as on time for a target."""
    network = edit_rows(small_network(), "demand", {"demand": "IN-a-1"}, late_per_day="3")
    network = with_rows(network, "targets", {"target": "t", "metric": "on_time_share", "scope": "market=india"})
    patient = edit_rows(network, "demand", {"demand": "IN-a-1"}, grace_days=1)
    assert rows_of(flows_of(patient, PHONES).tables["deliveries"], "bucket", "quantity", "late_days") == [
        (3, 50.0, 0),
        (4, 38.0, 0),
    ]
    on_time = [flows_of(one, PHONES).tables["targets"]["numerator"].to_list() for one in (network, patient)]
    assert on_time == [[50.0], [88.0]]
    costs = [release_cost(one, PHONES, NOTHING["order_alternates"], NOTHING["options"]) for one in (network, patient)]
    assert costs[0] - costs[1] == 38 * 7 * 3


def test_arrivals_are_those_of_the_orders() -> None:
    """An order arrives in the bucket of its last day, wherever its lead time would put an even flow."""
    arrivals = flows_of(small_network(), PHONES).arrivals
    assert rows_of(arrivals["buys"], "bucket", "arrival", "quantity") == [(0, 0, 100.0)]
    assert sorted(rows_of(arrivals["shipments"], "origin", "bucket", "arrival", "quantity")) == [
        ("mumbai", 2, 2, 88.0),
        ("noida", 1, 2, 88.0),
    ]


def test_stock_is_that_of_the_last_day_of_each_bucket() -> None:
    """Opening stock and firm receipts, plus what came, less what went, scrap included."""
    tables = flows_of(small_network(), PHONES).tables

    def at(item: str, site: str) -> list[float]:
        return [row[0] for row in rows_of(tables["stock"], "quantity", item=item, site=site)]

    assert at("chip", "noida") == [799.0] * 8  # 1000 - 100 × 2 × 1.005
    assert at("board", "noida") == [99.0, *[9.0] * 7]
    assert at("display", "noida") == [500.0, *[409.1] * 7]  # 90 × 1.01 go in the second week
    assert at("display", "chennai") == [300.0] * 7  # the receipt comes in the second week
    assert at("phone-a", "mumbai") == [200.0, 200.0, *[200.0] * 6]
    assert at("phone-a", "noida") == [0.2] * 7
    assert at("phone-a", "india") == [88.0 - 0.0, 38.0]


def test_stock_that_is_of_no_use_is_held() -> None:
    """What lies where nobody needs it stays there, as it does in the plan: the two costs compare."""
    network = add_rows(small_network(), "stock", {"item": "phone-b", "site": "wuhan", "quantity": 5})
    stock = flows_of(network, PHONES).tables["stock"]
    assert rows_of(stock, "quantity", site="wuhan", item="phone-b") == [(5.0,)] * 8


def test_orders_go_by_rows_that_begin_inside_a_bucket() -> None:
    """An offer, a lane and a BOM row of Wednesday hold for the order of Friday, though not for the plan's week."""
    network = edit_rows(small_network(), "sources", {"offer": "battery-in"}, from_="2023-06-07")
    network = edit_rows(network, "lanes", {"origin": "noida", "destination": "mumbai"}, from_="2023-06-14")
    network = edit_rows(network, "operations", {"site": "noida", "item": "board"}, from_="2023-06-07", yield_=0.5)
    network = edit_rows(network, "boms", {"parent": "board"}, from_="2023-06-09")
    orders = PHONES.filter(pl.col("start") != june(5))
    tables = flows_of(network, orders).tables
    assert rows_of(tables["builds"], "quantity", "good", item="board") == [(40.0, 20.0)]
    assert rows_of(tables["stock"], "quantity", item="chip", site="noida", bucket=0) == [(919.6,)]  # 40 x 2.01 go
    assert release_cost(network, orders, NOTHING["order_alternates"], NOTHING["options"]) > 0


def test_a_build_without_its_operation_is_refused() -> None:
    """An order of an operation that has ended is an error, not an order for nothing."""
    ended = edit_rows(small_network(), "operations", {"site": "noida", "item": "board"}, until=june(8))
    with pytest.raises(DataError, match="o2: no operation builds board at noida on 2023-06-09"):
        flows_of(ended, PHONES)


def test_alternates_are_taken_as_the_orders_say() -> None:
    """Of a group of substitutes goes what was chosen, of the rest what the bill of materials says."""
    network = add_rows(
        edit_rows(small_network(), "boms", {"parent": "board", "component": "chip"}, alternate_group="chips"),
        "boms",
        {"parent": "board", "component": "display", "quantity": 1, "alternate_group": "chips"},
    )
    chosen = pl.DataFrame(
        {"order": ["o1", "o2"], "group": "chips", "component": ["chip", "display"], "quantity": [120.6, 40.0]}
    )
    tables = flows_of(network, PHONES, order_alternates=chosen).tables
    assert rows_of(tables["stock"], "quantity", item="chip", site="noida", bucket=0) == [(879.4,)]
    assert rows_of(tables["stock"], "quantity", item="display", site="noida", bucket=0) == [(460.0,)]
    assert rows_of(tables["alternates"], "parent", "component", "bucket", "quantity") == [
        ("board", "chip", 0, 120.6),
        ("board", "display", 0, 40.0),
    ]


def test_overtime_is_counted_week_by_week() -> None:
    """An idle week does not pay for a busy one, although the month they lie in has hours to spare."""
    network = with_settings(small_network(), buckets="2m")
    busy = orders_of([("build", "phone-a", "noida", None, None, 2100.0, june(26), june(28))])
    capacity = flows_of(network, busy).tables["capacity"]
    (row,) = rows_of(capacity, "used", "overtime", "regular", resource="noida-final", bucket=0)
    assert row == pytest.approx((105.0, 5.0, 400.0))  # the weeks that start in June
    assert capacity["overtime"].sum() == 5.0
    assert capacity.height == 3 * 2


def test_capacity_of_an_option_counts_from_the_day_it_is_ready() -> None:
    """A second line that is ready on the fourth day of a week gives four sevenths of that week."""
    network = add_rows(
        add_rows(small_network(), "options", {"option": "line-2", "ready_days": 3}),
        "resources",
        {"resource": "noida-final", "site": "noida", "per_week": 70, "option": "line-2"},
    )
    taken = pl.DataFrame({"option": ["line-2"], "bucket": [1], "start": [june(12)], "ready": [june(15)]})
    capacity = flows_of(network, PHONES, options=taken).tables["capacity"]
    regular = [row[0] for row in rows_of(capacity, "regular", resource="noida-final")]
    assert regular == pytest.approx([100, 140, *[170] * 6])


def test_contracts_ladders_and_targets_are_counted_anew() -> None:
    """What orders leave short of a minimum or a target is what they pay for."""
    network = with_rows(
        small_network(),
        "contracts",
        {"contract": "all", "partner": "ems", "family": "phone", "min": 100, "shortfall_cost": "5"},
        {"contract": "hard", "partner": "ems", "min": 1000},
        {"contract": "late", "partner": "ems", "item": "board", "from": june(12)},
        {"contract": "share", "partner": "exide", "min_share": 0.6, "shortfall_cost": "5"},
    )
    network = with_rows(
        network,
        "tiers",
        *({"contract": "all", "from_quantity": start, "price": price} for start, price in ((0, "9"), (80, "8"))),
        *(
            {"offer": "battery-in", "from_quantity": start, "price": price, "kind": "incremental"}
            for start, price in ((0, "500"), (30, "490"), (120, "480"))
        ),
    )
    network = with_rows(
        network,
        "targets",
        {"target": "built", "metric": "units_built", "scope": "family=phone", "at_least": 95, "penalty": "1"},
        {"target": "on-time", "metric": "on_time_share", "scope": "market=india", "at_least": 0.5, "penalty": "1"},
        {"target": "local", "metric": "local_purchase_share", "at_least": 0.5},
    )
    tables = flows_of(network, PHONES).tables
    assert rows_of(tables["contracts"], "contract", "quantity", "total", "shortfall") == [
        ("all", 90.0, 90.0, 10.0),
        ("hard", 190.0, 290.0, 0.0),  # no shortfall is paid for
        ("late", 0.0, 0.0, 0.0),
        ("share", 100.0, 290.0, 74.0),
    ]
    assert rows_of(tables["tiers"], "contract", "offer", "from_quantity", "quantity") == [
        ("all", None, 80.0, 90.0),
        (None, "battery-in", 0.0, 30.0),
        (None, "battery-in", 30.0, 70.0),
    ]
    assert rows_of(tables["targets"], "target", "numerator", "denominator", "short") == [
        ("built", 90.0, 1.0, 5.0),
        ("on-time", 50.0, 1700.0, 800.0),
        ("local", 50000.0, 50000.0, 0.0),
    ]


def test_no_orders_lose_all_demand() -> None:
    """Without orders the cost is that of lost demand and of stock that lies."""
    network = small_network()
    flows = flows_of(network, SCHEMAS["orders"].to_frame())
    lines = ledger(network, flows.tables, flows.arrivals)
    assert set(lines["account"]) == {"lost", "holding"}
    assert release_cost(network, SCHEMAS["orders"].to_frame(), **NOTHING) == lines["present"].sum()


kinds = st.sampled_from(
    [
        ("build", "phone-a", "noida", None, None, 2),
        ("build", "board", "noida", None, None, 1),
        ("buy", "display", "wuhan", "chennai", "display-cn", 14),
        ("buy", "battery", "pune", "noida", "battery-in", 3),
        ("ship", "chip", "wuhan", "noida", "air", 5),
        ("ship", "phone-a", "noida", "mumbai", "road", 2),
        ("ship", "phone-a", "mumbai", "hamburg", "air", 4),
    ]
)
moves = st.lists(st.tuples(kinds, st.integers(0, 13), st.integers(1, 5000)), max_size=12)


@settings(max_examples=30, deadline=None)
@given(moves)
def test_by_day_orders_cost_what_their_flows_cost(moves: list[tuple[tuple[Any, ...], int, int]]) -> None:
    """In buckets of a day an even flow is an order: the ledger is the same with the orders' arrivals and without."""
    network = with_settings(small_network(), buckets="28d", discount_rate=Decimal("0.1"))
    rows = [
        (*what[:5], float(quantity), START + timedelta(days=day), START + timedelta(days=day + what[5]))
        for what, day, quantity in moves
    ]
    flows = flows_of(network, orders_of(rows))
    assert ledger(network, flows.tables, flows.arrivals).equals(ledger(network, flows.tables))
