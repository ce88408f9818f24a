"""Value added as a target: what the rows say is what the definitions say, and attribution counts nothing twice."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.building import small_network
from tests.model.origin_family import TABLES, origin_family

from boxbuild.errors import InfeasibleError
from boxbuild.model.assemble import assemble
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan

HEAD = "target,metric,scope,depth,at_least,penalty\n"


def planned(network: Network) -> Plan:
    return make_plan(network, release=False, gap=1e-9)


def bought(plan: Plan, offer: str) -> float:
    return float(plan["buys"].filter(pl.col("offer") == offer)["quantity"].sum())


def test_nothing_is_added_where_no_target_asks() -> None:
    """No row and no column; the matrix of such a network is as it was."""
    model = assemble(small_network())
    assert model.columns["attribute"].height == 0
    assert model.families["origin"].keys.height == 0


def test_everything_local_is_impossible() -> None:
    """Chips come from abroad only."""
    with pytest.raises(InfeasibleError):
        planned(
            origin_family(targets=HEAD + "all,va_pli,family=phone; item=phone,,1,\nmust,units_built,item=phone,,10,\n")
        )


@pytest.mark.parametrize("share", [0.0, 0.74, 0.76, 0.78])
def test_least_local_screens_by_brute_force(share: float) -> None:
    """Of all numbers of local screens, the least that meets the target is bought.

    100 phones are started: boards of 100 × 450 count in full, 101 screens are local at 230, foreign at 190 + 10, and 20
    of them lie in stock, foreign, at their value of 200.
    """
    plan = planned(origin_family(targets=HEAD + f"gross,va_gross,item=phone,1,{share},\n"))
    tries = [step / 100 for step in range(10101)]
    meets = [n for n in tries if 45000 + 230 * n >= share * (45000 + 230 * n + 200 * (101 - n)) - 1e-9]
    assert bought(plan, "screen-in") == pytest.approx(min(meets), abs=0.0101)
    assert plan.audit().passed


@settings(max_examples=15)
@given(
    at_least=st.floats(0.3, 0.6),
    metric=st.sampled_from(["va_pli", "va_ppp", "rvc_build_down", "rvc_net_cost", "va_non_semiconductor"]),
    price=st.integers(150, 300),
    content=st.integers(0, 9),
    alternate=st.integers(100, 400),
)
def test_rows_say_what_definitions_say(at_least: float, metric: str, price: int, content: int, alternate: int) -> None:
    """The audit, in decimals and from the tables alone, finds both sides of every target and every attribution."""
    offers = TABLES["sources"].replace(
        "screen-in,screen,pune,230,0,0,0.4", f"screen-in,screen,pune,{price},0,0,0.{content}"
    )
    offers = offers.replace("chip-2-jp,chip-2,osaka,310", f"chip-2-jp,chip-2,osaka,{alternate}")
    targets = HEAD + f"one,{metric},family=phone,,{at_least:.4f},2\ntwo,va_gross,,2,0.5,1\n"
    plan = planned(origin_family(sources=offers, targets=targets))
    result = plan.audit()
    assert result.passed, result


def test_more_local_never_costs_less() -> None:
    """Monotone: a higher share can only cost more."""
    costs = [
        planned(origin_family(targets=HEAD + f"pli,va_pli,item=phone,,{share},\n")).summary.cost
        for share in (0.3, 0.44, 0.45, 0.46)
    ]
    assert costs == sorted(costs)
    assert costs[-1] > costs[0]


def test_depth_is_how_far_one_looks() -> None:
    """At depth 1 a board made here is local; at depth 2 its chips are foreign."""
    plan = planned(origin_family(targets=HEAD + "one,va_gross,item=phone,1,0,\ntwo,va_gross,item=phone,2,0,\n"))
    numerator = dict(plan["targets"].select("target", "numerator").iter_rows())
    assert numerator["one"] - numerator["two"] == pytest.approx(100 * 450)


TWO = {
    "items": TABLES["items"] + "tablet,finished,tablet,84713000,1000,no\n",
    "boms": TABLES["boms"] + "tablet,board,1,0,\ntablet,screen,1.01,0,\n",
    "operations": TABLES["operations"] + "noida,tablet,50,1000,0,0.9\n",
    "lanes": "origin,destination,item,mode,lead_days\nnoida,delhi,,road,0\n",
    "stock": "item,site,quantity,origin\nscreen,noida,0,JP\n",
    "demand": TABLES["demand"] + "d2,tablet,delhi,2024-01-14,90,1500\n",
    "sources": TABLES["sources"].replace("chip-jp,chip,osaka,300,5,0,0,0,70", "chip-jp,chip,osaka,300,5,0,0,0,"),
}


def test_attribution_is_not_the_average() -> None:
    """Phones may count all local screens although the tablets beside them take as many foreign ones."""
    targets = HEAD + "phones,va_non_semiconductor,item=phone,,1,\n"
    plan = planned(origin_family(**TWO, targets=targets))
    assert bought(plan, "screen-in") == pytest.approx(101)
    assert bought(plan, "screen-jp") == pytest.approx(101)
    average = plan["value_added"].filter(pl.col("definition") == "va_non_semiconductor")["share"].to_list()
    assert average == pytest.approx([230 / 430, 230 / 430])


def test_two_products_do_not_count_one_screen() -> None:
    """Each of two products needs its own local screens."""
    targets = HEAD + "phones,va_non_semiconductor,item=phone,,1,\ntablets,va_non_semiconductor,item=tablet,,1,\n"
    assert bought(planned(origin_family(**TWO, targets=targets)), "screen-in") == pytest.approx(202)


def test_two_targets_may_count_one_screen() -> None:
    """The same phones, counted by two targets, need their screens once."""
    targets = HEAD + "one,va_non_semiconductor,item=phone,,1,\ntwo,va_non_semiconductor,family=phone,,1,\n"
    plan = planned(origin_family(**TWO, targets=targets))
    assert bought(plan, "screen-in") == pytest.approx(101)
    assert plan["attributions"]["claim"].unique().to_list() == ["one+two"]


def test_average_meets_every_need() -> None:
    """Feasible: with targets that ask for nothing, the plan is the one without targets."""
    network = small_network(targets=HEAD + "va,va_pli,,,0,\ngross,va_gross,item=phone-b,2,0,\n")
    assert planned(network).summary.cost == pytest.approx(planned(small_network()).summary.cost)


def test_recipes_that_change_are_classes_of_their_own() -> None:
    """Boards of the first week hold two chips, those of the second one; the audit follows."""
    boms = """
parent,component,quantity,scrap,from,until
phone,board,1,0,,
phone,screen,1,0.01,,
board,chip,2,0,,2024-01-07
board,chip,1,0,2024-01-08,
"""
    sources = TABLES["sources"].replace("0,0,0,70", "0,0,0,130")
    targets = HEAD + "pli,va_pli,family=phone,,0.2,5\n"
    plan = planned(origin_family(boms=boms, sources=sources, targets=targets))
    keys = plan["attributions"].filter(pl.col("kind") == "built")["key"].to_list()
    assert keys
    assert all("@" in key for key in keys)
    assert plan.audit().passed
