"""CSV files as such: encoding, separators, ragged rows, quotes."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boxbuild.files import comma


@pytest.fixture
def grid_of(tmp_path):
    def read(data: bytes):
        path = tmp_path / "partners.csv"
        path.write_bytes(data)
        return comma.read_grid(path, "partners")

    return read


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "partners.csv: is empty (the first row holds the names of the columns)"),
        (b"\n \n", "partners.csv: is empty (the first row holds the names of the columns)"),
        (
            b"partner;kind\na;ems\n",
            "partners.csv row 1: is separated by semicolons, not by commas (save it as CSV UTF-8 with commas)",
        ),
        (
            b"partner\tkind\na\tems\n",
            "partners.csv row 1: is separated by tabs, not by commas (save it as CSV UTF-8 with commas)",
        ),
        (b"partner,kind\na,ems\nM\xfcller,ems\n", "partners.csv row 3: 'ü' is not UTF-8 (save it as CSV UTF-8)"),
        ("partner,kind\n".encode("utf-16"), "partners.csv: is not UTF-8 but UTF-16 (save it as CSV UTF-8)"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(grid_of, data, text):
    grid, issues = grid_of(data)
    assert grid is None
    assert [str(issue) for issue in issues] == [text]


def test_ragged_rows_are_named_with_their_line_and_keep_their_cells(grid_of):
    grid, issues = grid_of(b"partner,kind,name\na,ems\nb,ems,x,1,25\n\nc,ems,y\nd,ems,z,,\n")
    assert [str(issue) for issue in issues] == [
        "partners.csv row 2: has 2 cells, the header has 3",
        (
            "partners.csv row 3: has 5 cells, the header has 3 "
            "(put quotes around a text with a comma, and write decimals with a point)"
        ),
    ]
    assert grid.frame["0"].to_list() == ["a", "b", None, "c", "d"]
    assert grid.ragged == {0: (), 1: ("1", "25")}


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbfpartner,kind\r\na,ems\r\n", b"partner,kind\ra,ems\r", b"partner,kind\na,ems"]
)
def test_a_byte_order_mark_and_any_line_end_are_fine(grid_of, data):
    grid, issues = grid_of(data)
    assert issues == []
    assert (grid.header, grid.frame.rows()) == (("partner", "kind"), [("a", "ems")])


CELLS = st.text(st.sampled_from('ab",\n\r ;='), max_size=4)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_the_fast_reader_agrees_with_the_careful_one(rows, end):
    """Where a file is regular, both readers find the same cells; the careful one is the standard library's."""
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows([["partner", "kind"], *rows])
    data = text.getvalue().encode()
    careful, _ = comma._careful(data.decode(), "partners", "partners.csv")
    if comma._regular(data, 2):
        fast = comma._fast(data, "partners", "partners.csv")
        assert fast.header == careful.header
        wanted = [tuple(cell or None for cell in row) for row in careful.frame.rows()]
        assert fast.frame.rows() == wanted
