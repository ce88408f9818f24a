"""Columns: CSV files of others, read into typed frames, with every cell that does not fit named at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from boxbuild.errors import DataError
from boxbuild.network.catalogue import DTYPES, Kind
from boxbuild.network.issues import Issue

Layout = Mapping[str, Kind]
"""Columns that are read, and what each of them is. A file may have more."""

_FORM: Mapping[Kind, str] = {"date": "a date such as 2026-01-05T00:00:00"}


def read_files(folder: Path, layouts: Mapping[str, Layout]) -> dict[str, pl.DataFrame]:
    """Return the CSV files of a folder as frames.

    Parameters
    ----------
    folder
        Where ``<name>.csv`` stands for every name.
    layouts
        The columns of every file. A date may have a time of day, which must be midnight.

    Raises
    ------
    DataError
        A file or a column is missing, or a cell does not fit; carries all of them.
    """
    issues: list[Issue] = []
    frames = {name: _read(folder / f"{name}.csv", layout, issues) for name, layout in layouts.items()}
    if issues:
        raise DataError(f"{folder} cannot be read", issues)
    return frames


def _read(file: Path, layout: Layout, issues: list[Issue]) -> pl.DataFrame:
    empty = pl.DataFrame(schema={column: DTYPES[kind] for column, kind in layout.items()})
    if not file.is_file():
        issues.append(Issue("missing-file", "the file is missing", file=str(file)))
        return empty
    texts = pl.read_csv(file, infer_schema=False)
    missing = [column for column in layout if column not in texts.columns]
    if missing:
        issues.extend(
            Issue("missing-column", "the column is missing", file=str(file), column=column) for column in missing
        )
        return empty
    frame = texts.select(_typed(column, kind) for column, kind in layout.items())
    for column, kind in layout.items():
        bad = texts.with_row_index("line", 2).filter(texts[column].is_not_null() & frame[column].is_null())
        form = _FORM.get(kind, "a number")
        issues.extend(
            Issue("bad-cell", f"is not {form}", file=str(file), line=line, column=column, value=value)
            for line, value in bad.select("line", column).iter_rows()
        )
    return frame


def _typed(column: str, kind: Kind) -> pl.Expr:
    cell = pl.col(column)
    if kind == "date":
        day = cell.str.replace(r"T00:00:00$", "")
        return day.str.to_date("%Y-%m-%d", strict=False)
    return cell.cast(DTYPES[kind], strict=False)
