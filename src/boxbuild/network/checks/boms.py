"""Bills of materials that contain themselves, or that nothing builds by."""

from __future__ import annotations

import polars as pl

from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.graph import cycles
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_bom_cycles(network: Network) -> list[Issue]:
    """Find items that contain themselves, through whatever levels, sites and windows."""
    boms = numbered(network, "boms")
    found: list[Issue] = []
    for cycle in cycles(boms):
        row = boms.filter((pl.col("parent") == cycle[0]) & (pl.col("component") == cycle[1 % len(cycle)]))
        path = " → ".join([*cycle, cycle[0]])
        found += issues(
            row.head(1).with_columns(path=pl.lit(path)),
            "boms.component",
            "bom-cycle",
            "the item contains itself: {path}",
            hint="remove one of these rows",
        )
    return found


def check_for_quantities_of_zero(network: Network) -> list[Issue]:
    """Find BOM rows that use nothing. A row that names a site may: it takes the component away there."""
    rows = numbered(network, "boms").filter(pl.col("quantity") == 0)
    substitutes = rows.filter(pl.col("alternate_group").is_not_null())
    blank = rows.filter(pl.col("alternate_group").is_null() & pl.col("site").is_null())
    return issues(
        substitutes,
        "boms.quantity",
        "substitute-of-zero",
        "a substitute that is used 0 times covers any need for nothing",
        hint="write how many of {component} one {parent} takes",
    ) + issues(
        blank,
        "boms.quantity",
        "bom-quantity-zero",
        "the row has no effect",
        hint="remove it, or write how many of {component} one {parent} takes",
        severity="warning",
    )


def check_for_parents_without_operation(network: Network) -> list[Issue]:
    """Find items with a bill of materials that no plant builds (there)."""
    operations = network["operations"]
    rows = numbered(network, "boms")
    blank = rows.filter(pl.col("site").is_null()).join(operations, left_on="parent", right_on="item", how="anti")
    named = rows.filter(pl.col("site").is_not_null()).join(
        operations, left_on=["parent", "site"], right_on=["item", "site"], how="anti"
    )
    found = pl.concat([blank, named]).sort("row").unique(["parent", "site"], keep="first", maintain_order=True)
    found = found.with_columns(
        where=pl.when(pl.col("site").is_null()).then(pl.lit("no plant")).otherwise(pl.format("nothing at {}", "site"))
    )
    return issues(
        found,
        "boms.parent",
        "parent-without-operation",
        "has a bill of materials, but {where} builds it",
        hint="add it to the table operations",
        severity="warning",
    )


def check_for_operations_without_bom(network: Network) -> list[Issue]:
    """Find operations that build an item out of nothing."""
    boms = network["boms"].filter(pl.col("quantity") > 0)
    rows = numbered(network, "operations")
    rows = rows.join(boms.filter(pl.col("site").is_null()), left_on="item", right_on="parent", how="anti")
    rows = rows.join(boms, left_on=["item", "site"], right_on=["parent", "site"], how="anti", maintain_order="left")
    return issues(
        rows,
        "operations.item",
        "operation-without-bom",
        "is built at {site} without a bill of materials: out of nothing",
        hint="add its components to the table boms",
        severity="warning",
    )


def check_for_lone_substitutes(network: Network) -> list[Issue]:
    """Find groups of alternates with one member only."""
    rows = (
        numbered(network, "boms")
        .filter(pl.col("alternate_group").is_not_null())
        .with_columns(members=pl.col("component").n_unique().over("parent", "alternate_group"))
        .filter(pl.col("members") == 1)
        .unique(["parent", "alternate_group"], keep="first", maintain_order=True)
    )
    return issues(
        rows,
        "boms.alternate_group",
        "lone-substitute",
        "{component} is the only member of the group in {parent}",
        hint="name its substitutes, or clear the column",
        severity="warning",
    )
