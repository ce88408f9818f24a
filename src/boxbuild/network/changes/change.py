"""A change: one edit of one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from boxbuild.network import catalogue

VERBS: Final = ("set", "scale", "plus", "add", "remove")
"""What a change can do; it does one of them."""


@dataclass(frozen=True)
class Change:
    """One edit of one table, with its reason.

    Parameters
    ----------
    table
        Table of the catalogue, or ``settings``.
    where
        Column to value: which rows change. A value is one value or several of them, with ``*`` and ``?`` for parts of
        a text, ``""`` for a blank, or, in a column that refers to another table, such a mapping of that table's
        columns (``{"supplier": {"country": "CN"}}``). Without it every row changes.
    set, scale, plus
        Column to new value, to factor, to what is added (days, for a date).
    add
        Rows to add, each column to value.
    remove
        Whether the rows go.
    from_, until
        First and last day of the change; a blank is open. Outside these days the old rows hold.
    because, source
        Why, and who says so. The source replaces that of the rows.
    """

    table: str
    where: Mapping[str, object] = field(default_factory=dict)
    set: Mapping[str, object] = field(default_factory=dict)
    scale: Mapping[str, object] = field(default_factory=dict)
    plus: Mapping[str, object] = field(default_factory=dict)
    add: tuple[Mapping[str, object], ...] = ()
    remove: bool = False
    from_: date | None = None
    until: date | None = None
    because: str = ""
    source: str = ""

    @property
    def verbs(self) -> tuple[str, ...]:
        """What the change does: one verb, if it is right."""
        return tuple(verb for verb in VERBS if getattr(self, verb))

    @property
    def dated(self) -> bool:
        """Whether the change holds on some days only."""
        return self.from_ is not None or self.until is not None


def splits(table: str) -> bool:
    """Return whether a row of a table may be cut in time: where its first day is part of its key."""
    return "from" in catalogue.table(table).key


def falls_due(table: str) -> bool:
    """Return whether the rows of a table speak of one day, their due day."""
    return "due" in catalogue.table(table).names
