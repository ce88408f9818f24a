"""One sheet of our workbooks: header, notes, colours, lists to choose from, cells that read back exactly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.errors import DataError
from boxbuild.files.grid import NOTES
from boxbuild.files.look import Look, role
from boxbuild.network.catalogue import Column, Table

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

ROOM: Final = 2000
"""Rows below the last one that still have lists to choose from."""

DIGITS: Final = 15
"""Digits of a number that are stored as a number; more are text."""

LONGEST_TEXT: Final = 32767
MOST_ROWS: Final = 1_048_576
FIRST_DAY: Final = date(1900, 3, 1)
"""Before it, day numbers of Excel are off by one."""


def write_header(sheet: Worksheet, look: Look, table: Table, first: int) -> None:
    """Write names, units and examples, and set widths and colours.

    Parameters
    ----------
    first
        Row (0-based) of the first record; everything above stays in sight.
    """
    for place, column in enumerate(table.columns):
        dress_column(sheet, look, place, column)
        sheet.write_string(0, place, column.name, look.header(column))
        note = about(column)
        sheet.write_comment(
            0, place, note, {"author": "boxbuild", "x_scale": 2.2, "y_scale": 0.4 + 0.25 * note.count("\n")}
        )
        for row, (word, text) in enumerate(((NOTES[0], column.unit), (NOTES[2], column.example)), 1):
            shown = f"{word} {text}".strip() if place == 0 else text
            sheet.write_string(row, place, shown, look.note())
    sheet.freeze_panes(first, 1)


def dress_column(sheet: Worksheet, look: Look, place: int, column: Column) -> None:
    """Set width and colour of a column."""
    longest = max(len(column.name), len(column.unit), len(column.example), *map(len, column.choices), 8)
    width = 40 if column.name in ("source", "note") else min(longest + 3, 28) + (8 if place == 0 else 0)
    sheet.set_column(place, place, width, look.cell(role(column), column.type))


def about(column: Column) -> str:
    """Return what there is to know about a column, a thought a line."""
    lines = [column.meaning]
    if column.unit:
        lines.append(f"Unit: {column.unit}")
    if column.choices:
        lines.append(f"One of: {', '.join(column.choices)}")
    if column.references:
        lines.append(f"Stands in {column.references[0]}, column {column.references[1]}")
    limits = [
        f"{word} {limit:g}"
        for word, limit in (("at least", column.minimum), ("at most", column.maximum))
        if limit is not None
    ]
    if limits:
        lines.append(f"Value: {', '.join(limits)}")
    if column.default:
        lines.append(f"Blank: {column.default}")
    lines.append("Must be filled in" if column.required else "May be left blank")
    return "\n".join(lines)


def offer_choices(
    sheet: Worksheet, place: int, column: Column, first: int, last: int, lists: dict[tuple[str, str], str]
) -> None:
    """Let the user choose from a list where a column has choices or names a row of another sheet."""
    if column.choices or column.type == "yes_no":
        source: object = list(column.choices) or ["yes", "no"]
        message: dict[str, object] = {
            "error_title": column.name,
            "error_message": f"One of: {', '.join(column.choices) or 'yes, no'}",
        }
    elif column.references is not None and column.references in lists:
        source, message = lists[column.references], {"show_error": False}
    else:
        return
    sheet.data_validation(first, place, last, place, {"validate": "list", "source": source, **message})


def write_column(sheet: Worksheet, look: Look, place: int, column: Column, values: pl.Series, first: int) -> None:
    """Write the values of a column as cells that read back as the same values."""
    style = look.cell(role(column), column.type)
    rows = values.is_not_null().arg_true().to_list()
    kept = values.drop_nulls()
    if column.type == "date":
        for row, day in zip(rows, kept.to_list(), strict=True):
            write_date(sheet, first + row, place, day, style)
        return
    from boxbuild.files.texts import to_text

    write_texts(sheet, place, zip(rows, to_text(column, kept).to_list(), strict=True), first, column, style)


def write_texts(
    sheet: Worksheet,
    place: int,
    texts: Iterable[tuple[int, str]],
    first: int,
    column: Column | None,
    style: Any,
) -> None:
    """Write texts (row, text): as numbers where the column holds numbers and a cell can hold them exactly."""
    numeric = column is not None and column.type in ("number", "whole", "money")
    for row, text in texts:
        value = exact(text) if numeric else None
        if value is not None:
            sheet.write_number(first + row, place, value, style)
        else:
            if len(text) > LONGEST_TEXT:
                name = column.name if column else ""
                raise DataError(f"{sheet.name}, column {name}: a cell holds at most {LONGEST_TEXT} characters")
            sheet.write_string(first + row, place, text, style)


def write_date(sheet: Worksheet, row: int, place: int, day: date, style: Any) -> None:
    """Write a day as a date cell, or as text where Excel has no such date."""
    if day >= FIRST_DAY:
        sheet.write_datetime(row, place, day, style)
    else:
        sheet.write_string(row, place, day.isoformat(), style)


def exact(text: str) -> float | None:
    """Return the number to store so that a cell reads back as exactly this text's value; else ``None``."""
    try:
        meant = Decimal(text)
    except InvalidOperation:
        return None
    if not meant.is_finite() or (meant and not -10 <= meant.adjusted() <= 15):
        return None
    # fifteen digits come through every reader and writer of workbooks
    stored = float(meant)
    return stored if Decimal(repr(stored)) == meant and len(meant.normalize().as_tuple().digits) <= DIGITS else None


def require_room(name: str, rows: int) -> None:
    """Raise ``DataError`` where a table has more rows than a sheet."""
    if rows + 10 > MOST_ROWS:
        raise DataError(f"{name} has {rows} rows, more than a sheet can hold", hint="write it as csv or parquet")
