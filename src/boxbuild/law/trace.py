"""Traces: what was computed, by which formula, from which inputs, under which instrument.

A trace is a tree. Each step states its formula, its inputs, the parameters of the law that it read (with date, value,
instrument and reference) and its result; :attr:`Trace.digest` is a fingerprint of all of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Read:
    """A parameter of the law as it was read.

    Parameters
    ----------
    parameter, title
        Its name in the book.
    on
        Day for which it was asked.
    since
        First day of the value that was in force.
    value
        As the book states it, in ``unit``.
    published, instrument, reference
        Who says so, since when it is known, and where it can be read.
    """

    parameter: str
    title: str
    on: date
    since: date
    value: Decimal
    unit: str
    published: date | None
    instrument: str
    reference: str

    def as_dict(self) -> dict[str, Any]:
        """Return the reading as JSON values."""
        return {
            "parameter": self.parameter,
            "title": self.title,
            "on": self.on.isoformat(),
            "since": self.since.isoformat(),
            "value": plain(self.value),
            "unit": self.unit,
            "published": self.published.isoformat() if self.published else None,
            "instrument": self.instrument,
            "reference": self.reference,
        }


@dataclass(frozen=True)
class Given:
    """A value that was put in: what it is, how much, and the row of the network or plan that it comes from."""

    name: str
    value: Decimal
    unit: str
    place: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the value as JSON values."""
        return {"name": self.name, "value": plain(self.value), "unit": self.unit, "place": self.place}


@dataclass(frozen=True)
class Trace:
    """One step of a computation, with the steps that it rests on.

    Parameters
    ----------
    name
        What was computed, such as ``basic customs duty on display-cn|noida``.
    rule
        Name of the rule, such as ``customs.basic``; blank for sums.
    formula
        The rule in words and signs, as it was evaluated.
    value, unit
        The result.
    """

    name: str
    value: Decimal
    unit: str
    rule: str = ""
    formula: str = ""
    given: tuple[Given, ...] = ()
    reads: tuple[Read, ...] = ()
    parts: tuple[Trace, ...] = ()
    note: str = ""

    def walk(self) -> Iterator[Trace]:
        """Yield this step and every step below it, from the top."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def as_dict(self) -> dict[str, Any]:
        """Return the tree as JSON values; numbers are texts, so that none is rounded."""
        return {
            "name": self.name,
            "rule": self.rule,
            "formula": self.formula,
            "value": plain(self.value),
            "unit": self.unit,
            "note": self.note,
            "given": [one.as_dict() for one in self.given],
            "reads": [one.as_dict() for one in self.reads],
            "parts": [one.as_dict() for one in self.parts],
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the tree, in hexadecimal: the same computation has the same digest."""
        text = json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Decimal) -> str:
    """Return a number as text without an exponent and without trailing zeros: 1211.25."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text
