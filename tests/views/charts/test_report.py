"""The report as data: every chart is whole, the same plan gives the same report, and it stays small."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.building import edit_rows, small_network

from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.views.charts.chart import DATA, Chart, Choice, Report
from boxbuild.views.charts.validate import chart_problems, problems
from boxbuild.views.report import report

SIZE = 1_500_000


def charts(found: Report) -> dict[str, Chart]:
    return {chart.name: chart for section in found.sections for chart in section.charts}


def text(found: Report) -> str:
    return json.dumps(found.as_dict(), allow_nan=False, separators=(",", ":"))


def test_every_chart_is_whole(tiny_report: Report, phone_report: Report) -> None:
    assert problems(tiny_report) == []
    assert problems(phone_report) == []


def test_exceptions_stand_before_pictures(phone_report: Report) -> None:
    assert [section.name for section in phone_report.sections][:2] == ["head", "exceptions"]


def test_a_plan_with_everything_has_every_chart(phone_report: Report) -> None:
    assert set(charts(phone_report)) >= {
        "head",
        "exceptions",
        "late-and-short",
        "full-lines",
        "promises",
        "map",
        "parts-to-markets",
        "builds-by-week",
        "capacity",
        "stock",
        "landed-cost",
        "cash",
        "value-added",
        "roadmap",
        "options",
        "contracts",
        "targets",
        "incentives",
        "purchases",
        "suppliers",
        "buy-plan",
        "markets",
        "service",
        "method",
        "audit",
        "law",
    }


def test_most_kinds_are_drawn(phone_report: Report) -> None:
    assert {chart.kind for chart in charts(phone_report).values()} >= set(DATA) - {"tree"}


def test_the_same_plan_has_the_same_report(phone_plan: Plan) -> None:
    again = replace(
        phone_plan,
        tables={name: frame.sample(fraction=1, shuffle=True, seed=7) for name, frame in phone_plan.tables.items()},
    )
    assert text(report(phone_plan)) == text(report(again))


def test_it_stays_small(phone_report: Report) -> None:
    assert len(text(phone_report)) < SIZE


def test_it_says_who_made_it_of_what(phone_report: Report, phone_plan: Plan) -> None:
    assert phone_report.origin["input hash"] == phone_plan.summary.input_hash
    assert phone_report.title == "Phones for export, India 2023"


def test_an_audit_that_was_not_made_is_said(tiny_plan: Plan) -> None:
    facts = {fact["name"]: fact for fact in charts(report(tiny_plan))["head"].data["facts"]}
    assert facts["audit"]["value"] == "not made"
    assert facts["audit"]["status"] == "warn"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("facts", {"facts": [{"name": "a", "value": 1.0, "status": "good", "note": ""}]}),
        ("table", {"columns": [{"name": "a", "title": "a", "kind": "number", "decimals": 0}], "rows": [["one"]]}),
        ("bars", {"across": ["a"], "series": [{"name": "x", "values": [1, 2]}], "stacked": True, "limit": None}),
        ("heat", {"across": ["a"], "down": ["b"], "values": [[1, 0, 0.5]], "kind": "percent"}),
        ("sankey", {"nodes": [], "links": [{"source": "a", "target": "b", "value": 1}]}),
        ("waterfall", {"steps": [{"name": "a", "value": float("nan"), "kind": "step"}]}),
        ("map", {"coast": [], "places": []}),
        ("tree", {"roots": [{"name": "a"}]}),
        ("lines", {"across": [], "series": [{"name": "a", "values": [], "kind": "dots", "stack": None}]}),
    ],
)
def test_what_is_not_whole_is_found(kind: str, data: dict[str, object]) -> None:
    chart = Chart("c", kind, "C", "Says.", "", data)  # type: ignore[arg-type]
    assert chart_problems(chart)


def test_a_choice_takes_what_it_leaves_out_from_the_chart() -> None:
    data = {"across": ["a"], "series": [{"name": "x", "values": [1]}], "stacked": True, "limit": None}
    other = {"series": [{"name": "y", "values": [2]}]}
    chart = Chart(
        "c", "bars", "C", "Says.", "units", data, "item", (Choice("x", {}), Choice("y", other, "Other.", "kg"))
    )
    assert chart_problems(chart) == []
    first, second = chart.pictures()
    assert first.data == data
    assert first.says == "Says."
    assert second.data["across"] == ["a"]
    assert second.data["series"][0]["name"] == "y"
    assert (second.says, second.unit) == ("Other.", "kg")


def test_a_plan_of_nothing_has_a_report_that_says_so() -> None:
    network = small_network()
    idle = make_plan(network.with_table("demand", network.tables["demand"].clear()), release=False)
    found = report(idle)
    assert problems(found) == []
    assert "late-and-short" in charts(found)
    assert "landed-cost" not in charts(found)
    assert charts(found)["exceptions"].says == "Nothing needs attention."


@pytest.mark.parametrize("hours", ["0", "0.0001"])
def test_a_line_without_hours_is_no_division_by_nothing(hours: str) -> None:
    network = edit_rows(small_network(), "resources", {"resource": "noida-smt"}, per_week=hours)
    found = report(make_plan(network, release=False))
    assert problems(found) == []
    facts = {fact["name"]: fact for fact in charts(found)["exceptions"].data["facts"]}
    assert facts["short"]["status"] == "bad"
