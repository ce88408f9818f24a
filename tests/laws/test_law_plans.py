"""Laws that hold for every plan under the law of customs, schemes and incentives. Each test's docstring is the law."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.building import with_settings
from tests.laws import changing
from tests.laws.law_networks import seeded

from boxbuild.api import check
from boxbuild.errors import InfeasibleError
from boxbuild.model.assemble import assemble
from boxbuild.network.network import Network
from boxbuild.plan.evaluations import Evaluations
from boxbuild.plan.folder import read_plan, write_plan
from boxbuild.plan.make import Keep, make_plan
from boxbuild.plan.plan import Plan
from boxbuild.plan.questions import explain
from boxbuild.plan.questions.document import read, wrong
from boxbuild.solve.bound import column_limits

TIMES = int(os.environ.get("BOXBUILD_LAWS", "1"))
"""How many times the usual number of networks to draw."""


def drawn(first: int, count: int) -> list[int]:
    """Return the seeds of some networks."""
    return [*range(first, first + count * TIMES)]


def plan_of(seed: int, *, release: bool = False) -> Plan:
    return planned(seeded(seed, integers=seed % 3 > 0), release=release)


def planned(network: Network, *, release: bool = False) -> Plan:
    try:
        return make_plan(network, gap=1e-9, release=release)
    except InfeasibleError:
        pytest.skip("the network has no plan")


def cost_of(network: Network) -> float:
    return make_plan(network, gap=1e-9, release=False).summary.cost


def near(cost: float) -> object:
    return pytest.approx(cost, rel=1e-6, abs=1e-4)


def no_more_than(cost: float) -> float:
    return cost + 1e-6 * abs(cost) + 1e-4


@pytest.mark.parametrize("seed", drawn(0, 8))
def test_what_is_drawn_is_valid_and_bounded(seed: int) -> None:
    """`check` finds no error, and every column has a finite limit: else the bound would be minus infinity."""
    network = seeded(seed)
    assert [str(issue) for issue in check(network) if issue.severity == "error"] == []
    model = assemble(network)
    limits = column_limits(model)
    endless = {
        kind for kind, frame in model.columns.items() if not np.isfinite(limits[frame["column"].to_numpy()]).all()
    }
    assert endless == set()


@pytest.mark.parametrize("seed", [3011, 3062, *drawn(300, 7)])
def test_every_plan_passes_its_audit_and_answers_every_question(seed: int, tmp_path: Path) -> None:
    """A plan is bounded, adds up, is read as it was written, passes its audit, and explains what it delivers."""
    plan = plan_of(seed, release=True)
    summary = plan.summary
    assert summary.bound <= summary.cost
    assert summary.gap <= 1e-6
    present = float(plan["ledger"]["present"].sum() or Decimal(0))
    rows = sum(frame.height for frame in plan.tables.values())
    assert present == pytest.approx(summary.cost, rel=1e-6, abs=0.005 * rows + 1e-5)
    again = read_plan(write_plan(plan, tmp_path / "plan"))
    assert again.audit().failures == ()
    list(Evaluations(again).all())
    for question, subject in asked(again):
        document = explain(again, question, subject)
        assert wrong(read(document.text()), explain(again, question, subject)) == []


def asked(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what a plan must be able to say: each delivered item, import, built item and applicant."""
    for item, market in plan["deliveries"].select("item", "market").unique(maintain_order=True).iter_rows():
        yield "cost", f"{item}@{market}"
    crossing = Evaluations(plan).keys()
    for kind, _, item, _, offer in crossing:
        yield "duty", offer if kind == "buy" else item
    for item in plan["builds"].filter(pl.col("good") > 0)["item"].unique(maintain_order=True):
        yield "origin", item
    for partner in plan["incentives"]["partner"].unique(maintain_order=True):
        yield "incentive", partner


@pytest.mark.parametrize("seed", drawn(400, 3))
def test_the_flows_of_a_plan_cost_what_the_plan_costs(seed: int) -> None:
    """A plan whose flows are held to those of the best plan is that plan."""
    plan = plan_of(seed)
    kept = make_plan(plan.network, gap=1e-9, release=False, keep=Keep(plan.tables))
    assert kept.summary.cost == pytest.approx(plan.summary.cost, rel=1e-6, abs=1e-2)
    assert kept.audit().failures == ()


@pytest.mark.parametrize("seed", drawn(500, 4))
def test_what_may_be_claimed_never_costs_anything(seed: int) -> None:
    """Without schemes to choose, without applications, without subsidies, no plan costs less."""
    plan = plan_of(seed)
    network, cost = plan.network, plan.summary.cost
    unclaimed = network.tables["options"].with_columns(subsidy=pl.lit(None, pl.String))
    for poorer in (
        *(network.with_table(name, network.tables[name].clear()) for name in ("schemes", "applications")),
        network.with_table("options", unclaimed),
    ):
        assert cost <= no_more_than(cost_of(poorer))


@pytest.mark.parametrize("seed", drawn(600, 3))
def test_a_higher_cap_never_costs_more(seed: int) -> None:
    """More sales that are paid on never cost more."""
    plan = plan_of(seed)
    table = plan.network.tables["applications"]
    raised = table.with_columns(cap=(pl.col("cap") * 2).cast(table.schema["cap"]))
    assert cost_of(plan.network.with_table("applications", raised)) <= no_more_than(plan.summary.cost)


@pytest.mark.parametrize("seed", drawn(700, 3))
def test_no_law_costs_no_more_than_duties(seed: int) -> None:
    """Duties of the table cost something or nothing (without targets of value added, in which duties count)."""
    network = with_settings(seeded(seed), law="tables")
    measured = pl.col("metric").str.contains("^(va|rvc)_")
    plan = planned(network.with_table("targets", network.tables["targets"].filter(~measured)))
    assert cost_of(with_settings(plan.network, law="off")) <= no_more_than(plan.summary.cost)


@pytest.mark.parametrize("seed", drawn(800, 2))
def test_names_and_the_order_of_rows_change_nothing(seed: int) -> None:
    """Items, sites and offers by other names, and rows in another order, cost the same."""
    plan = plan_of(seed)
    assert cost_of(changing.relabelled(plan.network)) == near(plan.summary.cost)
    assert cost_of(changing.shuffled(plan.network, seed)) == near(plan.summary.cost)
