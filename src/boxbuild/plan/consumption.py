"""Consumption: what the builds of a plan took of each component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan


def consumption(plan: Plan) -> pl.DataFrame:
    """Return ``parent``, ``component``, ``site``, ``bucket`` and ``quantity`` (component units, with scrap).

    Notes
    -----
    units started × quantity × (1 + scrap) by the bill of materials of the site and the day; for groups of
    alternates, what the plan's table ``alternates`` says.
    """
    columns = ["parent", "component", "site", "bucket", "quantity"]
    need = pl.col("quantity") * (1 + pl.col("scrap"))
    boms = bom_rows(plan).filter(pl.col("alternate_group").is_null()).sort("parent", "component", "site")
    builds = (
        plan["builds"]
        .group_by("site", "item", "bucket", "start")
        .agg(built=pl.col("quantity").sum())
        .rename({"item": "parent"})
        .sort("parent", "site", "bucket")
    )
    # two short tables in order, and a join that keeps it: the long one is not sorted
    fixed = (
        boms.join(builds, on=["parent", "site"], how="inner", maintain_order="left_right")
        .filter(
            (pl.col("from").is_null() | (pl.col("from") <= pl.col("start")))
            & (pl.col("until").is_null() | (pl.col("until") >= pl.col("start")))
        )
        .with_columns(quantity=pl.col("built") * need)
    )
    if plan["alternates"].is_empty():
        return fixed.select(columns)
    return pl.concat([fixed.select(columns), plan["alternates"].select(columns)]).sort(columns[:-1])


def bom_rows(plan: Plan) -> pl.DataFrame:
    """Return the bill of materials by parent and site; a row that names a site replaces the blank one."""
    boms = plan.network["boms"]
    sites = plan.network["operations"].select("site", parent="item").unique()
    named = boms.filter(pl.col("site").is_not_null())
    blank = (
        boms.filter(pl.col("site").is_null())
        .drop("site")
        .join(sites, on="parent", how="inner")
        .join(named, on=["parent", "component", "site"], how="anti")
    )
    return pl.concat([named, blank.select(named.columns)])
