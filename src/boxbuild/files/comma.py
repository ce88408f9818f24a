"""CSV files: bytes to a grid, and a table to bytes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import polars as pl

from boxbuild.files.grid import NOTES, Grid, numbered
from boxbuild.network.issues import Issue


def read_grid(path: Path, table: str) -> tuple[Grid | None, list[Issue]]:
    """Return the grid of a CSV file with what is wrong with the file as such.

    A regular file (every record as long as the header) is read by polars; any other by the slower reader of
    the standard library, which can name the lines.
    """

    def broken(code: str, reason: str, hint: str = "", line: int | None = None, value: str = "") -> Issue:
        return Issue(code, reason, table=table, file=path.name, hint=hint, line=line, value=value)

    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None, [broken("encoding", "is not UTF-8 but UTF-16", "save it as CSV UTF-8")]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        value = data[error.start : error.start + 1].decode("latin-1")
        return None, [broken("encoding", "is not UTF-8", "save it as CSV UTF-8", line, value)]
    if not data.strip():
        return None, [broken("empty", "is empty", "the first row holds the names of the columns")]
    header = next(csv.reader(io.StringIO(text, newline="")), [])
    if len(header) == 1:
        separator = next((mark for mark in (";", "\t", "|") if mark in header[0]), "")
        if separator:
            name = {";": "semicolons", "\t": "tabs", "|": "bars"}[separator]
            hint = "save it as CSV UTF-8 with commas"
            return None, [broken("separator", f"is separated by {name}, not by commas", hint, 1)]
    if _regular(data, len(header)):
        return _fast(data, table, path.name), []
    return _careful(text, table, path.name)


def write_table(texts: pl.DataFrame, path: Path) -> None:
    """Write the texts of a table as CSV."""
    first = texts.columns[0]
    if texts.height and str(texts[0, first]).startswith(NOTES):
        # A first record that looks like a note is read as a record below all three notes.
        notes = pl.DataFrame({first: NOTES}, schema={first: pl.String})
        texts = pl.concat([notes, texts], how="diagonal")
    texts.write_csv(path, quote_style="necessary", null_value="")


def _regular(data: bytes, width: int) -> bool:
    """Return whether every record has ``width`` cells: counts commas and line ends outside quotes."""
    raw = np.frombuffer(data, dtype=np.uint8)
    if width < 2 or b"\r" in data.replace(b"\r\n", b"\n"):
        return False
    commas = raw == ord(",")
    ends = raw == ord("\n")
    if b'"' in data:
        outside = np.cumsum(raw == ord('"'), dtype=np.int32) % 2 == 0
        if not outside[-1] or _stray_quote(data):
            return False
        commas &= outside
        ends &= outside
    stops = np.flatnonzero(ends)
    if not ends[-1]:
        stops = np.append(stops, raw.size)
    running = np.searchsorted(np.flatnonzero(commas), stops)
    return bool((np.diff(running, prepend=0) == width - 1).all())


def _stray_quote(data: bytes) -> bool:
    """Return whether a quote stands inside a cell that is not quoted: readers understand that differently."""
    raw = np.frombuffer(b"\n" + data.replace(b"\r\n", b"\n") + b"\n", dtype=np.uint8)
    quotes = np.flatnonzero(raw == ord('"'))
    opening = raw[quotes[::2] - 1]
    closing = raw[quotes[1::2] + 1]
    before = np.isin(opening, (ord(","), ord("\n"), ord('"')))
    after = np.isin(closing, (ord(","), ord("\n"), ord('"')))
    return not (before.all() and after.all())


def _fast(data: bytes, table: str, file: str) -> Grid:
    cells = pl.read_csv(data, has_header=False, infer_schema=False)
    header = tuple(text or "" for text in cells.row(0))
    frame = cells.slice(1).rename({name: str(place) for place, name in enumerate(cells.columns)})
    return Grid(table, header, frame, "csv", file, lines=numbered(frame.height))


def _careful(text: str, table: str, file: str) -> tuple[Grid | None, list[Issue]]:
    try:
        records = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        return None, [Issue("unreadable", f"is not a CSV file: {error}", table=table, file=file)]
    header = tuple(records[0])
    width = len(header)
    issues: list[Issue] = []
    ragged: dict[int, tuple[str, ...]] = {}
    for row, record in enumerate(records[1:]):
        if len(record) == width or not record:
            continue
        extra = any(record[width:])
        if len(record) < width or extra:
            ragged[row] = tuple(record[width:])
            reason = f"has {len(record)} cells, the header has {width}"
            hint = "put quotes around a text with a comma, and write decimals with a point" if extra else ""
            issues.append(Issue("ragged", reason, table=table, row=row, hint=hint, file=file, line=row + 2))
    columns = {
        str(place): pl.Series(
            [record[place] if place < len(record) else None for record in records[1:]], dtype=pl.String
        )
        for place in range(width)
    }
    frame = pl.DataFrame(columns)
    grid = Grid(table, header, frame, "csv", file, lines=numbered(frame.height), ragged=ragged)
    return grid, issues
