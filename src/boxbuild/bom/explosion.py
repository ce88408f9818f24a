"""Explosion: from what is wanted to what all of it takes, without stock or time."""

from __future__ import annotations

import polars as pl

from boxbuild.bom.levels import low_level_codes


def explode(needs: pl.DataFrame, rows: pl.DataFrame, yields: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the gross requirement of every item, its own need included.

    One pass by low-level code: when an item's turn comes, everything that contains it has had its own.

    Parameters
    ----------
    needs
        ``item``, ``quantity`` (good units) and any other columns, for example ``bucket``: each combination of those
        is exploded for itself.
    rows
        BOM rows: ``parent``, ``component``, ``use`` (component units for one parent unit started) and, where parents
        have alternates, ``share`` (part of the need that the row covers; 1 without the column).
    yields
        ``item``, ``yield`` (good units from one started); 1 for an item that is not there.

    Returns
    -------
    DataFrame
        ``item``, the other columns of ``needs``, ``quantity`` (good units), sorted by all but the last.

    Raises
    ------
    DataError
        An item contains itself.
    """
    by = [name for name in needs.columns if name not in ("item", "quantity")]
    level = low_level_codes(rows, needs["item"])
    lines = _taken_for_one_good_unit(rows, yields)
    waiting = needs.select("item", *by, pl.col("quantity").cast(pl.Float64)).join(level, on="item")
    done = [waiting.clear()]
    for depth in level["level"].unique().sort():
        here = (
            waiting.filter(pl.col("level") == depth)
            .group_by("item", *by, maintain_order=True)
            .agg(pl.col("quantity").sum())
        )
        done.append(here.with_columns(level=pl.lit(depth, pl.Int64)).select(waiting.columns))
        below = (
            here.join(lines, left_on="item", right_on="parent", maintain_order="left_right")
            .select(pl.col("component").alias("item"), *by, pl.col("quantity") * pl.col("taken"))
            .join(level, on="item", maintain_order="left")
        )
        waiting = pl.concat([waiting.filter(pl.col("level") > depth), below.select(waiting.columns)])
    return pl.concat(done).drop("level").sort("item", *by)


def _taken_for_one_good_unit(rows: pl.DataFrame, yields: pl.DataFrame | None) -> pl.DataFrame:
    share = pl.col("share") if "share" in rows.columns else pl.lit(1.0)
    if yields is None:
        yields = pl.DataFrame(schema={"item": pl.String, "yield": pl.Float64})
    return (
        rows.join(
            yields.select(pl.col("item").alias("parent"), "yield"), on="parent", how="left", maintain_order="left"
        )
        .with_columns(taken=pl.col("use") * share / pl.col("yield").fill_null(1.0))
        .group_by("parent", "component", maintain_order=True)
        .agg(pl.col("taken").sum())
    )
