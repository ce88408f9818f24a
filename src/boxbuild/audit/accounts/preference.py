"""Preference: what goods that originate save where they enter at the rate of an agreement, by the exact side."""

from __future__ import annotations

from collections.abc import Iterator

from boxbuild.audit.accounts import customs
from boxbuild.audit.accounts.line import Line
from boxbuild.audit.flows import Flows
from boxbuild.audit.reading import Reading
from boxbuild.law.origin import cited, rule


def lines(flows: Flows, reading: Reading) -> Iterator[Line]:
    """Yield the lines of what is claimed: its charges at the agreement's rate less its charges without, on arrival."""
    for part in flows.preferred if reading.law.by_book else ():
        moved = part.moved
        for line in customs.shipped(moved, reading):
            yield line._replace(account="preference", amount=-line.amount)
        for line in customs.shipped(moved, reading, part.agreement):
            yield line._replace(account="preference")
        country, left = reading.country(moved.lane.destination), reading.country(moved.lane.origin)
        day = reading.days.date(reading.days.edges[moved.bucket])
        asked = rule(reading.law, country, part.agreement, day, left)
        if asked is not None:
            reading.noted(cited(asked))
