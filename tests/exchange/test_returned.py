"""A planner's workbook that comes back: what is edited, and only that, is brought to the project."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from tests.building import add_rows, edit_rows, small_network
from tests.exchange.planners import Editor, edited, export, inputs, tricky
from tests.files.networks import networks

from boxbuild import files
from boxbuild.errors import DataError
from boxbuild.exchange.returned import read_returned
from boxbuild.exchange.returned_checks import new_issues
from boxbuild.exchange.returned_edits import Merge, find_edits, merge
from boxbuild.exchange.returned_record import Record, read_record
from boxbuild.exchange.returned_scenario import to_scenario
from boxbuild.files.revise import revise, revised
from boxbuild.network import catalogue
from boxbuild.network.changes.apply import apply
from boxbuild.network.network import Network
from boxbuild.network.scenario import parse_scenario

ROOT = Path(__file__).parents[2]


def brought_back(file: Path, project: Network, *, force: bool = False) -> Merge:
    returned = read_returned(file)
    return merge(returned, find_edits(returned), project, force=force)


def trial(editor: Editor) -> None:
    """A cell set, one blanked, one zero, a row added and one removed."""
    demand = editor.book["demand"]
    name = demand.cell(3, 1).value
    editor.set("demand", ("demand", name), quantity=4321.5, due=date(2023, 7, 2))
    editor.add(
        "demand", demand="promo", item="phone-a", market="india", due=date(2023, 7, 9), quantity=5, price="12.10"
    )
    editor.remove("demand", "demand", demand.cell(4, 1).value)
    editor.set("items", ("item", "display"), weight_kg=None)
    editor.set("items", ("item", "chip"), weight_kg=0)
    editor.set("settings", ("setting", "holding_rate"), value="0.2")


def expected(network: Network) -> Network:
    """What the trial makes of a network, by hand."""
    names = network.tables["demand"]["demand"].to_list()
    demand = network.tables["demand"].filter(pl.col("demand") != names[1])
    network = network.with_table("demand", demand)
    network = edit_rows(network, "demand", {"demand": names[0]}, quantity="4321.5", due="2023-07-02")
    promo = {
        "demand": "promo",
        "item": "phone-a",
        "market": "india",
        "due": "2023-07-09",
        "quantity": "5",
        "price": "12.10",
    }
    network = add_rows(network, "demand", promo)
    network = edit_rows(network, "items", {"item": "display"}, weight_kg=None)
    network = edit_rows(network, "items", {"item": "chip"}, weight_kg="0")
    return replace(network, settings=replace(network.settings, holding_rate=Decimal("0.2")))


def keyed(network: Network) -> Network:
    """A network without rows of the same key, which the checks would refuse."""
    tables = {
        name: frame.unique(catalogue.table(name).key, keep="first", maintain_order=True)
        for name, frame in network.tables.items()
    }
    return Network(network.settings, tables, network.name)


@settings(max_examples=15)
@given(networks())
def test_a_workbook_that_is_not_edited_changes_nothing(network: Network) -> None:
    """Whatever the tables hold: dates, decimals, texts like formulas, blanks and zeros."""
    network = keyed(network)
    with tempfile.TemporaryDirectory() as desk:
        file = inputs(network, Path(desk) / "plan.xlsx")
        made = brought_back(file, network)
    assert made.edits == []


@pytest.mark.parametrize("name", ["phone-export-india", "one-phone"])
def test_examples_come_back_unchanged(name: str, tmp_path: Path) -> None:
    network = files.read(ROOT / "examples" / name)
    assert brought_back(export(network, tmp_path / "plan.xlsx"), network).edits == []


def test_values_that_spreadsheets_spoil_come_back(tmp_path: Path) -> None:
    """And still do when another program has saved them."""
    file = export(tricky(), tmp_path / "plan.xlsx")
    assert brought_back(file, tricky()).edits == []
    edited(file, lambda _: None)
    assert brought_back(file, tricky()).edits == []


@given(networks())
@settings(max_examples=15)
def test_the_record_is_exact(network: Network) -> None:
    tables = {name: frame for name, frame in network.tables.items() if frame.height}
    record = Record("n", "s", "h", "1", "2026-11-23", {"start": "2023-06-05"}, tables, ("boms",), ("Cover",))
    found = read_record(record.rows(), "x.xlsx")
    assert replace(found, tables={}) == replace(record, tables={})
    for name, frame in tables.items():
        assert found.tables[name].equals(frame), name


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_edits_are_brought_back_to_every_form_of_project(form: str, tmp_path: Path) -> None:
    """A blank is not zero, a row that is gone goes, what is not edited stays; a second time there is nothing to do."""
    network = tricky()
    project = tmp_path / "project"
    files.write(network, project, form)  # type: ignore[arg-type]
    file = edited(export(files.read(project), tmp_path / "plan.xlsx"), trial)
    made = brought_back(file, files.read(project))
    assert revised(files.read(project), made.revisions, made.settings).digest == expected(network).digest
    revise(project, files.read(project), made.revisions, made.settings)
    assert files.read(project).digest == expected(network).digest
    again = brought_back(file, files.read(project))
    assert not again.revisions
    assert not again.settings
    assert not again.conflicts
    assert again.already == len(again.edits)


def test_lines_that_are_not_edited_keep_their_bytes(tmp_path: Path) -> None:
    """Order of columns, notes, columns of the user's own, quotes and line ends of a CSV stay."""
    project = tmp_path / "project"
    files.write(small_network(), project)
    stock = project / "tables" / "items.csv"
    lines = stock.read_text("utf-8").splitlines()
    lines[0] += ",# mine"
    lines[1:] = [f'{line},"said ""so"" {number}"' for number, line in enumerate(lines[1:])]
    stock.write_bytes(("\r\n".join(lines)).encode())
    toml = project / "network.toml"
    toml.write_text(toml.read_text("utf-8").replace("[settings]", "# a comment\n[settings]\n# another"), "utf-8")
    before, settings_before = stock.read_bytes().split(b"\r\n"), toml.read_text("utf-8").splitlines()
    network = files.read(project)

    def edit(editor: Editor) -> None:
        editor.set("items", ("item", "chip"), weight_kg=0.25)
        editor.set("settings", ("setting", "holding_rate"), value="0.5")

    made = brought_back(edited(export(network, tmp_path / "plan.xlsx"), edit), network)
    changed = revise(project, network, made.revisions, made.settings)
    assert sorted(path.name for path in changed) == ["items.csv", "network.toml"]
    after = stock.read_bytes().removesuffix(b"\r\n").split(b"\r\n")
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [
        next(line for line in after if line.startswith(b"chip,"))
    ]
    assert b"0.25" in next(line for line in after if line.startswith(b"chip,"))
    differs = [
        new for old, new in zip(settings_before, toml.read_text("utf-8").splitlines(), strict=True) if old != new
    ]
    assert differs == ["holding_rate = 0.5"]


def test_a_scenario_says_the_same(tmp_path: Path) -> None:
    network = tricky()
    made = brought_back(edited(export(network, tmp_path / "plan.xlsx"), trial), network)
    text = to_scenario(made, network, "trial", "from plan.xlsx")
    assert apply(network, parse_scenario(text)).digest == expected(network).digest
    assert "from plan.xlsx" in text


def test_columns_and_sheets_of_results_are_ignored(tmp_path: Path) -> None:
    def edit(editor: Editor) -> None:
        places = editor.places("demand")
        editor.book["demand"].cell(3, places["# on time"]).value = "nonsense"
        editor.book["Cover"]["A1"].value = "another title"
        editor.book["Build plan"]["A5"].value = "elsewhere"
        editor.book.create_sheet("# my notes")["A1"] = "mine"

    network = small_network()
    assert brought_back(edited(export(network, tmp_path / "plan.xlsx"), edit), network).edits == []


def test_a_sheet_that_is_gone_leaves_its_table(tmp_path: Path) -> None:
    network = small_network()
    file = edited(export(network, tmp_path / "plan.xlsx"), lambda editor: editor.book.remove(editor.book["demand"]))
    assert read_returned(file).gone == ("demand",)
    assert brought_back(file, network).edits == []


def test_what_changed_on_both_sides_is_a_conflict(tmp_path: Path) -> None:
    """Three values tell an edit, a change of the project, and both; the workbook wins only where it is asked to."""
    network = tricky()
    file = edited(export(network, tmp_path / "plan.xlsx"), trial)
    names = network.tables["demand"]["demand"].to_list()
    other = edit_rows(network, "demand", {"demand": names[0]}, quantity="77")
    made = brought_back(file, other)
    assert [(one.edit.table, one.column, one.exported, one.edited, one.project) for one in made.conflicts] == [
        ("demand", "quantity", network.tables["demand"]["quantity"][0], 4321.5, 77.0)
    ]
    forced = brought_back(file, other, force=True)
    assert forced.conflicts == []
    assert revised(other, forced.revisions, forced.settings).digest == expected(network).digest
    elsewhere = edit_rows(network, "items", {"item": "phone-a"}, weight_kg="0.9")
    made = brought_back(file, elsewhere)
    assert made.conflicts == []
    assert (
        revised(elsewhere, made.revisions, made.settings).tables["items"].filter(item="phone-a")["weight_kg"][0] == 0.9
    )
    gone = network.with_table("demand", network.tables["demand"].filter(pl.col("demand") != names[0]))
    assert [one.reason for one in brought_back(file, gone).conflicts] == ["is gone from the project"]
    changed = edit_rows(network, "demand", {"demand": names[1]}, quantity="77")
    assert "removed" in [one.edited for one in brought_back(file, changed).conflicts]


def test_everything_wrong_is_said_at_once_with_its_place(tmp_path: Path) -> None:
    def edit(editor: Editor) -> None:
        demand = editor.book["demand"]
        places = editor.places("demand")
        demand.cell(3, places["quantity"]).value = "12,5"
        demand.cell(4, places["item"]).value = "phone-z"
        demand.cell(5, places["due"]).value = None
        editor.add("items", item="chip", kind="component")

    file = edited(export(small_network(), tmp_path / "plan.xlsx"), edit)
    with pytest.raises(DataError, match="nothing is taken") as caught:
        read_returned(file)
    found = {(issue.sheet, issue.line, issue.column, issue.code) for issue in caught.value.issues}
    assert {("demand", 3, "quantity", "bad-number"), ("demand", 5, "due", "blank")} <= found
    assert ("demand", 4, "item") in {place[:3] for place in found}
    assert ("items", "item", "duplicate-row") in {(place[0], *place[2:]) for place in found}
    assert any("did you mean 12.5" in issue.hint for issue in caught.value.issues)


def test_what_the_edits_break_is_placed_in_the_workbook(tmp_path: Path) -> None:
    network = small_network()
    file = edited(export(network, tmp_path / "plan.xlsx"), lambda editor: editor.remove("items", "item", "chip"))
    returned = read_returned(file)
    made = merge(returned, find_edits(returned), network)
    issues = new_issues(returned, network, revised(network, made.revisions, made.settings))
    assert any(issue.severity == "error" and issue.value == "chip" for issue in issues)
    places = [(issue.sheet, issue.line) for issue in issues if issue.value == "chip" and issue.row is not None]
    assert places
    assert all(sheet and line for sheet, line in places)


def test_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a file cannot take its place, those that have been moved come back."""
    project = tmp_path / "project"
    files.write(tricky(), project)
    network = files.read(project)
    made = brought_back(edited(export(network, tmp_path / "plan.xlsx"), trial), network)
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    real, moves = Path.replace, []

    def failing(self: Path, target: Path) -> Path:
        if "fresh" in self.parts:
            moves.append(target)
            if len(moves) == 2:
                raise OSError("the disk is full")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="full"):
        revise(project, network, made.revisions, made.settings)
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_a_workbook_of_formulas_is_not_half_written(tmp_path: Path) -> None:
    """A project's own workbook whose formulas would lose their values stays, and the message says what to do."""
    project = tmp_path / "network.xlsx"
    files.write(small_network(), project, "xlsx")
    network = files.read(project)
    made = brought_back(edited(export(network, tmp_path / "plan.xlsx"), trial), network)
    import zipfile

    with zipfile.ZipFile(project) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    book = next(
        name for name, data in parts.items() if name.startswith("xl/worksheets/sheet") and b"<v>0.4</v>" in data
    )
    parts[book] = parts[book].replace(b"<v>0.4</v>", b"<f>0.2+0.2</f><v>0.4</v>", 1)
    with zipfile.ZipFile(project, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    before = project.read_bytes()
    assert files.read(project).digest == network.digest
    with pytest.raises(DataError, match="nothing has changed") as caught:
        revise(project, network, made.revisions, made.settings)
    assert "--scenario" in caught.value.hint
    assert project.read_bytes() == before


def test_other_workbooks_are_told_from_ours(tmp_path: Path) -> None:
    files.write(small_network(), tmp_path / "network.xlsx", "xlsx")
    with pytest.raises(DataError, match="not a planner's workbook"):
        read_returned(tmp_path / "network.xlsx")
    (tmp_path / "text.xlsx").write_text("no")
    with pytest.raises(DataError, match="not an Excel workbook"):
        read_returned(tmp_path / "text.xlsx")
    with pytest.raises(DataError, match="damaged"):
        read_record([("format", "boxbuild-planner/1"), ("record", "AAAA")], "x.xlsx")
    with pytest.raises(DataError, match="another version"):
        read_record([("format", "boxbuild-planner/9")], "x.xlsx")
