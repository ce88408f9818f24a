"""What is claimed under trade agreements: each wrong number fails by the name of its rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest
from tests.audit.by_hand import edited, with_table
from tests.model.preference_family import LAW, preference_family, rules

from boxbuild.audit import audit
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(preference_family(), release=False, gap=1e-9)


def attributed(plan: Plan, by: float, **where: str | int) -> Plan:
    """Return a plan with another quantity attributed."""
    chosen = pl.all_horizontal(pl.col(name) == value for name, value in where.items())
    frame = plan["attributions"]
    assert frame.filter(chosen).height == 1
    more = pl.when(chosen).then(pl.col("quantity") + by).otherwise("quantity")
    return with_table(plan, "attributions", frame.with_columns(more))


def foreign_for_local(plan: Plan) -> Plan:
    """Count ten more foreign screens, which had arrived as well, and ten local ones less."""
    more = edited(plan, "buys", {"offer": "screen-jp"}, quantity=74.0)
    return attributed(attributed(more, 10, key="screen-jp"), -10, key="screen-in")


def under_another_law(plan: Plan, rule: str) -> Plan:
    network = replace(plan.network, law_files={"law.yaml": LAW, "rules.yaml": rule})
    head = replace(plan.summary, input_hash=network.digest)
    return replace(plan, network=network, summary=head)


CASES: dict[str, tuple[Callable[[Plan], Plan], set[str]]] = {
    "more than is shipped": (
        lambda plan: edited(plan, "preferences", {"agreement": "test_fta"}, quantity=101.0),
        {"law preference", "ledger", "summary"},
    ),
    "an input that was not needed": (lambda plan: attributed(plan, 1, key="shell-in"), {"law preference"}),
    "more than had arrived": (
        lambda plan: attributed(attributed(plan, 10, key="screen-in"), -10, key="screen-jp"),
        {"law preference"},
    ),
    "does not originate": (foreign_for_local, {"law preference", "balances", "ledger", "summary", "law value added"}),
    "another year": (
        lambda plan: with_table(plan, "attributions", plan["attributions"].with_columns(period=pl.lit(-1, pl.Int64))),
        {"law preference"},
    ),
    "no attribution": (
        lambda plan: with_table(plan, "attributions", plan["attributions"].clear()),
        {"law preference"},
    ),
    "an amount": (
        lambda plan: with_table(plan, "ledger", plan["ledger"].filter(pl.col("account") != "preference")),
        {"law preference", "ledger"},
    ),
    "a stricter rule": (
        lambda plan: under_another_law(plan, rules(rvc=("percent", 61), tariff_shift=("digits", 4))),
        {"law preference", "law reads"},
    ),
    "no rule": (
        lambda plan: under_another_law(plan, rules(other=("percent", 60))),
        {"law preference", "law reads", "ledger", "summary"},
    ),
}


def test_a_right_plan_passes(plan: Plan) -> None:
    result = audit(plan)
    assert result.passed, result
    assert {check.name for check in result.checks if check.count} >= {"law preference"}


@pytest.mark.parametrize("case", CASES)
def test_fails_by_name(plan: Plan, case: str) -> None:
    corrupt, names = CASES[case]
    assert set(audit(corrupt(plan)).failed) == names
