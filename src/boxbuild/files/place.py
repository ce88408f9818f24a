"""Places: which file, sheet and line a row of a table came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from boxbuild.network.catalogue import TABLES, table
from boxbuild.network.issues import Issue


@dataclass(frozen=True)
class Place:
    """Where a table came from.

    Parameters
    ----------
    file, sheet
        Name of the file, and of its sheet where it is a workbook.
    lines
        Line of each row of the table's frame as the user sees it; ``None`` where a file has no lines.
    columns
        Line of each setting, where settings stand one below the other.
    """

    file: str
    sheet: str = ""
    lines: pl.Series | None = None
    columns: Mapping[str, int] | None = None

    def line(self, issue: Issue) -> int | None:
        """Return the line that an issue speaks of, or ``None``."""
        if self.columns is not None:
            return self.columns.get(issue.column)
        if issue.row is None or self.lines is None or issue.row >= self.lines.len():
            return None
        return int(self.lines[issue.row])


def place(issues: Iterable[Issue], places: Mapping[str, Place]) -> list[Issue]:
    """Return issues with file, sheet and line filled in from the rows that they speak of."""
    placed = []
    for issue in issues:
        where = places.get(issue.table)
        if where is None or issue.file:
            placed.append(issue)
            continue
        line = where.line(issue)
        placed.append(
            replace(issue, file=where.file, sheet=where.sheet, line=line if issue.line is None else issue.line)
        )
    return placed


def in_order(issues: Iterable[Issue]) -> list[Issue]:
    """Return issues in the order of the tables, their lines and their columns."""
    tables = {name: number for number, name in enumerate(("", "settings", *TABLES))}

    def key(issue: Issue) -> tuple[int, int, int, int]:
        columns = table(issue.table).names if issue.table in tables and issue.table else ()
        column = columns.index(issue.column) if issue.column in columns else -1
        return tables.get(issue.table, -1), issue.line or 0, -1 if issue.row is None else issue.row, column

    return sorted(issues, key=key)
