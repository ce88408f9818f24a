"""Exceptions first: what needs somebody's attention, in numbers and words, then in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from boxbuild.plan.kpis import utilisation
from boxbuild.plan.locks import lock_figures
from boxbuild.views.charts.chart import Chart
from boxbuild.views.charts.head import audit_fact, fact
from boxbuild.views.charts.locks import locks, locks_fact
from boxbuild.views.charts.missed import full_lines, late_and_short
from boxbuild.views.charts.promises import Promise, promises, promises_chart
from boxbuild.views.charts.values import plural
from boxbuild.views.text import short

if TYPE_CHECKING:
    from boxbuild.audit.result import Audit
    from boxbuild.plan.plan import Plan


def exceptions(plan: Plan, audit: Audit | None = None) -> tuple[Chart, ...]:
    """Return the counts of what needs attention, and a table of each kind."""
    every = promises(plan)
    held = None if plan.network["locks"].is_empty() else lock_figures(plan.network, plan.tables)
    facts = [_short(plan), _late(plan), _full(plan), *_promised(every), locks_fact(held)]
    if audit is not None and not audit.passed:
        facts.insert(0, audit_fact(audit))
    bad = [one["name"] for one in facts if one["status"] == "bad"]
    warn = [one["name"] for one in facts if one["status"] == "warn"]
    parts = ([f"Act on: {', '.join(bad)}"] if bad else []) + ([f"watch: {', '.join(warn)}"] if warn else [])
    says = f"{'; '.join(parts)}." if parts else "Nothing needs attention."
    table = locks(held) if held is not None else None
    first = Chart("exceptions", "facts", "What needs attention", says[0].upper() + says[1:], "", {"facts": facts})
    return (first, late_and_short(plan), full_lines(plan), promises_chart(every), *([table] if table else []))


def _short(plan: Plan) -> dict[str, Any]:
    rows = plan["shortages"].filter(pl.col("quantity") > 1e-6)
    count = rows["demand"].n_unique()
    if not count:
        return fact("short", "no demand is short", "good")
    return fact(
        "short", plural(count, "demand"), "bad", f"{short(float(rows['quantity'].sum()))} units never delivered"
    )


def _late(plan: Plan) -> dict[str, Any]:
    rows = plan["deliveries"].filter((pl.col("late_days") > 0) & (pl.col("quantity") > 1e-6))
    count = rows["demand"].n_unique()
    if not count:
        return fact("late", "no demand is late", "good")
    days = float((rows["quantity"] * rows["late_days"]).sum()) / float(rows["quantity"].sum())
    units = short(float(rows["quantity"].sum()))
    return fact("late", plural(count, "demand"), "warn", f"{units} units late, by {days:.0f} days on average")


def _full(plan: Plan) -> dict[str, Any]:
    rows = utilisation(plan)
    full = rows.filter(pl.col("full") > 0).sort("full", "resource", descending=[True, False])
    if full.is_empty():
        return fact("full", "no line is full", "good")
    note = f"{full['resource'][0]} in {plural(full['full'][0], 'bucket')} of {plan.network.calendar.count}"
    return fact("full", plural(full.height, "line"), "warn", note)


def _promised(every: list[Promise]) -> list[dict[str, Any]]:
    found = []
    for kind, name, noun in (
        ("contract", "contracts", "contract term"),
        ("target", "targets", "target"),
        ("law", "law", "threshold"),
    ):
        own = [one for one in every if one.kind == kind]
        bad = [one for one in own if one.state.startswith("bad")]
        close = [one for one in own if one.state.startswith("warn")]
        if not own:
            found.append(fact(name, f"no {noun} in the network", "none"))
        elif not bad and not close:
            found.append(fact(name, f"all {len(own)} kept" if len(own) > 1 else "kept", "good"))
        else:
            status = "bad" if bad else "warn"
            worst = (bad or close)[0]
            note = f"{worst.name}: {worst.shown(worst.reached)} of {worst.shown(worst.asked)} ({worst.what})"
            found.append(fact(name, f"{len(bad)} missed, {len(close)} close, of {len(own)}", status, note))
    return found
