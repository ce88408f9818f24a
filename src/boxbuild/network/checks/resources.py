"""Capacity that is not there."""

from __future__ import annotations

import polars as pl

from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.days import day_of
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_resources_used_elsewhere(network: Network) -> list[Issue]:
    """Find operations that use a resource of another site."""
    homes = network["resources"].select("resource", home="site").unique("resource", keep="first")
    rows = numbered(network, "uses").join(homes, on="resource", maintain_order="left")
    return issues(
        rows.filter(pl.col("site") != pl.col("home")),
        "uses.resource",
        "resource-used-elsewhere",
        "stands at {home}, but is used at {site}",
        hint="use a resource of {site}",
    )


def check_for_uses_without_operation(network: Network) -> list[Issue]:
    """Find uses by something that is not built there."""
    rows = numbered(network, "uses").join(network["operations"], on=["site", "item"], how="anti", maintain_order="left")
    return issues(
        rows,
        "uses.item",
        "use-without-operation",
        "is not built at {site}: the row is not read",
        hint="add it to the table operations, or remove the row",
        severity="warning",
    )


def check_for_resources_without_capacity(network: Network) -> list[Issue]:
    """Find resources that are used and have no capacity on any day of the plan."""
    start, horizon = network.settings.start, network.calendar.horizon
    used = network["uses"].filter(pl.col("quantity") > 0)["resource"]
    holds = (day_of("from", start).fill_null(0) < horizon) & (day_of("until", start).fill_null(horizon) >= 0)
    capacity = pl.when(holds).then(pl.col("per_week") + pl.col("overtime_per_week")).otherwise(0)
    rows = (
        numbered(network, "resources")
        .with_columns(total=capacity.sum().over("resource"))
        .filter((pl.col("total") == 0) & pl.col("resource").is_in(used.implode()))
        .unique("resource", keep="first", maintain_order=True)
    )
    return issues(
        rows,
        "resources.per_week",
        "resource-without-capacity",
        "{resource} is used, but has no capacity on any day of the plan",
        hint="raise per_week, or correct from and until",
        severity="warning",
    )
