"""Which parameter of a levy holds for goods: the law's own order of what is more particular."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from boxbuild.law.parameter import Goods, Parameter, Value

if TYPE_CHECKING:
    from boxbuild.law.book import Book

Rank = tuple[bool, bool, bool, int, bool]
"""Agreement named, form named, end use named, length of the matching prefix, origin named."""


def classify(
    book: Book,
    country: str,
    levy: str,
    hs: str | None,
    form: str | None,
    end_use: str | None,
    origin: str | None,
    agreement: str | None,
    day: date,
    known_on: date | None = None,
    unit: str | None = None,
) -> tuple[Parameter, Value] | None:
    """Return the parameter of a levy that holds for goods on a day, with its value.

    Parameters
    ----------
    book
        The law.
    country
        Country of import, ISO 3166 alpha-2.
    levy
        One of :data:`boxbuild.law.parameter.LEVIES`.
    hs, form, end_use, origin, agreement
        The goods: classification (digits only), form in which they are shipped, end use that is claimed, country of
        origin, agreement that is claimed; ``None`` where there is none.
    day
        Day of import.
    known_on
        Count only what was published by this day; ``None``: everything.
    unit
        Look only at parameters of this unit: drawback has a rate and a cap on the same goods.

    Returns
    -------
    tuple of Parameter and Value, or None
        Of the parameters that match the goods and have a value on the day, the most particular one: a named
        agreement before a form, a form before an end use, an end use before a longer prefix of the
        classification, that before a named origin.
    """
    best: tuple[Rank, Parameter, Value] | None = None
    for parameter in book.levied(country, levy):
        if unit is not None and parameter.unit != unit:
            continue
        rank = match(parameter.goods, hs, form, end_use, origin, agreement)
        if rank is None or (best is not None and rank <= best[0]):
            continue
        value = parameter.on(day, known_on)
        if value is not None:
            best = rank, parameter, value
    return best[1:] if best is not None else None


def match(
    goods: Goods | None,
    hs: str | None,
    form: str | None,
    end_use: str | None,
    origin: str | None,
    agreement: str | None,
) -> Rank | None:
    """Return how particularly a parameter's goods match; ``None`` where they do not."""
    if goods is None:
        return False, False, False, 0, False
    claims = ((goods.agreement, agreement), (goods.form, form), (goods.end_use, end_use))
    if any(named is not None and named != claimed for named, claimed in claims):
        return None
    if (goods.origin and origin not in goods.origin) or origin in goods.not_origin:
        return None
    prefixes = [len(prefix) for prefix in goods.hs if (hs or "").startswith(prefix)]
    if goods.hs and not prefixes:
        return None
    named = (goods.agreement is not None, goods.form is not None, goods.end_use is not None)
    return *named, max(prefixes, default=0), bool(goods.origin)
