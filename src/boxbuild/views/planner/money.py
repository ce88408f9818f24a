"""The sheets of money: cost by account, and the landed cost of a unit by product and market."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.plan import kpis
from boxbuild.plan.ledger import ACCOUNTS
from boxbuild.views.planner.buckets import bucket_columns, by_bucket
from boxbuild.views.planner.landed import by_account
from boxbuild.views.sections import NAMES
from boxbuild.views.sheets import Column

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan
    from boxbuild.views.planner.page import Pages

OTHERS: Final = {
    "standard": ("opening\nstock", "Stock and receipts that the plan did not pay for, at standard value"),
    "spared": ("duty\nspared", "Duty that inputs of exports were spared"),
}
"""Parts of a landed cost that are no account of the ledger: title and note."""


def cost(plan: Plan, pages: Pages) -> None:
    """Every account: present value, amount, share, and what is paid in each bucket."""
    calendar, home = plan.network.calendar, plan.summary.home_currency
    sums = kpis.cost_by_account(plan).with_columns(pl.col("amount", "present").cast(pl.Float64))
    paid = by_bucket(plan["ledger"], ["account"], calendar, "amount").drop("total")
    rank = {account: place for place, account in enumerate(ACCOUNTS)}
    frame = (
        sums.join(paid, on="account", how="left")
        .with_columns(
            pl.col("account").replace(NAMES).alias("name"),
            pl.when(pl.col("present") < 0).then(pl.lit("credit")).otherwise(pl.lit("cost")).alias("sign"),
        )
        .sort(pl.col("account").replace_strict(rank, default=len(rank), return_dtype=pl.Int64))
    )
    columns = [
        Column("name", "Account", width=22),
        Column("sign", "Sign", "status", 9, tones={"credit": "good"}),
        Column("present", f"Present value\n{home}", "money", 19, total=True, note="Discounted to the plan's first day"),
        Column("share", "Share", "percent"),
        Column("amount", f"Amount\n{home}", "money", 19, total=True, note="Not discounted"),
        *bucket_columns(calendar, "money"),
    ]
    says = f"{home}. The present values add up to the cost of the plan; amounts stand in the bucket that pays them."
    pages.add("Cost", "Cost by account", says, columns, frame, 1, "cost_by_account")


def landed(plan: Plan, pages: Pages) -> None:
    """What one delivered unit cost, by product and market, account by account."""
    home = plan.summary.home_currency
    frame = by_account(plan)
    accounts = [name for name in frame.columns if name not in ("item", "market", "delivered", "unit_cost", "cost")]
    columns = [
        Column("item", "Item"),
        Column("market", "Market"),
        Column("delivered", "Delivered", "number", total=True),
        Column("unit_cost", f"Each\n{home}", "price"),
        Column("cost", f"Cost\n{home}", "money", 19, total=True),
        *(_part(name) for name in accounts),
    ]
    says = (
        f"{home} for one unit delivered, present value, average over the horizon; late and lost sales, options and "
        "targets belong to no unit, and stock at the start counts at standard value."
    )
    pages.add("Landed cost", "Landed cost", says, columns, frame, 2, "landed_cost")


def _part(name: str) -> Column:
    title, note = OTHERS.get(name, (NAMES.get(name, name), ""))
    return Column(name, title, "price", 12, note=note)
