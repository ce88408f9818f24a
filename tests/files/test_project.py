"""Projects: where tables stand, and that everything wrong in them comes at once."""

from __future__ import annotations

import pytest
from tests.building import small_network

from boxbuild.errors import DataError
from boxbuild.files import load, read, write


@pytest.fixture
def project(tmp_path):
    return write(small_network(), tmp_path / "project")


def edit(project, table, old, new):
    path = project / "tables" / f"{table}.csv"
    text = path.read_text()
    assert old in text, f"{table} has no {old}"
    path.write_text(text.replace(old, new, 1))


def test_all_issues_come_at_once_in_the_order_of_the_tables(project):
    """Bad cells and what the checks between tables find stand in one list, each with its file and line."""
    edit(project, "items", "phone-a,finished", "phone-a,finishd")
    edit(project, "sites", "noida,ems", "noida,emz")
    with pytest.raises(DataError) as caught:
        read(project)
    found = [(issue.file, issue.line, issue.column, issue.value) for issue in caught.value.issues]
    assert found == [("sites.csv", 2, "partner", "emz"), ("items.csv", 2, "kind", "finishd")]
    assert str(caught.value).startswith("project has 2 problems\nsites.csv row 2, column partner: 'emz' ")


def test_a_bad_cell_is_not_reported_again_as_a_blank(project):
    edit(project, "items", "9000", "nine")
    assert [(issue.code, issue.column) for issue in load(project).errors] == [("bad-money", "value")]


@pytest.mark.parametrize(("table", "old", "bad"), [("items", "9000", "nine"), ("demand", "2023-07-09", "09/07/2023")])
def test_a_bad_cell_does_not_hide_what_the_checks_find_elsewhere(project, table, old, bad):
    """The checks between tables run on the rest: a bad cell adds its own issue and takes no other away."""
    edit(project, "boms", "board,,chip", "board,,board")
    elsewhere = [str(issue) for issue in load(project).errors]
    assert any("cycle" in issue.code for issue in load(project).errors)
    edit(project, table, old, bad)
    found = [str(issue) for issue in load(project).errors]
    assert [text for text in found if bad not in text] == elsewhere
    assert len(found) == len(elsewhere) + 1


def test_nothing_more_is_said_about_a_ragged_row(project):
    edit(project, "items", "phone-a,finished,", "phone-a,finished,,,")
    assert [issue.code for issue in load(project).errors] == ["ragged"]


def test_a_missing_table_column_stops_the_checks_between_tables(project):
    """Else every row that names the table would be reported too."""
    edit(project, "sites", "site,", "sight,")
    assert [issue.code for issue in load(project).errors] == ["unknown-column"]


def test_a_network_with_bad_cells_still_loads_but_does_not_read(project):
    edit(project, "items", "9000", "nine")
    assert load(project).network.tables["items"].height == small_network().tables["items"].height


@pytest.mark.parametrize("which", ["", "network.toml", "tables"])
def test_a_project_may_be_named_by_its_folder_or_its_toml(project, which):
    if which == "tables":
        (project / "network.toml").rename(project / "tables" / "network.toml")
    assert read(project / which).tables["items"].equals(small_network().tables["items"])


def test_a_misspelled_file_is_named(project):
    (project / "tables" / "stock.csv").rename(project / "tables" / "stok.csv")
    assert [str(issue) for issue in load(project).errors] == ["stok.csv: stok is not a table (did you mean stock?)"]


def test_places_that_hold_no_project_say_so(project, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "one").mkdir()
    write(small_network(), tmp_path / "one" / "mine.xlsx", "xlsx")
    cases = {
        tmp_path / "gone": f"there is nothing at {tmp_path / 'gone'} (give a project folder or a workbook)",
        tmp_path / "empty": "empty has no tables (put CSV files into empty/tables, or network.xlsx beside it)",
        tmp_path / "one": "one has no tables (give mine.xlsx itself)",
        project / "tables" / "sites.csv": "sites.csv is not a project folder or a workbook (give the folder)",
    }
    for path, text in cases.items():
        with pytest.raises(DataError) as caught:
            load(path)
        assert str(caught.value) == text


def test_tables_in_two_forms_are_refused(project):
    write(small_network(), project / "network2.xlsx", "xlsx").rename(project / "network.xlsx")
    with pytest.raises(DataError) as caught:
        load(project)
    assert str(caught.value) == "project has its tables twice, as CSV files and as network.xlsx (keep one of them)"
