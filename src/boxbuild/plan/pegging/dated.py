"""Dated moves: the orders of a plan, after the stock and the receipts that it starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boxbuild.plan.pegging.moves import ABOUT, BUILD, BUY, DELIVER, RECEIPT, SHIP, STOCK, Moves

if TYPE_CHECKING:
    from boxbuild.network.network import Network
    from boxbuild.plan.plan import Plan

OPERATION = ("item", "site", "reference")


def dated_moves(plan: Plan) -> Moves:
    """Return the orders of a plan as moves. An order yields what its operation yields on its first day."""
    network = plan.network
    first = pl.lit(network.settings.start)
    kinds = {"build": BUILD, "buy": BUY, "ship": SHIP, "deliver": DELIVER}
    orders = (
        plan["orders"]
        .with_row_index("row")
        .with_columns(
            kind=pl.col("kind").replace_strict(kinds, return_dtype=pl.Int64),
            key="order",
            place=pl.when(pl.col("kind") == "build").then("site").otherwise("destination"),
            start=(pl.col("start") - first).dt.total_days(),
            end=(pl.col("end") - first).dt.total_days(),
        )
    )
    gain = _yields(network, orders)
    given = given_moves(network)
    moved = orders.with_columns(gain=gain).select(ABOUT.names())
    rows = plan["orders"].select("order").with_row_index("move", offset=given.height)
    taken = plan["order_alternates"].join(rows, on="order", maintain_order="left")
    about = pl.concat([given, moved], rechunk=True)
    return Moves(about, taken.select("move", "group", "component", "quantity"), network, dated=True)


def given_moves(network: Network, *, whole_buckets: bool = False) -> pl.DataFrame:
    """Return stock, the oldest first, and firm receipts inside the horizon as rows of moves.

    Parameters
    ----------
    whole_buckets
        Whether a receipt is there on the first day of its bucket, as in a plan by buckets.
    """
    calendar = network.calendar
    stock = network["stock"].sort("age_days", descending=True, nulls_last=True, maintain_order=True)
    several = pl.len().over("item", "site") > 1
    place = pl.col("item") + "@" + pl.col("site")
    lot = pl.concat_str(
        place,
        pl.when(pl.col("origin").is_not_null()).then("/" + pl.col("origin")).otherwise(pl.lit("")),
        pl.when(pl.col("age_days").is_not_null())
        .then("/" + pl.col("age_days").cast(pl.String) + "d")
        .otherwise(pl.lit("")),
    )
    opening = stock.select(
        pl.lit(STOCK, pl.Int64).alias("kind"),
        pl.when(several).then(lot).otherwise(place).alias("key"),
        *("item", "site"),
        *(pl.col("site").alias("place"), pl.col("origin").alias("reference"), "quantity"),
        *(pl.lit(1.0).alias("gain"), pl.lit(-1, pl.Int64).alias("start"), pl.lit(-1, pl.Int64).alias("end")),
    )
    day = (pl.col("due") - pl.lit(network.settings.start)).dt.total_days().clip(lower_bound=0)
    firm = network["receipts"].filter(pl.col("firm")).with_columns(end=day).filter(pl.col("end") < calendar.horizon)
    if whole_buckets:
        first_days = pl.Series([calendar.edges[calendar.bucket(one)] for one in firm["end"]], dtype=pl.Int64)
        firm = firm.with_columns(end=first_days)
    coming = firm.select(
        pl.lit(RECEIPT, pl.Int64).alias("kind"),
        pl.col("reference").alias("key"),
        *("item", "site"),
        *(pl.col("site").alias("place"), pl.col("origin").alias("reference"), "quantity"),
        *(pl.lit(1.0).alias("gain"), pl.lit(-1, pl.Int64).alias("start"), "end"),
    )
    return pl.concat([opening, coming]).cast(ABOUT)


def _yields(network: Network, orders: pl.DataFrame) -> pl.Series:
    operations = network["operations"].rename({"option": "reference"}).select(*OPERATION, "from", "until", "yield")
    first = pl.lit(network.settings.start)
    builds = orders.filter(pl.col("kind") == BUILD).select("row", *OPERATION, "start")
    held = builds.join(operations, on=OPERATION, nulls_equal=True).filter(
        (pl.col("from").is_null() | ((pl.col("from") - first).dt.total_days() <= pl.col("start")))
        & (pl.col("until").is_null() | ((pl.col("until") - first).dt.total_days() >= pl.col("start")))
    )
    return (
        orders.select("row")
        .join(held.select("row", "yield").unique("row"), on="row", how="left", maintain_order="left")["yield"]
        .fill_null(1.0)
    )
