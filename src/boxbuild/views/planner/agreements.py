"""The sheets of what was agreed and chosen: contracts, targets, incentives and investments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boxbuild.plan import kpis
from boxbuild.views.sheets import Column

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan
    from boxbuild.views.planner.page import Pages


def contracts(plan: Plan, pages: Pages) -> None:
    """What each contract asks for, what is planned under it, and whether it is kept."""
    least = pl.col("min").is_not_null() | pl.col("min_share").is_not_null()
    full = (pl.col("quantity") >= pl.col("max") * (1 - 1e-6)) | (pl.col("share") >= pl.col("max_share") * (1 - 1e-6))
    word = (
        pl.when(pl.col("quantity").is_null()).then(pl.lit("not in this horizon"))
        .when(pl.col("shortfall") > 1e-6).then(pl.lit("short"))
        .when(full.fill_null(value=False)).then(pl.lit("at its maximum"))
        .when(least).then(pl.lit("met"))
        .otherwise(pl.lit("within limits"))
    )  # fmt: skip
    terms = plan.network["contracts"].select("contract", "from", "until")
    paid = plan["ledger"].filter(pl.col("account") == "shortfall").group_by(contract="key")
    cost = paid.agg(pl.col("amount").sum().cast(pl.Float64).alias("cost"))
    frame = (
        kpis.contracts(plan)
        .join(terms, on="contract", how="left", maintain_order="left")
        .join(cost, on="contract", how="left", maintain_order="left")
        .with_columns(word.alias("status"))
    )
    tones = {"short": "bad", "at its": "warn", "met": "good", "not": "calm"}
    columns = [
        Column("contract", "Contract", width=26),
        Column("partner", "Partner"),
        Column("status", "Status", "status", 18, tones=tones),  # type: ignore[arg-type]
        Column("item", "Item"),
        Column("family", "Family", width=12),
        Column("from", "From", "date"),
        Column("until", "Until", "date"),
        Column("min", "At least", "number"),
        Column("max", "At most", "number"),
        Column("quantity", "Planned", "number"),
        Column("shortfall", "Short by", "number"),
        Column(
            "cost", f"Shortfall\n{plan.summary.home_currency}", "money", total=True, note="Paid for it, not discounted"
        ),
        Column("min_share", "Share\nat least", "percent"),
        Column("max_share", "Share\nat most", "percent"),
        Column("share", "Share\nplanned", "percent"),
    ]
    pages.add("Contracts kept", "Contracts", "What was agreed, what is planned, what is missing.", columns, frame)


def targets(plan: Plan, pages: Pages) -> None:
    """What each target asks for and what the plan reaches."""
    word = pl.when(pl.col("met")).then(pl.lit("met")).when(pl.col("met").is_not_null()).then(pl.lit("missed"))
    spans = plan.network["targets"].select("target", "from", "until")
    frame = (
        kpis.targets(plan)
        .join(spans, on="target", how="left", maintain_order="left")
        .with_columns(word.otherwise(pl.lit("not in this horizon")).alias("status"))
    )
    units = pl.col("metric").str.starts_with("units_")
    frame = frame.with_columns(
        *(pl.when(units).then(pl.col(name)).alias(f"{name}_units") for name in ("at_least", "reached")),
        *(pl.when(~units).then(pl.col(name)).alias(f"{name}_share") for name in ("at_least", "reached")),
    )
    columns = [
        Column("target", "Target", width=26),
        Column("status", "Status", "status", tones={"missed": "bad", "met": "good", "not": "calm"}),
        Column("metric", "Metric", width=22),
        Column("scope", "Scope", width=24),
        Column("from", "From", "date"),
        Column("until", "Until", "date"),
        Column("at_least_share", "Share\nat least", "percent"),
        Column("reached_share", "Share\nreached", "percent"),
        Column("at_least_units", "Units\nat least", "number"),
        Column("reached_units", "Units\nreached", "number"),
    ]
    pages.add("Targets reached", "Targets", "What must be reached, and what is.", columns, frame)


def incentives(plan: Plan, pages: Pages) -> None:
    """What every applicant of an incentive scheme reaches and receives."""
    home = plan.summary.home_currency
    word = pl.when(pl.col("reached")).then(pl.lit("reached")).otherwise(pl.lit("missed"))
    frame = kpis.incentives(plan).with_columns(word.alias("status"))
    money = {
        "incremental": "Sales over\nthe base",
        "min_sales": "Threshold\nsales",
        "sales_short": "Sales\nmissing",
        "investment": "Investment",
        "min_investment": "Threshold\ninvestment",
        "investment_short": "Investment\nmissing",
    }
    columns = [
        Column("partner", "Applicant"),
        Column("scheme", "Scheme", width=16),
        Column("segment", "Segment", width=14),
        Column("year", "Year", width=10),
        Column("status", "Thresholds", "status", tones={"missed": "bad", "reached": "good"}),
        *(Column(name, title, "money") for name, title in money.items()),
        Column("rate", "Rate", "percent"),
        Column("share", "Our share", "percent"),
        Column("amount", "We receive", "money", total=True),
    ]
    pages.add("Incentives", "Incentives", f"Thresholds and receipts by applicant and year, {home}.", columns, frame)


def options(plan: Plan, pages: Pages) -> None:
    """Which investments are taken, when, and what they cost."""
    word = pl.when(pl.col("taken").is_not_null()).then(pl.lit("taken")).otherwise(pl.lit("not taken"))
    frame = kpis.options(plan).with_columns(word.alias("status")).sort(pl.col("taken").is_null(), "taken", "option")
    columns = [
        Column("option", "Option", width=26),
        Column("name", "Name", width=44),
        Column("status", "Status", "status", 12, tones={"taken": "good", "not taken": "calm"}),
        Column("taken", "Taken", "date"),
        Column("ready", "Ready", "date"),
        Column("capex", "Capex", "money"),
        Column("currency", "Currency", width=10),
    ]
    pages.add("Investments", "Investments", "Options that the plan may take: taken when, ready when.", columns, frame)
