"""Demand that cannot be served, or that nobody minds losing."""

from __future__ import annotations

import polars as pl

from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.days import day_of
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_no_demand(network: Network) -> list[Issue]:
    """Find a network in which nobody wants anything within the plan."""
    wanted = network["demand"].filter((pl.col("due") < network.calendar.end) & (pl.col("quantity") > 0))
    if not wanted.is_empty():
        return []
    reason, hint = (
        "nobody wants anything within the plan: it will be empty",
        "add rows, or move the plan's start",
    )
    return [Issue("no-demand", reason, "warning", "demand", hint=hint)]


def check_for_demand_before_the_start(network: Network) -> list[Issue]:
    """Find demand that is overdue when the plan starts."""
    return issues(
        numbered(network, "demand").filter(pl.col("due") < network.settings.start),
        "demand.due",
        "demand-overdue",
        "is before the plan's start: it counts as due in the first bucket",
        hint="move the due day to what was agreed last",
        severity="warning",
    )


def check_for_demand_after_the_horizon(network: Network) -> list[Issue]:
    """Find demand that is due after the plan's last day."""
    return issues(
        numbered(network, "demand").filter(pl.col("due") >= network.calendar.end),
        "demand.due",
        "demand-after-horizon",
        "is after the plan's last day: it is not planned",
        hint="add buckets to the horizon",
        severity="warning",
    )


def check_for_demand_that_costs_nothing_to_lose(network: Network) -> list[Issue]:
    """Find demand that the cheapest plan does not serve, because losing it is free."""
    values = network["items"].select("item", "value").unique("item", keep="first")
    rows = (
        numbered(network, "demand")
        .join(values, on="item", how="left", maintain_order="left")
        .filter((pl.coalesce("lost_cost", "price", "value") == 0) & (pl.col("quantity") > 0))
    )
    return issues(
        rows,
        "demand.lost_cost",
        "demand-free-to-lose",
        "losing {demand} costs nothing: the cheapest plan does not serve it",
        hint="write its price or lost_cost",
        severity="warning",
    )


def check_for_part_deliveries_larger_than_demand(network: Network) -> list[Issue]:
    """Find demand of which the smallest part delivery is more than all of it."""
    return issues(
        numbered(network, "demand").filter(pl.col("min_shipment") > pl.col("quantity")),
        "demand.min_shipment",
        "min-shipment-above-quantity",
        "is more than the whole quantity, {quantity}",
        severity="warning",
    )


def within_the_plan(network: Network) -> pl.DataFrame:
    """Return the demand that is planned, with the day number of its due day in ``day_due``."""
    rows = numbered(network, "demand").filter((pl.col("due") < network.calendar.end) & (pl.col("quantity") > 0))
    return rows.with_columns(day_due=day_of("due", network.settings.start).clip(lower_bound=0))
