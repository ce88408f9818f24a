"""Locks in the model: what holds whatever is locked."""

from __future__ import annotations

from typing import Any

import pytest
from tests.building import add_rows, small_network, with_rows, with_settings

from boxbuild.audit import audit
from boxbuild.errors import InfeasibleError
from boxbuild.model.assemble import assemble
from boxbuild.model.most import most
from boxbuild.network.checks import check
from boxbuild.network.locked import covered, limits
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.solve.bound import dual_bound
from boxbuild.solve.solve import solve

WEEK = {"from": "2023-06-19", "until": "2023-06-25"}


def _locked(*locks: dict[str, Any]) -> Network:
    named = [{"lock": f"l{number}", **lock} for number, lock in enumerate(locks)]
    return add_rows(small_network(), "locks", *named)


def _plan(network: Network) -> Plan:
    assert not [issue for issue in check(network) if issue.severity == "error"]
    return make_plan(network, gap=1e-9, release=False)


@pytest.fixture(scope="module")
def free() -> Plan:
    return _plan(small_network())


def test_a_lock_at_what_the_plan_does_anyway_costs_nothing(free: Plan) -> None:
    """Every flow of the plan, fixed at its quantity by bucket."""
    locks = [
        {"lock": f"{kind}{number}", "kind": kind, "fixed": row["quantity"], "item": row["item"], **names(row),
         "from": row["start"], "until": row["start"].fromordinal(row["start"].toordinal() + 6)}
        for kind, table, names in (
            ("build", "builds", lambda row: {"site": row["site"]}),
            ("buy", "buys", lambda row: {"site": row["destination"], "offer": row["offer"]}),
            ("ship", "shipments", lambda row: {"site": row["origin"], "destination": row["destination"]}),
        )
        for number, row in enumerate(free[table].iter_rows(named=True))
    ]  # fmt: skip
    plan = _plan(add_rows(small_network(), "locks", *locks))
    assert plan.summary.cost == pytest.approx(free.summary.cost, rel=1e-7)
    assert audit(plan).passed


@pytest.mark.parametrize(
    "lock",
    [
        {"kind": "build", "item": "phone-a", "site": "noida"},
        {"kind": "buy", "item": "battery", "site": "noida"},
        {"kind": "ship", "item": "phone-a", "site": "mumbai", "destination": "hamburg"},
        {"kind": "build"},
    ],
    ids=lambda lock: "-".join(lock.values()),
)
def test_a_tighter_maximum_never_makes_cheaper(free: Plan, lock: dict[str, Any]) -> None:
    last = free.summary.cost
    for units in (5000, 1000, 300, 0):
        cost = solve(assemble(_locked(lock | {"max": units})), 1e-9).cost
        assert cost >= last * (1 - 1e-9)
        last = cost
    assert last > free.summary.cost


def test_a_higher_minimum_never_makes_cheaper(free: Plan) -> None:
    last = free.summary.cost
    for units in (0, 2000, 3000, 5000):
        cost = solve(assemble(_locked({"kind": "build", "item": "phone-a", "min": units})), 1e-9).cost
        assert cost >= last * (1 - 1e-9)
        last = cost
    assert last > free.summary.cost


def test_a_lock_per_week_is_a_lock_on_each_week() -> None:
    """Two ways to write the same; in a bucket of another length it goes by days."""
    span = {"from": "2023-06-19", "until": "2023-07-02"}
    phone = {"kind": "build", "item": "phone-a", "site": "noida", "fixed": 300}
    weekly, each, whole = (
        solve(assemble(_locked(*locks)), 1e-9).cost
        for locks in (
            [phone | span | {"per": "week"}],
            [phone | WEEK, phone | {"from": "2023-06-26", "until": "2023-07-02"}],
            [phone | span | {"fixed": 600}],
        )
    )
    assert weekly == pytest.approx(each, rel=1e-9)
    assert whole <= weekly * (1 + 1e-9)
    mixed = with_settings(_locked(phone | {"per": "week"}), buckets="1d+1w+1m")
    assert limits(mixed)["lower"].to_list() == pytest.approx([300 * days / 7 for days in (1, 7, 18)])


def test_what_a_lock_asks_for_is_made_even_where_nobody_wants_it() -> None:
    """Displays are of use at the market that a lock ships them to; the bound knows of it."""
    network = _locked({"kind": "ship", "item": "battery", "site": "mumbai", "destination": "india", "min": 90})
    plan = _plan(network)
    assert plan["shipments"].filter(item="battery", destination="india")["quantity"].sum() == pytest.approx(90)
    model = assemble(network)
    assert (
        most(model.flows).filter(item="battery")["most"].item()
        > most(assemble(small_network()).flows).filter(item="battery")["most"].item()
    )
    found = solve(model, 1e-9)
    assert found.prices is not None
    assert dual_bound(model, found.prices) <= found.cost + 1e-6


def test_without_demand_only_what_is_locked_is_made() -> None:
    """The minimum is all there is, and options and limits leave room for it."""
    network = with_rows(_locked({"kind": "build", "item": "phone-a", "site": "chennai", "fixed": 70}), "demand")
    plan = make_plan(network, gap=1e-9, release=False)
    assert plan["builds"].filter(item="phone-a").select("site", "quantity").rows() == [("chennai", pytest.approx(70))]
    assert audit(plan).passed


def test_every_flow_that_a_lock_names_is_covered_and_no_other() -> None:
    """Against a plain reading, row by row."""
    network = _locked(
        {"kind": "ship", "max": 1, **WEEK},
        {"kind": "ship", "item": "phone-a", "max": 1},
        {"kind": "ship", "site": "mumbai", "destination": "hamburg", "mode": "air", "max": 1, "per": "week"},
        {"kind": "ship", "item": "phone-b", "site": "noida", "max": 1, **WEEK},
    )
    asked = limits(network).with_row_index("row").cast({"row": int})
    ships = assemble(network).columns["ship"].select("origin", "destination", "mode", "item", "bucket", "column")
    found = {(row, column) for row, column in covered(asked, "ship", ships).select("row", "column").iter_rows()}
    of = {"item": "item", "site": "origin", "destination": "destination", "mode": "mode"}
    plainly = {
        (lock["row"], ship["column"])
        for lock in asked.iter_rows(named=True)
        for ship in ships.iter_rows(named=True)
        if lock["first"] <= ship["bucket"] <= lock["last"]
        and all(lock[name] in (None, ship[column]) for name, column in of.items())
    }
    assert found == plainly
    assert found


@pytest.mark.parametrize(
    ("locks", "says"),
    [
        (
            [{"kind": "build", "item": "phone-a", "site": "noida", "fixed": 5000, "until": "2023-06-18"}],
            ["lock l0: fixed 5,000 units is missed by", "no more display can be at noida by 2023-06-18"],
        ),
        (
            [{"kind": "build", "item": "phone-b", "min": 100_000}],
            ["lock l0: min 100,000 units is missed by", "full in"],
        ),
        (
            [{"kind": "build", "item": "phone-a", "fixed": 900}, {"kind": "buy", "item": "battery", "max": 600}],
            ["units is missed by 300 units", "lock l1"],
        ),
        (
            [{"kind": "ship", "item": "phone-a", "destination": "hamburg", "min": 5, "from": "2023-07-24"},
             {"kind": "ship", "site": "mumbai", "per": "week", "max": 2.1}],
            ["lock l0: min 5 units is missed by 2.9 units", "lock l1"],
        ),
        (
            [{"kind": "buy", "offer": "display-cn", "fixed": 7, "from": "2023-07-24"}],
            ["lock l0: fixed 7 units is missed by 7 units (nothing that it covers can start in its window)"],
        ),
    ],
)  # fmt: skip
def test_a_lock_that_cannot_be_met_is_named_with_what_stops_it(locks: list[dict[str, Any]], says: list[str]) -> None:
    with pytest.raises(InfeasibleError) as caught:
        _plan(_locked(*locks))
    text = str(caught.value)
    assert all(words in text for words in says), text
