"""Planner's workbooks as projects: their input sheets are the tables, and what else is in them is known.

``boxbuild export PLAN FILE.xlsx`` writes a hidden sheet with the names of the sheets that are results; with it the
workbook can be checked and planned like any other.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from boxbuild.network.issues import Issue

if TYPE_CHECKING:
    from fastexcel import ExcelReader

RECORD: Final = "_boxbuild"
"""Name of the hidden sheet."""


def results_of(workbook: ExcelReader, file: str) -> tuple[set[str], list[Issue]]:
    """Return the sheets of a planner's workbook that are no tables; an issue for each table that was too long for it.

    Of any other workbook: nothing, and no issues.
    """
    if RECORD not in workbook.sheet_names:
        return set(), []
    cells = workbook.load_sheet(RECORD, header_row=None, dtypes="string").to_polars()
    head = {row[0]: row[1] or "" for row in cells.iter_rows() if len(row) > 1}
    try:
        results, left_out = (json.loads(head.get(name, "[]")) for name in ("results", "left_out"))
    except ValueError:
        hint = "export the plan again"
        return {RECORD}, [Issue("damaged", "is a damaged sheet of boxbuild", file=file, sheet=RECORD, hint=hint)]
    hint = "plan the project; `boxbuild import` brings the edits of this workbook into it"
    return {RECORD, *results}, [
        Issue("left-out", f"{table} was too long for this workbook: it is not whole", file=file, hint=hint)
        for table in left_out
    ]
