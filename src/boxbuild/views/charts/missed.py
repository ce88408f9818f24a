"""What is late, short, full, missed or close to it: one table each, numbers before colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.plan.kpis import utilisation
from boxbuild.plan.limiting import limiting
from boxbuild.views.charts.chart import Chart
from boxbuild.views.charts.table import Column, table_chart
from boxbuild.views.charts.values import bucket_labels, plural
from boxbuild.views.text import percent, short

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

MOST: Final = 40
"""Rows of a table of exceptions; the sentence says how many there are."""


def late_and_short(plan: Plan) -> Chart:
    """Return the demands that are late or short by most units, each with its reason."""
    counts = _late_counts(plan)
    rows = limiting(plan, MOST)
    columns = [
        Column("demand", "demand"),
        Column("item", "product"),
        Column("market", "market"),
        Column("due", "due", "date"),
        Column("wanted", "wanted", "number"),
        Column("short", "never delivered", "number"),
        Column("late", "late", "number"),
        Column("state", "", "status"),
        Column("reason", "because"),
    ]
    body = [
        [
            row["demand"],
            row["item"],
            row["market"],
            row["due"],
            row["wanted"],
            row["short"],
            row["late"],
            "bad: short" if row["short"] > 1e-6 else "warn: late",
            row["reason"],
        ]
        for row in rows.iter_rows(named=True)
    ]
    if not counts["demands"]:
        says = "Everything that is due in the horizon is delivered on time."
    else:
        says = (
            f"{plural(counts['demands'], 'demand')} late or short of {counts['due']:,} due: {short(counts['late'])} "
            f"units late, {short(counts['short'])} never delivered ({percent(counts['missed'])} of the units wanted)"
        )
        says += f"; the {len(body)} largest are shown." if counts["demands"] > len(body) else "."
    return table_chart("late-and-short", "Late or short", says, columns, body, "units")


def _late_counts(plan: Plan) -> dict[str, Any]:
    late = plan["deliveries"].filter((pl.col("late_days") > 0) & (pl.col("quantity") > 1e-6))
    lost = plan["shortages"].filter(pl.col("quantity") > 1e-6)
    due = plan.network["demand"].filter(pl.col("due") < plan.network.calendar.end)
    wanted = float(due["quantity"].sum())
    units = {"late": float(late["quantity"].sum()), "short": float(lost["quantity"].sum())}
    demands = pl.concat([late["demand"], lost["demand"]]).n_unique()
    missed = sum(units.values()) / wanted if wanted else 0.0
    return {**units, "demands": demands, "due": due.height, "missed": missed}


def full_lines(plan: Plan) -> Chart:
    """Return the resources with no capacity left in some bucket, by how many buckets."""
    rows = utilisation(plan)
    full = rows.filter(pl.col("full") > 0).sort("full", "share", "resource", descending=[True, True, False])
    labels = bucket_labels(plan.network.calendar)
    used, limit = pl.col("used"), pl.col("regular") + pl.col("overtime_limit")
    first = dict(
        plan["capacity"]
        .filter((used > 0) & (used >= limit * (1 - 1e-6)))
        .group_by("resource")
        .agg(pl.col("bucket").min())
        .iter_rows()
    )
    buckets = dict(plan["capacity"].group_by("resource").agg(pl.len()).iter_rows())
    columns = [
        Column("resource", "line"),
        Column("site", "site"),
        Column("full", "full buckets", "number"),
        Column("buckets", "of", "number"),
        Column("first", "first full"),
        Column("share", "used of regular", "percent", 1),
        Column("overtime", "overtime", "number"),
        Column("unit", "unit"),
        Column("state", "", "status"),
    ]
    body = [
        [
            row["resource"],
            row["site"],
            row["full"],
            buckets[row["resource"]],
            labels[first[row["resource"]]],
            row["share"],
            row["overtime"],
            row["unit"],
            "bad: always full" if row["full"] == buckets[row["resource"]] else "warn: full",
        ]
        for row in full.head(MOST).iter_rows(named=True)
    ]
    if full.is_empty():
        top = rows.drop_nulls("share").head(1)
        says = "No line is full in any bucket"
        says += f"; the busiest is {top['resource'][0]}, {percent(top['share'][0])} used." if top.height else "."
    else:
        one = body[0]
        says = (
            f"{plural(full.height, 'line')} of {rows.height} without capacity left in some bucket, overtime included: "
            f"{one[0]} is full in {one[2]} of {one[3]} buckets"
        )
        says += f"; the {len(body)} fullest are shown." if full.height > len(body) else "."
    return table_chart("full-lines", "Lines that are full", says, columns, body)
