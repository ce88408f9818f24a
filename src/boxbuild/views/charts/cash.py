"""Cash by calendar month: what is paid and received, not discounted, and how it adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.views.charts.chart import Chart, Choice
from boxbuild.views.text import percent, short

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar
    from boxbuild.plan.plan import Plan

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "parts": ("material", "markup", "tier"),
    "making": ("conversion", "overtime"),
    "freight and insurance": ("freight", "insurance"),
    "duty and taxes": ("duty", "surcharge", "antidumping", "igst"),
    "holding": ("holding",),
    "late, lost, penalties": ("late", "lost", "shortfall", "target"),
    "investment": ("capex", "opex"),
    "duty saved and drawn back": ("exemption", "preference", "drawback", "rodtep"),
    "incentives and subsidies": ("incentive", "subsidy"),
    "residual value": ("residual",),
}
"""Accounts of the ledger by what is drawn as one."""

ONCE: Final = ("capex", "residual", "incentive", "subsidy", "target", "shortfall")
"""Accounts that are paid at once: in the month of their bucket's first day. Others run evenly over their bucket."""

_CENT: Final = Decimal("0.01")


def cash(plan: Plan) -> Chart | None:
    """Return the ledger by calendar month and group of accounts; every month and group to the hundredth."""
    sums = plan["ledger"].group_by("account", "bucket").agg(pl.col("amount").sum()).sort("account", "bucket")
    if sums.is_empty():
        return None
    calendar = plan.network.calendar
    group_of = {account: name for name, accounts in GROUPS.items() for account in accounts}
    months: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for account, bucket, amount in sums.iter_rows():
        for month, part in _by_month(calendar, bucket, amount, once=account in ONCE):
            months[month][group_of.get(account, account)] += part
    across = sorted(months)
    names = [
        name
        for name in (*GROUPS, *sorted(set(sums["account"]) - set(group_of)))
        if any(months[m][name] for m in across)
    ]
    totals = [sum(months[month].values(), Decimal(0)) for month in across]
    bars = [
        {"name": name, "values": [float(months[month][name]) for month in across], "kind": "bar", "stack": "cash"}
        for name in names
    ]
    running = [float(value) for value in accumulate(totals)]
    net = {"name": "together", "values": [float(total) for total in totals], "kind": "line", "stack": None}
    adding = {"series": [{"name": "so far", "values": running, "kind": "area", "stack": None}]}
    data = {"across": across, "series": [*bars, net]}
    home = plan.summary.home_currency
    whole = sum(totals, Decimal(0))
    most = max(range(len(across)), key=lambda place: totals[place])
    share = percent(float(totals[most] / whole)) if whole else "0 %"
    says = (
        f"{home} {short(float(whole))} is paid in all, not discounted and less what is received; most in "
        f"{across[most]}: {short(float(totals[most]))}, {share} of it."
    )
    choices = (Choice("by month", {}), Choice("adding up", adding))
    return Chart("cash", "lines", "Cash by month", says, home, data, "picture", choices)


def _by_month(calendar: Calendar, bucket: int, amount: Decimal, *, once: bool) -> list[tuple[str, Decimal]]:
    """Parts of an amount by month; they add up to it."""
    first, days = calendar.first_days[bucket], int(calendar.lengths[bucket])
    if once:
        return [(f"{first:%Y-%m}", amount)]
    found, stated, gone = [], Decimal(0), 0
    while gone < days:
        day = first + timedelta(days=gone)
        gone = min((_next_month(day) - first).days, days)
        so_far = (amount * gone / days).quantize(_CENT, ROUND_HALF_EVEN)
        found.append((f"{day:%Y-%m}", so_far - stated))
        stated = so_far
    return found


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
