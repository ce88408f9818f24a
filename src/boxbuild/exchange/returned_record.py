"""The record in a planner's workbook: which plan it is of, and its tables as they were written.

A workbook that comes back is compared with its own record, not with what the project holds by then: so an edit is known
for an edit, and what changed in the project meanwhile is known for that.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from boxbuild.errors import DataError
from boxbuild.files.cells import read_column
from boxbuild.files.planner import RECORD
from boxbuild.files.texts import to_text
from boxbuild.network import catalogue

FORMAT: Final = "boxbuild-planner/1"
_PIECE: Final = 30_000
_MOST_BYTES: Final = 1 << 30
_HEAD: Final = ("format", "version", "network", "scenario", "input_hash", "written", "left_out", "results")
_RECORD: Final = "record"


@dataclass(frozen=True)
class Record:
    """What a planner's workbook knows about itself.

    Parameters
    ----------
    network, scenario, input_hash
        Of the plan: name of the network, scenario (empty: base) and digest of the tables.
    version, written
        Version of boxbuild, and the day of the export.
    settings
        The settings as texts, with the name of the network under ``name``.
    tables
        The tables that may be edited in the workbook.
    left_out
        Tables of the network that are not in the workbook: they are too long.
    results
        Names of the sheets that are results: they are not read.
    """

    network: str
    scenario: str
    input_hash: str
    version: str
    written: str
    settings: Mapping[str, str]
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    results: tuple[str, ...] = ()

    def rows(self) -> list[tuple[str, str]]:
        """Return the record as rows of two texts, none longer than a cell can hold."""
        head = {
            "format": FORMAT,
            "version": self.version,
            "network": self.network,
            "scenario": self.scenario,
            "input_hash": self.input_hash,
            "written": self.written,
            "left_out": json.dumps(self.left_out),
            "results": json.dumps(self.results),
        }
        tables = {name: _texts(catalogue.table(name), frame) for name, frame in self.tables.items()}
        content = json.dumps({"settings": dict(self.settings), "tables": tables}, ensure_ascii=False)
        packed = base64.b64encode(zlib.compress(content.encode(), 9)).decode()
        pieces = [packed[at : at + _PIECE] for at in range(0, len(packed), _PIECE)]
        return [*head.items(), *((_RECORD, piece) for piece in pieces)]


def read_record(rows: Iterable[tuple[str | None, str | None]], file: str) -> Record:
    """Return the record that some rows hold.

    Raises
    ------
    DataError
        The rows are no record, or a damaged one.
    """
    found = [(name or "", value or "") for name, value in rows]
    head = {name: value for name, value in found if name in _HEAD}
    if head.get("format") != FORMAT:
        raise DataError(
            f"{file} was written by another version of boxbuild: {head.get('format', 'unknown')}",
            hint="export the plan again",
        )
    try:
        unpacker = zlib.decompressobj()
        packed = base64.b64decode("".join(value for name, value in found if name == _RECORD), validate=True)
        content = json.loads(unpacker.decompress(packed, _MOST_BYTES))
        tables = {name: _frame(catalogue.table(name), cells) for name, cells in content["tables"].items()}
        return Record(
            head["network"],
            head["scenario"],
            head["input_hash"],
            head["version"],
            head["written"],
            content["settings"],
            tables,
            tuple(json.loads(head["left_out"])),
            tuple(json.loads(head["results"])),
        )
    except (ValueError, KeyError, TypeError, zlib.error, pl.exceptions.PolarsError) as error:
        raise DataError(
            f"the record in {file} is damaged: {error}", hint=f"export again; leave {RECORD} alone"
        ) from None


def _texts(table: catalogue.Table, frame: pl.DataFrame) -> dict[str, Any]:
    columns = {
        column.name: to_text(column, frame.get_column(column.name)).to_list()
        for column in table.columns
        if frame.get_column(column.name).is_not_null().any()
    }
    return {"rows": frame.height, "columns": columns}


def _frame(table: catalogue.Table, cells: Mapping[str, Any]) -> pl.DataFrame:
    height = int(cells["rows"])
    series = []
    for column in table.columns:
        texts = cells["columns"].get(column.name, [None] * height)
        values, _ = read_column(column, pl.Series(texts, dtype=pl.String), "csv")
        series.append(values)
    return pl.DataFrame(series)
