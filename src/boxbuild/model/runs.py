"""Runs: the buckets in a row in which an operation takes the same components."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from boxbuild.bom.rows import bom_rows
from boxbuild.network.network import Network

BUILD: Final = ["site", "item", "option", "bucket"]
"""What names a build column."""


def runs(network: Network, operations: pl.DataFrame, nodes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the runs of buckets in which operations can work, and what they take in each.

    Parameters
    ----------
    network
        Gives the bills of materials; a row counts in the buckets on whose first day it is in force.
    operations
        ``site``, ``item``, ``option``, ``first`` and ``last`` (buckets, both included), in the order of the builds.
    nodes
        ``item``, ``site``, ``node``: where components can be.

    Returns
    -------
    DataFrame, DataFrame
        The runs: ``operation`` (row), ``first``, ``last`` and ``build`` (number of the first of its build columns, from
        0), in the order of the builds; a run is left out where something that it takes cannot be at the site.
        The lines of their recipes: ``site``, ``item``, ``option``, ``first``, ``last`` and ``build`` of the run,
        ``component``, ``group``, ``per_unit`` (units for one started, scrap included) and ``node`` of the component;
        sorted by run and component. Of a group of alternates those are there that can be at the site.
    """
    numbered = operations.select(*BUILD[:3], "first", "last").with_row_index("operation")
    lines = bom_rows(network).select(
        "site",
        "component",
        "row",
        item="parent",
        group="alternate_group",
        per_unit="use",
        opened="first",
        closed="last",
    )
    taken = (
        numbered.select("operation", "site", "item", "first", "last")
        .join(lines, on=["site", "item"], maintain_order="left_right")
        .with_columns(opened=pl.max_horizontal("opened", "first"), closed=pl.min_horizontal("closed", "last"))
        .filter(pl.col("opened") <= pl.col("closed"))
        .drop("first", "last", "item")
    )
    cut = _cut(numbered, taken)
    held = cut.join(taken, on="operation", maintain_order="left_right").filter(
        (pl.col("opened") <= pl.col("first")) & (pl.col("closed") >= pl.col("first"))
    )
    held = held.join(
        nodes.select("site", "node", component="item"), on=["site", "component"], how="left", maintain_order="left"
    )
    missing = (
        held.with_columns(need=pl.coalesce(pl.format("group {}", "group"), "component"))
        .group_by("run", "need")
        .agg(pl.col("node").is_not_null().any().alias("here"))
        .filter(~pl.col("here"))
    )
    length = pl.col("last") - pl.col("first") + 1
    kept = cut.join(missing, on="run", how="anti", maintain_order="left").with_columns(
        build=length.cum_sum().cast(pl.Int64) - length
    )
    recipes = (
        held.filter(pl.col("node").is_not_null())
        .join(kept.select("run", "build"), on="run", maintain_order="left")
        .sort("run", "component", "row")
        .join(numbered.select("operation", "item", "option"), on="operation", maintain_order="left")
        .select(*BUILD[:3], "first", "last", "build", "component", "group", "per_unit", "node")
    )
    return kept.drop("run"), recipes


def _cut(operations: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    """Cut the buckets of each operation wherever a row of its bill of materials begins or ends."""
    starts = [
        operations.select("operation", "first"),
        taken.select("operation", first="opened"),
        taken.select("operation", first=pl.col("closed") + 1),
    ]
    return (
        pl.concat(starts)
        .unique()
        .join(operations.select("operation", "last"), on="operation")
        .filter(pl.col("first") <= pl.col("last"))
        .sort("operation", "first")
        .with_columns(last=pl.coalesce(pl.col("first").shift(-1).over("operation") - 1, "last"))
        .with_row_index("run")
    )


def run_builds(operations: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return the operation of every run, with the run's ``first`` and ``last`` in place of its own."""
    return operations.select(pl.all().gather(found["operation"])).with_columns(found["first"], found["last"])


def by_build(recipes: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of recipes (:func:`runs`) once for every bucket of their run, in the order of the builds.

    Returns
    -------
    DataFrame
        ``site``, ``item``, ``option``, ``bucket``, ``component``, ``group``, ``per_unit`` and ``node``.
    """
    run = recipes["build"].rle_id().to_numpy()
    begins = np.flatnonzero(np.diff(run, prepend=-1))
    lines = np.diff(begins, append=run.size)
    length = (recipes["last"] - recipes["first"] + 1).to_numpy()[begins]
    sizes = lines * length
    of = np.repeat(np.arange(sizes.size), sizes)
    inside = np.arange(of.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    later, line = np.divmod(inside, lines[of])
    at = pl.Series(begins[of] + line, dtype=pl.UInt32)
    found = recipes.select(pl.all().gather(at)).with_columns(bucket=pl.col("first") + pl.Series(later, dtype=pl.Int64))
    return found.select(*BUILD, "component", "group", "per_unit", "node")
