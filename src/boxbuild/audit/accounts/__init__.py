"""The accounts of a plan's cost, each recomputed from quantities and tables: one family a file."""

from __future__ import annotations

from collections.abc import Iterator

from boxbuild.audit.accounts import (
    buying,
    carrying,
    committing,
    exemption,
    granting,
    making,
    opening,
    preference,
    serving,
)
from boxbuild.audit.accounts.commitments import Commitments
from boxbuild.audit.accounts.line import Line
from boxbuild.audit.flows import Flows
from boxbuild.audit.reading import Reading

__all__ = ["Commitments", "Line", "lines"]


def lines(flows: Flows, commitments: Commitments, reading: Reading) -> Iterator[Line]:
    """Yield every money amount, not rounded and not discounted."""
    yield from buying.lines(flows, reading)
    yield from carrying.lines(flows, reading)
    yield from exemption.lines(flows, reading)
    yield from preference.lines(flows, reading)
    yield from making.lines(flows, reading)
    yield from serving.lines(flows, reading)
    yield from opening.lines(flows, reading)
    yield from granting.lines(flows, reading)
    yield from committing.lines(commitments, reading)
