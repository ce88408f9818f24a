"""The law of a network: the book, what the network adds to it, and the day by which it has to be known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from boxbuild.law.book import Book
from boxbuild.law.parameter import Parameter, Value
from boxbuild.law.trace import Read

if TYPE_CHECKING:
    from boxbuild.network.network import Network


@dataclass(frozen=True)
class Law:
    """What a plan obeys.

    Parameters
    ----------
    network
        Gives the settings ``law``, ``known_on`` and the tables.
    book
        The law book with the network's own parameters and values.
    """

    network: Network
    book: Book

    @classmethod
    def of(cls, network: Network) -> Law:
        """Return the law of a network.

        Raises
        ------
        DataError
            The network's own law cannot be read; carries every issue.
        """
        return cls(network, Book.package().overlaid(network.law_files, network["law"]))

    @property
    def off(self) -> bool:
        """Whether the plan obeys no law at all."""
        return self.network.settings.law == "off"

    @property
    def by_book(self) -> bool:
        """Whether the law book counts; without it, only the table ``duties`` does."""
        return self.network.settings.law == "book"

    @property
    def known_on(self) -> date | None:
        """The day by which a value has to be published, or ``None``: everything counts."""
        return self.network.settings.known_on

    def parameter(self, name: str) -> Parameter:
        """Return a parameter of the book; ``UsageError`` where there is none."""
        return self.book[name]

    def value(self, name: str, day: date) -> Value | None:
        """Return the value of a parameter in force on a day, as known; ``None`` where there is none."""
        return self.book[name].on(day, self.known_on) if name in self.book.parameters else None

    def number(self, name: str, day: date, step: int | None = None) -> Decimal | None:
        """Return the number of a parameter on a day; of a ladder, the step asked for."""
        found = self.value(name, day)
        if found is None:
            return None
        return found.value.get(step or 1) if isinstance(found.value, Mapping) else found.value

    def read(self, name: str, day: date, step: int | None = None) -> Read | None:
        """Return a parameter as it is read on a day, for a trace."""
        found = self.value(name, day)
        number = self.number(name, day, step)
        if found is None or number is None:
            return None
        return reading(self.book[name], found, day, number)

    @cached_property
    def day_of(self) -> tuple[date, ...]:
        """The first day of every bucket: the day whose law counts in it."""
        return tuple(self.network.calendar.first_days)


def reading(parameter: Parameter, value: Value, day: date, number: Decimal) -> Read:
    """Return a value of a parameter as a trace states it."""
    return Read(
        parameter.id,
        parameter.title,
        day,
        value.since,
        number,
        parameter.unit,
        value.published,
        value.instrument,
        value.reference,
    )
