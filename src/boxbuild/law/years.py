"""Years of schemes: a financial year such as 2023-24, from 1 April to 31 March, or a calendar year such as 2023."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from boxbuild.errors import UsageError

_YEAR: Final = re.compile(r"(\d{4})(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Year:
    """A year for which a scheme pays: its first and its last day."""

    first: date
    last: date

    @classmethod
    def of(cls, text: str) -> Year:
        """Return the year that a text names.

        Raises
        ------
        UsageError
            It names none.
        """
        found = _YEAR.fullmatch(text)
        if found is None or int(found[1]) == 0:
            raise UsageError(f"{text!r} is not a year", hint="write 2023-24, or 2023 for a calendar year")
        began = int(found[1])
        if found[2] is None:
            return cls(date(began, 1, 1), date(began, 12, 31))
        if int(found[2]) != (began + 1) % 100:
            raise UsageError(f"{text!r} is not one year", hint=f"did you mean {began}-{(began + 1) % 100:02d}?")
        return cls(date(began, 4, 1), date(began + 1, 3, 31))

    def __contains__(self, day: object) -> bool:
        """Whether a day lies in it."""
        return isinstance(day, date) and self.first <= day <= self.last


def financial_year(day: date) -> str:
    """Return the name of the financial year that a day lies in, such as 2023-24: it begins on 1 April."""
    began = day.year if day.month >= 4 else day.year - 1
    return f"{began}-{(began + 1) % 100:02d}"
