"""A workbook in which some cells and rows change: the rest keeps its formats and notes."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boxbuild.files.place import Place
from boxbuild.files.revise_csv import texts_of
from boxbuild.files.sheet import FIRST_DAY, exact
from boxbuild.network import catalogue

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from boxbuild.files.revise import Revision


def revise_workbook(
    file: Path,
    out: Path,
    revisions: Mapping[str, Revision],
    settings: Mapping[str, str],
    places: Mapping[str, Place],
) -> None:
    """Write a workbook that is another but for some cells. A row that goes is blanked: blank rows are not read."""
    import openpyxl

    book = openpyxl.load_workbook(file, keep_vba=file.suffix == ".xlsm")
    for name, revision in revisions.items():
        if name in book.sheetnames:
            sheet = book[name]
        else:
            sheet = book.create_sheet(name)
            for at, column in enumerate(catalogue.table(name).names, 1):
                sheet.cell(1, at, column)
        _revise(sheet, name, revision, places.get(name))
    if settings:
        _settings(book["settings"], settings, places["settings"])
    book.save(out)


def _revise(sheet: Worksheet, name: str, revision: Revision, place: Place | None) -> None:
    header = {str(cell.value): int(cell.column or 0) for cell in sheet[1] if cell.value is not None}
    lines = place.lines if place is not None else None
    last = max([1, *(lines.to_list() if lines is not None else [])])
    for column in {column for _, column in revision.cells} | {column for row in revision.added for column in row}:
        if column not in header:
            header[column] = max(header.values(), default=0) + 1
            sheet.cell(1, header[column], column)
    if lines is not None:
        for (row, column), value in revision.cells.items():
            _put(sheet, int(lines[row]), header[column], name, column, value)
        for row in revision.removed:
            for cell in sheet[int(lines[row])]:
                cell.value = None
    for number, row_added in enumerate(revision.added, 1):
        for column, value in row_added.items():
            if value is not None:
                _put(sheet, last + number, header[column], name, column, value)
                _dress(sheet, last + number, header[column], last)


def _put(sheet: Worksheet, line: int, place: int, name: str, column: str, value: Any) -> None:
    cell: Any = sheet.cell(line, place)
    if value is None:
        cell.value = None
        return
    if isinstance(value, date) and value >= FIRST_DAY:
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
        return
    text = texts_of(name, {column: value})[column]
    number = exact(text) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None
    cell.value = text if number is None else number
    if number is None:
        cell.data_type = "s"


def _dress(sheet: Worksheet, line: int, place: int, like: int) -> None:
    above = sheet.cell(like, place)
    if like > 1 and above.has_style:
        cell: Any = sheet.cell(line, place)
        cell.font, cell.fill, cell.border = copy(above.font), copy(above.fill), copy(above.border)
        cell.number_format, cell.alignment = above.number_format, copy(above.alignment)


def _settings(sheet: Worksheet, settings: Mapping[str, str], place: Place) -> None:
    value = next(int(cell.column or 0) for cell in sheet[1] if cell.value == "value")
    for name, text in settings.items():
        known = (int(cell.row or 0) for cell in sheet["A"] if cell.value == name)
        line = (place.columns or {}).get(name) or next(known, sheet.max_row + 1)
        cell: Any = sheet.cell(line, value)
        if sheet.cell(line, 1).value is None:
            sheet.cell(line, 1, name)
        cell.value = text or None
        if text:
            cell.data_type = "s"
