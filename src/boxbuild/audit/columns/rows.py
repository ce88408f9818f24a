"""Rows: which row of the network each row of a plan goes by, for a whole table at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from boxbuild.audit.columns.pairs import Ints, Mask
from boxbuild.audit.records import FOREVER

_CODE: Final = "__code"
_ROW: Final = "__row"
_AT: Final = "__at"


def heads(frame: pl.DataFrame) -> tuple[Ints, Ints]:
    """Return the run of equal rows that each row is in, and the first row of each run.

    Rows of one name follow one another in most tables, so that names are looked up once a run and not once a row.
    """
    changes = np.zeros(frame.height, dtype=np.bool_)
    if frame.height:
        changes[0] = True
    for column in frame.iter_columns():
        changes[1:] |= np.diff(column.rle_id().to_numpy()) != 0
    return np.cumsum(changes, dtype=np.int64) - 1, np.flatnonzero(changes)


def coded(frame: pl.DataFrame, known: pl.DataFrame) -> Ints:
    """Return the place of each row among known rows, -1 where it is not one of them.

    Parameters
    ----------
    frame, known
        The same columns, in the same order, under any names; the rows of ``known`` are distinct. Blanks are equal.
    """
    run, first = heads(frame)
    names = known.columns
    asked = frame.rename(dict(zip(frame.columns, names, strict=True)))[first]
    found = asked.join(known.with_row_index(_CODE), on=names, how="left", nulls_equal=True, maintain_order="left")
    codes: Ints = found[_CODE].cast(pl.Int64).fill_null(-1).to_numpy()[run]
    return codes


def distinct(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the distinct rows of frames of the same columns."""
    return pl.concat([frame[heads(frame)[1]] for frame in frames]).unique(maintain_order=True)


def windows(table: pl.DataFrame, start: date) -> tuple[Ints, Ints]:
    """Return the first and the last day on which each row of a table holds, counted from the first day of the plan."""
    first = (table["from"] - start).dt.total_days().fill_null(-FOREVER).to_numpy()
    last = (table["until"] - start).dt.total_days().fill_null(FOREVER).to_numpy()
    return first.astype(np.int64), last.astype(np.int64)


def in_force(frame: pl.DataFrame, table: pl.DataFrame, days: Ints, start: date) -> tuple[Ints, Mask]:
    """Return the row of a table that each row of a frame goes by on its day, and whether it holds then.

    Of the rows of one name, the first that holds on the day counts; where none does, the first.

    Parameters
    ----------
    frame
        What names the rows.
    table
        The same columns under any names, then ``from`` and ``until``.
    days
        Day of each row of ``frame``.

    Returns
    -------
    tuple
        Row numbers of ``table``, -1 where the name is not known; and whether the row holds.
    """
    names = table.columns[:-2]
    first, last = windows(table, start)
    numbered = table.select(names).with_row_index(_ROW)
    single = numbered.group_by(names, maintain_order=True).agg(pl.col(_ROW).first(), several=pl.len() > 1)
    code = coded(frame, single.select(names))
    known = code >= 0
    row = np.where(known, single[_ROW].cast(pl.Int64).to_numpy()[code] if single.height else -1, -1)
    asked = np.flatnonzero(known & single["several"].to_numpy()[code]) if single.height else np.zeros(0, np.int64)
    if len(asked):
        renamed = frame.rename(dict(zip(frame.columns, names, strict=True)))[asked]
        each = renamed.with_columns(pl.Series(_AT, asked)).join(numbered, on=names, nulls_equal=True)
        at, candidate = each[_AT].to_numpy(), each[_ROW].cast(pl.Int64).to_numpy()
        held = (first[candidate] <= days[at]) & (days[at] <= last[candidate])
        best = pl.DataFrame({_AT: at[held], _ROW: candidate[held]}).group_by(_AT).agg(pl.col(_ROW).min())
        row[best[_AT].to_numpy()] = best[_ROW].to_numpy()
    holds = known & (first[row] <= days) & (days <= last[row]) if len(first) else known
    return row, holds
