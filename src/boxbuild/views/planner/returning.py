"""What a workbook that comes back would change: the preview, as text and as JSON values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from boxbuild.exchange.returned_edits import Conflict, Edit, Merge, shown
from boxbuild.views.text import cut

if TYPE_CHECKING:
    from boxbuild.exchange.returned import Returned
    from boxbuild.network.network import Network

MOST: Final = 40
"""Edits that are shown; all of them are in the JSON."""

_WORDS: Final = {"changed": "~", "added": "+", "removed": "-"}


def preview(returned: Returned, made: Merge, project: Network) -> list[str]:
    """Return what would change, as lines: counts by table, then row by row, then conflicts."""
    record = returned.record
    of = f"{record.network}, {record.scenario or 'base'} plan"
    lines = [f"{returned.file}: {of}, exported {record.written} from input {record.input_hash[:12]}"]
    if project.digest != record.input_hash:
        since = "the project is not what was exported"
        why = f" (the plan was of the scenario {record.scenario})" if record.scenario else ": it has changed since"
        lines.append(f"{since}{why}; its input is {project.digest[:12]} now")
    lines += [f"sheet {name} is gone: {name} stays as it is" for name in returned.gone]
    if not made.edits:
        return [*lines, "nothing was edited"]
    lines += ["", *_counts(made.edits), ""]
    shown_lines = [line for edit in made.edits for line in _edit(edit)]
    lines += shown_lines[:MOST]
    if len(shown_lines) > MOST:
        lines.append(f"  ... and {len(shown_lines) - MOST} more lines: --json has all of them")
    if made.already:
        lines.append(f"  {made.already} of them the project holds already")
    if made.conflicts:
        lines += ["", "in conflict:", *(conflict_line(conflict) for conflict in made.conflicts[:MOST])]
    return lines


def conflict_line(conflict: Conflict) -> str:
    """Return a conflict as one line: three values, and why they cannot be brought together."""
    edit, column = conflict.edit, conflict.column
    if not column:
        return f"  {edit.table} {_name(edit)}: {conflict.reason}"
    named = column if edit.table != "settings" else "value"
    exported = shown(edit.table, named, conflict.exported)
    edited = conflict.edited if conflict.edited == "removed" else shown(edit.table, named, conflict.edited)
    project = shown(edit.table, named, conflict.project)
    place = f"{edit.table} {_name(edit)}, column {column}"
    return f"  {place}: exported {exported}, edited {edited}, project {project}: {conflict.reason}"


def as_json(returned: Returned, made: Merge, project: Network) -> dict[str, Any]:
    """Return the same as JSON values, without a limit."""
    record = returned.record
    return {
        "workbook": returned.file,
        "network": record.network,
        "scenario": record.scenario,
        "exported": {"input_hash": record.input_hash, "written": record.written, "version": record.version},
        "project_hash": project.digest,
        "sheets_gone": list(returned.gone),
        "edits": [
            {
                "table": edit.table,
                "kind": edit.kind,
                "key": [None if part is None else str(part) for part in edit.key],
                "line": edit.line,
                "cells": {
                    column: [None if value is None else shown(edit.table, column, value) for value in pair]
                    for column, pair in edit.cells.items()
                },
            }
            for edit in made.edits
        ],
        "already": made.already,
        "conflicts": [conflict_line(conflict).strip() for conflict in made.conflicts],
    }


def _counts(edits: list[Edit]) -> list[str]:
    counts = Counter((edit.table, edit.kind) for edit in edits)
    found = []
    for table in dict.fromkeys(edit.table for edit in edits):
        words = [f"{counts[table, kind]:,} {kind}" for kind in _WORDS if counts[table, kind]]  # type: ignore[index]
        found.append(f"{table:<12} {', '.join(words)}")
    return found


def _edit(edit: Edit) -> Iterator[str]:
    head = f"{_WORDS[edit.kind]} {edit.table} {_name(edit)}"
    if edit.kind == "changed":
        for column, (old, new) in edit.cells.items():
            yield f"  {head}  {column}: {shown(edit.table, column, old)} → {shown(edit.table, column, new)}"
        return
    place = 1 if edit.kind == "added" else 0
    cells = [f"{column} {shown(edit.table, column, pair[place])}" for column, pair in edit.cells.items()]
    yield cut(f"  {head}  {', '.join(cells)}", 140)


def _name(edit: Edit) -> str:
    return " ".join(str(part) for part in edit.key if part is not None)
