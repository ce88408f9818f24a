"""A planner's workbook that comes back: its record, and its tables as they have been edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from boxbuild.errors import DataError
from boxbuild.exchange.returned_record import Record, read_record
from boxbuild.files.beyond import beyond_cells
from boxbuild.files.excel import read_grids
from boxbuild.files.place import Place, in_order, place
from boxbuild.files.planner import RECORD
from boxbuild.files.settings import NAME, from_grid, to_texts, with_texts
from boxbuild.files.tables import Read, read_table
from boxbuild.network import catalogue
from boxbuild.network.checks import check
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

if TYPE_CHECKING:
    from boxbuild.files.grid import Grid

Key = tuple[object, ...]
"""The values that name a row; ``None`` where blank."""


@dataclass(frozen=True)
class Returned:
    """A workbook that comes back.

    Parameters
    ----------
    file
        Its name.
    record
        What it was when it was written.
    tables
        Its tables as they are now, with the columns that are still there.
    settings
        Its settings as texts, the name of the network under ``name``; empty where their sheet is gone.
    places
        Where each table stands.
    gone
        Tables whose sheets have been deleted: they are left as they are.
    warnings
        What is doubtful about its cells.
    """

    file: str
    record: Record
    tables: Mapping[str, pl.DataFrame]
    settings: Mapping[str, str]
    places: Mapping[str, Place]
    gone: tuple[str, ...]
    warnings: tuple[Issue, ...]


def read_returned(path: Path) -> Returned:
    """Return what a planner's workbook holds.

    Raises
    ------
    DataError
        It is not one, or cells cannot be read; carries every issue with sheet, row, column, value, reason and hint.
    """
    record = _record(path)
    grids, issues = read_grids(path, {RECORD, *record.results})
    known = {grid.table: grid for grid in grids if grid.table not in record.left_out}
    issues += [_left_out(grid) for grid in grids if grid.table in record.left_out]
    # a table without rows has no sheet; one that has been added holds new rows only
    new = {name: catalogue.table(name).empty() for name in known if name not in ("settings", *record.tables)}
    record = replace(record, tables={**record.tables, **new})
    read = {name: read_table(grid) for name, grid in known.items() if name != "settings"}
    for name, table in read.items():
        issues += table.issues
        issues += _twice(name, table.frame, table.place) if not table.broken else []
    places = {name: table.place for name, table in read.items()}
    settings: dict[str, str] = {}
    if "settings" in known:
        given = from_grid(known["settings"])
        issues += given.issues
        places["settings"] = given.place
        if given.settings is not None:
            settings = {**to_texts(given.settings), NAME: given.name}
    if any(issue.severity == "error" for issue in issues):
        issues += _beyond(record, read, issues, places)
    errors = [issue for issue in in_order(issues) if issue.severity == "error"]
    if errors:
        count = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
        raise DataError(f"{path.name} has {count}: nothing is taken from it", errors)
    expected = ("settings", *record.tables)
    tables = {name: _blank_is_null(table.frame) for name, table in read.items()}
    gone = tuple(name for name in expected if name not in known)
    return Returned(path.name, record, tables, settings, places, gone, tuple(in_order(issues)))


def _beyond(
    record: Record, read: Mapping[str, Read], known: Sequence[Issue], places: Mapping[str, Place]
) -> list[Issue]:
    """Return what else is wrong where cells are, so that all of it is said at once; where the workbook is whole."""
    if record.left_out or any(table.broken for table in read.values()):
        return []
    texts = {name: text for name, text in record.settings.items() if name != NAME}
    settings = with_texts(Settings(start=date.fromisoformat(texts["start"])), texts)
    before = Network(settings, record.tables)
    after = Network(settings, {**record.tables, **{name: table.frame for name, table in read.items()}})
    old = {said(issue) for issue in check(before)}
    found = beyond_cells(after, known, read)
    return place([issue for issue in found if issue.severity == "error" and said(issue) not in old], places)


def said(issue: Issue) -> tuple[str, ...]:
    """Return what an issue says, whichever row it stands in: rows move when others go."""
    return (issue.code, issue.table, issue.column, issue.value, issue.reason)


def key_of(table: str, frame: pl.DataFrame) -> list[Key]:
    """Return what names each row of a table."""
    return list(frame.select(catalogue.table(table).key).iter_rows())


def _record(path: Path) -> Record:
    import fastexcel

    if not path.is_file():
        raise DataError(f"there is no file {path}")
    try:
        book = fastexcel.read_excel(path)
        names = book.sheet_names
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{path.name} is not an Excel workbook: {reason}", hint="save it as .xlsx") from None
    if RECORD not in names:
        hint = "import takes the workbook that `boxbuild export PLAN FILE.xlsx` wrote"
        raise DataError(f"{path.name} is not a planner's workbook: it has no sheet {RECORD}", hint=hint)
    cells = book.load_sheet(RECORD, header_row=None, dtypes="string").to_polars()
    return read_record([(row[0], row[1] if len(row) > 1 else None) for row in cells.iter_rows()], path.name)


def _left_out(grid: Grid) -> Issue:
    """A sheet that has the name of a table which was too long for the workbook."""
    return grid.issue("left-out", "was too long for this workbook: its sheet is not the table", hint="delete it")


def _twice(name: str, frame: pl.DataFrame, place: Place) -> list[Issue]:
    """Rows that have the key of an earlier row."""
    key = [column for column in catalogue.table(name).key if column in frame.columns]
    again = (pl.struct(key).cum_count().over(key) > 1) if key else pl.lit(value=False)
    rows = frame.with_row_index("_row").filter(again)
    issues = []
    for row in rows.iter_rows(named=True):
        named = " ".join(str(row[column]) for column in key if row[column] is not None)
        line = int(place.lines[row["_row"]]) if place.lines is not None else None
        issues.append(
            Issue(
                "duplicate-row",
                "stands in an earlier row too",
                table=name,
                row=row["_row"],
                column=key[0],
                value=named,
                hint="delete one of them, or give it another name",
                file=place.file,
                sheet=place.sheet,
                line=line,
            )
        )
    return issues


def _blank_is_null(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)).name.keep())
