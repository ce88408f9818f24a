"""Landed cost: every rupee of the ledger is in a delivered unit, in stock, or in an account that is named."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.building import add_rows, drop_rows, edit_rows, small_network, with_settings

from boxbuild import files
from boxbuild.errors import UsageError
from boxbuild.law.trace import Trace
from boxbuild.network.network import Network
from boxbuild.plan.landed import Landed
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan

EXAMPLES = Path(__file__).parents[2] / "examples"
PAISA = Decimal("0.01")


@pytest.fixture(scope="module")
def small() -> Plan:
    return make_plan(small_network(), release=False)


def networks() -> dict[str, Network]:
    plain = small_network()
    held = add_rows(plain, "stock", {"item": "battery", "site": "mumbai", "quantity": 40})
    tight = edit_rows(plain, "resources", {"resource": "noida-final"}, per_week=60)
    return {
        "plain": plain,
        "discounted": with_settings(plain, discount_rate=Decimal("0.15")),
        "stock that nothing takes": held,
        "overtime": edit_rows(tight, "resources", {"resource": "chennai-final"}, per_week=40),
        "tiny": files.read(EXAMPLES / "tiny"),
    }


@pytest.mark.parametrize("name", networks())
def test_units_stock_and_named_accounts_are_the_ledger(name: str) -> None:
    plan = make_plan(networks()[name], release=False)
    statement = Landed(plan).statement()
    assert abs(sum(statement.values()) - plan["ledger"]["present"].sum()) < PAISA
    assert statement["delivered"] > 0


def test_units_times_unit_cost_is_what_is_delivered(small: Plan) -> None:
    landed = Landed(small)
    rows = landed.units()
    assert rows["cost"].sum() == pytest.approx(float(landed.statement()["delivered"]))
    assert rows["delivered"].sum() == pytest.approx(small["deliveries"]["quantity"].sum())
    assert (rows["unit_cost"] * rows["delivered"] - rows["cost"]).abs().max() < 1e-3


def test_each_step_is_the_sum_of_its_parts(small: Plan) -> None:
    landed = Landed(small)
    for item, market in landed.pools.delivered:
        tree = landed.tree(item, market)
        assert float(tree.value) == pytest.approx(float(landed.average[item, market]))
        for step in tree.walk():
            if step.parts and step.rule.startswith("landed."):
                assert abs(step.value - sum(part.value for part in step.parts)) < Decimal("0.0001"), step.name


def test_a_leaf_is_its_share_of_a_line_of_the_ledger(small: Plan) -> None:
    leaves = [step for step in Landed(small).tree("phone-a", "hamburg").walk() if step.rule.startswith("account.")]
    assert {"account.material", "account.duty", "account.freight", "account.conversion"} <= {one.rule for one in leaves}
    ledger = small["ledger"]
    for leaf in leaves:
        given = {one.name: one for one in leaf.given}
        assert abs(given["amount"].value * given["share"].value - leaf.value) < Decimal("0.00001")
        if leaf.rule == "account.duty":
            key = given["amount"].place.removeprefix("ledger: duty of ")
            lines = ledger.filter((ledger["account"] == "duty") & (ledger["key"] == key))
            assert lines["present"].sum() == given["amount"].value


def test_a_phone_by_hand() -> None:
    """One plant, no yield, no stock: 1 board of 100 and 2 screws of 3, built for 7, carried for 5."""
    network = small_network(
        items="item,kind,value\nphone,finished,150\nboard,component,100\nscrew,component,3\n",
        boms="parent,site,component,quantity,scrap\nphone,,board,1,0\nphone,,screw,2,0\n",
        operations="site,item,cost,lead_days,yield\nnoida,phone,7,0,1\n",
        uses="site,item,resource,quantity\nnoida,phone,noida-final,0.01\n",
        sources="offer,item,supplier,destination,price,lead_days\nboards,board,pune,noida,100,0\n"
        "screws,screw,pune,noida,3,0\n",
        lanes="origin,destination,item,mode,lead_days,per_unit\nnoida,india,,road,0,5\n",
        demand="demand,item,market,due,quantity,price\nd,phone,india,2023-06-20,50,1000\n",
        stock="item,site,quantity\n",
        receipts="reference,item,site,due,quantity\n",
        duties="country,hs,rate\n",
    )
    plan = make_plan(with_settings(network, holding_rate=Decimal(0)), release=False)
    tree = Landed(plan).tree("phone", "india")
    assert tree.value == Decimal(118)
    by_rule: dict[str, Decimal] = {}
    for step in tree.walk():
        by_rule[step.rule] = by_rule.get(step.rule, Decimal(0)) + step.value
    assert by_rule["account.material"] == 106
    assert by_rule["account.conversion"] == 7
    assert by_rule["account.freight"] == 5


def test_goods_that_go_round_have_an_average_cost() -> None:
    """Two hubs that pass goods to each other: the average is found, and the tree ends."""
    from boxbuild.plan.pools import Inflow, Pools

    a, b, c = ("phone", "a"), ("phone", "b"), ("phone", "c")
    inflows = {
        a: (
            Inflow("buy", "offer|a", Decimal(10), {"material": Decimal(1000)}),
            Inflow("ship", "b|a|road||phone", Decimal(4), {"freight": Decimal(4)}, {b: Decimal(4)}),
        ),
        b: (Inflow("ship", "a|b|road||phone", Decimal(14), {"freight": Decimal(28)}, {a: Decimal(14)}),),
        c: (Inflow("ship", "b|c|road||phone", Decimal(10), {"freight": Decimal(10)}, {b: Decimal(10)}),),
    }
    landed = Landed(make_plan(small_network(), release=False))
    object.__setattr__(landed, "pools", Pools(inflows, {}, {c: Decimal(10)}, {}, {}))
    assert landed.average[c] == pytest.approx(Decimal("104.2"))
    assert abs(sum(landed.statement().values()) - 1042) < Decimal("1e-9")
    steps = [step.note for step in landed._pool(c, Decimal(1), ()).walk()]
    assert any("go round" in note for note in steps)


def test_what_is_not_there_is_said(small: Plan) -> None:
    landed = Landed(small)
    with pytest.raises(UsageError, match="did you mean phone-a"):
        landed.tree("phon-a", "hamburg")
    with pytest.raises(UsageError, match="did you mean hamburg"):
        landed.tree("phone-a", "hamburk")
    with pytest.raises(UsageError, match="it is delivered at hamburg, india"):
        landed.tree("phone-a", "noida")
    with pytest.raises(UsageError, match="delivers it nowhere"):
        landed.tree("chip", "noida")


def test_the_same_plan_has_the_same_tree(small: Plan) -> None:
    trees: list[Trace] = [Landed(small).tree("phone-a", "hamburg") for _ in range(2)]
    assert trees[0].digest == trees[1].digest
    other = make_plan(drop_rows(small_network(), "stock", item="chip"), release=False)
    assert Landed(other).tree("phone-a", "hamburg").digest != trees[0].digest
