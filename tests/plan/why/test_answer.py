"""Why a demand is late or short: each reason is named where it is the reason, and its price is that of another plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.building import edit_rows
from tests.plan.why.conftest import NETWORKS

from boxbuild.errors import UsageError
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.plan.why import why_demand, why_demands
from boxbuild.plan.why.answer import Why, worst

Planned = Callable[[str], Plan]


def first(plan: Plan) -> Why:
    return why_demand(plan, worst(plan, 1)[0])


@pytest.mark.parametrize(
    ("name", "kind", "thing"),
    [
        ("tiny", "supplier", "offer far"),
        ("line", "line", "line noida-smt"),
        ("supplier", "supplier", "offer chip-cn"),
        ("receipt", "part", "display at noida"),
        ("lead", "part", "chip at noida"),
        ("contract", "contract", "contract cap, max"),
        ("option", "line", "line noida-smt"),
    ],
)
def test_what_binds_is_named_first(planned: Planned, name: str, kind: str, thing: str) -> None:
    found = first(planned(name))
    assert (found.binding[0].kind, found.binding[0].thing) == (kind, thing)
    assert found.status != "on time"
    assert found.binding[0].path[0].startswith(f"{found.item} at {found.market}")


def test_the_way_leads_down_the_bill_of_materials_to_what_binds(planned: Planned) -> None:
    path = first(planned("line")).binding[0].path
    assert "board at noida, built at noida" in path[-1]
    assert [step.split(" at ")[0] for step in path[:2]] == ["phone-a", "phone-a"]


def test_two_things_that_bind_at_once_are_both_named(planned: Planned) -> None:
    kinds = {
        one.kind for demand in worst(planned("supplier"), 2) for one in why_demand(planned("supplier"), demand).binding
    }
    assert {"supplier", "part"} <= kinds


def test_lead_times_that_forbid_it_are_added_up(planned: Planned) -> None:
    found = why_demand(planned("early"), "IN-a-1")
    assert found.cost is None
    assert sum(leg.days for leg in found.legs) == 30 + 5 + 1 + 2 + 2 + 1
    assert [one.kind for one in found.levers] == ["earlier order", "stock"]
    assert "Lead times alone forbid it" in " ".join(found.sentences)
    # due on day 27, and 41 days to get there
    assert "14 days before" in found.levers[0].what


def test_a_market_that_nothing_reaches(planned: Planned) -> None:
    found = why_demand(planned("cut_off"), "DE-a-1")
    assert found.cost is None
    assert not found.legs
    assert "no offer, operation or lane leads there" in " ".join(found.sentences)


def test_a_demand_that_is_not_worth_its_cost(planned: Planned) -> None:
    found = why_demand(planned("cheap"), "IN-a-2")
    assert not found.binding
    assert found.lost_cost == pytest.approx(1, rel=0.02)
    assert found.premium > 1000
    assert "not worth it" in " ".join(found.sentences)


def test_nothing_is_wrong_where_it_is_on_time(planned: Planned) -> None:
    found = why_demand(planned("tiny"), "phone-w0")
    assert found.status == "on time"
    assert found.missed == 0
    assert not found.levers
    assert "Nothing is wrong: 30 on time" in found.sentences[0]


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_having_it_on_time_costs_no_less_than_the_prices_say(planned: Planned, name: str) -> None:
    """By convexity: what the first unit costs is the least that any unit does."""
    plan = planned(name)
    for demand in worst(plan, 2):
        found = why_demand(plan, demand, solve=True)
        assert found.solved is not None
        units = found.solved.units - (found.quantity - found.missed)
        if found.cost is not None:
            assert found.solved.price >= 0.999 * found.premium * units - 1e-3
        assert found.solved.price >= -1e-6 * abs(found.solved.before)
        assert found.solved.before == pytest.approx(plan.summary.cost, rel=1e-6)


@pytest.mark.parametrize(("name", "demand"), [("tiny", "speaker-w1"), ("line", "DE-a-1"), ("supplier", "DE-a-2")])
def test_the_price_of_a_relief_is_that_of_a_plan_where_late_is_forbidden(
    planned: Planned, name: str, demand: str
) -> None:
    plan = planned(name)
    found = why_demand(plan, demand, solve=True)
    assert found.solved is not None
    forced = edit_rows(
        plan.network, "demand", {"demand": demand}, max_late_days="0", lost_cost="1000000", currency="INR"
    )
    other = make_plan(forced, release=False)
    assert other["shortages"].filter(demand=demand).height == 0
    assert found.solved.units == pytest.approx(found.quantity)
    assert found.solved.after == pytest.approx(other.summary.cost, rel=1e-6)


def test_a_demand_that_cannot_be_on_time_in_full_says_how_much_of_it_can(planned: Planned) -> None:
    found = why_demand(planned("receipt"), "DE-a-1", solve=True)
    assert found.solved is not None
    assert found.solved.units is not None
    assert 0 < found.solved.units < found.quantity - 1
    assert f"{found.solved.units:,.0f} of 800 units" in " ".join(found.sentences)


def test_ways_around_what_binds_are_named_with_their_price(planned: Planned) -> None:
    """In the tiny example the other supplier and overtime bring a unit at the price of the first one."""
    found = why_demand(planned("tiny"), "speaker-w1")
    inside = {one.kind: one for one in found.levers if one.inside}
    assert inside["second source"].price == pytest.approx(found.premium)
    assert inside["overtime"].price == pytest.approx(found.premium)
    assert found.premium == pytest.approx(9.0)
    outside = [one for one in found.levers if not one.inside]
    assert outside[0].price == pytest.approx(found.binding[0].price)


def test_a_plan_that_keeps_no_prices_is_solved_again(planned: Planned) -> None:
    plan = planned("line")
    kept, lost = first(plan), first(replace(plan, prices=None))
    assert "solved again" in lost.note
    assert not kept.note
    assert lost.cost == pytest.approx(kept.cost, rel=1e-3)


def test_prices_are_found_by_name_where_they_stand_in_another_order(planned: Planned) -> None:
    plan = planned("line")
    assert plan.prices is not None
    turned = first(replace(plan, prices=plan.prices.reverse()))
    assert not turned.note
    assert turned.sentences == first(plan).sentences


def test_many_demands_are_answered_at_once_and_the_same(planned: Planned) -> None:
    plan = planned("supplier")
    asked = worst(plan, 3)
    together = why_demands(plan, asked)
    assert [one.demand for one in together] == asked
    assert together[1].sentences == why_demand(plan, asked[1]).sentences


def test_the_answer_is_json(planned: Planned) -> None:
    for name in ("tiny", "early", "cut_off"):
        found = why_demand(planned(name), worst(planned(name), 1)[0], solve=True).as_dict()
        assert json.loads(json.dumps(found, allow_nan=False))["demand"] == found["demand"]


def test_an_unknown_demand_is_a_mistake(planned: Planned) -> None:
    with pytest.raises(UsageError) as caught:
        why_demand(planned("line"), "DE-a-3")
    assert "did you mean DE-a" in caught.value.hint
