"""The scope of a target: terms ``name=value`` joined by semicolons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from boxbuild.errors import DataError
from boxbuild.network.issues import did_you_mean

SCOPE_NAMES: Final = ("item", "family", "partner", "site", "country", "market")
"""What a term of a scope can name."""


def parse_scope(text: str | None) -> Mapping[str, str]:
    """Return the terms of a scope as a mapping from name to value; a blank scope has none.

    Examples
    --------
    >>> parse_scope("family=phone; site=noida")
    {'family': 'phone', 'site': 'noida'}

    Raises
    ------
    DataError
        A term has another form, an unknown name, or a name that an earlier term has.
    """
    terms: dict[str, str] = {}
    for term in filter(None, (part.strip() for part in (text or "").split(";"))):
        name, equals, value = (part.strip() for part in term.partition("="))
        if not equals or not name or not value:
            raise DataError(f"{term!r} is not a term of a scope", hint="write name=value; name=value")
        if name not in SCOPE_NAMES:
            hint = did_you_mean(name, SCOPE_NAMES) or f"names are {', '.join(SCOPE_NAMES)}"
            raise DataError(f"a scope has no name {name!r}", hint=hint)
        if name in terms:
            raise DataError(f"the scope names {name} twice", hint="write one target for each")
        terms[name] = value
    return terms
