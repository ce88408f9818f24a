"""The planner's workbook: what is on its sheets is the plan, and every sheet is set up to be worked in."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook

from boxbuild.errors import UsageError
from boxbuild.files import load
from boxbuild.files.planner import RECORD
from boxbuild.plan.landed import Landed
from boxbuild.plan.plan import Plan
from boxbuild.views.planner import orders as orders_sheet
from boxbuild.views.planner import write_planner_workbook
from boxbuild.views.planner.buckets import bucket_titles, by_bucket, cut_down
from boxbuild.views.planner.landed import by_account
from boxbuild.views.sheets import FIRST, HEAD, TOTALS

TABLES = ("Late and short", "Service", "Build plan", "Buy plan", "Shipments", "Capacity", "Stock projection")
TABLES += ("Landed cost", "Cost", "Orders")
EXACT = 1e-9


def column(book: Workbook, sheet: str, title: str) -> list[Any]:
    """The cells below a title."""
    rows = list(book[sheet].iter_rows(min_row=HEAD + 1, values_only=True))
    place = [str(name).replace("\n", " ") for name in rows[0]].index(title.replace("\n", " "))
    return [row[place] for row in rows[1:]]


def total(book: Workbook, sheet: str, title: str) -> float:
    """The stored value of the sum above a title."""
    head = [str(cell.value).replace("\n", " ") for cell in book[sheet][HEAD + 1]]
    return float(book[sheet].cell(TOTALS + 1, head.index(title.replace("\n", " ")) + 1).value)


@pytest.mark.parametrize(
    ("sheet", "table", "title"),
    [("Build plan", "builds", "Started"), ("Buy plan", "buys", "Units"), ("Shipments", "shipments", "Units")],
)
def test_sheets_by_bucket_add_up_to_the_plan(plan: Plan, values: Workbook, sheet: str, table: str, title: str) -> None:
    """The sum of a sheet is the sum of its table, over the horizon and in every bucket."""
    assert total(values, sheet, title) == pytest.approx(plan[table]["quantity"].sum(), rel=EXACT)
    assert sum(column(values, sheet, title)) == pytest.approx(plan[table]["quantity"].sum(), rel=EXACT)
    for bucket, name in enumerate(bucket_titles(plan.network.calendar)):
        wanted = plan[table].filter(pl.col("bucket") == bucket)["quantity"].sum()
        assert total(values, sheet, name) == pytest.approx(wanted, rel=EXACT, abs=1e-6)
        assert sum(filter(None, column(values, sheet, name))) == pytest.approx(wanted, rel=EXACT, abs=1e-6)


def test_stock_is_that_of_the_plan(plan: Plan, values: Workbook) -> None:
    for bucket, name in enumerate(bucket_titles(plan.network.calendar)):
        wanted = plan["stock"].filter(pl.col("bucket") == bucket)["quantity"].sum()
        assert total(values, "Stock projection", name) == pytest.approx(wanted, rel=EXACT, abs=1e-6)


def test_money_is_that_of_the_ledger(plan: Plan, values: Workbook) -> None:
    """Present values add up to the ledger, purchases to its material, late units to their penalties."""
    home = plan.summary.home_currency
    assert total(values, "Cost", f"Present value {home}") == pytest.approx(float(plan["ledger"]["present"].sum()))
    sums = dict(plan["ledger"].group_by("account").agg(pl.col("amount").sum().cast(pl.Float64)).iter_rows())
    assert total(values, "Buy plan", f"Value {home}") == pytest.approx(sums["material"], rel=EXACT)
    missed = sums.get("late", 0.0) + sums.get("lost", 0.0)
    assert total(values, "Late and short", f"Cost {home}") == pytest.approx(missed, rel=EXACT)


def test_orders_are_all_there(plan: Plan, values: Workbook) -> None:
    assert column(values, "Orders", "Order") == plan["orders"].sort("start", "kind", "order")["order"].to_list()


def test_capacity_says_in_words_what_is_red(plan: Plan, values: Workbook) -> None:
    full = plan["capacity"].filter(pl.col("used") >= (pl.col("regular") + pl.col("overtime_limit")) * (1 - 1e-6))
    named = dict(zip(column(values, "Capacity", "Resource"), column(values, "Capacity", "Status"), strict=True))
    for resource, status in named.items():
        rows = full.filter((pl.col("resource") == resource) & (pl.col("used") > 0)).height
        assert status.startswith("full") == bool(rows)


def test_every_late_or_short_demand_has_a_reason(plan: Plan, values: Workbook) -> None:
    late = plan["deliveries"].filter(pl.col("late_days") > 0)["demand"].to_list()
    missed = {*late, *plan["shortages"].filter(pl.col("quantity") > 1e-6)["demand"].to_list()}
    assert missed, "the plan of this test has to miss something"
    assert set(column(values, "Late and short", "Demand")) == missed
    assert all(column(values, "Late and short", "Reason"))


def test_sheets_are_ready_to_work_in(book: Workbook) -> None:
    """Heads stay in sight, filters are there, numbers have thousands, and a page is as wide as the paper."""
    for name in TABLES:
        sheet = book[name]
        assert sheet.freeze_panes.endswith(str(FIRST + 1)), name
        assert sheet.auto_filter.ref.startswith(f"A{HEAD + 1}:"), name
        assert sheet.page_setup.orientation == "landscape", name
        assert sheet.page_setup.fitToHeight == 0, name
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, name
        assert sheet.print_title_rows == f"$1:${HEAD + 1}", name
    assert any(cell.number_format == "#,##0" for cell in book["Build plan"][FIRST + 1])
    assert any(cell.number_format == "0.0%" for cell in book["Capacity"][FIRST + 1])
    for name in ("Build plan", "Capacity", "Late and short", "Service"):
        assert len(book[name].conditional_formatting) > 0, name
    assert "build_plan" in book.defined_names
    assert book[RECORD].sheet_state == "veryHidden"


def test_sums_follow_the_filter(book: Workbook) -> None:
    """Sums are formulas that leave out what the filter hides."""
    cells = [cell.value for cell in book["Build plan"][TOTALS + 1]]
    assert sum(str(value).startswith("=SUBTOTAL(109,") for value in cells) > 2


def test_charts_are_native(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        drawn = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert len(drawn) == 4
    assert sum("c:barChart" in chart for chart in drawn) == 4
    assert any('<c:grouping val="stacked"/>' in chart for chart in drawn)


def test_the_cover_links_to_every_sheet(book: Workbook) -> None:
    links = {cell.hyperlink.location for row in book["Cover"].iter_rows() for cell in row if cell.hyperlink}
    others = {name for name in book.sheetnames if name not in ("Cover", RECORD)}
    assert {link.partition("!")[0].strip("'") for link in links} == others


def test_the_same_plan_gives_the_same_bytes(plan: Plan, file: Path, tmp_path: Path) -> None:
    again = write_planner_workbook(plan, tmp_path / "plan.xlsx", written=date(2026, 11, 23))
    assert again.read_bytes() == file.read_bytes()


def test_a_failure_leaves_nothing_behind(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError):
        write_planner_workbook(plan, tmp_path / "plan.csv", written=date(2026, 11, 23))
    (tmp_path / "plan.xlsx").write_text("the old one")

    def broken(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("boxbuild.views.planner.orders.orders", broken)
    with pytest.raises(OSError, match="no room"):
        write_planner_workbook(plan, tmp_path / "plan.xlsx", written=date(2026, 11, 23))
    assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"]
    assert (tmp_path / "plan.xlsx").read_text() == "the old one"


def test_landed_cost_by_account_adds_up(plan: Plan) -> None:
    """The accounts of a unit are its landed cost, as the tree of `explain` has it."""
    found = by_account(plan)
    wanted = Landed(plan).units()
    accounts = [name for name in found.columns if name not in ("item", "market", "delivered", "unit_cost", "cost")]
    assert found.select("item", "market").equals(wanted.select("item", "market"))
    for ours, theirs in zip(found["unit_cost"], wanted["unit_cost"], strict=True):
        assert ours == pytest.approx(theirs, rel=1e-9)
    assert found.select(pl.sum_horizontal(accounts)).to_series().to_list() == pytest.approx(
        found["unit_cost"].to_list()
    )


def test_what_is_cut_down_still_adds_up(plan: Plan) -> None:
    """The smallest rows become one; no sum changes."""
    frame = by_bucket(plan["builds"], ["site", "item"], plan.network.calendar)
    cut, others = cut_down(frame, 3, "total", ["site"])
    assert cut.height == 3
    assert others == frame.height - 2
    numbers = [name for name, dtype in frame.schema.items() if dtype.is_numeric()]
    assert cut.select(numbers).sum().row(0) == pytest.approx(frame.select(numbers).sum().row(0))
    assert cut_down(frame, frame.height, "total", ["site"])[0].equals(frame)


def test_too_many_orders_are_cut_at_a_whole_week(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    every = plan["orders"].sort("start", "kind", "order")
    start = plan.network.calendar.start
    monkeypatch.setattr(orders_sheet, "MOST", every.height - 1)
    listed = orders_sheet.first_orders(every, start)
    assert 0 < listed.height < every.height
    later = every.join(listed, on="order", how="anti")
    first_left_out = (later["start"].min() - start).days // 7
    assert max((day - start).days // 7 for day in listed["start"]) < first_left_out


def test_the_workbook_is_a_project(file: Path, plan: Plan) -> None:
    """Its input sheets are the tables; its result sheets are known to be none."""
    loaded = load(file)
    assert [issue for issue in loaded.issues if issue.code == "unknown-table"] == []
    assert loaded.network is not None
    assert loaded.network.digest == plan.network.digest


def test_a_workbook_that_lacks_a_table_is_no_project(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boxbuild.views.planner.inputs.MOST", 5)
    short = write_planner_workbook(plan, tmp_path / "short.xlsx", written=date(2026, 11, 23))
    found = {issue.code: issue for issue in load(short).errors}
    assert "demand was too long for this workbook" in found["left-out"].reason
