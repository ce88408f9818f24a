"""The template explains itself, offers choices, and reads back as no rows at all."""

from __future__ import annotations

import openpyxl
import pytest

from boxbuild.errors import UsageError
from boxbuild.files import load, read, template
from boxbuild.files.guide import PURPOSES
from boxbuild.files.marking import dress_of
from boxbuild.network import catalogue
from boxbuild.network.catalogue import TABLES


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return template(tmp_path_factory.mktemp("template") / "empty.xlsx")


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def test_the_template_reads_back_empty(path):
    """Examples, units and notes are no data; all that is missing is the first day of the plan."""
    found = load(path)
    assert [(issue.table, issue.column, issue.code) for issue in found.issues] == [("settings", "start", "blank")]


def test_a_filled_template_is_read_from_its_fourth_row(path, tmp_path):
    book = openpyxl.load_workbook(path)
    book["settings"]["B4"] = "2023-06-05"
    book["partners"]["A4"], book["partners"]["C4"] = "dixon", "ems"
    book["partners"]["A5"], book["partners"]["C5"] = "xiaomi", "brnd"
    book.save(tmp_path / "mine.xlsx")
    found = load(tmp_path / "mine.xlsx")
    assert found.network.tables["partners"]["partner"].to_list() == ["dixon", "xiaomi"]
    assert [str(issue) for issue in found.issues if issue.code == "bad-choice"] == [
        "mine.xlsx sheet partners row 5, column kind: 'brnd' is not a kind that is known (did you mean brand?)"
    ]


def test_the_sheets_stand_in_the_order_to_fill_in(book):
    assert book.sheetnames == ["read me", "settings", *TABLES, "columns"]
    assert set(PURPOSES) == set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_every_column_has_unit_example_note_and_colour(book, name):
    sheet = book[name]
    grounds = {"key": "FFDDEBF7", "required": "FFFFF2CC", "optional": "FFFFFFFF"}
    for place, column in enumerate(catalogue.table(name).columns, 1):
        head = sheet.cell(1, place)
        assert head.value == column.name
        assert column.meaning in head.comment.text
        assert column.unit in (sheet.cell(2, place).value or "")
        assert column.example in (sheet.cell(3, place).value or "")
        role = "key" if column.key else "required" if column.required else "optional"
        assert dress_of(sheet, place).fill.fgColor.rgb == grounds[role]
    assert sheet.freeze_panes == "B4"


def test_choices_are_offered(book):
    rules = {str(rule.sqref).split(":")[0]: rule for rule in book["sites"].data_validations.dataValidation}
    assert rules["D4"].formula1 == '"plant,supplier,hub,market"'
    assert rules["B4"].formula1.startswith("partners!$A$4")
    items = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in book["items"].data_validations.dataValidation}
    assert items["J4"] == '"yes,no"'


def test_a_template_may_have_some_tables_only(tmp_path):
    book = openpyxl.load_workbook(template(tmp_path / "few.xlsx", ["items", "sites"]))
    assert book.sheetnames == ["read me", "settings", "sites", "items", "columns"]
    with pytest.raises(UsageError, match="did you mean sites"):
        template(tmp_path / "few.xlsx", ["site"])


def test_read_needs_a_start(path):
    with pytest.raises(Exception, match="column start: must not be blank"):
        read(path)
