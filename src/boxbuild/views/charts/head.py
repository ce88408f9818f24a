"""The head of the report: status, cost, bound, gap, orders, service, and what the audit says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boxbuild.plan.service import service
from boxbuild.views.charts.chart import Chart
from boxbuild.views.text import DASH, number, percent, short

if TYPE_CHECKING:
    from boxbuild.audit.result import Audit
    from boxbuild.plan.plan import Plan

Fact = dict[str, Any]


def fact(name: str, value: str, status: str = "none", note: str = "") -> Fact:
    """Return one fact."""
    return {"name": name, "value": value, "status": status, "note": note}


def head(plan: Plan, audit: Audit | None = None) -> Chart:
    """Return the facts that stand first.

    Parameters
    ----------
    plan
        The plan.
    audit
        Its audit, where it was made.
    """
    summary = plan.summary
    money = f"{summary.home_currency} "
    facts = [
        _status(plan),
        fact("cost", money + short(summary.cost), note=f"{money}{number(summary.cost, 2)}, discounted to the start"),
        fact("bound", money + short(summary.bound), note=f"{money}{number(summary.bound, 2)}: no plan costs less"),
        fact("gap", percent(summary.gap, 3), "good" if summary.gap <= summary.tolerance + 1e-12 else "warn"),
        _orders(plan),
        _on_time(plan),
        audit_fact(audit),
        fact("horizon", f"{summary.start} to {plan.network.calendar.end}", note=f"{summary.buckets}"),
        fact("input", summary.input_hash[:12] or DASH, note="start of the hash of the tables that were planned"),
    ]
    says = f"The plan costs {money}{short(summary.cost)}; no plan costs less than {money}{short(summary.bound)}"
    return Chart(
        "head", "facts", "The plan in short", f"{says} (a gap of {percent(summary.gap, 3)}).", "", {"facts": facts}
    )


def audit_fact(audit: Audit | None) -> Fact:
    """Return what the audit says, as a fact."""
    if audit is None:
        return fact("audit", "not made", "warn", "run boxbuild audit")
    figures = sum(check.count for check in audit.checks)
    note = f"{len(audit.checks)} checks recomputed {number(figures)} figures without the solver"
    if audit.passed:
        return fact("audit", "passed", "good", note)
    return fact("audit", "FAILED", "bad", f"{len(audit.failures)} failures: {note}")


def _status(plan: Plan) -> Fact:
    summary = plan.summary
    asked = percent(summary.tolerance, 2 if summary.tolerance >= 1e-3 else 4)
    if summary.status == "optimal":
        return fact("status", "optimal", "good", f"the gap is within the {asked} asked for")
    return fact("status", summary.status, "warn", f"it stopped before the gap of {asked} asked for was proven")


def _orders(plan: Plan) -> Fact:
    summary = plan.summary
    if summary.release_cost is None:
        return fact("orders", "none", "none", "the plan was made without orders")
    over = summary.release_cost - summary.bound
    share = over / abs(summary.release_cost) if summary.release_cost else None
    note = f"whole lots and whole days cost {short(summary.release_cost - summary.cost)} more than the plan by buckets"
    value = f"{summary.home_currency} {short(summary.release_cost)}"
    return fact("orders' cost", value, note=f"{percent(share, 2)} over the bound; {note}")


def _on_time(plan: Plan) -> Fact:
    """Share of the units due in the horizon that are delivered on time, by the plan and by the orders."""
    rows = service(plan)
    wanted = float(rows["wanted"].sum())
    if wanted <= 0:
        return fact("on time", DASH, "none", "nothing is due in the horizon")
    shares = [float(rows[name].sum()) / wanted for name in ("on_time", "late", "lost")]
    note = f"{percent(shares[1])} late, {percent(shares[2])} lost"
    if rows["orders_on_time"].null_count() < rows.height:
        note += f"; by the orders {percent(float(rows['orders_on_time'].sum()) / wanted)} on time"
    status = "good" if shares[0] >= 1 - 1e-9 else "bad" if shares[2] > 1e-9 else "warn"
    return fact("on time", percent(shares[0]), status, note)
