"""Preferential orders: what of dated orders enters at an agreement's rate: the same part as of the plan's flows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

LANE: Final = ("origin", "destination", "mode", "lane_item", "item")


def preference_shares(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return which part of each of a plan's shipments is claimed under an agreement, over the horizon.

    Parameters
    ----------
    tables
        The plan's ``preferences`` and ``shipments``.

    Returns
    -------
    DataFrame
        ``agreement``, the columns of a lane, ``item`` and ``share``.
    """
    claimed = tables["preferences"].group_by("agreement", *LANE, maintain_order=True).agg(pl.col("quantity").sum())
    if claimed.is_empty():
        return claimed.select("agreement", *LANE, share="quantity")
    moved = tables["shipments"].group_by(LANE).agg(moved=pl.col("quantity").sum())
    found = claimed.join(moved, on=LANE, nulls_equal=True, maintain_order="left")
    return found.select("agreement", *LANE, share=pl.col("quantity") / pl.col("moved"))


def preference_orders(shares: pl.DataFrame, shipments: pl.DataFrame) -> pl.DataFrame:
    """Return the part of orders that is claimed.

    Parameters
    ----------
    shares
        Of :func:`preference_shares`.
    shipments
        Orders by bucket and ``arrival``.

    Returns
    -------
    DataFrame
        Columns of schema ``preferences`` but ``start``, and ``arrival``.
    """
    found = shipments.join(shares, on=LANE, nulls_equal=True, maintain_order="left")
    part = found.with_columns(quantity=(pl.col("quantity") * pl.col("share")).round(6))
    return part.select("agreement", *LANE, "bucket", "arrival", "quantity").filter(pl.col("quantity") > 0)
