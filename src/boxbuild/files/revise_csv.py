"""A CSV file in which some records change: the others keep their bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from boxbuild.files.place import Place
from boxbuild.files.texts import to_text
from boxbuild.network import catalogue

if TYPE_CHECKING:
    from boxbuild.files.revise import Revision

_MARK = b"\xef\xbb\xbf"


def revise_csv(file: Path, name: str, revision: Revision | None, settings: Mapping[str, str], place: Place) -> None:
    """Change a CSV file.

    Parameters
    ----------
    file
        The file, which is overwritten.
    name
        Its table, or ``settings``: then the settings change, else the revision's cells and rows.
    place
        Where the rows of the table stand in it.
    """
    data = file.read_bytes()
    text = data.removeprefix(_MARK).decode("utf-8")
    ending = "\r\n" if "\r\n" in text else "\n"
    records = _Records(text, ending)
    if revision is None:
        _change_settings(records, settings, place)
    else:
        _change_rows(records, name, revision, place)
    mark = _MARK if data.startswith(_MARK) else b""
    file.write_bytes(mark + records.text().encode())


class _Records:
    """The records of a file: what was written, and what its cells are; only what changes is written anew."""

    def __init__(self, text: str, ending: str) -> None:
        lines = list(io.StringIO(text, newline=""))
        reader = csv.reader(lines)
        self._ending = ending
        self._written: list[str] = []
        self.cells: list[list[str]] = []
        at = 0
        for cells in reader:
            self._written.append("".join(lines[at : reader.line_num]))
            self.cells.append(cells)
            at = reader.line_num
        if self._written and not self._written[-1].endswith(("\n", "\r")):
            self._written[-1] += ending
        self._gone: set[int] = set()

    @property
    def header(self) -> list[str]:
        return self.cells[0]

    def set(self, record: int, column: str, text: str) -> None:
        """Set a cell; a column that is not there yet is added."""
        if column not in self.header:
            self._widen(column)
        cells = self.cells[record]
        cells += [""] * (len(self.header) - len(cells))
        cells[self.header.index(column)] = text
        self._written[record] = self._line(cells)

    def remove(self, record: int) -> None:
        self._gone.add(record)

    def add(self, texts: Mapping[str, str]) -> None:
        for column in texts:
            if column not in self.header:
                self._widen(column)
        cells = [texts.get(column, "") for column in self.header]
        self.cells.append(cells)
        self._written.append(self._line(cells))

    def text(self) -> str:
        return "".join(text for record, text in enumerate(self._written) if record not in self._gone)

    def _widen(self, column: str) -> None:
        self.header.append(column)
        self._written[0] = self._line(self.header)
        for record, cells in enumerate(self.cells[1:], 1):
            if cells:
                cells.append("")
                self._written[record] = self._line(cells)

    def _line(self, cells: list[str]) -> str:
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator=self._ending).writerow(cells)
        return out.getvalue()


def texts_of(name: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return values of a row as the texts that read back as them; a blank is an empty text."""
    table = catalogue.table(name)
    found = {}
    for column, value in values.items():
        shape = table.column(column)
        found[column] = to_text(shape, pl.Series([value], dtype=shape.dtype))[0] or ""
    return found


def _change_rows(records: _Records, name: str, revision: Revision, place: Place) -> None:
    assert place.lines is not None  # noqa: S101 - rows of a CSV file have lines
    for (row, column), value in revision.cells.items():
        if row not in revision.removed:
            records.set(int(place.lines[row]) - 1, column, texts_of(name, {column: value})[column])
    for row in revision.removed:
        records.remove(int(place.lines[row]) - 1)
    needed = {column.name: None for column in catalogue.table(name).columns if column.required}
    for row_added in revision.added:
        given = {column: value for column, value in row_added.items() if value is not None}
        records.add(texts_of(name, {**needed, **given}))


def _change_settings(records: _Records, settings: Mapping[str, str], place: Place) -> None:
    for name, text in settings.items():
        line = (place.columns or {}).get(name)
        if line is None and name == "name":
            names = [cells[0] if cells else "" for cells in records.cells]
            line = names.index(name) + 1 if name in names else None
        if line is None:
            records.add({"setting": name, "value": text})
        else:
            records.set(line - 1, "value", text)
