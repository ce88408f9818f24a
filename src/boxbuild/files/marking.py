"""Marking: the user's own workbook back, with what is wrong in colour where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from boxbuild.errors import UsageError
from boxbuild.files.grid import PROBLEM
from boxbuild.files.place import in_order, place
from boxbuild.files.plain import write_plain
from boxbuild.files.problems import clean, list_problems
from boxbuild.files.project import Sources, load, open_project
from boxbuild.files.write import beside
from boxbuild.network.issues import Issue

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.dimensions import ColumnDimension
    from openpyxl.worksheet.worksheet import Worksheet

FILLS: Final = {"error": "FFFFC7CE", "warning": "FFFFEB9C"}
"""Red and amber; also how marks of an earlier check are told from the user's own colours."""

AUTHOR: Final = "boxbuild check"
_DIVIDER: Final = "\n-----\n"
_WIDTH: Final = 70


def mark(path: str | Path, issues: Iterable[Issue], out: str | Path) -> Path:
    """Write a workbook in which every issue is marked where it stands.

    Bad cells are red, doubtful ones amber, each with a note; a column ``problem`` at the right of a sheet gives
    the issues of each row, and a first sheet ``problems`` lists all of them. Neither is read back. Marks of an
    earlier check go.

    Parameters
    ----------
    path
        Project or workbook that was checked. A workbook keeps its formatting and formulas; CSV and Parquet tables are
        written into a new workbook cell by cell, as they were written.
    issues
        What is wrong, as ``load`` or ``check`` returns it.
    out
        Workbook to write; may be ``path`` itself.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    UsageError
        ``out`` is not the name of a workbook.
    """
    path, out = Path(path), Path(out)
    if out.suffix not in (".xlsx", ".xlsm"):
        raise UsageError(f"{out.name} is not the name of a workbook", "end it in .xlsx")
    found = list(issues)
    if any(issue.row is not None and issue.line is None for issue in found):
        found = place(found, load(path).places)
    found = in_order(found)
    sources = open_project(path)
    out.parent.mkdir(parents=True, exist_ok=True)
    with beside(out) as temporary:
        fresh = temporary / out.name
        given = sources.workbook
        if given is None:
            write_plain(sources, fresh)
            given = fresh
        book = openpyxl.load_workbook(given, keep_vba=out.suffix == ".xlsm")
        _mark(book, found, sources)
        book.save(fresh)
        fresh.replace(out)
    return out


def _mark(book: Workbook, issues: Sequence[Issue], sources: Sources) -> None:
    targets: dict[int, str] = {}
    for sheet in book.worksheets:
        name = sheet.title
        if name not in sources.tables:
            continue
        _wipe(sheet)
        rows: dict[int, list[Issue]] = {}
        for number, issue in enumerate(issues):
            if name not in (issue.table, issue.sheet):
                continue
            line = _line(sheet, issue, sources)
            column = _column(sheet, issue)
            targets[number] = f"#'{name}'!{sheet.cell(line or 1, column or 1).coordinate}"
            if line is not None:
                rows.setdefault(line, []).append(issue)
                _paint(sheet, sheet.cell(line, column or 1), issue)
        if rows:
            _problem_column(sheet, rows)
    list_problems(book, issues, targets)


def _line(sheet: Worksheet, issue: Issue, sources: Sources) -> int | None:
    if issue.table != "settings":
        if issue.line is None and issue.row is not None and sources.form == "parquet":
            return issue.row + 2
        return issue.line
    settings = (cell.row for row in sheet.iter_rows() for cell in row if cell.value == issue.column)
    return next(settings, issue.line if issue.sheet else 1)


def _column(sheet: Worksheet, issue: Issue) -> int | None:
    wanted = "value" if issue.table == "settings" else issue.column
    return next((cell.column for cell in sheet[1] if wanted and cell.value == wanted), None)


def _paint(sheet: Worksheet, cell: Cell | MergedCell, issue: Issue) -> None:
    if not cell.has_style:
        cell.number_format = dress_of(sheet, cell.column or 1).number_format
    if not (_is_marked(cell) and cell.fill.fgColor.rgb == FILLS["error"]):
        colour = FILLS[issue.severity]
        cell.fill = PatternFill("solid", fgColor=colour, bgColor=colour)
    said, own = _split(cell)
    said = [*said, sentence(issue)]
    text = "\n".join(said) + (_DIVIDER + own if own else "")
    comment = Comment(clean(text), AUTHOR, height=60 + 18 * text.count("\n"), width=320)
    cell.comment = comment


def _split(cell: Cell | MergedCell) -> tuple[list[str], str]:
    """Return what an earlier mark said in the note of a cell, and what the note says besides."""
    if cell.comment is None:
        return [], ""
    if cell.comment.author != AUTHOR:
        return [], cell.comment.text or ""
    said, _, own = (cell.comment.text or "").partition(_DIVIDER)
    return said.split("\n"), own


def _wipe(sheet: Worksheet) -> None:
    """Take away the marks of an earlier check."""
    last = max((cell.column or 0 for cell in sheet[1] if cell.value == PROBLEM), default=0)
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                own = _split(cell)[1]
                cell.comment = Comment(own, "boxbuild") if own else None
            if _is_marked(cell):
                cell.fill = _ground(sheet, cell)
            if cell.column == last:
                cell.value = None


def _is_marked(cell: Cell | MergedCell) -> bool:
    return cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in FILLS.values()


def _ground(sheet: Worksheet, cell: Cell | MergedCell) -> PatternFill:
    """Return the fill that a marked cell had, as far as its neighbours and its column show it."""
    line, place = cell.row or 1, cell.column or 1
    if line == 1:
        near = [(1, other) for other in (*range(place - 1, 0, -1), *range(place + 1, sheet.max_column + 1))]
    else:
        near = [
            (other, place) for other in (*range(line + 1, min(line + 200, sheet.max_row + 1)), *range(line - 1, 3, -1))
        ]
    for spot in near:
        other = sheet.cell(*spot)
        if other.has_style and not _is_marked(other):
            return cast("PatternFill", copy(other.fill))
    return cast("PatternFill", copy(dress_of(sheet, place).fill))


def dress_of(sheet: Worksheet, place: int) -> ColumnDimension:
    """Return the style of a column, which neighbours of one style share."""
    for dimension in sheet.column_dimensions.values():
        if (dimension.min or 0) <= place <= (dimension.max or 0):
            return dimension
    return sheet.column_dimensions[get_column_letter(place)]


def _problem_column(sheet: Worksheet, rows: dict[int, list[Issue]]) -> None:
    last = max((cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None), default=0)
    sheet.column_dimensions[get_column_letter(last + 1)].width = _WIDTH
    head = sheet.cell(1, last + 1, PROBLEM)
    head.font = Font(bold=True, color="FF9C0006")
    for line, found in rows.items():
        if line == 1:
            continue
        cell = sheet.cell(line, last + 1)
        cell.value = clean("; ".join(sentence(issue, column=True) for issue in found))
        cell.data_type = "s"
        worst = "error" if any(issue.severity == "error" for issue in found) else "warning"
        cell.fill = PatternFill("solid", fgColor=FILLS[worst], bgColor=FILLS[worst])
        cell.alignment = Alignment(vertical="top")


def sentence(issue: Issue, *, column: bool = False) -> str:
    """Return what an issue says without its place."""
    named = f"{issue.column}: " if column and issue.column else ""
    value = f"{issue.value!r} " if issue.value else ""
    hint = f" ({issue.hint})" if issue.hint else ""
    return f"{named}{value}{issue.reason}{hint}"
