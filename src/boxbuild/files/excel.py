"""Workbooks in: each sheet that is a table becomes a grid of texts."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

from boxbuild.files.grid import Grid, closest, numbered
from boxbuild.network.catalogue import TABLES
from boxbuild.network.issues import Issue

if TYPE_CHECKING:
    from fastexcel import ExcelReader
    from openpyxl.worksheet.worksheet import Worksheet

OWN_SHEETS: Final = ("read me", "columns", "problems")
"""Sheets that explain and report; they are not read."""

_FAILED: Final = re.compile(rb"<c\b[^>]*\bt=[\"']e[\"']|(?:</f>|<f\b[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")

_FINE: Final = re.compile(rb"<v>(?:[^<]*\.\d{10}|[^<]*[eE]-)")


def read_grids(path: Path) -> tuple[list[Grid], list[Issue]]:
    """Return a grid for every sheet that is a table (or ``settings``), with what is wrong with the others."""
    import fastexcel

    try:
        workbook = fastexcel.read_excel(path)
        failed, fine = _failed_cells(path), _holds(path, _FINE)
    except (fastexcel.FastExcelError, zipfile.BadZipFile, KeyError) as error:
        reason = str(error).splitlines()[0]
        return [], [Issue("unreadable", f"is not an Excel workbook: {reason}", file=path.name, hint="save it as .xlsx")]
    grids: list[Grid] = []
    issues: list[Issue] = []
    known = (*TABLES, "settings")
    for sheet in workbook.sheet_names:
        if sheet in known:
            cells = _texts(workbook, sheet, exact=fine)
            grid = _grid(cells, sheet, path.name, failed.get(sheet, {}))
            if grid is None:
                issues.append(_blank_sheet(path, sheet))
            else:
                grids.append(grid)
        elif sheet not in OWN_SHEETS and not sheet.startswith("#"):
            issues.append(unknown_table(sheet, path.name, sheet))
    return grids, issues


def unknown_table(name: str, file: str, sheet: str = "") -> Issue:
    """Return the issue of a sheet or a file that is no table: an error where a table was probably meant."""
    close = closest(name, (*TABLES, "settings"))
    if close:
        hint = f"did you mean {close}?"
        return Issue("unknown-table", f"{name} is not a table", file=file, sheet=sheet, hint=hint)
    hint = "put # before its name if it is yours"
    return Issue(
        "unknown-table",
        f"{name} is not a table and is not read",
        "warning",
        file=file,
        sheet=sheet,
        hint=hint,
    )


def _blank_sheet(path: Path, sheet: str) -> Issue:
    hint = "the first row holds the names of the columns"
    return Issue("empty", "is empty", table=sheet, file=path.name, sheet=sheet, hint=hint)


def _grid(cells: pl.DataFrame, table: str, file: str, failed: dict[tuple[int, int], str]) -> Grid | None:
    if not cells.height or not any(cells.row(0)):
        return None
    header = tuple(text or "" for text in cells.row(0))
    bad = [
        (line, place, text) for (line, place), text in failed.items() if line <= cells.height and place < cells.width
    ]
    for line, place, text in bad:
        # A row whose only cell failed would be taken for a blank one.
        cells = cells.with_columns(cells.get_column(str(place)).scatter([line - 1], [text]))
    frame = cells.slice(1)
    failures = tuple((line - 2, str(place), text) for line, place, text in bad if line > 1)
    return Grid(table, header, frame, "xlsx", file, table, numbered(frame.height), failed=failures)


def _texts(workbook: ExcelReader, sheet: str, *, exact: bool) -> pl.DataFrame:
    """Return the cells of a sheet as texts, in columns ``"0"``, ``"1"``, ...; numbers to their last digit."""

    def cells(dtype: Literal["string", "float"]) -> pl.DataFrame:
        found = workbook.load_sheet(sheet, header_row=None, dtypes=dtype, skip_rows=0).to_polars()
        return found.rename({name: str(place) for place, name in enumerate(found.columns)})

    texts = cells("string").cast(pl.String)
    if not exact:
        return texts
    # As texts, the reader rounds numbers to nine decimals.
    numbers = cells("float").cast(pl.Float64)
    return texts.select(
        pl.when(column.cast(pl.Float64, strict=False) != numbers[column.name])
        .then(numbers[column.name].cast(pl.String))
        .otherwise(column)
        .alias(column.name)
        for column in texts
    )


def _holds(path: Path, pattern: re.Pattern[bytes]) -> bool:
    """Return whether the XML of a sheet holds a pattern."""
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return any(pattern.search(archive.read(name)) for name in sheets)


def _failed_cells(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Return the cells without a value: sheet, (line, place), what the cell shows.

    They hold an error such as #N/A, or a formula that was never computed; the fast reader takes them for blank.
    """
    if not _holds(path, _FAILED):
        return {}
    import openpyxl

    values = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path)
    found: dict[str, dict[tuple[int, int], str]] = {}
    for sheet in formulas.worksheets:
        if sheet.title not in TABLES:
            continue
        first = _first_place(values[sheet.title])
        cells = found[sheet.title] = {}
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type in ("e", "f")):
            line, column = cell.row or 0, cell.column or 0
            value = values[sheet.title].cell(line, column)
            if value.value is None:
                cells[line, column - 1 - first] = str(cell.value)
            elif value.data_type == "e":
                cells[line, column - 1 - first] = str(value.value)
    return found


def _first_place(sheet: Worksheet) -> int:
    """Return how many blank columns stand left of the table: the fast reader leaves them out."""
    found = (cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None)
    return min(found, default=1) - 1
