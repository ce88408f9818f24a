"""Exemption: what imports for export are free of, and what the exports then are not paid, by the exact side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from boxbuild.audit.accounts import customs
from boxbuild.audit.accounts.line import Line
from boxbuild.audit.flows import Buy, Exempt, Flows
from boxbuild.audit.reading import Reading
from boxbuild.law.schemes import exempted, forgone


def lines(flows: Flows, reading: Reading) -> Iterator[Line]:
    """Yield the lines of what is under a scheme.

    - exemption of what the import is charged, when it arrives; what the export would be paid, when it leaves.
    """
    for part in flows.exempt:
        if part.export:
            yield from _exported(part, reading)
        else:
            yield from _imported(part, reading)


def _imported(part: Exempt, reading: Reading) -> Iterator[Line]:
    moved, day = part.moved, reading.days.date(reading.days.edges[part.moved.bucket])
    charged = customs.bought(moved, reading) if isinstance(moved, Buy) else customs.shipped(moved, reading)
    for bucket, charges in _by_bucket(charged).items():
        saved = exempted(reading.law, part.scheme, charges, day).value
        if saved:
            yield Line("exemption", bucket, moved.key, -saved)


def _exported(part: Exempt, reading: Reading) -> Iterator[Line]:
    moved, day = part.moved, reading.days.date(reading.days.edges[part.moved.bucket])
    if isinstance(moved, Buy):
        return
    for bucket, credits in _by_bucket(customs.exported(moved, reading)).items():
        lost = forgone(reading.law, part.scheme, {name: -amount for name, amount in credits.items()}, day).value
        if lost:
            yield Line("exemption", bucket, moved.key, lost)


def _by_bucket(found: Iterable[Line]) -> dict[int, dict[str, Decimal]]:
    amounts: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in found:
        amounts[line.bucket][line.account] += line.amount
    return amounts
