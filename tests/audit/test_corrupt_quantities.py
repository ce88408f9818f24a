"""Every way of being wrong in the quantities of the plan by hand fails, with its place, and in its check only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.audit.by_hand import TABLES, added, edited, hand_network, hand_plan, without
from tests.audit.rebook import rebooked

from boxbuild.audit import audit
from boxbuild.plan.plan import Plan

Corrupt = Callable[[Plan], Plan]
Place = tuple[str, str, int | None]

PHONES = "site,item,option,bucket,quantity,good\n"
ROUTES = "origin,destination,mode,item,lane_item,bucket,quantity\n"
OFFERS = "offer,item,supplier,destination,bucket,quantity\n"
GROUP = "site,parent,option,group,component,bucket,quantity\n"


def deliver(plan: Plan, demand: str, **values: object) -> Plan:
    return edited(plan, "deliveries", {"demand": demand}, **values)


def build(row: str) -> Corrupt:
    return lambda plan: added(plan, "builds", PHONES + row)


def buy(row: str) -> Corrupt:
    return lambda plan: added(plan, "buys", OFFERS + row)


def ship(row: str) -> Corrupt:
    return lambda plan: added(plan, "shipments", ROUTES + row)


CASES: dict[str, tuple[Corrupt, set[str], Place]] = {
    "stock changed": (
        lambda p: edited(p, "stock", {"item": "phone", "site": "plant"}, quantity=24.5),
        {"balances"},
        ("stock", "phone|plant", 0),
    ),
    "stock changed by a hundredth of a unit": (
        lambda p: edited(p, "stock", {"item": "phone", "site": "plant"}, quantity=24.01),
        {"balances"},
        ("stock", "phone|plant", 0),
    ),
    "stock row missing": (
        lambda p: without(p, "stock", item="display", bucket=3),
        {"balances"},
        ("stock", "display|plant", 3),
    ),
    "stock negative": (
        lambda p: edited(p, "stock", {"item": "phone", "site": "plant"}, quantity=-1.0),
        {"balances"},
        ("stock", "phone|plant", 0),
    ),
    "stock of what never was": (
        lambda p: added(p, "stock", "item,site,bucket,quantity\ndisplay,annex,2,7"),
        {"balances"},
        ("stock", "display|annex", 2),
    ),
    "build without components": (
        lambda p: without(p, "alternates", component="chip-b"),
        {"alternates", "balances"},
        ("alternates", "plant|phone||chip", 0),
    ),
    "more of a substitute than the build needs": (
        lambda p: edited(p, "alternates", {"component": "chip-b"}, quantity=42.0),
        {"alternates", "balances"},
        ("alternates", "plant|phone||chip", 0),
    ),
    "a substitute that is none": (
        lambda p: added(p, "alternates", GROUP + "plant,phone,,chip,display,0,1"),
        {"alternates", "balances"},
        ("alternates", "plant|phone||chip|display", 0),
    ),
    "components taken for nothing": (
        lambda p: added(p, "alternates", GROUP + "plant,phone,,chip,chip-a,2,3"),
        {"alternates", "balances"},
        ("alternates", "plant|phone||chip|chip-a", 2),
    ),
    "good output is not the yield": (
        lambda p: edited(p, "builds", {"item": "phone"}, good=80.0),
        {"builds"},
        ("builds", "plant|phone|", 0),
    ),
    "operation outside its window": (
        build("plant,phone,,3,0,0"),
        {"builds"},
        ("builds", "plant|phone|", 3),
    ),
    "option not ready": (
        build("plant,phone,line2,1,0,0"),
        {"builds"},
        ("builds", "plant|phone|line2", 1),
    ),
    "what arrives after the horizon is started": (
        build("annex,phone,,1,0,0"),
        {"builds"},
        ("builds", "annex|phone|", 1),
    ),
    "offer outside its window": (
        buy("display-cn,display,wuhan,plant,3,0"),
        {"buys"},
        ("buys", "display-cn|plant", 3),
    ),
    "offer of an option that is not ready": (
        buy("display-new,display,wuhan,plant,1,0"),
        {"buys"},
        ("buys", "display-new|plant", 1),
    ),
    "offer of an option that is not taken": (
        buy("display-old,display,wuhan,plant,1,0"),
        {"buys"},
        ("buys", "display-old|plant", 1),
    ),
    "offer delivered elsewhere": (
        buy("display-cn,display,wuhan,annex,1,0"),
        {"buys"},
        ("buys", "display-cn|annex", 1),
    ),
    "any plant is not any site": (
        buy("display-any,display,wuhan,shop,1,0"),
        {"buys"},
        ("buys", "display-any|shop", 1),
    ),
    "offer of another item": (
        lambda p: edited(p, "buys", {"offer": "display-cn"}, item="chip-a"),
        {"buys"},
        ("buys", "display-cn|plant", 0),
    ),
    "offer of another supplier": (
        lambda p: edited(p, "buys", {"offer": "display-cn"}, supplier="shop"),
        {"buys"},
        ("buys", "display-cn|plant", 0),
    ),
    "over the weekly supply": (
        lambda p: edited(p, "buys", {"offer": "display-cn"}, quantity=200.5),
        {"supply", "balances", "contracts", "tiers"},
        ("buys", "display-cn", 0),
    ),
    "lane outside its window": (
        ship("plant,hamburg,air,phone,,3,0"),
        {"shipments"},
        ("shipments", "plant|hamburg|air||phone", 3),
    ),
    "lane of another item": (
        ship("plant,shop,van,phone,display,1,0"),
        {"shipments"},
        ("shipments", "plant|shop|van|display|phone", 1),
    ),
    "over the weekly carriage": (
        lambda p: edited(p, "shipments", {"mode": "air"}, quantity=100.5),
        {"carriage", "balances"},
        ("shipments", "plant|hamburg|air|", 0),
    ),
    "delivered too early": (
        lambda p: deliver(p, "D2", bucket=0, start=hand_network().calendar.first_days[0], late_days=-7),
        {"deliveries", "balances"},
        ("deliveries", "D2", 0),
    ),
    "delivered late and said to be on time": (
        lambda p: edited(p, "deliveries", {"demand": "D1", "bucket": 3}, late_days=0),
        {"deliveries"},
        ("deliveries", "D1", 3),
    ),
    "delivered too much": (
        lambda p: edited(p, "deliveries", {"demand": "D2"}, quantity=31.0),
        {"demand", "balances", "targets"},
        ("shortages", "D2", None),
    ),
    "delivered to another market": (
        lambda p: deliver(p, "D2", market="hamburg"),
        {"deliveries"},
        ("deliveries", "D2", 1),
    ),
    "delivered of another item": (
        lambda p: deliver(p, "D2", item="display"),
        {"deliveries"},
        ("deliveries", "D2", 1),
    ),
    "delivered for a demand after the horizon": (
        lambda p: added(p, "deliveries", "demand,item,market,bucket,quantity,late_days\nD3,phone,shop,3,0,0"),
        {"deliveries"},
        ("deliveries", "D3", 3),
    ),
    "shortage of a demand after the horizon": (
        lambda p: added(p, "shortages", "demand,item,market,quantity\nD3,phone,shop,99"),
        {"demand"},
        ("shortages", "D3", None),
    ),
    "shortage missing": (
        lambda p: without(p, "shortages", demand="D2"),
        {"demand"},
        ("shortages", "D2", None),
    ),
    "shortage too small": (
        lambda p: edited(p, "shortages", {"demand": "D2"}, quantity=5.0),
        {"demand"},
        ("shortages", "D2", None),
    ),
    "shortage of another item": (
        lambda p: edited(p, "shortages", {"demand": "D2"}, item="display"),
        {"demand"},
        ("shortages", "D2", None),
    ),
    "capacity row missing": (
        lambda p: without(p, "capacity", bucket=2),
        {"capacity"},
        ("capacity", "line", 2),
    ),
    "use of capacity understated": (
        lambda p: edited(p, "capacity", {"bucket": 0}, used=70.0),
        {"capacity"},
        ("capacity", "line", 0),
    ),
    "overtime not paid": (
        lambda p: edited(p, "capacity", {"bucket": 0}, overtime=0.0),
        {"capacity"},
        ("capacity", "line", 0),
    ),
    "overtime beyond its limit": (
        lambda p: edited(p, "capacity", {"bucket": 3}, overtime=13.5),
        {"capacity"},
        ("capacity", "line", 3),
    ),
    "capacity overstated": (
        lambda p: edited(p, "capacity", {"bucket": 0}, regular=80.0),
        {"capacity"},
        ("capacity", "line", 0),
    ),
    "overtime limit overstated": (
        lambda p: edited(p, "capacity", {"bucket": 1}, overtime_limit=21.0),
        {"capacity"},
        ("capacity", "line", 1),
    ),
    "contract quantity overstated": (
        lambda p: edited(p, "contracts", {"contract": "C1"}, quantity=90.0),
        {"contracts"},
        ("contracts", "C1", None),
    ),
    "contract total understated": (
        lambda p: edited(p, "contracts", {"contract": "C1"}, total=70.0),
        {"contracts"},
        ("contracts", "C1", None),
    ),
    "contract row missing": (
        lambda p: without(p, "contracts", contract="C2"),
        {"contracts"},
        ("contracts", "C2", None),
    ),
    "minimum missed without shortfall": (
        lambda p: edited(p, "contracts", {"contract": "C1"}, shortfall=9.0),
        {"contracts"},
        ("contracts", "C1", None),
    ),
    "shortfall of a contract that has no cost of it": (
        lambda p: edited(p, "contracts", {"contract": "C2"}, shortfall=1.0),
        {"contracts"},
        ("contracts", "C2", None),
    ),
    "all units on the wrong step": (
        lambda p: edited(p, "tiers", {"contract": "C1"}, from_quantity=500.0),
        {"tiers"},
        ("tiers", "C1||500", None),
    ),
    "units above a step not on it": (
        lambda p: edited(p, "tiers", {"offer": "display-cn", "from_quantity": 60.0}, quantity=100.0),
        {"tiers"},
        ("tiers", "|display-cn|60", None),
    ),
    "step missing": (
        lambda p: without(p, "tiers", offer="display-cn", from_quantity=60.0),
        {"tiers"},
        ("tiers", "|display-cn|60", None),
    ),
    "target overstated": (
        lambda p: edited(p, "targets", {"target": "T1"}, numerator=40.0),
        {"targets"},
        ("targets", "T1", None),
    ),
    "base of a target understated": (
        lambda p: edited(p, "targets", {"target": "T1"}, denominator=50.0),
        {"targets"},
        ("targets", "T1", None),
    ),
    "target missed without a penalty": (
        lambda p: edited(p, "targets", {"target": "T1"}, short=18.0),
        {"targets"},
        ("targets", "T1", None),
    ),
    "target short though it must be met": (
        lambda p: edited(p, "targets", {"target": "T2"}, short=1.0),
        {"targets"},
        ("targets", "T2", None),
    ),
    "option taken before its day": (
        lambda p: edited(p, "options", {"option": "line2"}, bucket=0, start=p.summary.start),
        {"options", "capacity"},
        ("options", "line2", 0),
    ),
    "option ready too soon": (
        lambda p: edited(p, "options", {"option": "line2"}, ready=p.summary.start),
        {"options"},
        ("options", "line2", 1),
    ),
    "two options of one group": (
        lambda p: added(p, "options", "option,bucket,ready\nline3,0,2023-06-05"),
        {"options"},
        ("options", "line2|line3", None),
    ),
    "option used and not taken": (
        lambda p: without(added(p, "builds", PHONES + "plant,phone,line2,2,0,0"), "options", option="line2"),
        {"builds", "capacity"},
        ("builds", "plant|phone|line2", 2),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_fails_there_and_only_there(case: str) -> None:
    """The corrupted place is named, by the checks that speak of it and by no other."""
    corrupt, names, place = CASES[case]
    result = audit(rebooked(corrupt(hand_plan())))
    assert set(result.failed) == names
    assert place in [failure.place for failure in result.failures]
    assert not result.passed
    assert all(failure.sentence for failure in result.failures)


BOUNDS = {
    "maximum": ("C3,ems,phone,,,79,,,3", "C3,80,80,0"),
    "largest share": ("C3,ems,phone,,,,,0.9,3", "C3,80,80,0"),
    "least share": ("C3,csot,phone,,,,0.1,,3", "C3,0,80,7.9"),
    "minimum": ("C3,csot,phone,,10,,,,3", "C3,0,80,9.9"),
    "minimum of everything": ("C3,csot,,,101,,,,", "C3,100,180,0"),
}
"""A third contract, and what the plan says about it."""


@pytest.mark.parametrize("case", BOUNDS)
def test_bounds_of_contracts(case: str) -> None:
    """Each bound of a contract is checked."""
    contract, stated = BOUNDS[case]
    network = hand_network(contracts=f"{TABLES['contracts'].strip()}\n{contract}")
    plan = added(hand_plan(network), "contracts", f"contract,quantity,total,shortfall\n{stated}")
    result = audit(rebooked(plan))
    assert [failure.place for failure in result.failures] == [("contracts", "C3", None)]
    assert set(result.failed) == {"contracts"}


def test_a_plan_within_rounding_passes() -> None:
    """Plans round to a millionth of a unit: that alone never fails."""
    plan = edited(hand_plan(), "stock", {"item": "phone", "site": "hamburg", "bucket": 3}, quantity=5.000001)
    assert audit(rebooked(plan)).passed


def test_late_by_more_than_the_demand_allows() -> None:
    """A delivery in a bucket that starts more than max_late_days after the due one's is lost."""
    network = hand_network()
    tight = hand_network(demand=network["demand"].with_columns(max_late_days=6).write_csv())
    result = audit(rebooked(hand_plan(tight)))
    assert set(result.failed) == {"deliveries"}
    assert result.failures[0].place == ("deliveries", "D1", 3)
