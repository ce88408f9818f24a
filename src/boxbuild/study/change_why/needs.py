"""Needs: what takes an item, counted in two plans: deliveries, parents, and what is left at the end."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from boxbuild.plan.consumption import consumption
from boxbuild.plan.plan import Plan

SCHEMA = {"item": pl.String, "site": pl.String, "what": pl.String, "by": pl.String, "units": pl.Float64}


def need_changes(first: Plan, other: Plan, items: Collection[str]) -> pl.DataFrame:
    """Return what takes more or less of some items in the other plan.

    Returns
    -------
    DataFrame
        ``item``, ``site``, ``what`` (delivered, taken, left), ``by`` (the market, the parent, or the site) and
        ``units`` more.
    """
    key = ["item", "site", "what", "by"]
    before, after = (_needs(_of_items(plan, items)) for plan in (first, other))
    joined = before.join(after, on=key, how="full", coalesce=True, suffix="_after")
    units = pl.col("units_after").fill_null(0.0) - pl.col("units").fill_null(0.0)
    size = pl.max_horizontal(pl.col("units_after").fill_null(0.0), pl.col("units").fill_null(0.0))
    return joined.filter(units.abs() > 1e-6 * pl.max_horizontal(size, pl.lit(1.0))).select(*key, units=units).sort(key)


def _of_items(plan: Plan, items: Collection[str]) -> Plan:
    """Return what a plan has of some items, and of what is built from them: the rest is not looked at."""
    wanted = sorted(items)
    boms = plan.network.tables["boms"].filter(pl.col("component").is_in(wanted))
    tables = {name: plan[name].filter(pl.col("item").is_in(wanted)) for name in ("deliveries", "stock")}
    tables["builds"] = plan["builds"].filter(pl.col("item").is_in(boms["parent"].implode()))
    tables["alternates"] = plan["alternates"].filter(pl.col("component").is_in(wanted))
    return Plan(plan.network.with_table("boms", boms), plan.summary, tables)


def _needs(plan: Plan) -> pl.DataFrame:
    last = plan.network.calendar.count - 1
    delivered = plan["deliveries"].select(
        "item", site="market", what=pl.lit("delivered"), by="market", units="quantity"
    )
    taken = consumption(plan).select(item="component", site="site", what=pl.lit("taken"), by="parent", units="quantity")
    left = (
        plan["stock"]
        .filter(pl.col("bucket") == last)
        .select("item", "site", what=pl.lit("left"), by="site", units="quantity")
    )
    return pl.concat([delivered, taken, left]).group_by("item", "site", "what", "by").agg(pl.col("units").sum())


def demand_changes(first: Plan, other: Plan) -> dict[tuple[str, str], float]:
    """Return the units that are wanted more in the horizon, by item and market; only where that differs."""
    frames = []
    for plan in (first, other):
        inside = plan.network["demand"].filter(pl.col("due") < plan.network.calendar.end)
        frames.append(inside.group_by("item", "market").agg(pl.col("quantity").sum()))
    joined = frames[0].join(frames[1], on=["item", "market"], how="full", coalesce=True, suffix="_after")
    change = joined.select(
        "item", "market", change=pl.col("quantity_after").fill_null(0.0) - pl.col("quantity").fill_null(0.0)
    )
    return {(item, market): units for item, market, units in change.filter(pl.col("change") != 0).iter_rows()}
