"""Edits: what has changed in a workbook that comes back, and what that makes of the project as it is now.

Three states are told apart: the tables as they were exported (the record), as they came back, and as the project holds
them now. An edit is a difference between the first two. Where the project holds what was exported, the edit is applied;
where it holds what the edit says, there is nothing to do; where it holds a third thing, that is a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from boxbuild.exchange.returned import Key, Returned, key_of
from boxbuild.files.revise import Revision
from boxbuild.files.settings import NAME, to_texts
from boxbuild.files.texts import to_text
from boxbuild.network import catalogue

if TYPE_CHECKING:
    from boxbuild.network.network import Network

Kind = Literal["changed", "added", "removed"]


@dataclass(frozen=True)
class Edit:
    """One row that was edited.

    Parameters
    ----------
    table, kind, key
        Which row, and whether it was changed, added or removed.
    cells
        Column to value before and after: of a changed row what differs, of the others what is not blank.
    line
        Its line in the workbook; ``None`` for a row that was removed.
    """

    table: str
    kind: Kind
    key: Key
    cells: Mapping[str, tuple[Any, Any]]
    line: int | None = None


@dataclass(frozen=True)
class Conflict:
    """Something that was edited in the workbook and in the project."""

    edit: Edit
    column: str
    exported: Any
    edited: Any
    project: Any
    reason: str


@dataclass
class Merge:
    """What the edits make of a project.

    Parameters
    ----------
    edits
        Every edit of the workbook.
    revisions
        What changes in the project's tables, and ``settings`` as texts.
    already
        Edits that the project holds already.
    conflicts
        What was edited on both sides; empty where that was allowed, and the workbook has won.
    """

    edits: list[Edit]
    revisions: dict[str, Revision] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    already: int = 0
    conflicts: list[Conflict] = field(default_factory=list)


def find_edits(returned: Returned) -> list[Edit]:
    """Return every row that differs from the record, in the order of tables and rows; settings first."""
    found: list[Edit] = []
    old, new = returned.record.settings, returned.settings
    for name in new:
        if new[name] != old.get(name, ""):
            columns = returned.places["settings"].columns or {}
            cells = {"value": (old.get(name, "") or None, new[name] or None)}
            found.append(Edit("settings", "changed", (name,), cells, columns.get(name)))
    for name in returned.record.tables:
        if name in returned.tables:
            found += _edits(returned, name)
    return found


def merge(returned: Returned, edits: list[Edit], project: Network, *, force: bool = False) -> Merge:
    """Return what edits make of a project.

    Parameters
    ----------
    force
        The workbook wins where both sides were edited.
    """
    made = Merge(edits)
    _merge_settings(made, [edit for edit in edits if edit.table == "settings"], project, force=force)
    for name in returned.record.tables:
        chosen = [edit for edit in edits if edit.table == name]
        if chosen:
            _Table(made, returned, project, name).take(chosen, force=force)
    return made


def same(one: Any, other: Any) -> bool:
    """Return whether two values of a cell are the same; an empty text is a blank."""
    return bool((None if one == "" else one) == (None if other == "" else other))


def shown(table: str, column: str, value: Any) -> str:
    """Return a value as its table's file has it."""
    if value is None:
        return "blank"
    if table == "settings":
        return str(value)
    shape = catalogue.table(table).column(column)
    return str(to_text(shape, pl.Series([value], dtype=shape.dtype))[0])


def _edits(returned: Returned, name: str) -> list[Edit]:
    before, after = returned.record.tables[name], returned.tables[name]
    before = before.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)).name.keep())
    key = list(catalogue.table(name).key)
    columns = [column for column in after.columns if column not in key]
    lines = returned.places[name].lines
    numbered = after.with_row_index("_row")
    both = numbered.join(before, on=key, how="left", nulls_equal=True, suffix=" before", maintain_order="left")
    there = before.select(key).with_columns(_there=pl.lit(value=True))
    both = both.join(there, on=key, how="left", nulls_equal=True, maintain_order="left")
    differs = [pl.col(column).ne_missing(pl.col(f"{column} before")) for column in columns]
    touched = pl.any_horizontal(pl.col("_there").is_null(), *differs)
    found = []
    for row in both.filter(touched).iter_rows(named=True):
        line = int(lines[row["_row"]]) if lines is not None else None
        names = tuple(row[column] for column in key)
        if row["_there"] is None:
            cells = {column: (None, row[column]) for column in after.columns if row[column] is not None}
            found.append(Edit(name, "added", names, cells, line))
        else:
            pairs = {column: (row[f"{column} before"], row[column]) for column in columns}
            cells = {column: pair for column, pair in pairs.items() if not same(*pair)}
            found.append(Edit(name, "changed", names, cells, line))
    for row in before.join(after, on=key, how="anti", nulls_equal=True, maintain_order="left").iter_rows(named=True):
        cells = {column: (value, None) for column, value in row.items() if value is not None}
        found.append(Edit(name, "removed", tuple(row[column] for column in key), cells))
    return found


def _merge_settings(made: Merge, edits: list[Edit], project: Network, *, force: bool) -> None:
    now = {**to_texts(project.settings), NAME: project.name}
    for edit in edits:
        name = str(edit.key[0])
        old, new = edit.cells["value"]
        if same(now.get(name), new):
            made.already += 1
        elif same(now.get(name), old) or force:
            made.settings[name] = new or ""
        else:
            made.conflicts.append(Conflict(edit, "value", old, new, now.get(name), "has changed in the project too"))


class _Table:
    """The edits of one table, laid upon the project's rows."""

    def __init__(self, made: Merge, returned: Returned, project: Network, name: str) -> None:
        self._made, self._name = made, name
        self._frame = project.tables[name]
        self._rows = {key: row for row, key in enumerate(key_of(name, self._frame))}
        self._columns = returned.tables[name].columns
        self._revision = Revision()
        self._base = returned.record.tables[name]
        self._after = returned.tables[name]

    def take(self, edits: list[Edit], *, force: bool) -> None:
        """Apply the edits, or note why not."""
        for edit in edits:
            row = self._rows.get(edit.key)
            if edit.kind == "removed":
                self._remove(edit, row, force=force)
            elif row is not None:
                self._change(edit, row, force=force)
            elif edit.kind == "added":
                self._revision.added.append({column: new for column, (_, new) in edit.cells.items()})
            elif force:
                self._revision.added.append(self._whole(edit))
            else:
                self._conflict(edit, "", "changed", None, "is gone from the project")
        if self._revision:
            self._made.revisions[self._name] = self._revision

    def _whole(self, edit: Edit) -> dict[str, Any]:
        """A changed row in full, as the workbook has it."""
        key = catalogue.table(self._name).key
        chosen = [pl.col(column).eq_missing(pl.lit(value)) for column, value in zip(key, edit.key, strict=True)]
        return dict(self._after.filter(chosen).row(0, named=True))

    def _change(self, edit: Edit, row: int, *, force: bool) -> None:
        moved = False
        for column, (old, new) in edit.cells.items():
            now = self._frame[column][row]
            if same(now, new):
                continue
            moved = True
            fresh = edit.kind == "changed" and same(now, old)
            if fresh or force:
                self._revision.cells[row, column] = new
            else:
                reason = (
                    "is in the project already, with another value" if edit.kind == "added" else "has changed in both"
                )
                self._conflict(edit, column, new, now, reason, old)
        self._made.already += not moved

    def _remove(self, edit: Edit, row: int | None, *, force: bool) -> None:
        if row is None:
            self._made.already += 1
            return
        columns = [column for column in self._frame.columns if column in self._columns]
        moved = [column for column in columns if not same(self._frame[column][row], edit.cells.get(column, (None,))[0])]
        if not moved or force:
            self._revision.removed.add(row)
            return
        column = moved[0]
        old = edit.cells.get(column, (None, None))[0]
        self._conflict(
            edit, column, "removed", self._frame[column][row], "is removed here, and has changed in the project", old
        )

    def _conflict(self, edit: Edit, column: str, new: Any, now: Any, reason: str, old: Any = None) -> None:
        self._made.conflicts.append(Conflict(edit, column, old, new, now, reason))
