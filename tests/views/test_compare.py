"""Plans side by side as text, as a page and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from tests.study.conftest import TINY, planned

from boxbuild import files
from boxbuild.errors import UsageError
from boxbuild.plan.plan import Plan
from boxbuild.study.change_why import change_why
from boxbuild.study.compare import Comparison, compare, input_differences
from boxbuild.views.charts.chart import Chart
from boxbuild.views.charts.compare import change_report, compare_report
from boxbuild.views.compare import compare_page, input_lines
from boxbuild.views.compare_change import change_page
from boxbuild.views.compare_workbook import write_comparison
from boxbuild.views.page import render
from boxbuild.views.sheets import HEAD
from boxbuild.views.text import WIDTH


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    """The tiny example, with a fifth more phones in the second week, and with ten more hours of the line."""
    network = files.read(TINY)
    changes = ((), ("demand.phone-w1.quantity=+20%",), ("resources.line.per_week=110",))
    return [planned(network, *texts) for texts in changes]


@pytest.fixture(scope="module")
def two(plans: list[Plan]) -> Comparison:
    return compare(plans[:2], ["base", "more"])


@pytest.fixture(scope="module")
def three(plans: list[Plan]) -> Comparison:
    return compare(plans, ["base", "more", "wider"])


def charts(found: Comparison, **options: Any) -> Iterator[Chart]:
    for section in compare_report(found, **options).sections:
        yield from section.charts


def test_no_line_is_wider_than_the_page(two: Comparison, three: Comparison) -> None:
    for found in (two, three):
        for only in (False, True):
            assert max(map(len, compare_page(found, differences_only=only))) <= WIDTH
    assert max(map(len, change_page(change_why(*three.plans[:2])))) <= WIDTH


def test_the_text_says_what_differs_and_what_is_proven(two: Comparison) -> None:
    text = " ".join(" ".join(compare_page(two)).split())
    assert "more costs INR 3,501.00 more than base." in text
    assert "lies at +3,501.00: more is dearer at its best, too." in text
    assert "demand phone-w1: quantity 65 → 78" in text
    assert "overtime 300 1,080 +780 +260.0 %" in text
    assert "total 26.84 k 30.34 k +3,501 +13.0 %" in text


def test_differences_only_leaves_out_what_is_equal(two: Comparison, plans: list[Plan]) -> None:
    whole, only = (" ".join(compare_page(two, differences_only=flag)) for flag in (False, True))
    assert "late delivery" in whole
    assert "late delivery" not in only
    assert "Exports" not in only
    same = compare([plans[0], plans[0]], ["one", "other"])
    page = compare_page(same, differences_only=True)
    assert "Nothing differs: no input, no figure, no order." in page
    assert not any("Cost by account" in line for line in page)
    assert [chart.name for chart in charts(same, differences_only=True)] == ["plans", "plan-costs", "inputs-1"]


def test_gaps_that_do_not_allow_a_claim_are_said_so(two: Comparison) -> None:
    loose = [replace(plan, summary=replace(plan.summary, bound=plan.summary.cost - 9000)) for plan in two.plans]
    text = " ".join(" ".join(compare_page(compare(loose, two.names))).split())
    assert "lies between -5,499.00 and +12,501.00: the gaps do not allow saying which is cheaper" in text


def test_many_rows_changed_alike_are_one_sentence(plans: list[Plan]) -> None:
    network = plans[0].network
    more = pl.concat([network.tables["demand"].with_columns(pl.col("demand") + f"-{again}") for again in range(2)])
    before = network.with_table("demand", more)
    after = network.with_table("demand", more.with_columns(pl.col("quantity") * 1.5))
    (line,) = input_lines(input_differences(before, after))
    assert line == "demand: quantity of 12 rows, such as phone-w0-0: 350 → 525 in all (+50.0 %)"


def test_the_steps_of_the_waterfall_are_the_difference(three: Comparison) -> None:
    (chart,) = (chart for chart in charts(three) if chart.kind == "waterfall")
    for picture, claim in zip(chart.pictures(), three.claims, strict=True):
        *steps, total = picture.data["steps"]
        assert sum(step["value"] for step in steps) == pytest.approx(claim.difference, abs=0.01)
        assert total["kind"] == "total"
        assert total["value"] == pytest.approx(claim.difference, abs=0.01)


def test_money_on_the_page_is_exact(two: Comparison) -> None:
    large = [replace(plan, summary=replace(plan.summary, cost=251_442_018_698.57)) for plan in two.plans]
    (chart,) = (chart for chart in charts(compare(large, two.names)) if chart.name == "plans")
    assert chart.data["rows"][0][2] == 251_442_018_698.57


def test_the_page_stands_alone_under_a_strict_policy(three: Comparison) -> None:
    html = render(compare_report(three))
    assert "Content-Security-Policy" in html
    assert "default-src &#x27;none&#x27;" in html
    assert "src=" not in html.split("<script>")[0]
    for name in three.names:
        assert name in html
    hostile = compare(three.plans[:2], ["<script>alert(1)</script>", "b"])
    assert "<script>alert(1)" not in render(compare_report(hostile))


def test_what_moved_is_a_tree_on_the_page(plans: list[Plan]) -> None:
    found = change_why(*plans[:2], ["base", "more"])
    report = change_report(found)
    (tree,) = (chart for section in report.sections for chart in section.charts if chart.kind == "tree")
    assert len(tree.data["roots"]) == len(found.moves)
    assert "13 more are wanted there in the horizon" in render(report)


def test_the_workbook_can_be_read_and_has_a_chart(three: Comparison, tmp_path: Path) -> None:
    file = write_comparison(three, tmp_path / "c.xlsx")
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[:3] == ["compare", "inputs", "cost"]
    assert {"service", "allocation", "orders 1", "orders 2"} <= set(book.sheetnames)
    cost = book["cost"]
    assert cost.freeze_panes is not None
    assert cost.auto_filter.ref is not None
    assert len(cost._charts) == 1
    head = [cell.value for cell in cost[HEAD + 1]]
    rows = {row[0]: row for row in cost.iter_rows(min_row=HEAD + 2, values_only=True)}
    assert rows["overtime"][head.index("cost: base")] == 300
    assert rows["overtime"][head.index("cost: more less base")] == 780
    assert book["inputs"].max_row > HEAD + 1


def test_the_workbook_of_differences_leaves_out_what_is_equal(two: Comparison, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_comparison(two, tmp_path / "d.xlsx", differences_only=True))
    accounts = {row[0] for row in book["cost"].iter_rows(min_row=HEAD + 2, values_only=True)}
    assert "overtime" in accounts
    assert "markup" not in accounts
    assert "exports" not in book.sheetnames
    with pytest.raises(UsageError, match="not a workbook"):
        write_comparison(two, tmp_path / "d.csv")
