"""What one unit delivered to a market cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boxbuild.errors import UsageError
from boxbuild.plan.evaluations import Evaluations
from boxbuild.plan.evidence import evidence
from boxbuild.plan.landed import Landed

if TYPE_CHECKING:
    from boxbuild.law.trace import Trace
    from boxbuild.plan.plan import Plan


def cost(plan: Plan, subject: str) -> Trace:
    """Return the landed cost of one unit of ``ITEM@MARKET`` as a tree (:mod:`boxbuild.plan.landed`)."""
    item, at, market = subject.partition("@")
    if not at or not item or not market:
        raise UsageError(f"{subject!r} names no item and market", "write ITEM@MARKET, for example phone-a@hamburg")
    return Landed(plan, evidence(Evaluations(plan))).tree(item, market)
