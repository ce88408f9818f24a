"""Every way of being wrong in the orders of the plan by hand fails, with its place, and in its check only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.audit.by_hand import TABLES, added, day, edited, factor, hand_network, hand_plan, headed, without
from tests.audit.rebook import rebooked

from boxbuild.audit import audit
from boxbuild.audit.accounts import Commitments
from boxbuild.audit.orders.alternates import taken_by
from boxbuild.audit.orders.cost import order_flows
from boxbuild.audit.orders.order import orders
from boxbuild.audit.reading import Reading
from boxbuild.plan.plan import Plan

Corrupt = Callable[[Plan], Plan]

ORDER = "order,kind,item,site,destination,reference,lane_item,quantity,start,end\n"
MEMBER = "order,group,component,quantity\n"


def change(name: str, **values: object) -> Corrupt:
    return lambda plan: edited(plan, "orders", {"order": name}, **values)


def order(row: str, group: str = "") -> Corrupt:
    def more(plan: Plan) -> Plan:
        plan = added(plan, "orders", ORDER + row)
        return added(plan, "order_alternates", MEMBER + group) if group else plan

    return more


CASES: dict[str, tuple[Corrupt, set[str], tuple[str, str, date | None]]] = {
    "lot not a multiple": (
        order("P2,buy,display,wuhan,plant,display-cn,,55,2023-06-12,2023-06-19"),
        {"order lots"},
        ("orders", "P2|display|wuhan", day("+7")),
    ),
    "lot too small": (
        order("P2,buy,display,wuhan,plant,display-cn,,40,2023-06-12,2023-06-19"),
        {"order lots"},
        ("orders", "P2|display|wuhan", day("+7")),
    ),
    "lot of a build": (
        order("B2,build,phone,plant,,,,13,2023-06-14,2023-06-14", "B2,chip,chip-b,26"),
        {"order lots"},
        ("orders", "B2|phone|plant", day("+9")),
    ),
    "lead time cut": (
        change("P1", end=day("+6")),
        {"order dates"},
        ("orders", "P1|display|wuhan", day("+0")),
    ),
    "ends after the horizon": (
        order("P2,buy,display,wuhan,plant,display-any,,50,2023-06-26,2023-07-03"),
        {"order dates"},
        ("orders", "P2|display|wuhan", day("+21")),
    ),
    "before the plan": (
        order("P2,buy,display,wuhan,plant,display-any,,50,2023-06-04,2023-06-11"),
        {"order dates"},
        ("orders", "P2|display|wuhan", day("-1")),
    ),
    "operation outside its window": (
        order("B2,build,phone,plant,,,,10,2023-06-21,2023-06-21", "B2,chip,chip-b,20"),
        {"order dates"},
        ("orders", "B2|phone|plant", day("+16")),
    ),
    "option not ready": (
        order("B2,build,phone,plant,,line2,,10,2023-06-18,2023-06-25", "B2,chip,chip-b,20"),
        {"order dates"},
        ("orders", "B2|phone|plant", day("+13")),
    ),
    "option not taken": (
        order("P2,buy,display,wuhan,plant,display-old,,50,2023-06-20,2023-06-20"),
        {"order dates"},
        ("orders", "P2|display|wuhan", day("+15")),
    ),
    "delivered elsewhere": (
        order("P2,buy,display,wuhan,annex,display-cn,,50,2023-06-12,2023-06-19"),
        {"order dates"},
        ("orders", "P2|display|wuhan", day("+7")),
    ),
    "another supplier": (
        change("P1", site="shop"),
        {"order dates"},
        ("orders", "P1|display|shop", day("+0")),
    ),
    "over the week of an offer": (
        change("P1", quantity=210.0),
        {"order weeks"},
        ("orders", "display-cn", day("+0")),
    ),
    "over the week of a resource": (
        order("B2,build,phone,plant,,,,10,2023-06-09,2023-06-09", "B2,chip,chip-b,20"),
        {"order weeks", "order stock"},
        ("orders", "line", day("+0")),
    ),
    "over the week of a lane": (
        change("S1", quantity=101.0),
        {"order weeks", "order stock"},
        ("orders", "plant|hamburg|air|", day("+0")),
    ),
    "stock negative": (
        change("S2", quantity=25.0),
        {"order stock"},
        ("orders", "phone|plant", day("+8")),
    ),
    "shipped before it is there": (
        lambda p: edited(p, "orders", {"order": "X1"}, start=day("+6"), end=day("+6")),
        {"order stock", "order deliveries"},
        ("orders", "phone|hamburg", day("+6")),
    ),
    "components not there": (
        order("B2,build,phone,plant,,,,10,2023-06-09,2023-06-09", "B2,chip,chip-a,10"),
        {"order stock", "order weeks"},
        ("orders", "display|plant", day("+4")),
    ),
    "substitutes missing": (
        lambda p: without(p, "order_alternates", component="chip-b"),
        {"order alternates"},
        ("order_alternates", "B1|phone|plant|chip", day("+0")),
    ),
    "a substitute that is none": (
        lambda p: added(p, "order_alternates", MEMBER + "B1,chip,phone,1"),
        {"order alternates", "order stock"},
        ("order_alternates", "B1|phone|plant|chip", day("+0")),
    ),
    "substitutes of another group": (
        lambda p: added(p, "order_alternates", MEMBER + "B1,glass,chip-b,1"),
        {"order alternates"},
        ("order_alternates", "B1|glass", None),
    ),
    "below the smallest part delivery": (
        change("X2", quantity=9.0),
        {"order deliveries"},
        ("orders", "X2|phone|hamburg", day("+23")),
    ),
    "more than the demand": (
        change("X1", quantity=30.5),
        {"order deliveries", "order stock"},
        ("orders", "D1", None),
    ),
    "delivered too early": (
        change("X3", start=day("+6"), end=day("+6")),
        {"order deliveries", "order stock"},
        ("orders", "X3|phone|shop", day("+6")),
    ),
    "delivered after the horizon's demand": (
        order("X4,deliver,phone,shop,,D3,,1,2023-07-02,2023-07-02"),
        {"order deliveries", "order stock"},
        ("orders", "X4|phone|shop", day("+27")),
    ),
    "delivered to another market": (
        change("X3", site="hamburg"),
        {"order dates", "order stock"},
        ("orders", "X3|phone|hamburg", day("+9")),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_fails_there_and_only_there(case: str) -> None:
    """The corrupted place is named, by the checks that speak of it and by no other."""
    corrupt, names, place = CASES[case]
    result = audit(rebooked(corrupt(hand_plan())))
    assert set(result.failed) == names
    assert place in [failure.place for failure in result.failures]


def test_the_rest_of_a_demand_may_be_small() -> None:
    """A part delivery below min_shipment passes when it completes the demand."""
    plan = edited(hand_plan(), "orders", {"order": "X1"}, quantity=35.0)
    plan = edited(plan, "orders", {"order": "X2"}, quantity=5.0)
    assert audit(rebooked(plan)).passed


def grace(days: int, **tables: str) -> Plan:
    """Return the plan by hand with grace days on D1, which is due on 23 June: a Friday, day 18."""
    demand = TABLES["demand"].replace("min_shipment\n", "min_shipment,grace_days\n").replace(",10\n", f",10,{days}\n")
    demand = demand.replace(",28,,0\n", ",28,,0,0\n")
    return hand_plan(hand_network(demand=demand, **tables))


@pytest.mark.parametrize(("days", "saved"), [(4, 0), (5, 350)])
def test_what_is_delivered_within_the_grace_days_costs_no_lateness(days: int, saved: int) -> None:
    """X2, on 28 June, is five days after the due day: with four the orders cost 350 more than with five."""
    plan = grace(days)
    right = headed(plan, release_cost=(plan.summary.release_cost or 0) - saved * factor(3))
    assert audit(right).failures == ()
    wrong = headed(plan, release_cost=(plan.summary.release_cost or 0) - (350 - saved) * factor(3))
    assert audit(wrong).failed == ("release cost",)


@pytest.mark.parametrize(("days", "failed"), [(0, ("order deliveries",)), (1, ()), (2, ())])
def test_a_demand_is_lost_max_late_days_after_its_grace_days(days: int, failed: tuple[str, ...]) -> None:
    """X2, on 1 July, is eight days after the due day; after seven D1 is lost."""
    moved = edited(grace(days), "orders", {"order": "X2"}, start=day("+26"), end=day("+26"))
    assert audit(rebooked(moved)).failed == failed


def test_orders_within_the_grace_days_are_on_time_for_a_target() -> None:
    """Of 40 wanted 35 come: 10 of them in the week after, but in the grace days."""
    targets = "target,metric,scope,at_least,penalty\nT1,on_time_share,market=hamburg,1,2"
    shorts = []
    for days in (4, 5):
        plan = grace(days, targets=targets)
        reading = Reading(plan.network, {"line2": 14})
        flows = order_flows(orders(plan, reading), taken_by(plan), {"line2": 1}, reading)
        shorts.append(Commitments.left_by(flows, reading).short)
    assert shorts == [{"T1": 15}, {"T1": 5}]


def test_a_plan_without_orders_passes() -> None:
    """A plan may be made without a release; then it has no release cost."""
    plan = hand_plan()
    empty = {name: plan[name].clear() for name in ("orders", "order_alternates")}
    bare = Plan(
        plan.network, plan.summary.__class__(**{**vars(plan.summary), "release_cost": None}), {**plan.tables, **empty}
    )
    assert audit(bare).passed
