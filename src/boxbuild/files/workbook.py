"""Workbooks out: the template, filled with a network or empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from boxbuild.files import guide
from boxbuild.files.look import Look, role
from boxbuild.files.settings import NAME, to_texts
from boxbuild.files.sheet import (
    ROOM,
    offer_choices,
    require_room,
    write_column,
    write_date,
    write_header,
    write_texts,
)
from boxbuild.files.shortest import write_shortest
from boxbuild.network import catalogue

if TYPE_CHECKING:
    from xlsxwriter import Workbook

    from boxbuild.network.network import Network

FIRST: Final = 3
"""Row (0-based) of the first record: below the names, the units and the examples."""

_MADE: Final = date(2023, 6, 5)


def write_workbook(network: Network | None, path: Path, tables: Sequence[str] = catalogue.TABLES) -> None:
    """Write a workbook with a sheet for each table, filled with a network where there is one."""
    book = new_book(path)
    look = Look(book)
    guide.read_me(book.add_worksheet("read me"), look, tables)
    write_settings(book, look, *(({}, "") if network is None else (to_texts(network.settings), network.name)))
    for name in tables:
        _table(book, look, catalogue.table(name), network, tables)
    guide.columns(book.add_worksheet("columns"), look, tables)
    book.close()


def new_book(path: Path) -> Workbook:
    """Return an empty workbook whose bytes depend on nothing but what is written."""
    import datetime

    import xlsxwriter

    book = write_shortest(
        xlsxwriter.Workbook(path, {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False})
    )
    book.set_properties({"created": datetime.datetime.combine(_MADE, datetime.time()), "author": "boxbuild"})
    return book


def write_settings(book: Workbook, look: Look, texts: dict[str, str], name: str) -> None:
    """Add the sheet of settings: one a row, with its unit, default and meaning."""
    sheet = book.add_worksheet("settings")
    for place, (title, width) in enumerate(
        (("setting", 18), ("value", 44), ("unit", 22), ("default", 10), ("meaning", 80))
    ):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, look.header(None))
    sheet.freeze_panes(1, 1)
    table = catalogue.table("settings")
    note = look.note()
    sheet.write_string(1, 0, NAME, look.plain("#1F4E79", "#FFFFFF", bold=True))
    write_texts(sheet, 1, [(1, name)], 0, None, look.cell("optional", "text"))
    sheet.write_row(1, 2, ["", "", "Short name of the network (default: name of the file)"], note)
    for row, column in enumerate(table.columns, 2):
        sheet.write_string(row, 0, column.name, look.plain("#1F4E79", "#FFFFFF", bold=True))
        _setting(sheet, look, row, column, texts.get(column.name, ""))
        for place, text in enumerate((column.unit, column.default, column.meaning), 2):
            sheet.write_string(row, place, text, note)
    for row, text in enumerate(sorted(set(texts) - set(table.names)), 2 + len(table.columns)):
        sheet.write_string(row, 0, text)
        sheet.write_string(row, 1, texts[text])


def _setting(sheet: Any, look: Look, row: int, column: catalogue.Column, text: str) -> None:
    style = look.cell(role(column), column.type)
    if not text:
        sheet.write_blank(row, 1, None, style)
        return
    if column.type == "date":
        try:
            write_date(sheet, row, 1, date.fromisoformat(text), style)
            return
        except ValueError:
            pass
    write_texts(sheet, 1, [(row, text)], 0, column, style)


def _table(book: Workbook, look: Look, table: catalogue.Table, network: Network | None, tables: Sequence[str]) -> None:
    sheet = book.add_worksheet(table.name)
    frame = table.empty() if network is None else network.tables[table.name]
    require_room(table.name, frame.height)
    write_header(sheet, look, table, FIRST)
    lists = reference_lists(tables)
    for place, column in enumerate(table.columns):
        write_column(sheet, look, place, column, frame.get_column(column.name), FIRST)
        offer_choices(sheet, place, column, FIRST, FIRST + frame.height + ROOM, lists)


def reference_lists(tables: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return for each (table, column) the cells to choose from, where its sheet is in the workbook."""
    from xlsxwriter.utility import xl_range_abs

    found = {}
    for table in catalogue.tables():
        for place, column in enumerate(table.columns):
            if table.name in tables and column.key:
                cells = xl_range_abs(FIRST, place, FIRST + ROOM, place)
                found[table.name, column.name] = f"={table.name}!{cells}"
    return found
