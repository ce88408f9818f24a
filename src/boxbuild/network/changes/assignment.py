"""One change on one line: ``resources.noida-final.per_week=-20%``."""

from __future__ import annotations

import re

from boxbuild.errors import UsageError
from boxbuild.network import catalogue
from boxbuild.network.changes.change import Change
from boxbuild.network.changes.problems import problems
from boxbuild.network.issues import did_you_mean

FORM = re.compile(r"(?P<table>\w+)\.(?:(?P<row>.*?)\.)?(?P<column>\w+)=(?P<value>.*)", re.DOTALL)
NUMBER = r"\d+(?:\.\d+)?"


def parse_assignment(text: str) -> Change:
    """Return the change that an assignment describes.

    The form is ``table.row.column=value``. A row is the value of the table's first key column, or pairs
    ``column=value`` joined by commas; ``*`` and ``?`` stand for parts. A value is plain, or ``+20%``, ``-20%``,
    ``*0.5``, ``+5``, ``-5``. Settings have no row: ``settings.buckets=8w``.

    Raises
    ------
    UsageError
        The text has another form, or names no table or column.
    """
    match = FORM.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{text!r} is not a change", "write table.row.column=value")
    table, column = match["table"], match["column"]
    known = (*catalogue.TABLES, "settings")
    if table not in known:
        raise UsageError(f"{text!r}: there is no table {table}", did_you_mean(table, known))
    verb, value = _verb(table, column, match["value"].strip())
    change = Change(
        table,
        where=_where(table, match["row"]),
        because=f"--set {text.strip()}",
        **{verb: {column: value}},  # type: ignore[arg-type]
    )
    found = problems(change)
    if found:
        raise UsageError(f"{text!r}: {found[0].value} {found[0].reason}".replace("  ", " "), found[0].hint)
    return change


def _where(table: str, row: str | None) -> dict[str, object]:
    if not row:
        return {}
    if "=" not in row:
        return {catalogue.table(table).key[0]: row}
    pairs = (pair.partition("=") for pair in row.split(","))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _verb(table: str, column: str, value: str) -> tuple[str, object]:
    shape = catalogue.table(table)
    numeric = column in shape.names and shape.column(column).type in ("number", "whole", "money", "date")
    if not numeric or table == "settings":
        return "set", value
    if match := re.fullmatch(rf"([+-])({NUMBER})\s*%", value):
        percent = float(match[2]) * (1 if match[1] == "+" else -1)
        return "scale", round(1 + percent / 100, 12)
    if match := re.fullmatch(rf"\*\s*({NUMBER})", value):
        return "scale", float(match[1])
    if re.fullmatch(rf"[+-]{NUMBER}", value):
        return "plus", float(value)
    return "set", value
