"""Why, as charts: what the report shows of the worst demands is well-formed and adds up."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.building import small_network, with_rows

from boxbuild.files import load
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.plan.why import why_demand, why_part
from boxbuild.views.charts import Report, Section
from boxbuild.views.charts.validate import problems
from boxbuild.views.charts.why import part_report, why_charts, why_report

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def late() -> Plan:
    network = load(ROOT / "examples" / "tiny").network
    assert network is not None
    return make_plan(network, release=False)


def test_the_charts_are_what_their_kinds_ask_for(late: Plan) -> None:
    charts = why_charts(late)
    assert [chart.name for chart in charts] == ["why-binds", "why-cost", "why-takes"]
    assert all([choice.label for choice in chart.choices] == ["speaker-w1"] for chart in charts)
    assert problems(Report("why", "", (Section("why", "Why", charts),), {})) == []


def test_the_steps_of_a_cost_add_up_to_it(late: Plan) -> None:
    cost = next(chart for chart in why_charts(late) if chart.name == "why-cost")
    *steps, total = cost.data["steps"]
    assert sum(step["value"] for step in steps) == pytest.approx(total["value"])


def test_where_all_is_on_time_there_is_nothing_to_show() -> None:
    row = {"demand": "D", "item": "phone-a", "market": "india", "due": "2023-07-23", "quantity": "10", "price": "11000"}
    network = with_rows(small_network(), "demand", row)
    assert why_charts(make_plan(network, release=False)) == ()


def test_the_pages_of_one_answer(late: Plan) -> None:
    for report in (why_report(late, why_demand(late, "speaker-w1")), part_report(late, why_part(late, "board"))):
        assert problems(report) == []
        assert report.sections[0].charts
