"""``boxbuild report``: the page of a stored plan, in a place where the plan stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import ROOT, Run

import boxbuild
from boxbuild.plan.folder import differences, write_plan


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_plan(
        boxbuild.plan(boxbuild.read(ROOT / "examples" / "tiny")), tmp_path_factory.mktemp("plans") / "base"
    )


def test_the_report_goes_beside_the_plan_and_the_plan_stays_as_it_was(run: Run, tiny: Path) -> None:
    done = run("report", str(tiny))
    assert done.status == 0
    file = Path(done.out.strip())
    assert file == tiny.parent / "base.html"
    assert "The plan in short" in file.read_text("utf-8")
    assert file.stat().st_size < 1_500_000
    assert differences(tiny) == []
    assert run("audit", str(tiny)).status == 0


def test_as_json_it_says_what_is_in_it(run: Run, tiny: Path, tmp_path: Path) -> None:
    found = run("report", str(tiny), "--out", str(tmp_path / "a" / "b.html"), "--json").json
    file = tmp_path / "a" / "b.html"
    assert found["file"] == str(file)
    assert found["bytes"] == file.stat().st_size
    page = boxbuild.report(boxbuild.plan(boxbuild.read(ROOT / "examples" / "tiny")))
    assert [one["name"] for one in found["sections"]] == [section.name for section in page.report.sections]
    assert all(
        chart["says"] in file.read_text("utf-8")
        for one in found["sections"]
        for chart in one["charts"]
        if "'" not in chart["says"] and "&" not in chart["says"]
    )


def test_nothing_is_written_into_a_plan_or_over_a_folder(run: Run, tiny: Path, tmp_path: Path) -> None:
    inside = run("report", str(tiny), "--out", str(tiny / "report.html"))
    assert inside.status == 2
    assert "inside the plan" in inside.err
    assert not (tiny / "report.html").exists()
    assert run("report", str(tiny), "--out", str(tmp_path)).status == 2


def test_a_report_may_go_without_an_audit(run: Run, tiny: Path, tmp_path: Path) -> None:
    file = tmp_path / "r.html"
    assert run("report", str(tiny), "--no-audit", "--out", str(file)).status == 0
    assert file.exists()
