"""Workbooks in: each sheet that is a table becomes a grid of texts."""

from __future__ import annotations

import zipfile
from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

from boxbuild.files.failed import Cells, failed_cells, first_place, has_fine_numbers
from boxbuild.files.grid import Grid, closest, numbered
from boxbuild.files.planner import RECORD, results_of
from boxbuild.network.catalogue import TABLES
from boxbuild.network.issues import Issue

if TYPE_CHECKING:
    from fastexcel import ExcelReader

OWN_SHEETS: Final = ("read me", "columns", "problems")
"""Sheets that explain and report; they are not read."""


def read_grids(path: Path, others: Container[str] = ()) -> tuple[list[Grid], list[Issue]]:
    """Return a grid for every sheet that is a table (or ``settings``), with what is wrong with the others.

    Sheets whose names are among ``others`` are known to be no tables.
    """
    import fastexcel

    try:
        workbook = fastexcel.read_excel(path)
        failed, fine = failed_cells(path), has_fine_numbers(path)
    except (fastexcel.FastExcelError, zipfile.BadZipFile, KeyError) as error:
        reason = str(error).splitlines()[0]
        return [], [Issue("unreadable", f"is not an Excel workbook: {reason}", file=path.name, hint="save it as .xlsx")]
    grids: list[Grid] = []
    ours, issues = results_of(workbook, path.name) if RECORD not in others else (set(), [])
    known = (*TABLES, "settings")
    for sheet in workbook.sheet_names:
        if sheet in known:
            cells = _texts(workbook, sheet, exact=fine)
            grid = _grid(cells, sheet, path, failed.get(sheet, {}))
            if grid is None:
                reason = "has a blank first row" if cells.height else "is empty"
                hint = "the first row holds the names of the columns"
                issues.append(Issue("empty", reason, table=sheet, file=path.name, sheet=sheet, hint=hint))
            else:
                grids.append(grid)
        elif sheet not in OWN_SHEETS and sheet not in ours and sheet not in others and not sheet.startswith("#"):
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


def _grid(cells: pl.DataFrame, table: str, path: Path, failed: Cells) -> Grid | None:
    if not cells.height or not any(cells.row(0)):
        return None
    first = first_place(path, table) if failed else 0
    header = tuple(text or "" for text in cells.row(0))
    bad = [(line, place - first, text) for (line, place), text in failed.items() if line <= cells.height]
    bad = [(line, place, text) for line, place, text in bad if 0 <= place < cells.width]
    for line, place, text in bad:
        # A row whose only cell failed would be taken for a blank one.
        cells = cells.with_columns(cells.get_column(str(place)).scatter([line - 1], [text]))
    frame = cells.slice(1)
    failures = tuple((line - 2, str(place), text) for line, place, text in bad if line > 1)
    return Grid(table, header, frame, "xlsx", path.name, table, numbered(frame.height), failed=failures)


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
