"""The values of law that a plan states: all that its flows read, and what the audit says where they are others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.building import add_rows, edit_rows, small_network, with_settings

import boxbuild
from boxbuild.audit.audit import audit
from boxbuild.network.network import Network
from boxbuild.plan.evaluations import Evaluations
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan

CASE = Path(__file__).parents[1] / "cases" / "incentive-class"
CHECK = "law reads"


def by_the_book() -> Network:
    network = with_settings(small_network(duties="country,hs,rate\n"), law="book", igst_stuck=Decimal("0.05"))
    return edit_rows(network, "sources", {"offer": "display-cn"}, form="display", end_use="igcr_phone")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(by_the_book(), release=False)


def failures(plan: Plan) -> list[str]:
    return [failure.sentence for failure in audit(plan).failures if failure.check == CHECK]


def with_reads(plan: Plan, rows: pl.DataFrame) -> Plan:
    return replace(plan, tables={**plan.tables, "law_reads": rows})


def test_every_read_of_every_evaluation_is_stated(plan: Plan) -> None:
    stated = set(plan["law_reads"].select("parameter", "since").iter_rows())
    read = {
        (one.parameter, one.since)
        for found in Evaluations(plan).all()
        for step in found.unit.walk()
        for one in step.reads
    }
    assert stated == read
    names = {name for name, _ in stated}
    assert {"in.bcd.display.bare", "in.sws", "in.rodtep.phone"} <= names


def test_a_row_says_who_says_so_and_which_rule_reads_it(plan: Plan) -> None:
    row = plan["law_reads"].filter(parameter="in.bcd.display.bare").row(0, named=True)
    assert row["value"] == "10"
    assert row["instrument"] == "57/2017-Customs S.No.5D"
    assert row["reference"].startswith("https://")
    assert row["rules"] == "customs.basic"
    assert row["published"] is not None


def test_the_audit_agrees(plan: Plan) -> None:
    assert failures(plan) == []
    check = next(check for check in audit(plan).checks if check.name == CHECK)
    assert check.count == plan["law_reads"].height > 5


def test_a_changed_book_fails_by_the_parameter_and_both_values(plan: Plan) -> None:
    changed = add_rows(
        plan.network,
        "law",
        {
            "parameter": "in.bcd.display.bare",
            "from": "2020-10-01",
            "value": "12",
            "published": "2020-10-01",
            "instrument": "57/2017-Customs S.No.5D",
            "reference": "https://example.org",
        },
    )
    found = failures(replace(plan, network=changed))
    assert any("in.bcd.display.bare since 2020-10-01 was 10 for the plan, and the book says 12" in one for one in found)


def test_a_row_that_is_missing_fails(plan: Plan) -> None:
    less = plan["law_reads"].filter(pl.col("parameter") != "in.sws")
    assert any("the plan depends on in.sws = 10" in one for one in failures(with_reads(plan, less)))


def test_a_row_that_is_too_many_fails(plan: Plan) -> None:
    extra = plan["law_reads"].head(1).with_columns(parameter=pl.lit("in.bcd.charger"))
    found = failures(with_reads(plan, pl.concat([plan["law_reads"], extra])))
    assert any("by the book it does not" in one for one in found)


def test_another_instrument_fails(plan: Plan) -> None:
    other = plan["law_reads"].with_columns(instrument=pl.lit("hearsay"))
    assert any(one.startswith("instrument of in.") for one in failures(with_reads(plan, other)))


@pytest.mark.parametrize("law", ["off", "tables"])
def test_without_the_book_nothing_is_read(law: str) -> None:
    plan = make_plan(with_settings(small_network(), law=law), release=False)
    assert plan["law_reads"].is_empty()
    assert failures(plan) == []


def test_incentives_are_read_too() -> None:
    plan = boxbuild.plan(boxbuild.read(CASE), gap=1e-9, release=False)
    names = {name.rsplit(".", 1)[1] for name in plan["law_reads"]["parameter"] if ".pli." in name}
    assert {"rate", "min_sales", "min_investment"} <= names
    assert failures(plan) == []
