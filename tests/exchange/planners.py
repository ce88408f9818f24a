"""Planner's workbooks for tests: of a network without a plan's quantities, and edits of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from tests.building import edit_rows, small_network

from boxbuild.exchange.returned_record import Record
from boxbuild.network.network import Network
from boxbuild.plan.plan import Plan, Summary
from boxbuild.views.planner import write_planner_workbook
from boxbuild.views.planner.inputs import Inputs, write_inputs
from boxbuild.views.planner.workbook import remember
from boxbuild.views.sheets import new_book

Row = dict[str, Any]


def export(network: Network, file: Path, scenario: str = "") -> Path:
    """Write the planner's workbook of a plan that plans nothing."""
    plan = Plan(network, _head(network, scenario), {})
    return write_planner_workbook(plan, file, written=date(2026, 11, 23))


def _head(network: Network, scenario: str) -> Summary:
    settings = network.settings
    return Summary(
        network=network.name,
        scenario=scenario,
        status="optimal",
        cost=0.0,
        bound=0.0,
        gap=0.0,
        tolerance=0.01,
        method="by hand",
        start=settings.start,
        buckets=settings.buckets,
        home_currency=settings.home_currency,
        input_hash=network.digest,
    )


def inputs(network: Network, file: Path) -> Path:
    """Write the sheets of inputs alone, with their record."""
    plan = Plan(network, _head(network, ""), {})
    with new_book(file, "inputs") as book:
        sheets = Inputs.of(network)
        settings = write_inputs(book, plan, sheets)
        tables = {name: network.tables[name] for name in sheets.tables}
        remember(book, Record(network.name, "", network.digest, "0", "2026-11-23", settings, tables))
    return file


def tricky() -> Network:
    """The small network with values that spreadsheets like to spoil."""
    network = edit_rows(small_network(), "items", {"item": "chip"}, weight_kg=str(0.1 + 0.2), name="007")
    network = edit_rows(network, "items", {"item": "board"}, name="=1+1", note="2023-05-31")
    network = edit_rows(network, "items", {"item": "battery"}, name="电池 é 🙂", note="TRUE", hs="0101")
    return edit_rows(network, "items", {"item": "display"}, name="#N/A", note="-", value="0.123456789")


class Editor:
    """A workbook open for editing."""

    def __init__(self, file: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.book = openpyxl.load_workbook(file)

    def places(self, sheet: str) -> dict[str, int]:
        """Name of a column to its place."""
        return {str(cell.value): int(cell.column) for cell in self.book[sheet][1] if cell.value is not None}

    def line(self, sheet: str, column: str, value: object) -> int:
        """The line of the first row with a value in a column."""
        table, place = self.book[sheet], self.places(sheet)[column]
        return next(row for row in range(3, table.max_row + 1) if table.cell(row, place).value == value)

    def set(self, sheet: str, where: tuple[str, object], **values: object) -> None:
        """Set cells of the row that a column names."""
        line, places = self.line(sheet, *where), self.places(sheet)
        for column, value in values.items():
            self.book[sheet].cell(line, places[column]).value = value

    def add(self, sheet: str, **values: object) -> None:
        """Add a row below the last one that has a key."""
        table = self.book[sheet]
        last = max(row for row in range(1, table.max_row + 1) if table.cell(row, 1).value is not None)
        for column, value in values.items():
            table.cell(last + 1, self.places(sheet)[column]).value = value

    def remove(self, sheet: str, column: str, value: object) -> None:
        """Delete a row."""
        self.book[sheet].delete_rows(self.line(sheet, column, value))


def edited(file: Path, edit: Callable[[Editor], None]) -> Path:
    """Edit a workbook and save it in its place."""
    editor = Editor(file)
    edit(editor)
    editor.book.save(file)
    return file
