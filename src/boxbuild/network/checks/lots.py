"""Lots that cannot be ordered, and lead times that never end."""

from __future__ import annotations

import polars as pl

from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network

SMALLEST = (
    pl.when(pl.col("lot_multiple") > 0)
    .then((pl.col("lot_min") / pl.col("lot_multiple") - 1e-9).ceil().clip(lower_bound=1) * pl.col("lot_multiple"))
    .otherwise(pl.col("lot_min"))
)
"""The smallest order that is a whole multiple and not below the least lot."""


def check_for_lots_larger_than_a_week(network: Network) -> list[Issue]:
    """Find offers of which the smallest order is more than the supplier sells in a week."""
    rows = numbered(network, "sources").with_columns(smallest=SMALLEST)
    return issues(
        rows.filter((pl.col("smallest") > pl.col("per_week") * (1 + 1e-9)) & (pl.col("per_week") > 0)),
        "sources.lot_min",
        "lot-larger-than-week",
        "the smallest order, {smallest}, is more than the {per_week} of a week: it can never be placed",
        hint="lower lot_min or lot_multiple, or raise per_week",
    )


def check_for_lots_larger_than_capacity(network: Network) -> list[Issue]:
    """Find operations of which the smallest order takes more of a resource than it has in any week."""
    capacity = (
        network["resources"]
        .group_by("resource")
        .agg((pl.col("per_week") + pl.col("overtime_per_week")).sum().alias("capacity"))
    )
    rows = (
        numbered(network, "operations")
        .with_columns(smallest=SMALLEST)
        .join(network["uses"], on=["site", "item"], suffix="_use", maintain_order="left")
        .join(capacity, on="resource", maintain_order="left")
        .with_columns(taken=pl.col("smallest") * pl.col("quantity"))
        .filter((pl.col("taken") > pl.col("capacity") * (1 + 1e-9)) & (pl.col("capacity") > 0))
        .unique("row", keep="first", maintain_order=True)
    )
    return issues(
        rows,
        "operations.lot_min",
        "lot-larger-than-capacity",
        "the smallest order, {smallest}, takes {taken:g} of {resource}, which has {capacity:g} in a week",
        hint="lower lot_min or lot_multiple, or raise the capacity",
        severity="warning",
    )


def check_for_lots_that_are_no_multiple(network: Network) -> list[Issue]:
    """Find least lots that are not a whole multiple: the order is rounded up."""
    found: list[Issue] = []
    for table in ("operations", "sources"):
        share = pl.col("lot_min") / pl.col("lot_multiple")
        rows = numbered(network, table).with_columns(smallest=SMALLEST)
        found += issues(
            rows.filter((pl.col("lot_multiple") > 0) & ((share - share.round()).abs() > 1e-9)),
            f"{table}.lot_min",
            "lot-not-a-multiple",
            "is not a multiple of {lot_multiple}: the smallest order is {smallest}",
            hint="write {smallest}",
            severity="warning",
        )
    return found


def check_for_weekly_limits_of_zero(network: Network) -> list[Issue]:
    """Find offers and lanes that can carry nothing in a week."""
    found: list[Issue] = []
    for table in ("sources", "lanes"):
        found += issues(
            numbered(network, table).filter(pl.col("per_week") == 0),
            f"{table}.per_week",
            "weekly-limit-of-zero",
            "the row can never be used",
            hint="clear the column if there is no limit",
            severity="warning",
        )
    return found


def check_for_lead_times_beyond_the_horizon(network: Network) -> list[Issue]:
    """Find builds, buys and shipments that cannot arrive within the plan, whenever they leave."""
    horizon = network.calendar.horizon
    found: list[Issue] = []
    for table in ("operations", "sources", "lanes"):
        found += issues(
            numbered(network, table).filter(pl.col("lead_days") >= horizon),
            f"{table}.lead_days",
            "lead-time-beyond-horizon",
            f"nothing that leaves arrives within the {horizon} days of the plan",
            hint="add buckets to the horizon",
            severity="warning",
        )
    return found
