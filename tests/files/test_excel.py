"""Workbooks that users make: number, date and truth cells, formulas, errors, other sheets."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from boxbuild.files import load

SETTINGS = [["setting", "value"], ["start", date(2023, 6, 5)], ["buckets", "4w"]]


@pytest.fixture
def loaded(tmp_path):
    """Return a function that loads a workbook made of sheets of rows."""

    def load_sheets(**sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in {"settings": SETTINGS, **sheets}.items():
            sheet = book.create_sheet(name.replace("_", " "))
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / "mine.xlsx")
        return load(tmp_path / "mine.xlsx")

    return load_sheets


def about(loaded, *tables):
    return [str(issue) for issue in loaded.issues if issue.table in tables]


def test_cells_of_every_kind_are_read_exactly(loaded):
    """A number, a date and a truth value of Excel are what they are; a number with many digits keeps them."""
    found = loaded(
        items=[
            ["item", "kind", "value", "weight_kg", "semiconductor", "hs"],
            ["a", "component", 0.1, 0.123456789012345, True, 85171300],
            [1001, "component", "17.90", 1, False, "0101"],
        ],
        demand=[
            ["demand", "item", "market", "due", "quantity", "priority"],
            ["d", "a", "m", datetime.combine(date(2023, 6, 30), time()), 10, 1.0],
            ["e", "a", "m", "2023-06-30", 10.5, 2],
        ],
    ).network
    items, demand = found.tables["items"], found.tables["demand"]
    assert items["value"].to_list() == [Decimal("0.1"), Decimal("17.9")]
    assert items["weight_kg"].to_list() == [0.123456789012345, 1.0]
    assert items["semiconductor"].to_list() == [True, False]
    assert items["item"].to_list() == ["a", "1001"]
    assert items["hs"].to_list() == ["85171300", "0101"]
    assert demand["due"].to_list() == [date(2023, 6, 30)] * 2
    assert demand["priority"].to_list() == [1, 2]


def test_a_date_where_a_number_is_wanted_and_a_time_of_day_are_named(loaded):
    found = loaded(
        stock=[["item", "site", "quantity"], ["a", "s", date(2023, 5, 31)]],
        receipts=[
            ["reference", "item", "site", "due", "quantity"],
            ["r", "a", "s", datetime.combine(date(2023, 5, 31), time(12, 30)), 1],
        ],
    )
    assert about(found, "stock")[-1] == (
        "mine.xlsx sheet stock row 2, column quantity: '2023-05-31 00:00:00' is not a decimal number "
        "(the cell holds a date: format it as a number)"
    )
    assert next(text for text in about(found, "receipts") if "column due" in text) == (
        "mine.xlsx sheet receipts row 2, column due: '2023-05-31 12:30:00' is not a date "
        "(did you mean 2023-05-31? A date has no time of day)"
    )


def test_a_formula_that_fails_or_was_never_computed_is_not_a_blank(loaded):
    found = loaded(
        stock=[["item", "site", "quantity", "note"], ["a", "s", "#N/A"], ["b", "s", "=1+1"], ["c", "s", 1, "=A1"]]
    )
    assert [text for text in about(found, "stock") if "formula" in text] == [
        (
            "mine.xlsx sheet stock row 2, column quantity: '#N/A' is an error of a formula "
            "(mend the formula, or leave the cell blank)"
        ),
        (
            "mine.xlsx sheet stock row 3, column quantity: '=1+1' is a formula whose value is not stored "
            "(open the workbook in Excel and save it)"
        ),
        (
            "mine.xlsx sheet stock row 4, column note: '=A1' is a formula whose value is not stored "
            "(open the workbook in Excel and save it)"
        ),
    ]


def replace_in_archive(path, old, new):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert sum(part.count(old) for part in parts.values()) == 1
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part.replace(old, new))


def test_a_formula_that_gives_an_empty_text_is_a_blank(tmp_path):
    """The table stands one column to the right: the failed cell is found all the same."""
    book = xlsxwriter.Workbook(tmp_path / "mine.xlsx")
    sheet = book.add_worksheet("stock")
    sheet.write_row(0, 1, ["item", "site", "quantity", "note"])
    sheet.write_row(1, 1, ["a", "s", 1])
    sheet.write_formula(1, 4, '=IF(B2="a","","x")', None, "EMPTY")
    sheet.write_row(2, 1, ["b", "s"])
    sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")
    book.close()
    replace_in_archive(tmp_path / "mine.xlsx", b"<v>EMPTY</v>", b"<v></v>")
    found = [issue for issue in load(tmp_path / "mine.xlsx").issues if issue.table == "stock"]
    assert [(issue.code, issue.line, issue.column, issue.value) for issue in found] == [
        ("formula", 3, "quantity", "#DIV/0!")
    ]


def test_sheets_that_are_no_tables(loaded):
    """A sheet that was meant as a table is an error, another one a warning; ours and those with # are not read."""
    found = loaded(Partner=[["x"]], budget=[["x"]], read_me=[["x"]], problems=[["x"]], **{"#mine": [["x"]]})
    assert [str(issue) for issue in found.issues][:2] == [
        "mine.xlsx sheet Partner: Partner is not a table (did you mean partners?)",
        "mine.xlsx sheet budget: warning: budget is not a table and is not read (put # before its name if it is yours)",
    ]
    assert not [issue for issue in found.issues if issue.sheet in ("read me", "problems", "#mine")]


def test_a_sheet_without_a_header_is_empty(loaded):
    assert about(loaded(sites=[]), "sites") == [
        "mine.xlsx sheet sites: is empty (the first row holds the names of the columns)"
    ]


def test_a_title_above_the_header_is_told(loaded):
    assert about(loaded(sites=[[], ["site", "partner"]]), "sites") == [
        "mine.xlsx sheet sites: has a blank first row (the first row holds the names of the columns)"
    ]


def test_a_file_that_is_no_workbook_is_said_so(tmp_path):
    (tmp_path / "mine.xlsx").write_text("a,b\n")
    [issue, *_] = load(tmp_path / "mine.xlsx").issues
    assert (issue.code, issue.hint) == ("unreadable", "save it as .xlsx")
