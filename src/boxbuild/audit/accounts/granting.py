"""Granting: incentives and subsidies, credits in the bucket in which they are received."""

from __future__ import annotations

from collections.abc import Iterator

from boxbuild.audit.accounts.line import Line
from boxbuild.audit.flows import Flows
from boxbuild.audit.granting import awarded, granted
from boxbuild.audit.reading import Reading


def lines(flows: Flows, reading: Reading) -> Iterator[Line]:
    """Yield incentive = - share x rate x counted sales, and subsidy = - rate x eligible x capex."""
    for claim, award, bucket in awarded(flows, reading):
        if award.amount:
            yield Line("incentive", bucket, claim.key, -award.amount)
    for option, bucket, amount in granted(flows, reading):
        yield Line("subsidy", bucket, option, -amount)
