"""A tally: the comparisons of one check, counted while they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from boxbuild.audit.result import Check, Failure

ABSOLUTE: Final = Decimal("0.00001")
RELATIVE: Final = Decimal("0.0000001")
QUANTITY_RULE: Final = "1e-5 + 1e-7 of the flows"
EXACT_RULE: Final = "exact"

ZERO: Final = Decimal(0)

Sentence = str | Callable[[], str]


def slack(gross: Decimal) -> Decimal:
    """Return the tolerance of a quantity: plans round to 1e-6 units, and sums add their roundings up."""
    return ABSOLUTE + RELATIVE * abs(gross)


def plain(value: object) -> str:
    """Return a number as a reader writes it: no exponent, no more than nine decimals."""
    if not isinstance(value, Decimal):
        return str(value)
    if not value.is_finite():
        return str(value)
    text = f"{value:.9f}"
    return text.rstrip("0").rstrip(".") or "0"


@dataclass
class Tally:
    """The comparisons of one check."""

    name: str
    what: str
    tolerance: str = QUANTITY_RULE
    count: int = 0
    deviation: Decimal = ZERO
    failures: list[Failure] = field(default_factory=list)

    def equal(
        self,
        place: tuple[str, str, int | date | None],
        expected: Decimal,
        found: Decimal,
        gross: Decimal,
        sentence: Sentence,
    ) -> None:
        """Compare two quantities; ``gross`` is the size of the flows behind them."""
        self.count += 1
        off = abs(expected - found)
        if off > self.deviation:
            self.deviation = off
        if off > ABSOLUTE and off > slack(gross):
            self.fail(place, expected, found, sentence)

    def at_most(
        self,
        place: tuple[str, str, int | date | None],
        limit: Decimal,
        found: Decimal,
        gross: Decimal,
        sentence: Sentence,
    ) -> None:
        """Compare a quantity with its limit."""
        self.count += 1
        over = found - limit
        if over > self.deviation:
            self.deviation = over
        if over > ABSOLUTE and over > slack(gross):
            self.fail(place, limit, found, sentence)

    def holds(
        self,
        place: tuple[str, str, int | date | None],
        *,
        when: bool,
        expected: object,
        found: object,
        sentence: Sentence,
    ) -> None:
        """Count one condition that either holds or not."""
        self.count += 1
        if not when:
            self.fail(place, expected, found, sentence)

    def fail(
        self,
        place: tuple[str, str, int | date | None],
        expected: object,
        found: object,
        sentence: Sentence,
    ) -> None:
        """Note a failure."""
        said = sentence if isinstance(sentence, str) else sentence()
        self.failures.append(Failure(self.name, *place, plain(expected), plain(found), said))

    def check(self) -> Check:
        """Return what was counted."""
        return Check(self.name, self.what, self.count, self.deviation, self.tolerance, tuple(self.failures))
