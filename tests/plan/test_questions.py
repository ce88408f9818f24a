"""Questions about incentives and origin: the answers are the plan's tables, with what they follow from."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.building import small_network
from tests.model.preference_family import LAW, preference_family

import boxbuild
from boxbuild.errors import UsageError
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.plan.questions import QUESTIONS, answer, explain
from boxbuild.plan.questions.document import wrong

CASE = Path(__file__).parents[1] / "cases" / "incentive-class"


@pytest.fixture(scope="module")
def claimed() -> Plan:
    network = boxbuild.read(CASE)
    scenario = min((CASE / "scenarios").glob("*.toml"))
    return boxbuild.plan(network, scenario, gap=1e-9, release=False)


@pytest.fixture(scope="module")
def small() -> Plan:
    return make_plan(small_network(), release=False)


def test_an_incentive_is_what_the_table_has(claimed: Plan) -> None:
    for row in claimed["incentives"].iter_rows(named=True):
        trace = answer(claimed, "incentive", f"{row['partner']}/{row['year']}")
        steps = {step.rule: step for step in trace.walk()}
        rows = claimed["incentives"].filter((pl.col("partner") == row["partner"]) & (pl.col("year") == row["year"]))
        assert float(trace.value) == pytest.approx(rows["amount"].sum(), abs=0.01)
        assert bool(steps["incentives.reached"].value) is row["reached"]
        sold = [step for step in trace.walk() if step.rule == "incentives.sold"]
        assert float(sum(step.value for step in sold)) == pytest.approx(rows["sales"].sum(), abs=0.05)
        assert {read.parameter.rsplit(".", 1)[1] for step in trace.walk() for read in step.reads} >= {
            "rate",
            "min_sales",
            "min_investment",
        }


def test_all_years_of_a_partner_add_up(claimed: Plan) -> None:
    for partner in claimed["incentives"]["partner"].unique():
        trace = answer(claimed, "incentive", partner)
        assert trace.value == sum(part.value for part in trace.parts)


def test_an_incentive_that_nobody_claims_is_said(claimed: Plan, small: Plan) -> None:
    partner = claimed["incentives"]["partner"][0]
    with pytest.raises(UsageError, match="claims no incentive for 1999-00"):
        answer(claimed, "incentive", f"{partner}/1999-00")
    with pytest.raises(UsageError, match="there is no partner"):
        answer(claimed, "incentive", "nobody")
    with pytest.raises(UsageError, match="does not go by the law book"):
        answer(small, "incentive", "ems")


def test_value_added_is_what_the_table_has(small: Plan) -> None:
    for row in small["value_added"].iter_rows(named=True):
        trace = answer(small, "origin", f"{row['item']}@{row['site']}")
        built = next(part for part in trace.parts if part.name.endswith(row["year"]))
        step = next(part for part in built.parts if part.rule == f"origin.{row['definition']}")
        assert float(step.value) == pytest.approx(row["share"], abs=1e-5)


def test_the_inputs_are_what_the_product_is_made_of(small: Plan) -> None:
    trace = answer(small, "origin", "phone-a@noida")
    steps = [step for step in trace.walk() if step.rule == "origin.input"]
    assert {step.name.split(":")[0] for step in steps} == {"board", "display", "battery"}
    display = next(step for step in steps if step.name == "display: offer display-cn")
    assert "not local, origin CN, HS 85177990" in display.note
    battery = next(step for step in steps if step.name == "battery: offer battery-in")
    assert battery.note.startswith("local, origin IN")
    for part in trace.parts:
        inputs = next(one for one in part.parts if one.rule == "origin.inputs")
        assert inputs.value == sum(one.value for one in inputs.parts)


def test_origin_at_a_market_is_that_of_the_plants_that_ship_there(small: Plan) -> None:
    at_market = {part.name for part in answer(small, "origin", "phone-a@hamburg").parts}
    everywhere = {part.name for part in answer(small, "origin", "phone-a").parts}
    assert at_market
    assert at_market <= everywhere


def test_what_has_no_origin_is_said(small: Plan) -> None:
    with pytest.raises(UsageError, match="the plan builds no chip"):
        answer(small, "origin", "chip")
    with pytest.raises(UsageError, match="is built at pune or shipped there"):
        answer(small, "origin", "phone-a@pune")
    with pytest.raises(UsageError, match="did you mean phone-a"):
        answer(small, "origin", "phone-aa")


@pytest.mark.parametrize(
    ("question", "subject"),
    [("cost", "phone-a@hamburg"), ("duty", "display-cn"), ("origin", "phone-a")],
)
def test_every_answer_can_be_checked(small: Plan, question: str, subject: str) -> None:
    document = explain(small, question, subject)
    assert wrong(document.as_dict(), explain(small, question, subject)) == []
    assert document.trace.value.is_finite()
    assert question in QUESTIONS


def test_an_answer_does_not_depend_on_when_it_is_given(claimed: Plan) -> None:
    again = boxbuild.plan(claimed.network, gap=1e-9, release=False)
    partner = claimed["incentives"]["partner"][0]
    one, other = explain(claimed, "incentive", partner), explain(again, "incentive", partner)
    assert one.trace.digest == other.trace.digest
    assert isinstance(one.trace.value, Decimal)


def test_each_agreement_has_a_verdict_at_a_market() -> None:
    """Of 100 phones 36 screens are local: 60 % of value, by the average too; no other agreement is claimed."""
    plan = make_plan(preference_family(), release=False, gap=1e-9)
    trace = answer(plan, "origin", "phone@dubai")
    verdicts = {step.name: step for step in trace.walk() if step.name.startswith("origin under")}
    assert {name.split()[-1] for name in verdicts} >= {"aifta", "cepa_ae", "safta", "test_fta"}
    ours = verdicts["origin under test_fta"]
    assert ours.value == 1
    assert ours.note.startswith("originates")
    assert [(one.name, one.value) for one in ours.given] == [("claimed", 100)]
    assert [part.value for part in ours.parts] == [Decimal("0.6"), 1]
    assert verdicts["origin under cepa_ae"].given[0].value == 0
    document = explain(plan, "origin", "phone@dubai")
    assert wrong(document.as_dict(), explain(plan, "origin", "phone@dubai")) == []


def test_what_does_not_originate_is_said_with_the_inputs_that_stay() -> None:
    """Only the shell, of the product's heading, is foreign at the end; it may be 5 % of 100, and is 6."""
    plan = make_plan(preference_family(LAW.split("ae.bcd.test_phone.preferred")[0]), release=False, gap=1e-9)
    trace = answer(plan, "origin", "phone@dubai")
    verdict = next(step for step in trace.walk() if step.name == "origin under test_fta")
    assert verdict.value == 0
    assert verdict.note.startswith("does not originate")
    shift = next(part for part in verdict.parts if part.rule == "tariff_shift")
    assert [(one.name, one.value) for one in shift.given] == [("shell", 600)]
