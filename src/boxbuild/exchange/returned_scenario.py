"""Edits as a scenario: a file of changes that makes the same network of the project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from boxbuild.errors import ChangeError, DataError
from boxbuild.files.revise import revised
from boxbuild.files.settings import NAME, quoted
from boxbuild.files.texts import plain
from boxbuild.network import catalogue
from boxbuild.network.changes.apply import apply
from boxbuild.network.scenario import parse_scenario

if TYPE_CHECKING:
    from boxbuild.exchange.returned_edits import Merge
    from boxbuild.files.revise import Revision
    from boxbuild.network.network import Network


def to_scenario(made: Merge, project: Network, name: str, because: str) -> str:
    """Return the text of a scenario file that does to a project what the edits do.

    Parameters
    ----------
    made
        The edits, merged with the project.
    name, because
        Of the scenario.

    Raises
    ------
    DataError
        Some edit cannot be said as a change of a scenario, such as one of a name with a star.
    """
    lines = [f"name = {quoted(name)}", f"because = {quoted(because)}"]
    settings = {key: text for key, text in made.settings.items() if key != NAME}
    if settings:
        shape = catalogue.table("settings")
        kinds = {key: shape.column(key).type for key in settings}
        texts = {key: text if kinds[key] == "date" else quoted(text) for key, text in settings.items()}
        lines += _change("settings", [f"set = {{ {', '.join(f'{key} = {text}' for key, text in texts.items())} }}"])
    for table, revision in made.revisions.items():
        lines += _table(project, table, revision)
    text = "\n".join(lines) + "\n"
    try:
        found = apply(project, parse_scenario(text, f"{name}.toml"))
    except (ChangeError, DataError) as error:
        raise DataError(f"the edits cannot be said as a scenario: {error}", hint="write them with --apply") from None
    if found.digest != revised(project, made.revisions, settings).digest:
        raise DataError(
            "the edits cannot be said as a scenario: its changes would mean other rows too",
            hint="write them with --apply",
        )
    return text


def _table(project: Network, table: str, revision: Revision) -> list[str]:
    frame, key = project.tables[table], catalogue.table(table).key
    lines: list[str] = []
    cells: dict[int, dict[str, Any]] = {}
    for (row, column), value in revision.cells.items():
        if row not in revision.removed:
            cells.setdefault(row, {})[column] = value
    for row, values in cells.items():
        lines += _change(table, [_where(frame.row(row, named=True), key), f"set = {_inline(values)}"])
    for row in sorted(revision.removed):
        lines += _change(table, [_where(frame.row(row, named=True), key), "remove = true"])
    for row_added in revision.added:
        given = {column: value for column, value in row_added.items() if value is not None}
        lines += _change(table, [f"add = {_inline(given)}"])
    return lines


def _change(table: str, lines: list[str]) -> list[str]:
    return ["", "[[change]]", f"table = {quoted(table)}", *lines]


def _where(row: Mapping[str, Any], key: tuple[str, ...]) -> str:
    return f"where = {_inline({column: row[column] for column in key})}"


def _inline(values: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{_key(name)} = {_value(value)}" for name, value in values.items()) + " }"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else quoted(name)


def _value(value: Any) -> str:
    if value is None:
        return '""'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    # money is exact: a number of TOML would be a binary one
    return quoted(plain(value))
