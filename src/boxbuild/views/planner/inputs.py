"""The sheets of inputs: the tables of the network to edit, with grey columns of what the plan makes of each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.files.look import Look
from boxbuild.files.settings import NAME, to_texts
from boxbuild.files.sheet import about, dress_column, offer_choices, write_column
from boxbuild.files.workbook import write_settings
from boxbuild.network import catalogue
from boxbuild.views.planner.beside import results
from boxbuild.views.planner.page import INPUT
from boxbuild.views.sheets import print_across

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from boxbuild.network.catalogue import Column, Table
    from boxbuild.network.network import Network
    from boxbuild.plan.plan import Plan
    from boxbuild.views.sheets import Book

MOST: Final = 20_000
"""Rows of a table that can be edited in the workbook; longer ones are left out."""

EMPTY_TOO: Final = ("stock", "receipts", "contracts", "options", "targets", "rates", "locks")
"""Tables that have a sheet even where they have no rows: a planner may well add some."""

FIRST: Final = 2
"""Row (0-based) of the first record: below the names and the units."""

ROOM: Final = 500
"""Rows below the last one that have lists to choose from."""

_UNITS: Final = "# unit"


@dataclass(frozen=True)
class Inputs:
    """Which tables have a sheet, with their rows, and which are too long."""

    rows: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, network: Network) -> Inputs:
        """Return what of a network can be edited in a workbook."""
        rows = {name: frame.height for name, frame in network.tables.items() if frame.height or name in EMPTY_TOO}
        left_out = {name: height for name, height in rows.items() if height > MOST}
        kept = {name: height for name, height in rows.items() if name not in left_out}
        return cls({"settings": len(to_texts(network.settings)), **kept}, left_out)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables with a sheet, without the settings."""
        return tuple(name for name in self.rows if name != "settings")


def write_inputs(book: Book, plan: Plan, inputs: Inputs) -> dict[str, str]:
    """Write the sheets; return the settings as texts, as they stand there."""
    look = Look(book.raw)
    texts = to_texts(plan.network.settings)
    write_settings(book.raw, look, texts, plan.network.name)
    dressed = [book.raw.get_worksheet_by_name("settings")]
    lists = _lists(inputs)
    for name in inputs.tables:
        sheet = book.raw.add_worksheet(name)
        _table(sheet, book, look, plan, catalogue.table(name), lists)
        dressed.append(sheet)
    for sheet in dressed:
        sheet.set_tab_color(INPUT)
        print_across(sheet)
    return {**texts, NAME: plan.network.name}


def _table(
    sheet: Worksheet, book: Book, look: Look, plan: Plan, table: Table, lists: dict[tuple[str, str], str]
) -> None:
    frame = plan.network.tables[table.name]
    last = FIRST + max(frame.height, 1) - 1
    beside = results(plan, table.name)
    before = _places(table, len(beside))
    for column in table.columns:
        place = before[column.name]
        _head(sheet, look, place, column)
        write_column(sheet, look, place, column, frame.get_column(column.name), FIRST)
        offer_choices(sheet, place, column, FIRST, last + ROOM, lists)
    _grouped(sheet, look, table, frame, before)
    gap = _needed(table)
    edge = {"border": 1, "border_color": "#D9D9D9"}
    grey = book.style(font_color="#595959", bg_color="#EDEDED", italic=True, num_format="#,##0", **edge)
    head = book.style(font_color="#FFFFFF", bg_color="#7F7F7F", italic=True, valign="top")
    for place, (title, values) in enumerate(beside.items(), gap):
        sheet.set_column(place, place, 13, grey)
        sheet.write_string(0, place, f"# {title}", head)
        sheet.write_string(1, place, "result, not read", look.note())
        for row, value in enumerate(values.to_list(), FIRST):
            if isinstance(value, str):
                sheet.write_string(row, place, value, grey)
            elif value is not None:
                sheet.write_number(row, place, value, grey)
    sheet.freeze_panes(FIRST, 1)
    sheet.autofilter(1, 0, last, len(table.columns) + len(beside) - 1)
    sheet.repeat_rows(0, 1)
    sheet.repeat_columns(0, 0)


def _head(sheet: Worksheet, look: Look, place: int, column: Column) -> None:
    dress_column(sheet, look, place, column)
    sheet.write_string(0, place, column.name, look.header(column))
    note = about(column)
    size = {"x_scale": 2.2, "y_scale": 0.4 + 0.25 * note.count("\n")}
    sheet.write_comment(0, place, note, {"author": "boxbuild", **size})
    unit = f"{_UNITS} {column.unit}".strip() if place == 0 else column.unit
    sheet.write_string(1, place, unit, look.note())


def _needed(table: Table) -> int:
    """Columns up to the last one that must be filled in or names the row: results stand right of them."""
    return 1 + max(place for place, column in enumerate(table.columns) if column.required or column.key)


def _places(table: Table, beside: int) -> dict[str, int]:
    """Return where each column of a table stands, with room for results in between."""
    needed = _needed(table)
    return {column.name: place + (beside if place >= needed else 0) for place, column in enumerate(table.columns)}


def _grouped(sheet: Worksheet, look: Look, table: Table, frame: pl.DataFrame, places: Mapping[str, int]) -> None:
    """Fold away optional columns that are blank in every row: the plus above them opens them."""
    if not frame.height:
        return
    folded = False
    for column in table.columns:
        blank = not (column.required or column.key or column.name in ("source", "note"))
        blank = blank and not frame.get_column(column.name).is_not_null().any()
        place = places[column.name]
        style = look.cell("key" if column.key else "required" if column.required else "optional", column.type)
        if blank:
            sheet.set_column(place, place, 14, style, {"level": 1, "hidden": True})
        elif folded:
            dress_column(sheet, look, place, column)
            width = 40 if column.name in ("source", "note") else max(len(column.name), len(column.unit), 10) + 3
            sheet.set_column(place, place, width, style, {"collapsed": True})
        folded = blank


def _lists(inputs: Inputs) -> dict[tuple[str, str], str]:
    """Return for each (table, column) the cells to choose from, where its sheet is in the workbook."""
    from xlsxwriter.utility import xl_range_abs

    found = {}
    for name in inputs.tables:
        table = catalogue.table(name)
        for column in table.columns:
            if column.key and table.key[0] == column.name:
                place = table.names.index(column.name)
                cells = xl_range_abs(FIRST, place, FIRST + inputs.rows[name] + ROOM, place)
                found[name, column.name] = f"={name}!{cells}"
    return found
