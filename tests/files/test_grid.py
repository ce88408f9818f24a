"""Headers: what is unknown, missing or twice; and the rows that are not read."""

from __future__ import annotations

import polars as pl
import pytest

from boxbuild.files.grid import Grid, numbered
from boxbuild.files.tables import read_table


def grid(table: str, header: str, *rows: str, form: str = "csv") -> Grid:
    names = tuple(header.split(","))
    cells = [row.split(",") for row in rows]
    frame = pl.DataFrame(
        {str(at): pl.Series([row[at] or None for row in cells], dtype=pl.String) for at in range(len(names))}
    )
    return Grid(table, names, frame, form, f"{table}.csv", lines=numbered(len(rows)))


PARTNERS = "partner,kind"


@pytest.mark.parametrize(
    ("header", "row", "text"),
    [
        ("partner,knd", "a,ems", "partners.csv row 1, column knd: is not a column of partners (did you mean kind?)"),
        ("partner,Kind", "a,ems", "partners.csv row 1, column Kind: is not a column of partners (did you mean kind?)"),
        (
            "partner",
            "a",
            "partners.csv row 1, column kind: is missing from the header (What the company is to the brand)",
        ),
        ("partner,kind,kind", "a,ems,ems", "partners.csv row 1, column kind: stands twice in the header"),
        ("partner,kind,", "a,ems,x", "partners.csv row 1: column 3 has cells but no name in the header"),
        (
            "partner,kind,zzzzz",
            "a,ems,x",
            (
                "partners.csv row 1, column zzzzz: is not a column of partners "
                "(put # before the name of a column that is not to be read)"
            ),
        ),
    ],
)
def test_a_bad_header_is_named(header, row, text):
    assert [str(issue) for issue in read_table(grid("partners", header, row)).issues] == [text]


@pytest.mark.parametrize("header", ["partner,kind,#mine", "partner,kind,problem", "partner,kind,"])
def test_columns_that_are_not_ours_are_not_read(header):
    read = read_table(grid("partners", header, "a,ems," if header.endswith(",") else "a,ems,x"))
    assert read.issues == ()
    assert read.frame.columns == ["partner", "kind"]


def test_notes_and_blank_rows_are_not_read_and_lines_are_kept():
    read = read_table(grid("partners", PARTNERS, "# unit,", "# example dixon,ems", "a,ems", ",", " ,", "b,emss"))
    assert read.frame["partner"].to_list() == ["a", "b"]
    assert [issue.line for issue in read.issues] == [7]
    assert [issue.row for issue in read.issues] == [1]


def test_a_record_that_begins_like_a_note_is_read_where_the_note_has_been():
    read = read_table(grid("partners", PARTNERS, "# example x,ems", "# example y,ems", "# unit z,ems"))
    assert read.frame["partner"].to_list() == ["# example y", "# unit z"]
