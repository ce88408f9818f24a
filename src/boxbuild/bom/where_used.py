"""Where-used: everything that contains an item, and how much of it."""

from __future__ import annotations

import polars as pl

from boxbuild.bom.cycles import require_no_cycle


def where_used(rows: pl.DataFrame, item: str) -> pl.DataFrame:
    """Return the items that contain an item, directly or not.

    Parameters
    ----------
    rows
        BOM rows: ``parent``, ``component``, ``use`` and, where parents have alternates, ``share``.
    item
        The item that is looked for.

    Returns
    -------
    DataFrame
        ``parent``, ``steps`` (least number of levels between) and ``quantity`` (units of the item in one unit of the
        parent started, along all ways together), sorted by steps and parent.

    Raises
    ------
    DataError
        An item contains itself.
    """
    require_no_cycle(rows)
    share = pl.col("share") if "share" in rows.columns else pl.lit(1.0)
    lines = rows.select("parent", "component", taken=pl.col("use") * share)
    wave = pl.DataFrame({"parent": [item], "quantity": [1.0]})
    found = [wave.with_columns(steps=pl.lit(0)).clear()]
    while not wave.is_empty():
        wave = (
            wave.join(lines, left_on="parent", right_on="component", suffix="_above", maintain_order="left_right")
            .group_by(pl.col("parent_above").alias("parent"), maintain_order=True)
            .agg((pl.col("quantity") * pl.col("taken")).sum().alias("quantity"))
        )
        found.append(wave.with_columns(steps=pl.lit(len(found), pl.Int32)))
    return (
        pl.concat(found)
        .group_by("parent", maintain_order=True)
        .agg(pl.col("steps").min().cast(pl.Int64), pl.col("quantity").sum())
        .sort("steps", "parent")
    )
