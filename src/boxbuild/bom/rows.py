"""The rows of the bills of materials that hold: at each plant, in each bucket or on a day."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from boxbuild.network.network import Network

ROWS: Final = pl.Schema(
    {
        "site": pl.String(),
        "parent": pl.String(),
        "component": pl.String(),
        "quantity": pl.Float64(),  # component units in one parent unit
        "scrap": pl.Float64(),
        "use": pl.Float64(),  # component units taken for one parent unit started: quantity x (1 + scrap)
        "alternate_group": pl.String(),
        "row": pl.Int64(),  # index of the row in the table boms
    }
)
"""The columns that every function of this module returns, before those of time."""

PLACE: Final = ["site", "parent", "component"]


def bom_rows(network: Network) -> pl.DataFrame:
    """Return the rows that hold at each plant, each with the buckets in which it does.

    One row for every (site, parent) that has an operation, component and run of buckets. A row that names
    a site replaces, there and in the buckets in which it holds, the rows without a site of the same parent
    and component. A quantity of 0 says that the component is not used: such rows are not in the result.

    Returns
    -------
    DataFrame
        The columns of `ROWS`, ``first`` and ``last`` (buckets, both included), sorted by ``row``, ``site``
        and ``first``.
    """
    starts = network.calendar.starts
    boms = _numbered(network)
    opened = (boms["from"].cast(pl.Int64) - _epoch_day(network.settings.start)).fill_null(-1).to_numpy()
    closed = (boms["until"].cast(pl.Int64) - _epoch_day(network.settings.start)).fill_null(starts[-1]).to_numpy()
    boms = boms.with_columns(
        pl.Series("first", np.searchsorted(starts, opened, side="left"), dtype=pl.Int64),
        pl.Series("last", np.searchsorted(starts, closed, side="right") - 1, dtype=pl.Int64),
    ).filter(pl.col("first") <= pl.col("last"))
    own, shared = _at_plants(network, boms)
    untouched = shared.join(own, on=PLACE, how="anti")
    rest = _runs(
        _each_bucket(shared.join(own, on=PLACE, how="semi")).join(
            _each_bucket(own), on=[*PLACE, "bucket"], how="anti", maintain_order="left"
        )
    )
    found = pl.concat([own, untouched, rest], how="vertical")
    return found.filter(pl.col("quantity") > 0).select(*ROWS, "first", "last").sort("row", "site", "first")


def bom_by_bucket(network: Network) -> pl.DataFrame:
    """Return the rows of `bom_rows` once for every bucket in which they hold: `ROWS` and ``bucket``."""
    return _each_bucket(bom_rows(network)).select(*ROWS, "bucket").sort("bucket", "row", "site")


def bom_on(network: Network, day: date) -> pl.DataFrame:
    """Return the rows that hold at each plant on a day: `ROWS`, sorted by ``row`` and ``site``."""
    boms = _numbered(network).filter(
        (pl.col("from").is_null() | (pl.col("from") <= day)) & (pl.col("until").is_null() | (pl.col("until") >= day))
    )
    own, shared = _at_plants(network, boms)
    found = pl.concat([own, shared.join(own, on=PLACE, how="anti")], how="vertical")
    return found.filter(pl.col("quantity") > 0).select(*ROWS).sort("row", "site")


def recipe_rows(network: Network) -> pl.DataFrame:
    """Return the rows at each plant, whatever their dates.

    Returns
    -------
    DataFrame
        ``site``, ``parent``, ``component``, ``alternate_group``, and ``always``: whether such a row holds in every
        bucket and none that names the site takes its place; one row each.
    """
    first, last = network.calendar.first_days[0], network.calendar.first_days[-1]
    always = (pl.col("from").is_null() | (pl.col("from") <= first)) & (
        pl.col("until").is_null() | (pl.col("until") >= last)
    )
    own, shared = _at_plants(network, _numbered(network).with_columns(always=always))
    replaced = shared.join(own, on=PLACE, how="semi").with_columns(always=pl.lit(False))
    return (
        pl.concat([own, shared.join(own, on=PLACE, how="anti"), replaced])
        .filter(pl.col("quantity") > 0)
        .group_by(*PLACE, "alternate_group")
        .agg(pl.col("always").any())
    )


def _numbered(network: Network) -> pl.DataFrame:
    return (
        network["boms"]
        .with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64), use=pl.col("quantity") * (1 + pl.col("scrap")))
    )


def _at_plants(network: Network, boms: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that name their site, and those that do not, for every plant with an operation."""
    plants = network["operations"].select("site", parent="item").unique(maintain_order=True)
    own = boms.join(plants, on=["site", "parent"], how="semi", maintain_order="left")
    shared = boms.filter(pl.col("site").is_null()).drop("site").join(plants, on="parent", maintain_order="left")
    return own, shared.select(own.columns)


def _each_bucket(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(bucket=pl.int_ranges("first", pl.col("last") + 1)).explode(
        "bucket", empty_as_null=False, keep_nulls=False
    )


def _runs(rows: pl.DataFrame) -> pl.DataFrame:
    """Put buckets that follow each other together again."""
    rank = pl.col("bucket").rank("ordinal").over("row", "site").cast(pl.Int64)
    return (
        rows.with_columns(run=pl.col("bucket") - rank)
        .with_columns(
            first=pl.col("bucket").min().over("row", "site", "run"),
            last=pl.col("bucket").max().over("row", "site", "run"),
        )
        .unique(["row", "site", "run"], maintain_order=True)
        .drop("bucket", "run")
    )


def _epoch_day(day: date) -> int:
    return (day - date(1970, 1, 1)).days
