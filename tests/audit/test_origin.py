"""What claims count, and how local products are: each wrong number fails by the name of its rule."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from tests.audit.by_hand import edited, with_table
from tests.building import small_network
from tests.model.origin_family import origin_family

from boxbuild.audit import audit
from boxbuild.law import value_added
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(origin_family(), release=False, gap=1e-9)


def shifted(plan: Plan, kind: str, by: float, **where: str) -> Plan:
    """Return a plan with other quantities attributed."""
    chosen = pl.all_horizontal(pl.col("kind") == kind, *(pl.col(name) == value for name, value in where.items()))
    frame = plan["attributions"]
    assert frame.filter(chosen).height
    more = pl.when(chosen).then(pl.col("quantity") + by).otherwise("quantity")
    return with_table(plan, "attributions", frame.with_columns(more.alias("quantity")))


def local_for_foreign(plan: Plan) -> Plan:
    """Count ten more local screens than were bought, and ten foreign ones less."""
    return shifted(shifted(plan, "offer", 10, key="screen-in"), "offer", -10, key="screen-jp")


CASES: dict[str, tuple[Callable[[Plan], Plan], set[str]]] = {
    "more than was taken": (lambda plan: shifted(plan, "stock", 1, key="JP"), {"law origin", "targets"}),
    "more than had arrived": (local_for_foreign, {"law origin", "targets"}),
    "a substitute too many": (lambda plan: shifted(plan, "use", 1), {"law origin"}),
    "no attribution": (
        lambda plan: with_table(plan, "attributions", plan["attributions"].clear()),
        {"law origin", "targets"},
    ),
    "a share": (
        lambda plan: edited(plan, "value_added", {"definition": "va_pli"}, share=0.5),
        {"law value added"},
    ),
    "a product of nowhere": (
        lambda plan: edited(plan, "value_added", {"definition": "va_pli"}, year="2031-32"),
        {"law value added"},
    ),
    "a numerator of a target": (lambda plan: edited(plan, "targets", {"target": "pli"}, numerator=1.0), {"targets"}),
}


def test_a_right_plan_passes(plan: Plan) -> None:
    result = audit(plan)
    assert result.passed
    assert {check.name for check in result.checks if check.count} >= {"law origin", "law value added"}


@pytest.mark.parametrize("case", CASES)
def test_fails_by_name(plan: Plan, case: str) -> None:
    corrupt, names = CASES[case]
    assert set(audit(corrupt(plan)).failed) == names


def test_attributions_without_a_target_fail(plan: Plan) -> None:
    other = make_plan(small_network(), release=False)
    rows = plan["attributions"].head(1).with_columns(item=pl.lit("chip"), site=pl.lit("noida"))
    assert audit(with_table(other, "attributions", rows)).failed == ("law origin",)


def test_another_definition_fails(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan was made by one definition and is audited by another."""
    from dataclasses import replace

    definition = value_added.DEFINITIONS["va_pli"]
    wrong = replace(definition, numerator=definition.numerator + value_added.ROYALTY)
    changed = {**value_added.DEFINITIONS, "va_pli": wrong}
    for module in ("boxbuild.audit.claims", "boxbuild.audit.value_added"):
        monkeypatch.setattr(f"{module}.DEFINITIONS", changed)
    dearer = plan.network["sources"].with_columns(royalty=pl.lit(5).cast(plan.network["sources"]["royalty"].dtype))
    paid = make_plan(plan.network.with_table("sources", dearer), release=False)
    assert set(audit(paid).failed) == {"targets", "law value added"}


def test_what_is_made_of_nothing_is_measured() -> None:
    """A board without a bill of materials has no inputs to attribute, and its value counts all the same."""
    network = origin_family(
        boms="parent,component,quantity\nphone,board,1\nphone,screen,1\n",
        targets="target,metric,scope,at_least\nmade,rvc_build_down,item=board,0.9\n",
    )
    plan = make_plan(network, gap=1e-9)
    assert plan["attributions"].is_empty()
    assert plan["targets"]["numerator"].item() > 0
    assert plan.audit().failures == ()
