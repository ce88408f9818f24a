"""An issue: one thing that is wrong in the tables, with its place, its reason and a hint."""

from __future__ import annotations

import difflib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong in the tables.

    Parameters
    ----------
    code
        Name of the check that found it, for example ``dangling-reference``.
    reason
        What is wrong, in one sentence.
    severity
        ``error`` stops a plan, ``warning`` does not.
    table, row, column, value
        Where it is. ``row`` is the index of the row in the table's frame (0-based); ``None`` speaks of the whole
        table. ``file``, ``sheet`` and ``line`` (1-based, as the user sees it) are filled in by the reader.
    hint
        What to do about it.
    """

    code: str
    reason: str
    severity: Severity = "error"
    table: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    hint: str = ""
    file: str = ""
    sheet: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """Return the issue as one line: place, reason, hint."""
        place = self.file or self.table
        if self.sheet:
            place += f" sheet {self.sheet}"
        if self.line is not None:
            place += f" row {self.line}"
        elif self.row is not None:
            place += f" record {self.row + 1}"
        if self.column:
            place += f", column {self.column}"
        value = f"{self.value!r} " if self.value else ""
        hint = f" ({self.hint})" if self.hint else ""
        warning = "warning: " if self.severity == "warning" else ""
        return f"{place}: {warning}{value}{self.reason}{hint}"

    def as_dict(self) -> dict[str, object]:
        """Return the issue as a plain dictionary, for ``--json``."""
        return asdict(self)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the closest known word, or nothing when none is close."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else ""
