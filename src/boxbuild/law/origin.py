"""Rules of origin: whether goods originate, by regional value content, tariff shift, de minimis and cumulation.

The book has an agreement's rule as ``<country>.origin.<agreement>.<what>``: ``rvc`` (or ``rvc_transaction``) and
``rvc_net_cost`` in percent, ``tariff_shift`` in leading digits that must change (4: heading, 6: subheading),
``de_minimis`` in percent of the value free on board, and ``cumulation`` (1: materials of the other party originate).
Where it has both ways to reckon regional value content, one is enough.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from boxbuild.law.law import Law
from boxbuild.law.trace import Given, Read, Trace
from boxbuild.law.value_added import DEFINITIONS, evaluate

ZERO: Final = Decimal(0)

METHODS: Final[Mapping[str, str]] = {
    "rvc": "rvc_build_down",
    "rvc_transaction": "rvc_build_down",
    "rvc_net_cost": "rvc_net_cost",
}
"""Parameters of regional value content, and the definition that each asks for."""


@dataclass(frozen=True, slots=True)
class Input:
    """A material that goes into goods, as customs see it.

    Parameters
    ----------
    item
        What it is.
    hs
        Its classification; ``None`` where it has none.
    country
        Of origin; ``None`` where it is not known.
    value
        Of what goes into one unit of the goods.
    """

    item: str
    hs: str | None
    country: str | None
    value: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """What an agreement asks of goods on a day.

    Parameters
    ----------
    agreement
        Its name.
    shares
        Least share (fraction) by name of the definition; one of them is enough. Empty: none is asked.
    digits
        Leading digits of the classification that must change; ``None``: no shift is asked.
    de_minimis
        Part of the value free on board that may stay without the shift.
    reads
        What the book says.
    cumulation
        Whether materials of the other party count as originating.
    """

    agreement: str
    shares: Mapping[str, Decimal]
    digits: int | None
    de_minimis: Decimal
    reads: tuple[Read, ...]
    cumulation: bool = False


def rule(law: Law, country: str, agreement: str, day: date, origin: str | None = None) -> Rule | None:
    """Return the rule of an agreement for goods that enter a country on a day; ``None`` where none is in force.

    Where the book has none for that country it is the rule of the country of origin.
    """
    for party in dict.fromkeys((country, origin or country)):
        found = _rule_of(law, party, agreement, day)
        if found is not None:
            return found
    return None


def _rule_of(law: Law, country: str, agreement: str, day: date) -> Rule | None:
    stem = f"{country.lower()}.origin.{agreement}"
    asked = (*METHODS, "tariff_shift", "de_minimis", "cumulation")
    reads = {name: law.read(f"{stem}.{name}", day) for name in asked}
    shares = {METHODS[name]: read.value / 100 for name, read in reads.items() if read is not None and name in METHODS}
    shift, spared, joint = reads["tariff_shift"], reads["de_minimis"], reads["cumulation"]
    if not shares and shift is None:
        return None
    digits = int(shift.value) if shift is not None and shift.value else None
    allowed = spared.value / 100 if spared is not None else ZERO
    together = joint is not None and bool(joint.value)
    known = tuple(read for read in reads.values() if read is not None)
    return Rule(agreement, shares, digits, allowed, known, cumulation=together)


def cited(asked: Rule) -> Trace:
    """Return a trace that says what a rule was read from, whatever goods it is asked of."""
    return Trace(f"origin under {asked.agreement}", ZERO, "yes_no", "origin", reads=asked.reads)


def shifted(hs: str | None, inputs: Iterable[Input], digits: int, own: Collection[str]) -> tuple[Input, ...]:
    """Return the non-originating inputs that do not change their leading digits.

    Parameters
    ----------
    hs
        Classification of the goods.
    inputs
        What was really used.
    digits
        Leading digits that must change.
    own
        Countries whose materials count as originating: the party's, and by cumulation the others'.

    Notes
    -----
    An input without a classification is taken not to change.
    """
    head = (hs or "")[:digits]
    return tuple(
        one
        for one in inputs
        if one.country not in own and one.value and (not one.hs or not head or one.hs[:digits] == head)
    )


def originates(
    asked: Rule, hs: str | None, fob: Decimal, conversion: Decimal, inputs: Iterable[Input], own: Collection[str]
) -> Trace:
    """Return whether goods originate under a rule: a trace of value 1 or 0.

    Parameters
    ----------
    asked
        See :func:`rule`.
    hs
        Classification of the goods.
    fob, conversion
        Of one unit, in home currency.
    inputs
        What goes into one unit.
    own
        Countries that count as originating (the party's, with cumulation).
    """
    used = tuple(inputs)
    name = f"origin under {asked.agreement}"
    components = {
        "fob": fob,
        "conversion": conversion,
        "originating": sum((one.value for one in used if one.country in own), ZERO),
        "non_originating": sum((one.value for one in used if one.country not in own), ZERO),
    }
    parts = [evaluate(DEFINITIONS[method], components, method) for method in asked.shares]
    enough = not parts or any(part.value >= least for part, least in zip(parts, asked.shares.values(), strict=True))
    changes = True
    if asked.digits is not None:
        same = shifted(hs, used, asked.digits, own)
        left = sum((one.value for one in same), ZERO)
        changes = left <= asked.de_minimis * fob
        given = tuple(Given(one.item, one.value, "home currency", f"hs {one.hs or 'not given'}") for one in same)
        text = f"non-originating inputs of the same first {asked.digits} digits <= {asked.de_minimis} × fob"
        parts.append(Trace("tariff shift", Decimal(int(changes)), "yes_no", "tariff_shift", text, given))
    value = Decimal(int(enough and changes))
    return Trace(name, value, "yes_no", "origin", "value content and tariff shift", (), asked.reads, tuple(parts))
