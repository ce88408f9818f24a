"""Weekly limits: the shape that offers and lanes share."""

from __future__ import annotations

import polars as pl

from boxbuild.model.model import Family


def weekly_limit(flow: pl.DataFrame, key: list[str]) -> Family:
    """Return the family that holds the flows of one key and bucket to ``per_week × days / 7``.

    Parameters
    ----------
    flow
        Columns of one kind with ``per_week`` (null: no limit), ``days`` (of the bucket) and ``column``.
    key
        The columns that share one limit, ``bucket`` among them.
    """
    limited = flow.filter(pl.col("per_week").is_not_null())
    keys = limited.group_by(key, maintain_order=True).agg(
        lower=pl.lit(float("-inf")), upper=pl.col("per_week").first() * pl.col("days").first() / 7
    )
    rows = keys.select(key).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    terms = limited.join(rows, on=key, nulls_equal=True, maintain_order="left")
    return Family(keys, terms.select("row", "column", value=pl.lit(1.0)))
