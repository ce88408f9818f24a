"""What a delivered unit costs, by account: a waterfall for each product and market."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from boxbuild.plan.ledger import ACCOUNTS
from boxbuild.plan.pools import Inflow, Pool
from boxbuild.views.charts.behind import Behind, through
from boxbuild.views.charts.chart import Chart, Choice
from boxbuild.views.sections import NAMES
from boxbuild.views.text import number, percent

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

MOST: Final = 40
"""Products and markets that can be chosen: those that cost most together."""

LABELS: Final = (*ACCOUNTS, "spared", "standard")
_OWN: Final = {"standard": "stock and receipts, at standard value", "spared": "duty spared on inputs"}
_CENT: Final = Decimal("0.01")


def landed_cost(plan: Plan, behind: Behind | None = None) -> Chart | None:
    """Return the cost of one delivered unit by account: the averages of :class:`boxbuild.plan.landed.Landed`."""
    behind = behind or Behind.of(plan)
    delivered = behind.delivered()
    if not delivered:
        return None
    each = through(behind.taken(), behind.brought(_label, LABELS, holding="holding"))
    ranked = sorted(delivered, key=lambda found: (-found[2] * float(each[found[1]].sum()), found[0]))
    home = plan.summary.home_currency
    choices = []
    for (item, market), row, units in ranked[:MOST]:
        costs = {name: float(value) for name, value in zip(LABELS, each[row], strict=True)}
        steps = _steps(costs)
        choices.append(
            Choice(f"{item} at {market}", {"steps": steps}, _says(f"{item} at {market}", steps, home, units))
        )
    says = choices[0].says
    if len(ranked) > MOST:
        says += f" The {MOST} of {len(ranked):,} products and markets that cost most can be chosen."
    data = choices[0].data
    choices[0] = Choice(choices[0].label, {}, says)
    title = "Landed cost of a delivered unit"
    return Chart("landed-cost", "waterfall", title, says, f"{home} a unit", data, "product and market", tuple(choices))


def _label(_: Pool, inflow: Inflow) -> Iterator[tuple[str, float]]:
    for account, amount in inflow.money.items():
        yield account, float(amount)


def _steps(costs: dict[str, float]) -> list[dict[str, Any]]:
    """Steps to the hundredth that add up to the total: each is the difference of two rounded sums."""
    so_far, stated = 0.0, Decimal(0)
    steps: list[dict[str, Any]] = []
    for account, value in costs.items():
        so_far += value
        after = Decimal(repr(so_far)).quantize(_CENT)
        if after != stated:
            name = _OWN.get(account) or NAMES.get(account, account)
            steps.append({"name": name, "value": float(after - stated), "kind": "step"})
        stated = after
    return [*steps, {"name": "landed cost", "value": float(stated), "kind": "total"}]


def _says(name: str, steps: list[dict[str, Any]], home: str, units: float) -> str:
    total = steps[-1]["value"]
    top = max(steps[:-1], key=lambda step: abs(step["value"]), default=None)
    most = f", {percent(top['value'] / total)} of it {top['name']}" if top and total else ""
    return f"{name}: {home} {number(total, 2)} a unit{most}; average over the horizon of {number(units)} units."
