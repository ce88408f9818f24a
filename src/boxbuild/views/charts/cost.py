"""Cost of the plan by account: a waterfall, discounted and not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boxbuild.plan.kpis import cost_by_account
from boxbuild.plan.ledger import ACCOUNTS
from boxbuild.views.charts.chart import Chart, Choice
from boxbuild.views.sections import NAMES
from boxbuild.views.text import percent, short

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan


def cost(plan: Plan) -> Chart | None:
    """Return the ledger by account: present value, which is what the plan minimises, and as it is paid."""
    rows = cost_by_account(plan)
    if rows.is_empty():
        return None
    order = {account: place for place, account in enumerate(ACCOUNTS)}
    rows = rows.sort(rows["account"].replace_strict(order, default=len(order)))
    home = plan.summary.home_currency
    choices = []
    for label, column in (("discounted to the start", "present"), ("as it is paid", "amount")):
        amounts = dict(rows.select("account", column).iter_rows())
        choices.append(Choice(label, {"steps": _steps(amounts)}, _says(amounts, home, label)))
    first = Choice(choices[0].label, {}, choices[0].says)
    title = "Cost by account"
    return Chart("cost", "waterfall", title, first.says, home, choices[0].data, "value", (first, choices[1]))


def _steps(amounts: dict[str, Decimal]) -> list[dict[str, Any]]:
    steps = [
        {"name": NAMES.get(account, account), "value": float(amount), "kind": "step"}
        for account, amount in amounts.items()
    ]
    return [*steps, {"name": "total", "value": float(sum(amounts.values(), Decimal(0))), "kind": "total"}]


def _says(amounts: dict[str, Decimal], home: str, label: str) -> str:
    total = sum(amounts.values(), Decimal(0))
    credits = -sum((amount for amount in amounts.values() if amount < 0), Decimal(0))
    ranked = sorted(amounts, key=lambda account: (-amounts[account], account))[:3]
    told = [f"{NAMES.get(name, name)} {percent(float(amounts[name] / total))}" for name in ranked] if total else []
    says = f"{home} {short(float(total))}, {label}: {', '.join(told)}"
    return f"{says}; credits of {short(float(credits))} are taken off." if credits else f"{says}."
