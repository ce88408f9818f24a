"""Service: what is delivered on time, late and never, by the plan and by its orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boxbuild.network.windows import bucket_of
from boxbuild.plan.lateness import with_late_days

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan


def service(plan: Plan) -> pl.DataFrame:
    """Return the service by item and market.

    Returns
    -------
    DataFrame
        ``item``, ``market``, ``wanted`` (units due in the horizon), then ``on_time``, ``late`` and ``lost``
        units by the plan; ``orders_on_time``, ``orders_late``, ``orders_lost`` by the orders (or null).

    Notes
    -----
    Late means in a bucket after the one of the due day, for orders as for the plan; but orders of the demand's
    ``grace_days`` are on time.
    """
    key = ["item", "market"]
    wanted = planned_demand(plan).group_by(key).agg(wanted=pl.col("quantity").sum())
    found = wanted.join(_sums(plan["deliveries"]), on=key, how="left").with_columns(
        pl.col("on_time", "late").fill_null(0.0)
    )
    orders = order_deliveries(plan)
    if orders is None:
        empty = pl.lit(None, dtype=pl.Float64)
        found = found.with_columns(orders_on_time=empty, orders_late=empty)
    else:
        sums = _sums(orders).rename({"on_time": "orders_on_time", "late": "orders_late"})
        found = found.join(sums, on=key, how="left").with_columns(
            pl.col("orders_on_time", "orders_late").fill_null(0.0)
        )
    return found.select(
        *key,
        "wanted",
        "on_time",
        "late",
        _rest("on_time", "late").alias("lost"),
        "orders_on_time",
        "orders_late",
        _rest("orders_on_time", "orders_late").alias("orders_lost"),
    ).sort(key)


def planned_demand(plan: Plan) -> pl.DataFrame:
    """Return the demand that is due before the end of the horizon, with ``due_bucket`` added."""
    calendar = plan.network.calendar
    demand = plan.network["demand"].filter(pl.col("due") < calendar.end)
    return demand.with_columns(due_bucket=bucket_of(calendar, demand["due"]))


def order_deliveries(plan: Plan) -> pl.DataFrame | None:
    """Return the deliveries by the orders with their ``late_days``; ``None`` without orders."""
    if plan["orders"].is_empty():
        return None
    orders = plan["orders"].filter(pl.col("kind") == "deliver")
    due = planned_demand(plan).select("demand", "market", "due_bucket")
    deliveries = orders.select("item", "quantity", demand="reference", day="start").join(
        due, on="demand", how="inner", maintain_order="left"
    )
    return with_late_days(plan.network, deliveries)


def _sums(deliveries: pl.DataFrame) -> pl.DataFrame:
    late = pl.col("late_days") > 0
    return deliveries.group_by("item", "market").agg(
        on_time=pl.col("quantity").filter(~late).sum(), late=pl.col("quantity").filter(late).sum()
    )


def _rest(*parts: str) -> pl.Expr:
    """What is left of the units wanted, with the dust of floating point swept away."""
    left = pl.col("wanted") - pl.sum_horizontal(*parts, ignore_nulls=False)
    return pl.when(left.abs() <= 1e-6 * pl.max_horizontal(1.0, "wanted")).then(0.0).otherwise(left)
