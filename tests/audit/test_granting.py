"""No incentive and no subsidy of a plan can be changed without the audit saying which rule is broken."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from tests.audit.by_hand import edited, with_table, without
from tests.model.law_family import law_family

import boxbuild.plan.ledger.granting as ledger_side
from boxbuild.audit import audit
from boxbuild.law import incentives as law
from boxbuild.plan.make import make_plan

PLAN = make_plan(law_family(), gap=1e-9, release=False)
CLAIM = {"partner": "home", "year": "2023-24"}
NUMBERS = [name for name, dtype in PLAN["incentives"].schema.items() if dtype.is_numeric()]


def test_the_plan_passes_and_both_rules_count() -> None:
    result = audit(PLAN)
    assert result.passed
    counts = {check.name: check.count for check in result.checks}
    assert counts["law incentives"] > 30
    assert counts["law subsidies"] == 1


@pytest.mark.parametrize("column", NUMBERS)
@pytest.mark.parametrize("by", [0.01, -0.01, 1])
def test_every_number_of_a_claim(column: str, by: float) -> None:
    """A paisa more or less of any amount fails by the rule's name."""
    frame = PLAN["incentives"]
    step = by if column != "bucket" else (1 if by > 0 else -1)
    moved = frame.with_columns(
        pl.when(pl.arange(pl.len()) == 1)
        .then(pl.col(column) + step)
        .otherwise(pl.col(column))
        .cast(frame.schema[column])
    )
    failed = audit(with_table(PLAN, "incentives", moved)).failed
    assert failed in (("law incentives",), ("tables",))
    assert failed == ("law incentives",) or column == "bucket"


def test_reached_and_not() -> None:
    changed = edited(PLAN, "incentives", CLAIM, reached=False)
    assert audit(changed).failed == ("law incentives",)


def test_a_claim_is_missing_or_too_many() -> None:
    missing = without(PLAN, "incentives", **CLAIM)
    assert audit(missing).failed == ("law incentives",)
    strange = edited(PLAN, "incentives", CLAIM, segment="components")
    result = audit(strange)
    assert result.failed == ("law incentives",)
    assert len(result.failures) == 2


@pytest.mark.parametrize(("account", "rule"), [("incentive", "law incentives"), ("subsidy", "law subsidies")])
def test_a_paisa_in_the_ledger(account: str, rule: str) -> None:
    amount = PLAN["ledger"].filter(pl.col("account") == account)["amount"][0]
    changed = edited(PLAN, "ledger", {"account": account, "amount": amount}, amount=amount + Decimal("0.01"))
    assert rule in audit(changed).failed


def test_another_formula_on_one_side_fails_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger that pays twice what the law pays: the audit says which rule is broken."""

    def generous(claim: law.Claim, sales: Decimal, spent: Decimal) -> law.Award:
        award = law.settle(claim, sales, spent)
        return law.Award(
            award.sales, award.incremental, award.investment, award.reached, award.counted, award.amount * 2
        )

    monkeypatch.setattr(ledger_side, "settle", generous)
    plan = make_plan(law_family(), gap=1e-9, release=False)
    assert "law incentives" in audit(plan).failed
