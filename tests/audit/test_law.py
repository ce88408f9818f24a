"""What the law makes is recomputed by the exact side, and a wrong amount fails by the name of its rule."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from tests.audit.by_hand import with_table
from tests.customs_network import customs_network

import boxbuild.law.charges
import boxbuild.plan.ledger.exports
from boxbuild.audit import audit
from boxbuild.law.export import export_benefits
from boxbuild.law.law import Law
from boxbuild.law.steps import RULES, Rule
from boxbuild.plan.ledger import ledger
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan

RULE_OF = {
    "duty": ("law customs", "customs.basic"),
    "surcharge": ("law customs", "customs.surcharge"),
    "antidumping": ("law customs", "customs.antidumping"),
    "igst": ("law customs", "customs.igst"),
    "drawback": ("law drawback", "export.drawback"),
    "rodtep": ("law rodtep", "export.rodtep"),
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(customs_network())


def counts(plan: Plan) -> dict[str, int]:
    return {check.name: check.count for check in audit(plan).checks}


def test_a_plan_under_the_book_passes(plan: Plan) -> None:
    """The model's objective, the ledger and the exact evaluation of every rule are one number."""
    result = audit(plan)
    assert result.failures == ()
    assert set(RULE_OF) <= set(plan["ledger"]["account"])
    assert all(counts(plan)[check] for check, _ in RULE_OF.values())
    assert plan.summary.cost == pytest.approx(float(plan["ledger"]["present"].sum()), rel=1e-8)


@pytest.mark.parametrize("account", RULE_OF)
def test_a_paisa_more_fails_by_the_name_of_its_rule(plan: Plan, account: str) -> None:
    """One line is named, by the rule that makes it."""
    frame = plan["ledger"].with_row_index()
    line = frame.filter(account=account).row(0, named=True)
    more = pl.when(pl.col("index") == line["index"]).then(pl.col("amount") + Decimal("0.01")).otherwise("amount")
    changed = frame.with_columns(amount=more.cast(frame.schema["amount"])).drop("index")
    result = audit(with_table(plan, "ledger", changed))
    check, rule = RULE_OF[account]
    assert result.failed == ("ledger", check)
    (failure,) = (one for one in result.failures if one.check == check)
    assert failure.place == ("ledger", f"{account}|{line['key']}", line["bucket"])
    assert failure.sentence.startswith(rule)


@pytest.mark.parametrize("account", RULE_OF)
def test_a_line_that_is_missing_fails_by_the_name_of_its_rule(plan: Plan, account: str) -> None:
    """So do all the amounts of a rule together."""
    result = audit(with_table(plan, "ledger", plan["ledger"].filter(pl.col("account") != account)))
    check, rule = RULE_OF[account]
    sentences = [failure.sentence for failure in result.failures if failure.check == check]
    assert sentences
    assert all(sentence.startswith(rule) for sentence in sentences)
    assert any(sentence.startswith(f"{rule}, all") for sentence in sentences)


@pytest.mark.parametrize("step", ["basic", "surcharge", "antidumping", "igst"])
def test_a_formula_that_is_wrong_on_one_side_fails(monkeypatch: pytest.MonkeyPatch, plan: Plan, step: str) -> None:
    """The ledger goes by the linear side and the audit by the exact one."""
    wrong = Rule(RULES[step].title, RULES[step].formula * Decimal("1.001"), RULES[step].levy)
    monkeypatch.setattr(boxbuild.law.charges, "RULES", {**RULES, step: wrong})
    result = audit(with_table(plan, "ledger", ledger(plan.network, plan.tables)))
    assert f"customs.{step}" in {f.sentence.split(":")[0] for f in result.failures if f.check == "law customs"}


def test_a_benefit_that_is_wrong_on_one_side_fails(monkeypatch: pytest.MonkeyPatch, plan: Plan) -> None:
    """Exports are recomputed like imports."""

    def generous(law: Law, ship: pl.DataFrame) -> pl.DataFrame:
        return export_benefits(law, ship).with_columns(pl.col("drawback", "rodtep") * 1.001)

    monkeypatch.setattr(boxbuild.plan.ledger.exports, "export_benefits", generous)
    result = audit(with_table(plan, "ledger", ledger(plan.network, plan.tables)))
    assert {"law drawback", "law rodtep"} <= set(result.failed)


def test_nothing_is_charged_without_law(plan: Plan) -> None:
    """A plan that obeys no law has no account of it, and costs what the other accounts say."""
    free = make_plan(customs_network(law="off"), release=False)
    assert set(free["ledger"]["account"]).isdisjoint(RULE_OF)
    assert audit(free).passed
    assert free.summary.cost < plan.summary.cost


def test_a_part_that_arrives_after_a_cut_pays_the_new_rate(plan: Plan) -> None:
    """The law of a bucket is that of its first day: 10 % until 25 June 2023, 5 % from the 26th."""
    lines = plan["ledger"].filter(pl.col("account").is_in(["duty", "antidumping"]), key="display-cn|noida")
    per_bucket = lines.pivot("account", index="bucket", values="amount").with_columns(
        ratio=pl.col("duty").cast(pl.Float64) / pl.col("antidumping").cast(pl.Float64)
    )
    assert per_bucket.height > 1
    for bucket, ratio in per_bucket.select("bucket", "ratio").iter_rows():
        assert ratio == pytest.approx(10 / 3 if bucket < 3 else 5 / 3, rel=1e-6)
