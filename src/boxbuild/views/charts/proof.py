"""Proof: how good the plan is, how it was made, what the audit recomputed, and the law that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.views.charts.chart import Chart
from boxbuild.views.charts.head import fact
from boxbuild.views.charts.table import Column, table_chart
from boxbuild.views.charts.values import plural
from boxbuild.views.text import number, percent, short

if TYPE_CHECKING:
    from boxbuild.audit.result import Audit, Check
    from boxbuild.plan.plan import Plan

READS: Final = 200
"""Readings of the law that are shown."""

FAILURES: Final = 50
"""Failures of an audit that are shown."""


def proof(plan: Plan, audit: Audit | None = None) -> tuple[Chart, ...]:
    """Return gap and method, the checks of the audit, and every parameter of the law that was read."""
    charts = [_method(plan)]
    charts += [_checks(audit)] if audit is not None else []
    charts += [_failures(audit)] if audit is not None and not audit.passed else []
    charts += [_law(plan)] if plan["law_reads"].height else []
    return tuple(charts)


def _method(plan: Plan) -> Chart:
    summary = plan.summary
    home = summary.home_currency
    seconds = {name: value for name, value in summary.seconds.items() if value}
    facts = [
        fact("gap", percent(summary.gap, 3), "none", f"asked for: {percent(summary.tolerance, 3)}"),
        fact("cost", f"{home} {number(summary.cost, 2)}"),
        fact("bound", f"{home} {number(summary.bound, 2)}", "none", "no plan costs less"),
        fact("method", summary.method),
        *(fact(f"{name} of the model", number(size)) for name, size in summary.sizes.items()),
        fact(
            "seconds",
            f"{sum(seconds.values()):.1f}",
            "none",
            ", ".join(f"{name} {value:.1f}" for name, value in seconds.items()),
        ),
        *(fact("note", note) for note in summary.notes),
    ]
    says = f"The plan costs at most {percent(summary.gap, 3)} more than the cheapest possible one ({summary.method})."
    return Chart("method", "facts", "Bound and method", says, "", {"facts": facts})


def _checks(audit: Audit) -> Chart:
    columns = [
        Column("name", "check"),
        Column("what", "what is counted"),
        Column("count", "recomputed", "number"),
        Column("deviation", "largest deviation"),
        Column("tolerance", "tolerance"),
        Column("state", "", "status"),
    ]
    body = [
        [
            check.name,
            check.what,
            check.count,
            f"{check.deviation:.2g}" if check.deviation else "0",
            check.tolerance,
            _verdict(check),
        ]
        for check in audit.checks
    ]
    figures = sum(check.count for check in audit.checks)
    verdict = "passed" if audit.passed else f"FAILED with {plural(len(audit.failures), 'failure')}"
    says = f"The audit {verdict}: {len(audit.checks)} checks recomputed {number(figures)} figures without the solver."
    return table_chart("audit", "The audit", says, columns, body)


def _verdict(check: Check) -> str:
    if check.skipped:
        return "warn: not checked"
    return "good: passed" if check.passed else f"bad: {len(check.failures)} failed"


def _failures(audit: Audit) -> Chart:
    columns = [Column("check", "check"), Column("table", "table"), Column("key", "key"), Column("sentence", "failure")]
    body = [[one.check, one.table, one.key, one.sentence] for one in audit.failures[:FAILURES]]
    says = f"{plural(len(audit.failures), 'failure')}"
    says += f"; the first {FAILURES} are shown." if len(audit.failures) > FAILURES else "."
    return table_chart("audit-failures", "What does not hold", says, columns, body)


def _law(plan: Plan) -> Chart:
    rows = plan["law_reads"].sort("parameter", "since")
    columns = [
        Column("parameter", "parameter"),
        Column("title", "what it is"),
        Column("value", "value"),
        Column("unit", "unit"),
        Column("since", "since", "date"),
        Column("published", "published", "date"),
        Column("instrument", "instrument"),
        Column("reference", "reference"),
    ]
    body = list(rows.select(column.name for column in columns).head(READS).iter_rows())
    changes = rows.filter(pl.col("since") > plan.summary.start)
    says = (
        f"{plural(rows.height, 'value')} of the law read, {short(changes.height)} of them from a day inside the horizon"
    )
    says += f"; {READS} are shown." if rows.height > READS else "."
    return table_chart("law", "The law that the plan rests on", says, columns, body)
