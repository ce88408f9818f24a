"""What is wrong with a change, as far as the catalogue alone can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from boxbuild.network import catalogue
from boxbuild.network.catalogue import Column, Table
from boxbuild.network.changes.cells import CellError, cell, decimal, typed_cell
from boxbuild.network.changes.change import VERBS, Change, falls_due, splits
from boxbuild.network.issues import Issue, did_you_mean

NUMBERS = ("number", "whole", "money")


def problems(change: Change) -> list[Issue]:
    """Return every reason why a change cannot be applied to any network; ``column`` names the place in the change."""
    known = (*catalogue.TABLES, "settings")
    if change.table not in known:
        reason = "is not a table" if change.table else "the change names no table"
        return [_issue(change, "table", change.table, reason, did_you_mean(change.table, known))]
    table = catalogue.table(change.table)
    return [
        *_verbs(change),
        *_where(change, table, change.where, "where"),
        *_columns(change, table),
        *_rows(change, table),
        *_window(change, table),
    ]


def _verbs(change: Change) -> Iterator[Issue]:
    if not change.verbs:
        yield _issue(change, "", "", "the change does nothing", f"write one of {', '.join(VERBS)}")
    elif len(change.verbs) > 1:
        done = " and ".join(change.verbs)
        yield _issue(change, change.verbs[1], "", f"the change does two things: {done}", "write two changes")
    if change.table == "settings" and change.verbs not in ((), ("set",)):
        yield _issue(change, change.verbs[0], "", "settings can only be set")
    if change.remove and not change.where:
        yield _issue(change, "where", "", "every row of the table would go", 'name the rows: where = { item = "*" }')


def _where(change: Change, table: Table, where: Mapping[str, object], place: str) -> Iterator[Issue]:
    if where and change.table == "settings":
        yield _issue(change, place, "", "settings have no rows to choose")
        return
    if where and change.add:
        yield _issue(change, place, "", "rows that are added are not chosen", "remove it")
    for name, wanted in where.items():
        if name not in table.names:
            yield _unknown(change, f"{place}.{name}", table)
            continue
        column = table.column(name)
        if isinstance(wanted, Mapping):
            if column.references is None:
                yield _issue(change, f"{place}.{name}", str(wanted), "the column refers to no other table")
            else:
                yield from _where(change, catalogue.table(column.references[0]), wanted, f"{place}.{name}")
            continue
        for value in wanted if isinstance(wanted, list | tuple) else [wanted]:
            if not (isinstance(value, str) and column.type in ("text", "currency", "choice")):
                yield from _cell(change, f"{place}.{name}", column, value)


def _columns(change: Change, table: Table) -> Iterator[Issue]:
    for name, value in change.set.items():
        if name in table.names:
            yield from _cell(change, f"set.{name}", table.column(name), value, whole=True)
        else:
            yield _unknown(change, f"set.{name}", table)
    for verb in ("scale", "plus"):
        allowed = NUMBERS if verb == "scale" else (*NUMBERS, "date")
        for name, value in getattr(change, verb).items():
            place = f"{verb}.{name}"
            if name not in table.names:
                yield _unknown(change, place, table)
            elif table.column(name).type not in allowed:
                yield _issue(change, place, str(value), f"a column of type {table.column(name).type} has no {verb}")
            else:
                yield from _number(change, place, table.column(name), value)
    if change.dated and splits(change.table):
        for verb in ("set", "plus"):
            for name in {"from", "until"} & getattr(change, verb).keys():
                yield _issue(change, f"{verb}.{name}", "", "the days of the change set it already", "drop one")


def _number(change: Change, place: str, column: Column, value: object) -> Iterator[Issue]:
    try:
        number = decimal(value)
    except CellError as error:
        yield _issue(change, place, str(value), str(error), error.hint)
        return
    if place.startswith("scale") and number < 0:
        yield _issue(change, place, str(value), "a factor is not negative")
    if column.type == "date" and number != int(number):
        yield _issue(change, place, str(value), "a date is moved by whole days")


def _rows(change: Change, table: Table) -> Iterator[Issue]:
    for index, row in enumerate(change.add):
        place = f"add.{index + 1}"
        for name, value in row.items():
            if name in table.names:
                yield from _cell(change, f"{place}.{name}", table.column(name), value, whole=True)
            else:
                yield _unknown(change, f"{place}.{name}", table)
        for column in table.columns:
            if column.required and column.name not in row:
                yield _issue(change, f"{place}.{column.name}", "", "is missing", f"for example {column.example}")


def _window(change: Change, table: Table) -> Iterator[Issue]:
    if not change.dated:
        return
    if change.from_ and change.until and change.until < change.from_:
        yield _issue(change, "until", str(change.until), f"is before from, {change.from_}")
    if change.add:
        if not {"from", "until"} <= set(table.names):
            yield _issue(change, "from", "", "rows of this table have no window", "date the rows themselves")
    elif change.table != "settings" and splits(change.table):
        if change.remove and "until" not in table.names:
            reason = "a row of this table holds until the next one does: it cannot go for a time"
            yield _issue(change, "remove", "", reason, "set the value that holds meanwhile")
    elif not falls_due(change.table) or change.table == "settings":
        hint = "set from and until themselves" if "until" in table.names else "remove from and until"
        yield _issue(change, "from", "", f"a row of {change.table} holds as a whole, not by day", hint)


def _cell(change: Change, place: str, column: Column, value: object, *, whole: bool = False) -> Iterator[Issue]:
    try:
        if whole:
            cell(column, value)
        else:
            typed_cell(column, value)
    except CellError as error:
        yield _issue(change, place, str(value), str(error), error.hint)


def _unknown(change: Change, place: str, table: Table) -> Issue:
    name = place.rpartition(".")[2]
    hint = did_you_mean(name, table.names) or f"columns are {', '.join(table.names)}"
    return _issue(change, place, name, f"is not a column of {table.name}", hint)


def _issue(change: Change, place: str, value: str, reason: str, hint: str = "") -> Issue:
    return Issue("change", reason, table=change.table, column=place, value=value, hint=hint)
