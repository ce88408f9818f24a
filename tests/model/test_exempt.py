"""Export schemes in the plan: what they save is worked out by hand, and what they may not do is tried."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from tests.building import add_rows, drop_rows, edit_rows, with_rows, with_settings
from tests.model.exempt_network import DUTY, PARTS, exempt_network
from tests.model.exempt_networks import exempt_networks, schemes

from boxbuild.model.assemble import assemble
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan

SCHEMES = ["aa", "eou", "bonded", "brand"]


def planned(network: Network) -> Plan:
    """Return the best plan, which must pass its audit."""
    plan = make_plan(network, gap=1e-9, release=False)
    assert plan.audit().passed, plan.audit()
    return plan


def saved(network: Network) -> float:
    """Return what the scheme saves of the cost of the plan without one."""
    return PARTS + DUTY - planned(network).summary.cost


def near(value: float) -> object:
    return pytest.approx(value, abs=1e-3)


def under(plan: Plan, flow: str) -> float:
    return float(plan["exempt"].filter(pl.col("flow") == flow)["quantity"].sum())


def test_without_a_scheme_all_parts_pay() -> None:
    assert planned(exempt_network()).summary.cost == near(PARTS + DUTY)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_duty_on_what_is_exported_is_saved(scheme: str) -> None:
    """Fifty of a hundred phones leave: 50 × 100 × 10 % = 500."""
    plan = planned(exempt_network(scheme))
    assert plan.summary.cost == near(PARTS + DUTY - 500)
    assert {flow: under(plan, flow) for flow in ("buy", "build", "use", "export")} == {
        "buy": near(50),
        "build": near(50),
        "use": near(50),
        "export": near(50),
    }
    ledger = plan["ledger"].group_by("account").agg(pl.col("amount").sum())
    amounts = dict(ledger.iter_rows())
    assert (amounts["duty"], amounts["exemption"]) == (Decimal(1000), Decimal(-500))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_fixed_regime_is_a_scheme(scheme: str) -> None:
    assert saved(edit_rows(exempt_network(), "sites", {"site": "noida"}, regime=scheme)) == near(500)


def test_no_law_no_exemption() -> None:
    plan = planned(exempt_network("aa", law="off"))
    assert plan.summary.cost == near(PARTS)
    assert plan["exempt"].is_empty()


def test_what_is_sold_at_home_pays() -> None:
    assert saved(drop_rows(exempt_network("bonded"), "demand", demand="away")) == near(0 + PARTS / 2 + DUTY / 2)
    plan = planned(drop_rows(exempt_network("bonded"), "demand", demand="away"))
    assert under(plan, "export") == 0


def test_opening_stock_has_paid() -> None:
    """Twenty parts lie there: forty phones for home need forty new ones, and the duty of fifty is saved."""
    network = with_rows(exempt_network("bonded"), "stock", {"item": "part", "site": "noida", "quantity": "20"})
    assert planned(network).summary.cost == near(80 * 100 + (80 - 50) * 10)


def test_only_direct_imports_are_exempt() -> None:
    """What is imported for a hub and trucked to the plant from there has paid."""
    network = add_rows(
        exempt_network("bonded"),
        "sites",
        {"site": "mumbai", "partner": "brand", "kind": "hub", "country": "IN"},
    )
    network = edit_rows(network, "sources", {"offer": "part-jp"}, destination="mumbai")
    lane = {"origin": "mumbai", "destination": "noida", "item": "part", "mode": "road", "lead_days": 0, "per_unit": 0}
    assert saved(add_rows(network, "lanes", lane)) == near(0)


@pytest.mark.parametrize(
    ("scheme", "value", "exempt"),
    [
        ("aa", 115, 50),  # 50 × 115 >= 1.15 × 50 × 100
        ("aa", 110, 5500 / 115),  # FOB 5,500 allows parts of 5,500 / 1.15
        ("eou", 100, 50),
        ("eou", 90, 45),  # net foreign exchange: 50 × 90 >= 45 × 100
        ("bonded", 90, 50),
        ("brand", 90, 50),
    ],
)
def test_exports_must_earn_what_the_scheme_asks(scheme: str, value: float, exempt: float) -> None:
    plan = planned(edit_rows(exempt_network(scheme), "items", {"item": "phone"}, value=str(value)))
    assert under(plan, "buy") == near(exempt)
    assert plan.summary.cost == near(PARTS + DUTY - 10 * exempt)


def test_a_zone_earns_what_it_imports() -> None:
    """A zone's phones of 90 on parts of 100 lose foreign exchange, so it exports none; those of 110 it exports."""
    zone = edit_rows(exempt_network(), "sites", {"site": "noida"}, regime="sez")
    zone = drop_rows(zone, "demand", demand="home")
    for value, met in (("90", 0), ("110", 50)):
        plan = planned(edit_rows(zone, "items", {"item": "phone"}, value=value))
        assert plan["deliveries"]["quantity"].sum() == near(met)


@pytest.mark.parametrize(("opex", "taken"), [("499", True), ("501", False)])
def test_an_option_is_taken_where_it_pays(opex: str, taken: bool) -> None:
    """Ready at once, the scheme is wanted for the second week: 500 of duty against a week's opex."""
    network = edit_rows(exempt_network("bonded", "yard"), "options", {"option": "yard"}, opex_per_week=opex)
    plan = planned(network)
    assert plan["options"].height == taken
    assert plan.summary.cost == near(PARTS + DUTY - taken * (500 - float(opex)))


def test_a_scheme_is_open_between_its_days() -> None:
    """A scheme that ends with the first week spares what arrives in it: phones are then built a week early."""
    early = exempt_network()
    row = {"site": "noida", "scheme": "bonded", "until": "2024-01-07"}
    assert saved(with_rows(early, "schemes", row)) == near(500)
    late = edit_rows(early, "sources", {"offer": "part-jp"}, from_="2024-01-08")
    assert saved(with_rows(late, "schemes", row)) == near(0)


def two_plants(network: Network) -> Network:
    """Chennai builds the phones from boards that Noida builds from the parts."""
    network = add_rows(network, "items", {"item": "board", "kind": "assembly", "hs": "85177910", "value": "150"})
    network = with_rows(
        network,
        "boms",
        {"parent": "board", "component": "part", "quantity": "1"},
        {"parent": "phone", "component": "board", "quantity": "1"},
    )
    each = {"cost": "0", "lead_days": "0", "yield_": "1"}
    network = with_rows(
        network, "operations", {"site": "noida", "item": "board", **each}, {"site": "chennai", "item": "phone", **each}
    )
    free = {"lead_days": "0", "per_unit": "0"}
    return with_rows(
        network,
        "lanes",
        {"origin": "noida", "destination": "chennai", "item": "board", "mode": "road", **free},
        {"origin": "chennai", "destination": "delhi", "item": "phone", "mode": "road", **free},
        {"origin": "chennai", "destination": "tokyo", "item": "phone", "mode": "air", **free},
    )


@pytest.mark.parametrize(
    ("noida", "chennai", "amount"),
    [("bonded", "bonded", 500), ("aa", "aa", 500), ("bonded", "", 0), ("bonded", "eou", 0), ("", "bonded", 0)],
)
def test_an_assembly_keeps_its_stream_under_one_scheme(noida: str, chennai: str, amount: float) -> None:
    schemes = [{"site": site, "scheme": name} for site, name in (("noida", noida), ("chennai", chennai)) if name]
    plan = planned(with_rows(two_plants(exempt_network()), "schemes", *schemes))
    assert PARTS + DUTY - plan.summary.cost == near(amount)


def test_exports_of_another_plant_do_not_count() -> None:
    """Noida sells at home only, Chennai exports only: the scheme of Noida saves nothing."""
    network = exempt_network("bonded")
    network = edit_rows(network, "lanes", {"destination": "tokyo"}, origin="chennai")
    each = {"cost": "0", "lead_days": "0", "yield_": "1"}
    network = add_rows(network, "operations", {"site": "chennai", "item": "phone", **each})
    assert saved(network) == near(0)
    assert saved(with_rows(network, "schemes", {"site": "chennai", "scheme": "bonded"})) == near(500)


def test_of_two_schemes_the_better_one_is_taken() -> None:
    """Phones of 110 allow Advance Authorisation 47.8 parts; the bonded scheme has room for the others."""
    network = edit_rows(exempt_network("aa"), "items", {"item": "phone"}, value="110")
    both = add_rows(network, "schemes", {"site": "noida", "scheme": "bonded"})
    assert saved(both) == near(500)


def test_air_drawback_is_given_up_only_where_the_scheme_saves_more() -> None:
    """By the book a phone of 200 draws back 4 %, 8 rupees, and RoDTEP 24.5: more than 10 of duty, less than 40."""
    network = exempt_network("bonded", law="book")
    plan = planned(network)
    assert under(plan, "export") == 0
    assert plan.summary.cost == near(PARTS + DUTY - 50 * (8 + 24.5))
    dear = planned(edit_rows(network, "duties", {"country": "IN"}, rate="0.4"))
    assert under(dear, "export") == near(50)
    assert dear.summary.cost == near(PARTS + 50 * 40)
    amounts = dict(dear["ledger"].group_by("account").agg(pl.col("amount").sum()).iter_rows())
    assert amounts["exemption"] == Decimal("-375.00")  # 50 × (- 40 + 8 + 24.5)


def test_the_bound_is_proven() -> None:
    """Every column of the layer has a limit, so the bound does not fall to minus infinity."""
    summary = planned(exempt_network("aa")).summary
    assert summary.bound == pytest.approx(summary.cost, rel=1e-6)


def test_nothing_grows_where_no_scheme_is() -> None:
    model = assemble(exempt_network())
    layer = [frame.height for kind, frame in model.columns.items() if kind.startswith("exempt") or kind == "duty_paid"]
    assert sum(layer) == 0


YARD = {"option": "yard", "capex": "0", "opex_per_week": "40", "ready_days": "3"}


def with_schemes(network: Network, rows: list[dict[str, Any]]) -> Network:
    network = with_rows(network, "schemes", *rows)
    return add_rows(network, "options", YARD) if any(row["option"] for row in rows) else network


@settings(deadline=None, max_examples=25, derandomize=True, database=None)
@given(exempt_networks(), schemes())
def test_a_scheme_never_costs_anything(network: Network, rows: list[dict[str, Any]]) -> None:
    """With schemes allowed the cost is at most the cost without; every plan passes its audit, and so do its orders."""
    plain = make_plan(network, gap=1e-9, release=False).summary.cost
    plan = make_plan(with_schemes(network, rows), gap=1e-9)
    assert plan.summary.cost <= plain + 1e-6 * abs(plain) + 1e-5
    assert plan.summary.bound == pytest.approx(plan.summary.cost, rel=1e-6)
    audit = plan.audit()
    assert audit.passed, audit


@settings(deadline=None, max_examples=8, derandomize=True, database=None)
@given(exempt_networks(), schemes())
def test_without_duty_the_layer_changes_nothing(network: Network, rows: list[dict[str, Any]]) -> None:
    free = with_settings(edit_rows(network, "duties", {"country": "IN"}, rate="0"), igst_stuck=Decimal(0))
    plain = make_plan(free, gap=1e-9, release=False).summary.cost
    allowed = make_plan(with_schemes(free, rows), gap=1e-9, release=False)
    assert allowed.summary.cost == pytest.approx(plain, rel=1e-6, abs=1e-5)
    assert allowed["exempt"].is_empty()


def test_orders_take_the_plans_share() -> None:
    """Orders of the plan's quantities are exempt as the plan is: they cost the same."""
    plan = make_plan(exempt_network("bonded"), gap=1e-9)
    assert plan.summary.release_cost == near(plan.summary.cost)
    assert plan.audit().passed, plan.audit()


def test_long_buckets_are_timed_by_weeks() -> None:
    plan = make_plan(with_settings(exempt_network("bonded", "yard"), buckets="1m"), gap=1e-9)
    assert plan.summary.release_cost == near(plan.summary.cost)
    assert plan.audit().passed, plan.audit()
