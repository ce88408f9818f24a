"""What the law says of a plan's flows: together it is what the ledger has."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from tests.building import edit_rows, small_network, with_settings
from tests.model.preference_family import preference_family

from boxbuild.errors import UsageError
from boxbuild.law.trace import Trace
from boxbuild.network.network import Network
from boxbuild.plan.evaluations import Evaluations
from boxbuild.plan.evidence import evidence
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.plan.questions import answer, explain
from boxbuild.plan.questions.document import wrong

ACCOUNTS = ("duty", "surcharge", "antidumping", "igst")
CREDITS = ("drawback", "rodtep")


def by_the_book() -> Network:
    settings = {"igst_stuck": Decimal("0.05"), "igst_credit_days": 60, "finance_rate": Decimal("0.1")}
    network = with_settings(small_network(duties="country,hs,rate\n"), law="book", **settings)
    return edit_rows(network, "sources", {"offer": "display-cn"}, form="display", end_use="igcr_phone")


@pytest.fixture(scope="module")
def tables() -> Plan:
    return make_plan(small_network(), release=False)


@pytest.fixture(scope="module")
def book() -> Plan:
    return make_plan(by_the_book(), release=False)


def total(plan: Plan, *accounts: str) -> Decimal:
    return plan["ledger"].filter(pl.col("account").is_in(accounts))["amount"].sum()


@pytest.mark.parametrize("name", ["tables", "book"])
def test_imports_and_exports_are_the_ledger(name: str, request: pytest.FixtureRequest) -> None:
    plan: Plan = request.getfixturevalue(name)
    sums = {"import": Decimal(0), "export": Decimal(0)}
    for one in Evaluations(plan).all():
        sums[one.subject] += one.units * one.unit.value
    lines = plan["ledger"].filter(pl.col("account").is_in([*ACCOUNTS, *CREDITS])).height
    assert abs(sums["import"] - total(plan, *ACCOUNTS)) <= Decimal("0.005") * lines
    assert abs(sums["export"] + total(plan, *CREDITS)) <= Decimal("0.005") * lines
    assert sums["import"] > 0


def test_the_answer_is_what_the_ledger_has_for_the_offer(book: Plan) -> None:
    trace = answer(book, "duty", "display-cn@noida")
    lines = book["ledger"].filter(pl.col("account").is_in(ACCOUNTS) & (pl.col("key") == "display-cn|noida"))
    assert lines.height
    assert abs(trace.value - lines["amount"].sum()) <= Decimal("0.005") * lines.height
    reads = {read.parameter for step in trace.walk() for read in step.reads}
    assert "in.bcd.display.bare" in reads
    assert "in.sws" in reads
    assert any("form display" in step.note and "HS 85177990" in step.note for step in trace.walk())


def test_buckets_that_are_told_the_same_are_one_step(tables: Plan) -> None:
    trace = answer(tables, "duty", "display-cn@noida")
    (flow,) = trace.parts
    assert len(flow.parts) == 1
    assert "the same in each of these" in flow.parts[0].note
    changed = edit_rows(tables.network, "rates", {"currency": "USD"}, from_="2023-07-01", home_per_unit="84")
    network = changed.with_table("rates", pl.concat([tables.network.tables["rates"], changed.tables["rates"]]))
    two = answer(make_plan(network, release=False), "duty", "display-cn@noida")
    assert len(two.parts[0].parts) == 2


def test_the_cost_tree_carries_the_assessment_of_its_duty(book: Plan) -> None:
    tree = answer(book, "cost", "phone-a@hamburg")
    duties = [step for step in tree.walk() if step.rule == "account.duty"]
    assert duties
    assessed = [step for leaf in duties for step in leaf.walk() if step.rule == "customs.basic"]
    assert assessed
    assert all(step.reads for step in assessed)
    for leaf in duties:
        assert leaf.parts or leaf.note
    surcharge = next(step for step in tree.walk() if step.rule == "account.surcharge" and step.parts)
    steps = {step.rule for part in surcharge.parts for step in part.walk()}
    assert "customs.surcharge" in steps
    assert "customs.basic" not in steps


def test_evidence_is_the_amount_of_the_ledger(book: Plan) -> None:
    find = evidence(Evaluations(book))
    for account, key in book["ledger"].select("account", "key").unique().iter_rows():
        if account in (*ACCOUNTS, *CREDITS):
            kind = "buy" if key.count("|") == 1 else "ship"
            lines = book["ledger"].filter((pl.col("account") == account) & (pl.col("key") == key))
            found: tuple[Trace, ...] = find(kind, key, account)
            expected = lines["amount"].sum()
            if account != "duty":
                assert abs(sum(step.value for step in found) - expected) <= Decimal("0.005") * lines.height, key


def test_without_law_nothing_is_said() -> None:
    plan = make_plan(with_settings(small_network(), law="off"), release=False)
    assert list(Evaluations(plan).all()) == []
    with pytest.raises(UsageError, match="the plan obeys no law"):
        answer(plan, "duty", "display-cn")
    assert answer(plan, "cost", "phone-a@hamburg").value > 0


def test_what_is_not_there_is_said(tables: Plan) -> None:
    with pytest.raises(UsageError, match="did you mean display-cn"):
        answer(tables, "duty", "display-cm")
    with pytest.raises(UsageError, match="did you mean noida"):
        answer(tables, "duty", "display-cn@noido")
    with pytest.raises(UsageError, match="it is bought at home"):
        answer(tables, "duty", "battery-in")
    with pytest.raises(UsageError, match="it does to"):
        answer(tables, "duty", "display-cn@hamburg")


def test_a_document_of_duty_is_checked_too(book: Plan) -> None:
    document = explain(book, "duty", "display-cn")
    assert wrong(document.as_dict(), document) == []
    changed = document.as_dict()
    changed["trace"]["parts"][0]["value"] = "1"
    assert any("add up to" in sentence for sentence in wrong(changed))


@pytest.mark.parametrize("law", ["tables", "book"])
def test_what_a_scheme_spares_is_the_ledger(law: str) -> None:
    """The display is dear, so that its duty is more than the drawback that an exempt export gives up."""
    network = edit_rows(small_network() if law == "tables" else by_the_book(), "sites", {"site": "noida"}, regime="aa")
    network = edit_rows(network, "sources", {"offer": "display-cn"}, price=55)
    plan = make_plan(with_settings(network, law=law), release=False)
    lines = plan["ledger"].filter(account="exemption")
    assert lines.height
    found = [one for one in Evaluations(plan).all() if one.subject in ("exemption", "forgone")]
    sums = sum(one.units * one.unit.value * (-1 if one.subject == "exemption" else 1) for one in found)
    assert abs(sums - lines["amount"].sum()) <= Decimal("0.005") * (lines.height + 1)
    words = {part.name.split(",")[0] for flow in answer(plan, "duty", "display-cn@noida").parts for part in flow.parts}
    assert "exempt" in words


def test_what_is_saved_under_an_agreement_is_the_ledger() -> None:
    """In the tree of duties as in that of costs: the general rate, and what the agreement takes off it."""
    plan = make_plan(preference_family(), release=False, gap=1e-9)
    trace = answer(plan, "duty", "phone@dubai")
    assert trace.value == total(plan, "duty", "preference", "drawback", "rodtep")
    saved = [step for step in trace.walk() if step.rule == "duty.preference"]
    assert sum(step.value for step in saved) == total(plan, "preference") == -1000
    reads = {read.parameter for step in saved for one in step.walk() for read in one.reads}
    assert {"ae.bcd.test_phone", "ae.bcd.test_phone.preferred", "in.origin.test_fta.rvc"} <= reads
    cost = [step for step in answer(plan, "cost", "phone@dubai").walk() if step.rule == "account.preference"]
    assert [step.value for step in cost] == [-10]
    assert cost[0].parts
    document = explain(plan, "duty", "phone@dubai")
    assert wrong(document.as_dict(), explain(plan, "duty", "phone@dubai")) == []
