"""Exempt orders: what of dated orders is under an export scheme: the same part as of the plan's flows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from boxbuild.plan.exempt import LANE, ROW, joined
from boxbuild.plan.schemas import SCHEMAS

FLOW: Final = ("scheme", "site", "flow", "item", "key")


def exempt_shares(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return which part of each of a plan's flows is under a scheme, over the horizon.

    Parameters
    ----------
    tables
        The plan's ``exempt``, ``buys`` and ``shipments``.

    Returns
    -------
    DataFrame
        ``scheme``, ``site``, ``flow`` (buy, ship or export), ``item``, ``key`` and ``share``: by offer and
        destination, and by lane and item.
    """
    part = tables["exempt"].group_by(FLOW, maintain_order=True).agg(part=pl.col("quantity").sum())
    if part.is_empty():
        return part.select(*FLOW, share="part")
    whole = _keyed(tables["buys"], tables["shipments"])
    whole = whole.group_by("flow", "item", "key", "site").agg(whole=pl.col("quantity").sum())
    found = part.join(whole, on=["flow", "item", "key", "site"], how="inner", maintain_order="left")
    exported = part.filter(pl.col("flow") == "export").join(
        whole.filter(pl.col("flow") == "ship").drop("flow", "site"), on=["item", "key"], maintain_order="left"
    )
    return pl.concat([found, exported]).select(*FLOW, share=pl.col("part") / pl.col("whole"))


def exempt_orders(shares: pl.DataFrame, buys: pl.DataFrame, shipments: pl.DataFrame) -> pl.DataFrame:
    """Return the part of orders that is under a scheme.

    Parameters
    ----------
    shares
        Of :func:`exempt_shares`.
    buys, shipments
        Orders by bucket and ``arrival``.

    Returns
    -------
    DataFrame
        Columns of schema ``exempt`` but ``start``, and ``arrival``.
    """
    columns = [*ROW, "arrival", "quantity"]
    if shares.is_empty():
        return SCHEMAS["exempt"].to_frame().with_columns(arrival="bucket").select(columns)
    orders = _keyed(buys, shipments)
    imports = orders.join(shares, on=["flow", "item", "key", "site"], maintain_order="left")
    exports = orders.filter(pl.col("flow") == "ship").drop("flow", "site")
    exports = exports.join(shares.filter(pl.col("flow") == "export"), on=["item", "key"], maintain_order="left")
    part = (pl.col("quantity") * pl.col("share")).round(6)
    both = pl.concat([found.with_columns(quantity=part).select(columns) for found in (imports, exports)])
    return both.filter(pl.col("quantity") > 0)


def _keyed(buys: pl.DataFrame, shipments: pl.DataFrame) -> pl.DataFrame:
    rest = [name for name in ("item", "bucket", "arrival", "quantity") if name in buys.columns]
    place = pl.col("destination").alias("site")
    return pl.concat(
        [
            buys.select(*rest, place, flow=pl.lit("buy"), key="offer"),
            shipments.select(*rest, place, joined(LANE).alias("key"), flow=pl.lit("ship")).select(
                *rest, "site", "flow", "key"
            ),
        ]
    )
