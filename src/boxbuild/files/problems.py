"""The sheet ``problems`` of a marked workbook: every issue in one list, each with a link to its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from boxbuild.network.issues import Issue

if TYPE_CHECKING:
    from openpyxl import Workbook

SHEET: Final = "problems"
_TITLES: Final = {"severity": 10, "where": 22, "row": 8, "column": 20, "value": 24, "problem": 60, "hint": 60}


def list_problems(book: Workbook, issues: Sequence[Issue], targets: Mapping[int, str]) -> None:
    """Put the list of issues in front of the other sheets.

    Parameters
    ----------
    targets
        Number of an issue to the address of its cell.
    """
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    if SHEET in book.sheetnames:
        del book[SHEET]
    sheet = book.create_sheet(SHEET, 0)
    for place, (title, width) in enumerate(_TITLES.items(), 1):
        sheet.cell(1, place, title).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    for number, issue in enumerate(issues):
        where = issue.sheet or issue.table or issue.file
        texts = (issue.severity, where, issue.line, issue.column, issue.value, issue.reason, issue.hint)
        for place, value in enumerate(texts, 1):
            cell = sheet.cell(number + 2, place)
            cell.value = clean(value) if isinstance(value, str) else value
            if isinstance(value, str) and value:
                cell.data_type = "s"
        colour = "FFFFC7CE" if issue.severity == "error" else "FFFFEB9C"
        sheet.cell(number + 2, 1).fill = PatternFill("solid", fgColor=colour, bgColor=colour)
        if number in targets:
            cell = sheet.cell(number + 2, 2)
            cell.hyperlink = targets[number]
            cell.font = Font(underline="single", color="FF0563C1")
    if not issues:
        sheet.cell(2, 1, "nothing is wrong")
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_TITLES))}{max(len(issues), 1) + 1}"
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False


def clean(text: str) -> str:
    """Return a text without the characters that a workbook cannot hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:32000]
