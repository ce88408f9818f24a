"""A money amount that the audit expects, and what commitments it is computed from."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from boxbuild.audit.records import decimal
from boxbuild.audit.tiers import steps_stated
from boxbuild.plan.plan import Plan


class Line(NamedTuple):
    """One amount in home currency: what it is for, and the bucket in which it is paid."""

    account: str
    bucket: int
    key: str
    amount: Decimal


@dataclass(frozen=True)
class Commitments:
    """What is short of contracts and targets, and the units on the steps of ladders."""

    shortfall: dict[str, Decimal] = field(default_factory=dict)
    short: dict[str, Decimal] = field(default_factory=dict)
    steps: dict[tuple[str | None, str | None, Decimal], Decimal] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> Commitments:
        """Return what a plan states."""
        contracts = plan["contracts"].select("contract", "shortfall").iter_rows()
        targets = plan["targets"].select("target", "short").iter_rows()
        return cls(
            {contract: decimal(quantity) for contract, quantity in contracts},
            {target: decimal(quantity) for target, quantity in targets},
            steps_stated(plan),
        )
