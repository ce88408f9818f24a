"""The scope of a target: what it is measured on, written as ``name=value`` terms joined by semicolons."""

from __future__ import annotations

from typing import Final

from boxbuild.errors import UsageError
from boxbuild.network.issues import did_you_mean

SCOPE_NAMES: Final = ("item", "family", "partner", "site", "country", "market")
"""What a term may name."""


def parse_scope(text: str | None) -> dict[str, str]:
    """Return the terms of a scope; a blank scope has none.

    Raises
    ------
    UsageError
        A term has another form, names something unknown, or is given twice.
    """
    found: dict[str, str] = {}
    for term in filter(None, (part.strip() for part in (text or "").split(";"))):
        name, equals, value = (part.strip() for part in term.partition("="))
        if not equals or not value:
            raise UsageError(f"{term!r} is not a term of a scope", "write name=value, joined by ;")
        if name not in SCOPE_NAMES:
            raise UsageError(f"a scope has no {name!r}", did_you_mean(name, SCOPE_NAMES) or ", ".join(SCOPE_NAMES))
        if name in found:
            raise UsageError(f"the scope names {name} twice")
        found[name] = value
    return found
