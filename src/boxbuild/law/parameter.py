"""A parameter of law: one number that the law sets, by date, with the instrument that sets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

Amount = Decimal | Mapping[int, Decimal]
"""A number, or a ladder: one number for each year of a scheme, from year 1."""

LEVIES: Final[Mapping[str, str]] = {
    "bcd": "basic customs duty, outside India the most-favoured-nation duty",
    "sws": "social welfare surcharge, percent of the basic customs duty",
    "igst": "integrated goods and services tax",
    "antidumping": "anti-dumping duty",
    "landing": "landing charge added to the value of imports",
    "drawback": "duty drawback on exports",
    "rodtep": "remission of duties and taxes on exported products",
    "condition": "condition of a scheme",
    "incentive": "production-linked incentive",
    "threshold": "threshold that a scheme asks for",
    "subsidy": "subsidy of capital expenditure",
    "origin": "rule of origin",
}
"""What a parameter may belong to, with its meaning."""

GOODS_LEVIES: Final = frozenset({"bcd", "sws", "igst", "antidumping", "landing", "drawback", "rodtep"})
"""Levies that are charged or paid on goods: their parameters may say on which."""

NAMING_GOODS: Final = GOODS_LEVIES | {"condition"}
"""Levies whose parameters may say on which goods; a condition may name the goods of a scheme, and none wins."""

UNITS: Final = frozenset(
    {"percent", "fraction", "INR", "INR crore", "days", "months", "years", "year", "times", "digits", "yes_no"}
)
"""Units of values. ``percent`` 10 means 10 %; ``digits`` are leading digits of a classification."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter is from a day on.

    Parameters
    ----------
    since
        First day.
    value
        A number in the parameter's unit, or a ladder by year of a scheme.
    until
        Last day; ``None``: until the next value.
    published
        Day from which it can be known. May be later than ``since`` where law is retrospective.
    instrument
        Notification, act or circular that sets it.
    reference
        Where it can be read.
    confidence
        How sure the source is: high, medium, low.
    interrupts
        When it ends, what was in force before holds again (a network's own temporary value).
    line
        Line in its file, 1-based; 0 where it comes from a table.
    """

    since: date
    value: Amount = field(hash=False)
    until: date | None
    published: date
    instrument: str
    reference: str
    confidence: str = ""
    interrupts: bool = False
    line: int = field(default=0, compare=False)

    @property
    def number(self) -> Decimal:
        """The value of a parameter that is one number; ``TypeError`` where it is a ladder."""
        if isinstance(self.value, Decimal):
            return self.value
        message = "the value is a ladder by year: use Value.of_year"
        raise TypeError(message)

    def of_year(self, year: int) -> Decimal | None:
        """Return the number for a year of the scheme (from 1); ``None`` where the ladder has no such year."""
        return self.value if isinstance(self.value, Decimal) else self.value.get(year)


@dataclass(frozen=True, slots=True)
class Goods:
    """The goods that a parameter speaks of. What is blank holds for any.

    Parameters
    ----------
    hs
        Prefixes of the classification, digits only; none: any goods.
    form, end_use, agreement
        Form in which the goods are shipped, end use and trade agreement that are claimed. A parameter that names
        one holds only for goods that claim exactly that.
    origin, not_origin
        Countries of origin (ISO 3166 alpha-2) that it holds for, and that it does not hold for.
    """

    hs: tuple[str, ...] = ()
    form: str | None = None
    end_use: str | None = None
    origin: tuple[str, ...] = ()
    not_origin: tuple[str, ...] = ()
    agreement: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Days on which one value is in force, both inclusive; ``until`` is ``None`` where no end is known."""

    since: date
    until: date | None
    value: Value


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number that the law sets, with all its values.

    Parameters
    ----------
    id
        Name, lower case with dots; the first part is the country.
    title
        What it is, in words.
    country
        ISO 3166 alpha-2, upper case.
    levy, unit
        One of :data:`LEVIES` and of :data:`UNITS`.
    goods
        The goods that it is about; ``None``: any, or the levy is not on goods.
    values
        Ordered by first day.
    note
        What the reader should know.
    place
        File and line, as ``law/in/pli.yaml:3``.
    gaps
        Days without a value that are known to be such, first and last.
    """

    id: str
    title: str
    country: str
    levy: str
    unit: str
    goods: Goods | None
    values: tuple[Value, ...]
    note: str = ""
    place: str = ""
    gaps: tuple[tuple[date, date], ...] = ()

    def on(self, day: date, known_on: date | None = None) -> Value | None:
        """Return the value in force on a day.

        Parameters
        ----------
        day
            The day asked for.
        known_on
            Count only what was published by this day; ``None``: everything.

        Returns
        -------
        Value or None
            Of the known values that have begun, the one with the latest first day, unless it has ended.
        """
        for value in reversed(self.values):
            if value.since > day or not known(value, known_on):
                continue
            if value.until is None or day <= value.until:
                return value
            if not value.interrupts:
                return None
        return None

    def windows(self, known_on: date | None = None) -> tuple[Window, ...]:
        """Return the windows in which one value is in force, in order, disjoint.

        Parameters
        ----------
        known_on
            Count only what was published by this day; ``None``: everything.

        Returns
        -------
        tuple of Window
            ``on(day, known_on)`` is the value of the window that holds the day, and ``None`` where none does.
        """
        step = timedelta(days=1)
        seen = [value for value in self.values if known(value, known_on)]
        ends = {value.until + step for value in seen if value.until is not None and value.until < date.max}
        days = sorted({value.since for value in seen} | ends)
        found: list[Window] = []
        for day, following in zip(days, [*days, None][1:], strict=True):
            value = self.on(day, known_on)
            until = following - step if following is not None else None
            if value is None:
                continue
            if found and found[-1].value is value and found[-1].until == day - step:
                found[-1] = Window(found[-1].since, until, value)
            else:
                found.append(Window(day, until, value))
        return tuple(found)


def known(value: Value, known_on: date | None) -> bool:
    """Whether a value was published by a day; everything is known where no day is given."""
    return known_on is None or value.published <= known_on
