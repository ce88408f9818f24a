"""Marking: the user's own workbook back, with what is wrong where it stands; mending it mends the marks."""

from __future__ import annotations

import openpyxl
import pytest
from tests.building import small_network

from boxbuild.files import load, mark, read, write
from boxbuild.network.issues import Issue

RED, AMBER = "FFFFC7CE", "FFFFEB9C"


def cell_of(book, table, column, key):
    sheet = book[table]
    place = [cell.value for cell in sheet[1]].index(column) + 1
    return next(sheet.cell(row[0].row, place) for row in sheet.iter_rows() if row[0].value == key)


@pytest.fixture
def broken(tmp_path):
    """A user's workbook with a bad choice, a bad price and a bold cell of their own."""
    path = write(small_network(), tmp_path / "mine.xlsx", "xlsx")
    book = openpyxl.load_workbook(path)
    cell_of(book, "items", "kind", "phone-a").value = "finishd"
    cell_of(book, "items", "value", "phone-b").value = "14.000,50"
    cell_of(book, "items", "item", "chip").font = openpyxl.styles.Font(bold=True)
    book.save(path)
    return path


def test_bad_cells_are_red_with_a_note_and_the_row_says_why(broken, tmp_path):
    book = openpyxl.load_workbook(mark(broken, load(broken).issues, tmp_path / "marked.xlsx"))
    cell = cell_of(book, "items", "kind", "phone-a")
    assert (cell.value, cell.fill.fgColor.rgb) == ("finishd", RED)
    assert cell.comment.text == "'finishd' is not a kind that is known (did you mean finished?)"
    problem = cell_of(book, "items", "problem", "phone-b")
    assert problem.value == "value: '14.000,50' is not a decimal number (did you mean 14000.5?)"
    assert cell_of(book, "items", "problem", "chip").value is None
    assert cell_of(book, "items", "item", "chip").font.bold
    assert book["sites"].max_column == len(small_network().tables["sites"].columns), "clean sheets stay as they are"


def test_the_first_sheet_lists_all_problems_with_links(broken, tmp_path):
    book = openpyxl.load_workbook(mark(broken, load(broken).issues, tmp_path / "marked.xlsx"))
    assert book.sheetnames[0] == "problems"
    sheet = book["problems"]
    assert [cell.value for cell in sheet[2]][:5] == ["error", "items", 4, "kind", "finishd"]
    assert sheet["B2"].hyperlink.location == "'items'!C4" or sheet["B2"].hyperlink.target == "#'items'!C4"


def test_marks_are_not_read_and_mending_the_cells_mends_the_network(broken, tmp_path):
    """mark → fix → read gives the network that was broken; marking again takes the old marks away."""
    marked = mark(broken, load(broken).issues, tmp_path / "marked.xlsx")
    assert load(marked).issues == tuple(
        issue.__class__(**{**issue.as_dict(), "file": "marked.xlsx"}) for issue in load(broken).issues
    )
    book = openpyxl.load_workbook(marked)
    cell_of(book, "items", "kind", "phone-a").value = "finished"
    cell_of(book, "items", "value", "phone-b").value = 14000
    book.save(marked)
    assert read(marked).digest == small_network().digest
    book = openpyxl.load_workbook(mark(marked, load(marked).issues, marked))
    for column in ("kind", "value"):
        for key in ("phone-a", "phone-b"):
            cell = cell_of(book, "items", column, key)
            assert cell.fill.fgColor.rgb not in (RED, AMBER)
            assert cell.comment is None
    assert "problem" not in [cell.value for cell in book["items"][1]]
    assert book["problems"]["A2"].value == "nothing is wrong"


def test_warnings_are_amber_and_yield_to_errors(broken, tmp_path):
    issues = [
        Issue("w", "looks odd", "warning", "items", 0, "item"),
        Issue("w", "looks odd", "warning", "items", 0, "kind"),
        Issue("e", "is wrong", "error", "items", 0, "kind"),
    ]
    book = openpyxl.load_workbook(mark(broken, issues, tmp_path / "marked.xlsx"))
    assert cell_of(book, "items", "item", "phone-a").fill.fgColor.rgb == AMBER
    assert cell_of(book, "items", "kind", "phone-a").fill.fgColor.rgb == RED
    assert cell_of(book, "items", "kind", "phone-a").comment.text == "looks odd\nis wrong"


def test_a_header_keeps_its_own_note_below_the_mark(broken, tmp_path):
    book = openpyxl.load_workbook(broken)
    book["sites"]["A1"].value = "sight"
    own = book["sites"]["A1"].comment.text
    book.save(broken)
    marked = mark(broken, load(broken).issues, tmp_path / "marked.xlsx")
    text = openpyxl.load_workbook(marked)["sites"]["A1"].comment.text
    assert text == f"'sight' is not a column of sites (did you mean site?)\n-----\n{own}" or text.endswith(own)
    book = openpyxl.load_workbook(mark(marked, [], marked))
    assert book["sites"]["A1"].comment.text == own


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_other_forms_are_marked_in_a_workbook_that_loses_nothing(tmp_path, form):
    """The new workbook is a project of its own: with its cells mended it reads as the network."""
    project = write(small_network(), tmp_path / "project", form)
    marked = mark(project, [Issue("e", "is wrong", "error", "items", 1, "kind")], tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(marked)
    assert cell_of(book, "items", "kind", "phone-b").fill.fgColor.rgb == RED
    assert read(marked).digest == small_network().digest


def test_bad_cells_of_csv_stay_what_they_are_on_their_line(tmp_path):
    project = write(small_network(), tmp_path / "project")
    path = project / "tables" / "items.csv"
    lines = path.read_text().splitlines()
    lines[1] = lines[1].replace("9000", '"9.000,00"')
    lines[2] += ",more"
    path.write_text("\n".join([*lines[:2], "", *lines[2:]]))
    book = openpyxl.load_workbook(mark(project, load(project).issues, tmp_path / "marked.xlsx"))
    assert cell_of(book, "items", "value", "phone-a").value == "9.000,00"
    assert cell_of(book, "items", "value", "phone-a").row == 2
    row = cell_of(book, "items", "item", "phone-b").row
    assert row == 4
    assert "more" in [cell.value for cell in book["items"][row]]
    assert "cells, the header has" in str(book["items"].cell(row, book["items"].max_column).value)
