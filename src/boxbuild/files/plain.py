"""Tables of any form into a workbook, cell by cell as they were written: bad cells stay what they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from boxbuild.files.grid import Grid
from boxbuild.files.look import Look, role
from boxbuild.files.project import Sources
from boxbuild.files.settings import raw_texts
from boxbuild.files.sheet import dress_column, require_room, write_texts
from boxbuild.files.workbook import new_book, write_settings
from boxbuild.network import catalogue

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


def write_plain(sources: Sources, path: Path) -> None:
    """Write the files of a project into a workbook; every row keeps its line."""
    book = new_book(path)
    look = Look(book)
    if sources.toml is not None:
        write_settings(book, look, *raw_texts(sources.toml))
    order = ("settings", *catalogue.TABLES)
    for grid in sorted(sources.grids, key=lambda grid: order.index(grid.table)):
        if grid.table != "settings" or sources.toml is None:
            _table(book.add_worksheet(grid.table), look, grid)
    if not book.worksheets():
        book.add_worksheet("read me")
    book.close()


def _table(sheet: Worksheet, look: Look, grid: Grid) -> None:
    table = catalogue.table(grid.table)
    require_room(grid.table, grid.frame.height)
    for place, name in enumerate(grid.header):
        column = table.column(name) if name in table.names else None
        if column is not None:
            dress_column(sheet, look, place, column)
        sheet.write_string(0, place, name, look.header(column))
        style = look.cell("optional", "text") if column is None else look.cell(role(column), column.type)
        cells = grid.frame.get_column(str(place)).cast(pl.String)
        texts = ((row, text) for row, text in enumerate(cells.to_list()) if text is not None)
        write_texts(sheet, place, texts, 1, column, style)
    for row, beyond in grid.ragged.items():
        for place, text in enumerate(beyond, len(grid.header)):
            sheet.write_string(row + 1, place, text)
    sheet.freeze_panes(1, 1)
