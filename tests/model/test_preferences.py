"""Preferences of exports: what is claimed is worth it, originates, and is what no other number of claims beats."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.building import small_network
from tests.model.preference_family import LAW, TABLES, preference_family, rules

from boxbuild.model.assemble import assemble
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan

ITEMS = "item,kind,family,hs,value\nphone,finished,phone,85171300,100\nscreen,component,screen,{},50\n"
GENERAL = LAW[: LAW.index("ae.bcd.test_phone.preferred")]


def simple(premium: float, rule: str, *, hs: str = "85249100", law: str = LAW, **tables: str) -> Network:
    """Return phones of FOB 100 of one screen: from Japan for 50, or of the country for so much more."""
    offers = f"screen-jp,screen,osaka,50,0,\nscreen-in,screen,pune,{50 + premium},0,\n"
    texts = {
        "items": ITEMS.format(hs),
        "boms": "parent,component,quantity\nphone,screen,1\n",
        "operations": "site,item,cost,lead_days,yield\nnoida,phone,10,0,1\n",
        "sources": "offer,item,supplier,price,lead_days,per_week\n" + offers,
    }
    return preference_family(law, rule, **{**texts, **tables})


def planned(network: Network) -> Plan:
    plan = make_plan(network, release=False, gap=1e-9)
    result = plan.audit()
    assert result.passed, result
    return plan


def claimed(plan: Plan) -> float:
    return float(plan["preferences"]["quantity"].sum())


def bought(plan: Plan, offer: str) -> float:
    return float(plan["buys"].filter(pl.col("offer") == offer)["quantity"].sum())


def test_nothing_is_added_where_nothing_can_be_claimed() -> None:
    for network in (small_network(), preference_family(GENERAL), preference_family(rule=rules(other=("percent", 1)))):
        model = assemble(network)
        assert model.columns["claim"].height == model.columns["attribute"].height == 0
        assert model.families["preferences"].keys.height == model.families["origin"].keys.height == 0


@pytest.mark.parametrize(("premium", "claims", "local"), [(49, 100, 20), (51, 0, 0)])
def test_claims_what_is_worth_it(premium: float, claims: float, local: float) -> None:
    """At least 60 % of value: of five screens one has to be local, and each claim is worth a duty of 10."""
    plan = planned(simple(premium, rules(rvc=("percent", 60))))
    assert claimed(plan) == pytest.approx(claims)
    assert bought(plan, "screen-in") == pytest.approx(local)
    saved = plan["ledger"].filter(account="preference")["amount"].sum()
    assert float(saved or 0) == pytest.approx(-10 * claims)


def test_claims_without_buying_otherwise_where_it_originates_anyway() -> None:
    plan = planned(simple(1000, rules(rvc=("percent", 50))))
    assert (claimed(plan), bought(plan, "screen-in")) == (100, 0)


@pytest.mark.parametrize(("premium", "claims", "local"), [(9, 100, 100), (11, 0, 0)])
def test_the_tariff_shift_blocks_foreign_inputs_of_the_heading(premium: float, claims: float, local: float) -> None:
    plan = planned(simple(premium, rules(tariff_shift=("digits", 4)), hs="85177990"))
    assert claimed(plan) == pytest.approx(claims)
    assert bought(plan, "screen-in") == pytest.approx(local)


def test_another_heading_is_not_blocked() -> None:
    assert claimed(planned(simple(11, rules(tariff_shift=("digits", 4))))) == 100


def test_de_minimis_lets_some_stay() -> None:
    """A quarter of the value of 100: every second screen may be foreign."""
    plan = planned(simple(19, rules(tariff_shift=("digits", 4), de_minimis=("percent", 25)), hs="85177990"))
    assert claimed(plan) == pytest.approx(100)
    assert bought(plan, "screen-in") == pytest.approx(50)


def test_the_rule_may_stand_in_the_book_of_the_other_party() -> None:
    plan = planned(simple(49, rules("ae", rvc=("percent", 60))))
    assert claimed(plan) == pytest.approx(100)


@pytest.mark.parametrize(("joint", "claims"), [(0, 0), (1, 100)])
def test_materials_of_the_other_party_cumulate(joint: int, claims: float) -> None:
    """A screen of the Emirates is 10 dearer; one of five is enough where it counts as own."""
    offers = "offer,item,supplier,price,lead_days\nscreen-jp,screen,osaka,50,0\nscreen-ae,screen,sharjah,60,0\n"
    plan = planned(simple(0, rules(rvc=("percent", 60), cumulation=("yes_no", joint)), sources=offers))
    assert claimed(plan) == pytest.approx(claims)
    assert bought(plan, "screen-ae") == pytest.approx(0.2 * claims)


def test_financial_years_are_claims_of_their_own() -> None:
    """Local screens run out in the first year; what is over of them in the second does not help it afterwards."""
    demand = (
        "demand,item,market,due,quantity,price\nd1,phone,dubai,2024-03-05,50,500\nd2,phone,dubai,2024-04-20,50,500\n"
    )
    offers = (
        "offer,item,supplier,price,lead_days,from\n"
        "screen-jp,screen,osaka,50,0,\nscreen-in,screen,pune,60,0,2024-04-01\n"
    )
    plan = planned(simple(0, rules(rvc=("percent", 60)), buckets="4m", demand=demand, sources=offers))
    assert claimed(plan) == pytest.approx(50)
    assert plan["preferences"]["start"].to_list()[0].month == 4
    assert plan["attributions"]["claim"].unique().to_list() == ["preference|test_fta|phone|IN|AE"]


@settings(max_examples=15, deadline=None)
@given(premium=st.integers(1, 60), share=st.integers(50, 90), weekly=st.integers(2, 40))
def test_no_other_number_of_claims_is_cheaper(premium: int, share: int, weekly: int) -> None:
    """By brute force over what is claimed, with few local screens to be had."""
    offers = f"screen-jp,screen,osaka,50,0,\nscreen-in,screen,pune,{50 + premium},0,{weekly}\n"
    sources = "offer,item,supplier,price,lead_days,per_week\n" + offers
    demand = "demand,item,market,due,quantity,price\nd1,phone,dubai,2024-01-01,100,500\n"
    rule = rules(rvc=("percent", share))
    plan = planned(simple(0, rule, sources=sources, demand=demand, buckets="1w"))
    without = planned(simple(0, rule, law=GENERAL, sources=sources, demand=demand, buckets="1w"))
    best = 0.0
    for step in range(10001):
        units = step / 100
        local = units * (1 - (100 - share) / 50)
        if local <= weekly + 1e-9:
            best = min(best, premium * local - 10 * units)
    assert plan.summary.cost - without.summary.cost == pytest.approx(best, abs=0.11)


def test_orders_are_priced_with_the_plans_share() -> None:
    """In months: the weeks that the orders follow buy what makes them originate; the part claimed is the plan's."""
    network = simple(49, rules(rvc=("percent", 60)), buckets="2m")
    plan = make_plan(network, gap=1e-9)
    result = plan.audit()
    assert result.passed, result
    assert claimed(plan) == pytest.approx(100)
    assert plan.summary.release_cost == pytest.approx(plan.summary.cost)


def test_one_agreement_a_unit_and_the_one_that_is_worth_more() -> None:
    """Five points under a rule that is met anyway, against ten for a fifth of a premium: worth it below 25."""
    second = LAW[LAW.index("ae.bcd.test_phone.preferred") :].replace("preferred", "second").replace("test_fta", "other")
    law = LAW + second.replace("value: 0", "value: 5")
    rule = rules(rvc=("percent", 60)) + rules(rvc=("percent", 50)).replace("test_fta", "other")
    for premium, agreement, saved in ((24, "test_fta", 1000), (26, "other", 500)):
        plan = planned(simple(premium, rule, law=law))
        assert plan["preferences"].select("agreement", "quantity").rows() == [(agreement, 100.0)]
        assert plan["ledger"].filter(account="preference")["amount"].sum() == -saved


def test_exports_share_their_inputs() -> None:
    """Ten local screens make fifty phones originate, of either product or together, not of each."""
    texts = {
        "items": ITEMS.format("85249100") + "phone-b,finished,phone,85171300,100\n",
        "boms": "parent,component,quantity\nphone,screen,1\nphone-b,screen,1\n",
        "operations": "site,item,cost,lead_days,yield\nnoida,phone,10,0,1\nnoida,phone-b,10,0,1\n",
        "lanes": "origin,destination,item,mode,lead_days\nnoida,dubai,,sea,0\n",
        "demand": "demand,item,market,due,quantity,price\n"
        "d1,phone,dubai,2024-01-01,100,500\nd2,phone-b,dubai,2024-01-01,100,500\n",
        "sources": "offer,item,supplier,price,lead_days,per_week\n"
        "screen-jp,screen,osaka,50,0,\nscreen-in,screen,pune,70,0,10\n",
    }
    plan = planned(simple(0, rules(rvc=("percent", 60)), buckets="1w", **texts))
    assert claimed(plan) == pytest.approx(50)


@settings(max_examples=10, deadline=None)
@given(
    rvc=st.integers(55, 80),
    spared=st.integers(0, 6),
    prices=st.tuples(st.integers(5, 12), st.integers(50, 80), st.integers(6, 12)),
    digits=st.sampled_from([4, 6]),
)
def test_the_audit_finds_every_claim_to_originate(
    rvc: int, spared: int, prices: tuple[int, int, int], digits: int
) -> None:
    """Through a board that takes one of two chips, two weeks, and parts of three countries."""
    chip, screen, shell = prices
    network = preference_family(
        rule=rules(
            rvc=("percent", rvc),
            tariff_shift=("digits", digits),
            de_minimis=("percent", spared),
            cumulation=("yes_no", 1),
        ),
        items=TABLES["items"] + "chip-ae,component,chip,85177990,9\n",
        boms="parent,component,quantity,alternate_group\nphone,board,1,\nphone,screen,1,\nphone,shell,1,\n"
        "board,chip,1,chips\nboard,chip-ae,1,chips\n",
        sources="offer,item,supplier,price,lead_days,per_week\nchip-jp,chip,osaka,8,0,\n"
        f"chip-ae,chip-ae,sharjah,{chip},0,30\nscreen-jp,screen,osaka,50,0,\nscreen-in,screen,pune,{screen},0,40\n"
        f"shell-jp,shell,osaka,6,0,\nshell-in,shell,pune,{shell},0,\n",
        stock="item,site,quantity,origin\nscreen,noida,7,IN\nshell,noida,5,\n",
    )
    plan = planned(network)
    without = planned(replace(network, law_files={"law.yaml": GENERAL}))
    assert plan.summary.cost <= without.summary.cost + 0.01
    assert plan.summary.cost >= without.summary.cost - 10 * claimed(plan) - 0.01
