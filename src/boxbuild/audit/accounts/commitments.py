"""What is short of contracts and targets, and the units on the steps of ladders."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from boxbuild.audit.contracts import bounds_below, under_contract
from boxbuild.audit.flows import Flows
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import decimal
from boxbuild.audit.targets import measured
from boxbuild.audit.tiers import on_steps, quantities, steps_stated
from boxbuild.plan.plan import Plan

ZERO = Decimal(0)


@dataclass(frozen=True)
class Commitments:
    """Shortfall by contract, short by target, and units by contract, offer and step."""

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

    @classmethod
    def left_by(cls, flows: Flows, reading: Reading) -> Commitments:
        """Return what flows leave short, and the steps that they reach."""
        shortfall, short, steps = {}, {}, {}
        for contract, (quantity, total) in under_contract(flows, reading).items():
            limits = [limit for limit, _ in bounds_below(reading.contracts[contract], total)]
            shortfall[contract] = max([ZERO, *(limit - quantity for limit in limits)])
        for target, row in reading.targets.items():
            numerator, denominator = measured(row, flows, reading)
            short[target] = max(ZERO, row.at_least * denominator - numerator)
        for ladder, quantity in quantities(flows, reading).items():
            rows = reading.ladders[ladder]
            for row_of_step, units in zip(rows, on_steps(rows, quantity), strict=True):
                steps[(*ladder, row_of_step.from_quantity)] = units
        return cls(shortfall, short, steps)
