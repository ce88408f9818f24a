"""The sheets that explain a workbook: ``read me`` and ``columns``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from boxbuild.files.look import COLOURS, Look
from boxbuild.network import catalogue

PURPOSES: Final = {
    "partners": "Companies: the brand, its assemblers, suppliers and carriers",
    "sites": "Places: plants, suppliers' works, hubs, markets",
    "items": "Products, assemblies and components, with their value",
    "boms": "What goes into one unit of what is built",
    "operations": "Which plant can build what, at which cost and yield, in how many days",
    "resources": "Lines, crews and testers, with their capacity a week",
    "uses": "How much of a resource one unit takes",
    "sources": "Suppliers' offers: price, lead time, lots, terms",
    "lanes": "Ways of carriage between sites: days and freight",
    "demand": "What is wanted, where, by when, and what late and lost units cost",
    "stock": "What lies at the sites on the first day",
    "receipts": "Orders that are on their way",
    "contracts": "Volumes and shares agreed with partners",
    "tiers": "Price ladders of contracts and offers",
    "flex": "How far an order may move from the forecast",
    "forecasts": "What partners were told before",
    "options": "Investments and choices that the plan may take",
    "targets": "What must be reached: export share, local purchases, units",
    "locks": "Builds, purchases and shipments that are decided: fixed, at least, at most",
    "rates": "Home currency for one unit of each foreign currency",
    "duties": "Customs duty by country, classification and origin",
    "schemes": "Export schemes that plants work under, or may choose",
    "applications": "Incentive schemes: applicants' years, thresholds met so far, caps",
    "law": "Values of the law book that this network replaces or adds, such as a reform",
}
"""What each table holds, in one line."""

STEPS: Final = (
    "1. Fill in the sheet settings: at least start, the first day of the plan.",
    "2. Fill in the tables from left to right: a later table names rows of earlier ones.",
    "3. Start below the grey rows. They show units and an example and are not read.",
    "4. Point at the name of a column: its note says what it means, its limits and what a blank stands for.",
    "5. Leave a table that you do not need empty. A blank is not zero.",
    "6. Check: boxbuild check FILE.xlsx names every cell that cannot be right, with its row and column.",
    "7. boxbuild check FILE.xlsx --mark OUT.xlsx gives this workbook back with those cells in red.",
)
RULES: Final = (
    "Dates are dates of Excel or texts such as 2023-06-05.",
    "Numbers have a decimal point or are number cells; no currency signs and no % in texts: 0.12, not 12%.",
    "Money is exact to nine decimals. A currency stands in its own column.",
    "Columns and sheets whose name starts with # are yours: they are not read.",
    "The column problem, and the sheets read me, columns and problems, are not read.",
)

_TITLES: Final = {
    "table": 14,
    "column": 20,
    "fill in": 10,
    "type": 10,
    "unit": 22,
    "default": 10,
    "stands in": 20,
    "choices": 40,
    "example": 24,
    "meaning": 90,
}


def read_me(sheet: Any, look: Look, tables: Sequence[str]) -> None:
    """Write the sheet that explains the workbook."""
    title = look.plain("#1F4E79", "#FFFFFF", bold=True, font_size=16)
    head = look.plain("#1F4E79", "#FFFFFF", bold=True, font_size=12)
    text = look.plain("#000000", "#FFFFFF", text_wrap=True)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, "A network for boxbuild", title)
    row = _lines(sheet, 2, "How to fill it in", STEPS, head, text)
    sheet.write_string(row, 0, "Colours", head)
    for name, (dark, light, meaning) in COLOURS.items():
        row += 1
        sheet.write_string(row, 0, name, look.plain("#FFFFFF", dark, bold=True))
        sheet.write_string(row, 1, meaning, look.plain("#000000", light, text_wrap=True))
    sheet.write_string(row + 1, 0, "red, amber", look.plain("#9C0006", "#FFC7CE", bold=True))
    sheet.write_string(row + 1, 1, "wrong, doubtful: the note of the cell says why (only after a check)", text)
    row = _lines(sheet, row + 3, "Rules", RULES, head, text)
    sheet.write_string(row, 0, "Sheets", head)
    link = look.plain("#0563C1", "#FFFFFF", underline=1)
    sheet.write_url(row + 1, 0, "internal:settings!A1", link, "settings")
    sheet.write_string(row + 1, 1, "What holds for the whole plan: first day, horizon, home currency, rates", text)
    row += 1
    for name in tables:
        row += 1
        sheet.write_url(row, 0, f"internal:{name}!A1", link, name)
        sheet.write_string(row, 1, PURPOSES[name], text)
    sheet.write_url(row + 1, 0, "internal:columns!A1", link, "columns")
    sheet.write_string(row + 1, 1, "Every column of every table in one list, to search in", text)


def columns(sheet: Any, look: Look, tables: Sequence[str]) -> None:
    """Write the sheet that lists every column."""
    for place, (title, width) in enumerate(_TITLES.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, look.header(None))
    sheet.freeze_panes(1, 2)
    row = 0
    for table in map(catalogue.table, ("settings", *tables)):
        for column in table.columns:
            row += 1
            texts: list[str] = [table.name, column.name, "required" if column.required else "", column.type]
            texts += [
                column.unit,
                column.default,
                ".".join(column.references or ()),
                ", ".join(column.choices),
            ]
            for place, text in enumerate([*texts, column.example, column.meaning]):
                sheet.write_string(row, place, text)
    sheet.autofilter(0, 0, row, len(_TITLES) - 1)


def _lines(sheet: Any, row: int, title: str, lines: Sequence[str], head: Any, text: Any) -> int:
    sheet.write_string(row, 0, title, head)
    for line in lines:
        row += 1
        sheet.merge_range(row, 0, row, 1, line, text)
    return row + 2
