"""A grid: one table as it stands in a file, cells still as written, with the line of every row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import polars as pl

from boxbuild.network import catalogue
from boxbuild.network.issues import Issue, did_you_mean

Form = Literal["csv", "xlsx", "parquet"]

NOTES: Final = ("# unit", "# meaning", "# example")
"""How rows begin that may stand right under the header, once each and in this order; they are not read."""

PROBLEM: Final = "problem"
"""Name of the column that ``mark`` adds; it is not read."""


@dataclass(frozen=True)
class Grid:
    """One table as it stands in a file.

    Parameters
    ----------
    table
        Name of the table, or ``settings``.
    header
        Names of the columns as written, one for each column of ``frame``.
    frame
        The rows below the header, in columns ``"0"``, ``"1"``, ...: text, or typed columns from Parquet. A
        blank is null or an empty text.
    lines
        Line of each row as the user sees it, header 1; ``None`` where a file has no lines.
    form, file, sheet
        Where it was read from.
    ragged
        Rows with more or fewer cells than the header, whose cells may stand under the wrong name; with the cells that
        stand beyond the header.
    failed
        Cells of a workbook that have no value: row, column of ``frame``, what the cell shows.
    """

    table: str
    header: tuple[str, ...]
    frame: pl.DataFrame
    form: Form
    file: str
    sheet: str = ""
    lines: pl.Series | None = None
    ragged: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    failed: tuple[tuple[int, str, str], ...] = ()

    def issue(self, code: str, reason: str, column: str = "", value: str = "", hint: str = "") -> Issue:
        """Return an error about the header of this table."""
        line = None if self.lines is None else 1
        return Issue(
            code,
            reason,
            table=self.table,
            column=column,
            value=value,
            hint=hint,
            file=self.file,
            sheet=self.sheet,
            line=line,
        )

    def line(self, row: int) -> int | None:
        """Return the line of a row of ``frame``."""
        return None if self.lines is None else int(self.lines[row])


def numbered(height: int) -> pl.Series:
    """Return the lines of rows that follow a header without a gap."""
    return pl.int_range(2, height + 2, eager=True).alias("line")


def without_notes(grid: Grid) -> Grid:
    """Return the grid without note rows and without rows in which every cell is blank."""
    if not grid.frame.width or not grid.frame.height:
        return grid
    keep = grid.frame.select(~pl.all_horizontal(pl.all().is_null())).to_series()
    if grid.form != "parquet":
        notes = _notes(grid.frame.get_column("0"))
        if notes:
            keep = keep & ~pl.int_range(grid.frame.height, eager=True).is_in(notes)
    if keep.all():
        return grid
    kept = keep.arg_true().to_list()
    moved = {old: new for new, old in enumerate(kept)} if grid.ragged or grid.failed else {}
    return replace(
        grid,
        frame=grid.frame.filter(keep),
        lines=None if grid.lines is None else grid.lines.filter(keep),
        ragged={moved[row]: cells for row, cells in grid.ragged.items() if row in moved},
        failed=tuple((moved[row], place, text) for row, place, text in grid.failed if row in moved),
    )


def _notes(first: pl.Series) -> list[int]:
    found: list[int] = []
    words = list(NOTES)
    for row, text in enumerate(first.head(len(NOTES)).to_list()):
        place = next((at for at, word in enumerate(words) if (text or "").startswith(word)), None)
        if place is None:
            break
        words = words[place + 1 :]
        found.append(row)
    return found


def name_columns(grid: Grid) -> tuple[dict[str, str], list[Issue]]:
    """Return which column of the frame holds which column of the table, and what is wrong with the header.

    Returns
    -------
    tuple
        Name of the catalogue's column to name of the frame's column; issues.
    """
    table = catalogue.table(grid.table)
    found: dict[str, str] = {}
    issues: list[Issue] = []
    meant: set[str] = set()
    for place, written in enumerate(grid.header):
        if written in found:
            issues.append(grid.issue("duplicate-column", "stands twice in the header", column=written))
        elif written in table.names:
            found[written] = str(place)
        elif written == PROBLEM or written.startswith("#"):
            continue
        elif not written.strip():
            if grid.frame.get_column(str(place)).is_not_null().any():
                issues.append(grid.issue("unnamed-column", f"column {place + 1} has cells but no name in the header"))
        else:
            close = closest(written, table.names)
            meant.add(close)
            issues.append(
                grid.issue(
                    "unknown-column",
                    f"is not a column of {grid.table}",
                    column=written,
                    hint=f"did you mean {close}?"
                    if close
                    else "put # before the name of a column that is not to be read",
                )
            )
    issues.extend(_missing(grid, table, found, meant))
    return found, issues


def _missing(grid: Grid, table: catalogue.Table, found: dict[str, str], meant: set[str]) -> Iterator[Issue]:
    for column in table.columns:
        if column.required and column.name not in found and column.name not in meant:
            yield grid.issue("missing-column", "is missing from the header", column=column.name, hint=column.meaning)


def closest(word: str, known: tuple[str, ...]) -> str:
    """Return the known word that is meant, or nothing: first ignoring case and spaces, then by likeness."""
    plain = word.strip().lower().replace(" ", "_").replace("-", "_")
    if plain in known:
        return plain
    hint = did_you_mean(plain, known)
    return hint.removeprefix("did you mean ").removesuffix("?")
