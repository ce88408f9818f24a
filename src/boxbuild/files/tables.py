"""Tables: a grid becomes a table of the catalogue, with every issue of its header and its cells."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

import polars as pl

from boxbuild.files.cells import Fault, blanked, failure, read_column
from boxbuild.files.grid import Grid, name_columns, without_notes
from boxbuild.files.place import Place
from boxbuild.network import catalogue
from boxbuild.network.issues import Issue


@dataclass(frozen=True)
class Read:
    """A table that was read, where it stands, and what is wrong with it.

    Parameters
    ----------
    broken
        The header is so wrong that checks between tables would only repeat it.
    ragged
        Rows whose cells may stand under the wrong name; nothing more is said about them.
    """

    frame: pl.DataFrame
    place: Place
    issues: tuple[Issue, ...] = ()
    broken: bool = False
    ragged: Container[int] = ()


def read_table(grid: Grid) -> Read:
    """Return the table that a grid holds. A bad cell is null and has an issue."""
    grid = without_notes(replace(grid, frame=_blank_to_null(grid.frame)))
    found, issues = name_columns(grid)
    table = catalogue.table(grid.table)
    broken = any(issue.code in ("missing-column", "duplicate-column") for issue in issues) or any(
        column.required and column.name not in found for column in table.columns
    )
    series: list[pl.Series] = []
    for column in table.columns:
        if column.name not in found:
            continue
        values, faults = read_column(column, grid.frame.get_column(found[column.name]), grid.form)
        failed = {row: text for row, place, text in grid.failed if place == found[column.name]}
        if failed:
            faults = [*(failure(row, text) for row, text in failed.items()), *_but(faults, failed)]
            values = blanked(values, list(failed))
        series.append(values)
        issues += [
            Issue(
                fault.code,
                fault.reason,
                fault.severity,
                grid.table,
                fault.row,
                column.name,
                fault.value,
                fault.hint,
                grid.file,
                grid.sheet,
                grid.line(fault.row),
            )
            for fault in faults
            if fault.row not in grid.ragged
        ]
    frame = pl.DataFrame(series)
    return Read(frame, Place(grid.file, grid.sheet, grid.lines), tuple(issues), broken, grid.ragged)


def _but(faults: list[Fault], rows: Container[int]) -> Iterator[Fault]:
    return (fault for fault in faults if fault.row not in rows)


def _blank_to_null(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.when(pl.col(pl.String).str.strip_chars() != "").then(pl.col(pl.String)).name.keep())
