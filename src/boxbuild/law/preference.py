"""Preference: whether goods earn the rate of a trade agreement that is claimed for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from boxbuild.law.law import Law

_SHARES: Final = ("rvc", "rvc_transaction")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What an agreement asks of goods.

    Parameters
    ----------
    share
        Least regional value content, a fraction; ``None``: none is asked.
    shift
        Whether the classification has to change.
    parameters
        The parameters of the book that say so.
    """

    share: Decimal | None
    shift: bool
    parameters: tuple[str, ...]

    def met(self, *, rvc: Decimal | None, tariff_shift: bool | None) -> bool:
        """Whether what a supplier declares is enough."""
        return (self.share is None or (rvc is not None and rvc >= self.share)) and (
            bool(tariff_shift) or not self.shift
        )


def conditions(law: Law, country: str, agreement: str, day: date, origin: str | None = None) -> Conditions | None:
    """Return what an agreement asks of goods that enter a country on a day.

    The rule stands in the book as ``<country>.origin.<agreement>.rvc`` (or ``rvc_transaction``, percent) and
    ``.tariff_shift`` (digits that change); where the book has none for that country, as the rule of the country of
    origin: an agreement asks the same of both of its parties.

    Returns
    -------
    Conditions or None
        ``None`` where the book has no rule of the agreement in force: then nothing can meet it.
    """
    for party in (country, origin):
        stem = f"{(party or country).lower()}.origin.{agreement}"
        share, of_share = _first(law, (f"{stem}.{name}" for name in _SHARES), day)
        shift, of_shift = _first(law, (f"{stem}.tariff_shift",), day)
        if share is not None or shift is not None:
            return Conditions(None if share is None else share / 100, bool(shift), (*of_share, *of_shift))
    return None


def _first(law: Law, names: Iterable[str], day: date) -> tuple[Decimal | None, tuple[str, ...]]:
    for name in names:
        number = law.number(name, day)
        if number is not None:
            return number, (name,)
    return None, ()
