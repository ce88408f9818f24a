"""Every command: what it prints, what it writes, and the one JSON object that --json gives."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.cli.conftest import Run, edit

from boxbuild.plan import schemas
from boxbuild.plan.folder import read_plan


def test_init_lists_examples(run: Run) -> None:
    assert "tiny" in run("init").out
    assert "tiny" in run("init", "--json").json["examples"]


def test_init_copies_an_example_without_its_plans(run: Run, tmp_path: Path) -> None:
    done = run("init", tmp_path / "new", "--example", "tiny", "--json")
    assert done.json == {"example": "tiny", "project": str(tmp_path / "new")}
    assert (tmp_path / "new" / "network.toml").is_file()
    assert not (tmp_path / "new" / "plans").exists()


def test_init_overwrites_nothing(run: Run, project: Path) -> None:
    done = run("init", project, "--example", "tiny")
    assert done.status == 2
    assert "not empty" in done.err


def test_init_knows_a_name_that_is_nearly_right(run: Run, tmp_path: Path) -> None:
    done = run("init", tmp_path / "new", "--example", "tinny")
    assert done.status == 2
    assert "did you mean tiny?" in done.err


def test_a_template_can_be_checked(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.xlsx"
    assert run("template", file, "--json").json == {"template": str(file)}
    assert "sites" in openpyxl.load_workbook(file, read_only=True).sheetnames
    assert run("check", file).status == 1  # empty: there is no first day


def test_a_good_project_passes_its_check(run: Run, project: Path) -> None:
    done = run("check", project, "--json")
    assert done.status == 0
    assert done.json["errors"] == 0
    assert done.json["rows"]["demand"] == 6


def test_every_problem_has_its_place(run: Run, project: Path, tmp_path: Path) -> None:
    edit(project, "sources", "far,board,far-yard,works,1.25", 'far,bord,far-yard,works,"1,25"')
    marked = tmp_path / "marked.xlsx"
    done = run("check", project, "--json", "--mark", marked)
    assert done.status == 1
    places = {(issue["file"], issue["line"], issue["column"]) for issue in done.json["issues"]}
    assert {("sources.csv", 2, "item"), ("sources.csv", 2, "price")} <= places
    assert done.json["marked"] == str(marked)
    assert marked.is_file()
    words = run("check", project)
    assert words.status == 1
    assert "sources.csv row 2" in words.out


def test_plan_stores_audits_and_tells(run: Run, project: Path) -> None:
    done = run("plan", project, "--json")
    assert done.status == 0
    found = done.json
    assert found["plan"] == str(project / "plans" / "base")
    assert found["summary"]["cost"] == pytest.approx(26841)
    assert found["audit"]["passed"]
    assert found["figures"]["cost"]
    words = run("plan", project, "--no-release")
    assert "26,841.00" in words.out
    assert "audit    passed" in words.out
    assert "stored in" in words.out


def test_no_release_leaves_the_orders_out(run: Run, project: Path) -> None:
    assert run("plan", project, "--no-release", "--json").json["summary"]["release_cost"] is None
    assert read_plan(project / "plans" / "base")["orders"].is_empty()


def test_a_set_is_planned_beside_the_base_and_noted(run: Run, project: Path) -> None:
    run("plan", project, "--no-release")
    done = run("plan", project, "--no-release", "--set", "resources.line.per_week=50", "--json")
    assert done.status == 0
    assert done.json["summary"]["cost"] > 26841
    assert "set resources.line.per_week=50" in done.json["summary"]["notes"]
    assert len(list((project / "plans").iterdir())) == 2
    assert run("show", project).status == 1  # two plans: one must be named


def test_a_scenario_is_named_or_given_as_a_file(run: Run, project: Path) -> None:
    (project / "scenarios").mkdir()
    text = (
        'name = "slow"\nbecause = "a crew is ill"\n[[change]]\ntable = "resources"\n'
        'where = { resource = "line" }\nscale = { per_week = 0.5 }\n'
    )
    file = project / "scenarios" / "slow.toml"
    file.write_text(text, "utf-8")
    named = run("plan", project, "--no-release", "--scenario", "slow", "--json").json
    given = run("plan", project, "--no-release", "--scenario", file, "--json").json
    assert named["plan"] == given["plan"] == str(project / "plans" / "slow")
    assert named["summary"]["scenario"] == "slow"
    assert named["summary"]["cost"] == given["summary"]["cost"] > 26841
    unknown = run("plan", project, "--scenario", "slaw")
    assert unknown.status == 2
    assert "did you mean slow?" in unknown.err


def test_another_horizon(run: Run, project: Path, tmp_path: Path) -> None:
    out = tmp_path / "daily"
    done = run("plan", project, "--no-release", "--buckets", "21d", "--out", out, "--json")
    assert done.status == 0
    assert done.json["plan"] == str(out)
    assert read_plan(out).network.calendar.count == 21


def test_show_is_the_summary_of_the_stored_plan(run: Run, project: Path) -> None:
    run("plan", project, "--no-release")
    assert "26,841.00" in run("show", project).out
    assert run("show", project, "--json").json["summary"]["cost"] == pytest.approx(26841)


def test_audit_of_a_stored_plan(run: Run, project: Path) -> None:
    run("plan", project, "--no-release")
    assert "passed" in run("audit", project).out
    done = run("audit", project / "plans" / "base", "--json")
    assert done.status == 0
    assert done.json["passed"]
    assert done.json["folder"] == []


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_audit_notices_a_changed_file(run: Run, project: Path, form: str) -> None:
    run("plan", project, "--no-release")
    file = project / "plans" / "base" / f"builds.{form}"
    frame = read_plan(file.parent)["builds"].with_columns(pl.col("quantity") + 1)
    if form == "csv":
        frame.write_csv(file)
    else:
        frame.write_parquet(file)
    done = run("audit", project)
    assert done.status == 5
    assert "the folder FAILED: builds" in done.out
    assert run("audit", project, "--json").json["passed"] is False


def test_export_csv_and_workbook(run: Run, project: Path, tmp_path: Path) -> None:
    run("plan", project, "--no-release")
    assert run("export", project, "--csv", tmp_path / "csv", "--json").json["written"] == str(tmp_path / "csv")
    assert {file.stem for file in (tmp_path / "csv").iterdir()} == set(schemas.SCHEMAS)
    assert run("export", project, "--xlsx", tmp_path / "plan.xlsx").status == 0
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx", read_only=True)
    assert book.sheetnames[:2] == ["summary", "cost"]
    assert "plan builds" in book.sheetnames
    again = run("export", project, "--csv", tmp_path / "csv")
    assert again.status == 2
    assert run("export", project).status == 2


def test_doctor_finds_this_machine_well(run: Run) -> None:
    assert "this machine can plan" in run("doctor").out
    found = run("doctor", "--json").json
    assert found["healthy"]
    assert {"solver", "memory", "examples"} <= {test["test"] for test in found["tests"]}


def test_doctor_names_what_fails(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from boxbuild.cli import doctor

    monkeypatch.setitem(doctor._TESTS, "solver", lambda: (False, "no solver"))
    done = run("doctor")
    assert done.status == 1
    assert "CANNOT" in done.out
