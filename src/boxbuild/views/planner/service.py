"""The sheets of service: what is late or short and why, and the service by product and market."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.plan.limiting import limiting
from boxbuild.plan.service import service as by_market
from boxbuild.views.sheets import Column

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan
    from boxbuild.views.planner.page import Pages

MOST: Final = 1_000
"""Demands that are listed with a reason, those with most units first."""


def missed(plan: Plan, pages: Pages) -> None:
    """Demands that are late or short, each with its reason and what it costs."""
    found = limiting(plan, MOST)
    charged = plan["ledger"].filter(pl.col("account").is_in(["late", "lost"])).group_by(demand="key")
    cost = charged.agg(pl.col("amount").sum().cast(pl.Float64).alias("cost"))
    last = plan["deliveries"].filter(pl.col("late_days") > 0).group_by("demand")
    behind = last.agg(pl.col("late_days").max())
    items = plan.network["items"].unique("item", keep="first").select("item", "name")
    status = (
        pl.when(pl.col("short") > 1e-6)
        .then(pl.when(pl.col("late") > 1e-6).then(pl.lit("short and late")).otherwise(pl.lit("short")))
        .otherwise(pl.lit("late"))
    )
    frame = (
        found.join(cost, on="demand", how="left", maintain_order="left")
        .join(behind, on="demand", how="left", maintain_order="left")
        .join(items, on="item", how="left", maintain_order="left")
        .with_columns(status.alias("status"))
    )
    home = plan.summary.home_currency
    columns = [
        Column("demand", "Demand", width=30),
        Column("item", "Item"),
        Column("name", "Name", width=26),
        Column("market", "Market", width=15),
        Column("due", "Due", "date"),
        Column("status", "Status", "status", tones={"short": "bad", "late": "warn"}),
        Column("wanted", "Wanted", "number", total=True),
        Column("late", "Late", "number", total=True),
        Column("short", "Short", "number", total=True, note="Never delivered"),
        Column("late_days", "Days late\nat most", "number", width=9),
        Column("cost", f"Cost\n{home}", "money", total=True, note="Accounts late and lost, not discounted"),
        Column("limit", "Limited by", width=12),
        Column("thing", "What", width=20),
        Column("reason", "Reason", "words", width=80),
    ]
    total = _missed_units(plan)
    listed = float(frame.select((pl.col("late") + pl.col("short")).sum()).item())
    says = f"{total:,.0f} units are late or short. boxbuild explain says more of each."
    if total - listed > 0.5:
        says += f" Listed are the {frame.height:,} demands with most; {total - listed:,.0f} units of others are not."
    pages.add("Late and short", "Late and short", says, columns, frame, 1, "late_and_short")


def service(plan: Plan, pages: Pages) -> None:
    """Units on time, late and lost by product and market, by the plan and by its orders."""
    found = by_market(plan)
    ratio = pl.col("on_time") / pl.col("wanted")
    word = (
        pl.when(ratio >= 1 - 1e-9).then(pl.lit("in full"))
        .when(ratio >= 0.95).then(pl.lit("nearly"))
        .otherwise(pl.lit("missed"))
    )  # fmt: skip
    frame = found.with_columns(ratio.alias("ratio"), word.alias("status")).sort("item", "market")
    ordered = bool(frame["orders_on_time"].is_not_null().any())
    columns = [
        Column("item", "Item"),
        Column("market", "Market"),
        Column("wanted", "Wanted", "number", total=True),
        Column("on_time", "On time", "number", total=True),
        Column("late", "Late", "number", total=True),
        Column("lost", "Lost", "number", total=True),
        Column("ratio", "On time\n%", "percent"),
        Column("status", "Status", "status", tones={"missed": "bad", "nearly": "warn", "in full": "good"}),
    ]
    if ordered:
        columns += [
            Column(name, title, "number", total=True)
            for name, title in (
                ("orders_on_time", "Orders:\non time"),
                ("orders_late", "Orders:\nlate"),
                ("orders_lost", "Orders:\nlost"),
            )
        ]
    says = "Units due in the horizon, by the plan, and by its whole-lot orders."
    page = pages.add("Service", "Service", says, columns, frame, 2, "service")
    ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
    bars = {"type": "data_bar", "bar_color": "#9DC3E6", **ends}
    place = page.placed.place("ratio")
    page.sheet.conditional_format(page.placed.first, place, page.placed.last, place, bars)


def _missed_units(plan: Plan) -> float:
    late = float(plan["deliveries"].filter(pl.col("late_days") > 0)["quantity"].sum())
    return late + float(plan["shortages"]["quantity"].sum())
