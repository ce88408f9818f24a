"""``boxbuild compare`` and ``boxbuild explain PLAN change OTHER``."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from tests.cli.conftest import Run
from tests.study.conftest import TINY, planned

from boxbuild import files
from boxbuild.plan.folder import read_plan, write_plan

SCENARIO = """
name = "more-phones"
because = "A fifth more phones in the second week."

[[change]]
table = "demand"
where = { demand = "phone-w1" }
scale = { quantity = 1.2 }
"""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two plan folders: ``base`` and ``more``."""
    desk, network = tmp_path_factory.mktemp("plans"), files.read(TINY)
    base = write_plan(planned(network), desk / "base")
    return base, write_plan(planned(network, "demand.phone-w1.quantity=+20%"), desk / "more")


def test_two_plans_are_told_apart(run: Run, stored: tuple[Path, Path]) -> None:
    done = run("compare", *stored, "--differences-only")
    assert done.status == 0
    assert "more costs INR 3,501.00 more than base." in done.out
    assert "late delivery" not in done.out


def test_json_carries_every_figure(run: Run, stored: tuple[Path, Path]) -> None:
    found = run("compare", *stored, "--json").json
    accounts = {row["account"]: row for row in found["aspects"]["cost"] if row["measure"] == "present"}
    assert accounts["overtime"]["values"] == {"base": 300.0, "more": 1080.0}
    assert sum(row["changes"]["more"] for row in accounts.values()) == pytest.approx(3501)
    assert found["claims"]["more"]["proven"] == "dearer"
    assert found["inputs"]["more"][0]["row"] == "phone-w1"
    assert not found["same"]
    assert run("compare", stored[0], stored[0], "--json").json["same"]


def test_a_page_and_a_workbook_are_written(run: Run, stored: tuple[Path, Path], tmp_path: Path) -> None:
    done = run("compare", *stored, "--html", tmp_path / "c.html", "--xlsx", tmp_path / "c.xlsx")
    assert done.status == 0
    assert done.out == ""
    assert "Content-Security-Policy" in (tmp_path / "c.html").read_text("utf-8")
    assert "cost" in openpyxl.load_workbook(tmp_path / "c.xlsx", read_only=True).sheetnames


def test_a_scenario_is_planned_once_and_compared(run: Run, project: Path, stored: tuple[Path, Path]) -> None:
    (project / "scenarios").mkdir()
    (project / "scenarios" / "more-phones.toml").write_text(SCENARIO, "utf-8")
    refused = run("compare", project, "--scenario", "more-phones")
    assert refused.status == 2
    assert "boxbuild plan" in refused.err
    write_plan(read_plan(stored[0]), project / "plans" / "base")
    first = run("compare", project, "--scenario", "more-phones", "--differences-only")
    assert first.status == 0
    assert "planning more-phones" in first.err
    assert "more-phones costs INR 3,501.00 more than base." in first.out
    assert read_plan(project / "plans" / "more-phones").summary.scenario == "more-phones"
    again = run("compare", project, "--scenario", "more-phones")
    assert "planning" not in again.err


def test_what_cannot_be_compared_is_a_matter_of_usage(run: Run, stored: tuple[Path, Path], tmp_path: Path) -> None:
    alone = run("compare", stored[0])
    assert alone.status == 2
    assert "two plans" in alone.err
    assert run("compare", *stored, "--scenario", "any").status == 2
    assert run("compare", *stored, "--xlsx", tmp_path / "c.txt").status == 2
    assert run("compare", stored[0], tmp_path).status == 1


def test_change_is_explained(run: Run, stored: tuple[Path, Path], tmp_path: Path) -> None:
    base, more = stored
    done = run("explain", base, "change", more)
    assert done.status == 0
    assert "13 more are wanted there in the horizon" in done.out
    answer = run("explain", base, "change", more, "--json").json
    assert answer["plans"] == ["base", "more"]
    assert answer["moves"][0]["reasons"]
    assert run("explain", base, "change", more, "--html", tmp_path / "w.html").status == 0
    assert "What moved, and why" in (tmp_path / "w.html").read_text("utf-8")
