"""Decisions and promises in full: options taken and not, contracts, targets, incentives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boxbuild.plan import kpis
from boxbuild.views.charts.chart import Chart
from boxbuild.views.charts.head import fact
from boxbuild.views.charts.promises import NEAR, promises
from boxbuild.views.charts.table import Column, table_chart
from boxbuild.views.charts.values import plural
from boxbuild.views.text import percent, short

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan


def roadmap(plan: Plan) -> tuple[Chart, ...]:
    """Return the options that are taken, in the order of time, and a table of all of them."""
    rows = kpis.options(plan)
    if rows.is_empty():
        return ()
    paid = _paid(plan)
    rows = rows.sort("taken", "option", nulls_last=True)
    home = plan.summary.home_currency
    taken = rows.filter(pl.col("taken").is_not_null())
    facts = [
        fact(
            row["taken"].isoformat(),
            row["name"] or row["option"],
            "good",
            f"ready {row['ready'] or 'at once'}; {_spent(paid.get(row['option'], {}), home)}",
        )
        for row in taken.iter_rows(named=True)
    ] or [fact("taken", "no option", "none", f"{plural(rows.height, 'option')} could have been taken")]
    capex = sum(amounts.get("capex", 0.0) for amounts in paid.values())
    says = f"{plural(taken.height, 'option')} of {rows.height} taken, for {home} {short(capex)} of capex"
    if taken.height:
        says += f"; the first on {taken['taken'][0]}: {taken['name'][0] or taken['option'][0]}"
    columns = [
        Column("option", "option"),
        Column("name", "name"),
        Column("state", "", "status"),
        Column("taken", "taken", "date"),
        Column("ready", "ready", "date"),
        Column("stated", "capex as stated", "money"),
        Column("currency", "currency"),
        Column("capex", f"capex, {home}", "money"),
        Column("opex", f"opex, {home}", "money"),
        Column("subsidy", f"subsidy, {home}", "money"),
        Column("residual", f"residual value, {home}", "money"),
    ]
    body = [
        [
            row["option"],
            row["name"],
            "good: taken" if row["taken"] else "none: not taken",
            row["taken"],
            row["ready"],
            row["capex"],
            row["currency"],
            *(paid.get(row["option"], {}).get(name) for name in ("capex", "opex")),
            *(_credit(paid.get(row["option"], {}).get(name)) for name in ("subsidy", "residual")),
        ]
        for row in rows.iter_rows(named=True)
    ]
    timeline = Chart("roadmap", "facts", "What is opened, and when", f"{says}.", "", {"facts": facts})
    return timeline, table_chart("options", "All options", f"{says}; amounts are not discounted.", columns, body, home)


def _paid(plan: Plan) -> dict[str, dict[str, float]]:
    """Amounts of the ledger by option and account, home currency, not discounted."""
    names = plan.network["options"]["option"].unique().to_list()
    rows = (
        plan["ledger"]
        .filter(pl.col("account").is_in(["capex", "opex", "residual", "subsidy"]))
        .with_columns(option=pl.col("key").str.split("|").list.first())
        .filter(pl.col("option").is_in(names))
        .group_by("option", "account")
        .agg(pl.col("amount").sum().cast(pl.Float64))
    )
    found: dict[str, dict[str, float]] = {}
    for option, account, amount in rows.sort("option", "account").iter_rows():
        found.setdefault(option, {})[account] = amount
    return found


def _spent(amounts: dict[str, float], home: str) -> str:
    parts = [f"capex {home} {short(amounts.get('capex', 0.0))}"]
    parts += [f"opex {home} {short(amounts['opex'])} in the horizon"] if amounts.get("opex") else []
    parts += [f"residual value {home} {short(-amounts['residual'])}"] if amounts.get("residual") else []
    return ", ".join(parts)


def _credit(amount: float | None) -> float | None:
    return None if amount is None else -amount


def contracts(plan: Plan) -> Chart | None:
    """Return every contract: what was agreed, what is planned, what is missing and what that costs."""
    rows = kpis.contracts(plan)
    if rows.is_empty():
        return None
    home = plan.summary.home_currency
    cost = dict(
        plan["ledger"]
        .filter(pl.col("account") == "shortfall")
        .with_columns(contract=pl.col("key").str.split("|").list.first())
        .group_by("contract")
        .agg(pl.col("amount").sum().cast(pl.Float64))
        .iter_rows()
    )
    columns = [
        Column("contract", "contract"),
        Column("partner", "partner"),
        Column("covers", "covers"),
        Column("min", "at least", "number"),
        Column("max", "at most", "number"),
        Column("min_share", "least share", "percent", 1),
        Column("max_share", "largest share", "percent", 1),
        Column("quantity", "planned", "number"),
        Column("share", "share", "percent", 1),
        Column("shortfall", "missing", "number"),
        Column("cost", f"cost of it, {home}", "money"),
        Column("state", "", "status"),
    ]
    worst = {one.name: one.state for one in reversed(promises(plan)) if one.kind == "contract"}
    body = [
        [
            row["contract"],
            row["partner"],
            row["item"] or row["family"] or "everything",
            *(row[name] for name in ("min", "max", "min_share", "max_share", "quantity", "share", "shortfall")),
            cost.get(row["contract"]),
            worst.get(row["contract"], "none: no limit"),
        ]
        for row in rows.iter_rows(named=True)
    ]
    short_of = rows.filter(pl.col("shortfall") > 1e-6)
    missed = plural(short_of.height, "contract")
    says = f"{missed} of {rows.height} missed, at a cost of {home} {short(sum(cost.values()))}"
    if short_of.height:
        one = short_of.sort("shortfall", descending=True).row(0, named=True)
        says += f"; {one['contract']} lacks {short(one['shortfall'])} units"
    return table_chart("contracts", "Contracts", f"{says}.", columns, body)


def targets(plan: Plan) -> Chart | None:
    """Return every target: asked for and reached."""
    rows = kpis.targets(plan)
    if rows.is_empty():
        return None
    states = {one.name: one.state for one in promises(plan) if one.kind == "target"}
    columns = [
        Column("target", "target"),
        Column("metric", "metric"),
        Column("scope", "scope"),
        Column("at_least", "at least"),
        Column("reached", "reached"),
        Column("state", "", "status"),
    ]
    body = []
    for one in sorted(promises(plan), key=lambda promise: promise.name):
        if one.kind == "target":
            row = rows.filter(pl.col("target") == one.name).row(0, named=True)
            shown = (one.shown(one.asked), one.shown(one.reached))
            body.append([one.name, row["metric"].replace("_", " "), row["scope"], *shown, states[one.name]])
    missed = sum(state.startswith("bad") for state in states.values())
    close = percent(NEAR, 0)
    says = f"{plural(missed, 'target')} of {rows.height} missed; less than {close} above what is asked is close."
    return table_chart("targets", "Targets", says, columns, body)


def incentives(plan: Plan) -> Chart | None:
    """Return every claim of an incentive: thresholds, what counts, rate, and what the brand receives."""
    rows = kpis.incentives(plan)
    if rows.is_empty():
        return None
    home = plan.summary.home_currency
    columns = [
        Column("partner", "applicant"),
        Column("scheme", "scheme"),
        Column("segment", "segment"),
        Column("year", "year"),
        Column("incremental", "sales over the base", "money"),
        Column("min_sales", "asked", "money"),
        Column("investment", "investment", "money"),
        Column("min_investment", "asked", "money"),
        Column("counted", "sales that count", "money"),
        Column("rate", "rate", "percent", 1),
        Column("share", "our share", "percent", 0),
        Column("amount", "we receive", "money"),
        Column("state", "", "status"),
    ]
    body = [
        [*(row[column.name] for column in columns[:-1]), "good: reached" if row["reached"] else "bad: not reached"]
        for row in rows.iter_rows(named=True)
    ]
    reached = rows.filter(pl.col("reached")).height
    paid = short(float(rows["amount"].sum()))
    says = f"{reached} of {plural(rows.height, 'claim')} reached its thresholds; we receive {home} {paid}."
    return table_chart("incentives", "Incentives", says, columns, body, home)
