"""``boxbuild export PLAN FILE.xlsx`` and ``boxbuild import FILE.xlsx --into PROJECT``."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from tests.cli.conftest import ROOT, Run
from tests.exchange.planners import Editor, edited, export

from boxbuild import files


@pytest.fixture
def book(project: Path, tmp_path: Path) -> Path:
    """The workbook of the project, without quantities."""
    return export(files.read(project), tmp_path / "plan.xlsx")


def more(editor: Editor) -> None:
    name = editor.book["demand"].cell(3, 1).value
    editor.set("demand", ("demand", name), quantity=77)


def wrong(editor: Editor) -> None:
    name = editor.book["demand"].cell(3, 1).value
    editor.set("demand", ("demand", name), quantity="many")


def test_the_preview_writes_nothing_and_apply_does(run: Run, project: Path, book: Path) -> None:
    same = run("import", book, "--into", project)
    assert same.status == 0
    assert "nothing was edited" in same.out
    before = (project / "tables" / "demand.csv").read_bytes()
    edited(book, more)
    shown = run("import", book, "--into", project)
    assert "→ 77" in shown.out
    assert "add --apply" in shown.out
    assert (project / "tables" / "demand.csv").read_bytes() == before
    found = run("import", book, "--into", project, "--json").json
    assert [(edit["table"], edit["kind"], edit["line"]) for edit in found["edits"]] == [("demand", "changed", 3)]
    assert found["written"] == []
    done = run("import", book, "--into", project, "--apply")
    assert done.status == 0
    assert (project / "tables" / "demand.csv").read_bytes() != before
    assert 77.0 in files.read(project).tables["demand"]["quantity"].to_list()
    assert "holds all of it already" in run("import", book, "--into", project, "--apply").out


def test_a_scenario_is_written_beside_the_project(run: Run, project: Path, book: Path) -> None:
    before = files.read(project).digest
    edited(book, more)
    assert run("import", book, "--into", project, "--scenario", "more").status == 0
    assert files.read(project).digest == before
    assert "from plan.xlsx" in (project / "scenarios" / "more.toml").read_text("utf-8")
    again = run("import", book, "--into", project, "--scenario", "more")
    assert again.status == 2
    assert run("import", book, "--into", project, "--scenario", "../up").status == 2


def test_bad_cells_are_named_and_marked(run: Run, project: Path, book: Path, tmp_path: Path) -> None:
    edited(book, wrong)
    done = run("import", book, "--into", project, "--apply", "--mark", tmp_path / "marked.xlsx")
    assert done.status == 1
    assert "plan.xlsx sheet demand row 3, column quantity: 'many' is not a decimal number" in done.err
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert marked["problems"].max_row == 2


def test_a_conflict_is_named_and_forced(run: Run, project: Path, book: Path) -> None:
    table = project / "tables" / "demand.csv"
    lines = table.read_text("utf-8").splitlines()
    edited(book, more)
    cells = lines[1].split(",")
    cells[lines[0].split(",").index("quantity")] = "31"
    table.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    shown = run("import", book, "--into", project)
    assert "it has changed since" in shown.out
    assert "edited 77, project 31" in shown.out
    refused = run("import", book, "--into", project, "--apply")
    assert refused.status == 1
    assert "--force" in refused.err
    assert run("import", book, "--into", project, "--apply", "--force").status == 0
    assert 77.0 in files.read(project).tables["demand"]["quantity"].to_list()


def test_the_two_ways_to_import_are_told_apart(run: Run, project: Path, book: Path, tmp_path: Path) -> None:
    for words in (
        [book],
        [book, "--out", tmp_path / "x"],
        [book, "--into", project, "--apply", "--scenario", "x"],
        ["ems-case", tmp_path],
        ["ems-case", tmp_path, "--out", tmp_path / "x", "--into", project],
        ["ems-cas", tmp_path, "--out", tmp_path / "x"],
    ):
        done = run("import", *words)
        assert done.status == 2, words
        assert "hint: " in done.err, words


@pytest.mark.slow
def test_export_writes_the_planners_workbook(run: Run, project: Path, tmp_path: Path) -> None:
    assert run("plan", project).status == 0
    assert run("export", project, tmp_path / "plan.xlsx", "--audit").out == f"wrote {tmp_path / 'plan.xlsx'}\n"
    texts = [cell.value for row in openpyxl.load_workbook(tmp_path / "plan.xlsx")["Cover"].iter_rows() for cell in row]
    assert "passed" in texts
    assert run("import", tmp_path / "plan.xlsx", "--into", project, "--json").json["edits"] == []
    assert run("export", project, tmp_path / "plan.pdf").status == 2
    assert run("export", project, "--csv", tmp_path / "csv", "--audit").status == 2
    assert (ROOT / "examples" / "tiny").is_dir()
