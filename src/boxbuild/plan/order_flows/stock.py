"""Stock that dated orders leave at the end of each bucket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from boxbuild.network.windows import bucket_of
from boxbuild.plan.names import NAME

if TYPE_CHECKING:
    from boxbuild.network.network import Network


def stock_at_ends(network: Network, moves: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return what is in stock at the end of every bucket.

    stock at the start + firm receipts + what came - what went, up to the bucket's last day

    Parameters
    ----------
    network
        The network.
    moves
        Frames of ``item`` and ``site`` (text or :data:`boxbuild.plan.names.NAME`), ``bucket`` and ``change``; what
        comes after the horizon does not count.

    Returns
    -------
    DataFrame
        ``item``, ``site``, ``bucket``, ``quantity`` > 0.
    """
    calendar = network.calendar
    firm = network["receipts"].filter(pl.col("firm"))
    given = [
        network["stock"].select("item", "site", bucket=pl.lit(0, dtype=pl.Int64), change="quantity"),
        firm.select("item", "site", bucket=bucket_of(calendar, firm["due"]), change="quantity"),
    ]
    place = ["item", "site"]
    changes = pl.concat([frame.with_columns(pl.col(place).cast(NAME)) for frame in (*given, *moves)])
    changes = changes.filter(pl.col("bucket") < calendar.count)
    places = changes.select(place).unique().cast(pl.String).sort(place)
    numbers = places.with_row_index("place").with_columns(pl.col(place).cast(NAME))
    number = changes.join(numbers, on=place, maintain_order="left")
    cell = number["place"].to_numpy().astype(np.int64) * calendar.count + changes["bucket"].to_numpy()
    change = np.bincount(cell, weights=changes["change"].to_numpy(), minlength=places.height * calendar.count)
    level = change.reshape(places.height, calendar.count).cumsum(axis=1).round(6)
    row, bucket = np.nonzero(level > 0)
    return places[row].with_columns(pl.Series("bucket", bucket), pl.Series("quantity", level[row, bucket]))


def components_taken(network: Network, builds: pl.DataFrame, order_alternates: pl.DataFrame) -> pl.DataFrame:
    """Return what build orders take, as ``item`` and ``site`` (NAME), ``bucket`` and ``change`` (below 0).

    Components of groups of alternates are those of ``order_alternates``; the others follow from the rows of
    the bill of materials in force on the order's first day. A row that names the site replaces the general
    one.
    """
    boms = (
        network["boms"]
        .select(
            "from",
            "until",
            "component",
            "alternate_group",
            item="parent",
            own="site",
            each=pl.col("quantity") * (1 + pl.col("scrap")),
        )
        .with_columns(pl.col("component", "item", "own").cast(NAME))
    )
    named = builds.select("order", "bucket", "day", "quantity", pl.col("site", "item").cast(NAME))
    started = named.group_by("site", "item", "bucket", "day").agg(pl.col("quantity").sum())
    rows = started.join(boms, on="item").filter(
        (pl.col("own").is_null() | (pl.col("own") == pl.col("site")))
        & (pl.col("from").is_null() | (pl.col("from") <= pl.col("day")))
        & (pl.col("until").is_null() | (pl.col("until") >= pl.col("day")))
    )
    line = ["site", "item", "day", "component"]
    own = rows.filter(pl.col("own").is_not_null())
    general = rows.filter(pl.col("own").is_null()).join(own, on=line, how="anti")
    fixed = pl.concat([own, general]).filter(pl.col("alternate_group").is_null())
    chosen = order_alternates.with_columns(pl.col("component").cast(NAME)).join(
        named.select("order", "site", "bucket"), on="order"
    )
    return pl.concat(
        [
            fixed.select("site", "bucket", item="component", change=-pl.col("quantity") * pl.col("each")),
            chosen.select("site", "bucket", item="component", change=-pl.col("quantity")),
        ]
    ).select("item", "site", "bucket", "change")
