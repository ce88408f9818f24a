"""Reach: the earliest day on which an item can be at a site, by lead times alone."""

from __future__ import annotations

import polars as pl

from boxbuild.network.days import day_of
from boxbuild.network.network import Network

REACH = pl.Schema({"item": pl.String(), "site": pl.String(), "day": pl.Int64()})


def earliest_days(network: Network) -> pl.DataFrame:
    """Return the first day on which one unit of an item can be at a site, whatever the capacities.

    Stock is there on day 0, a firm receipt on its day, a buy after its lead time; lanes and builds add theirs,
    a build after the last of its components. Never later than orders can do it: components that come or go
    during the operation's window do not hold it up, and an option is taken as early as it can be.

    Returns
    -------
    DataFrame
        Columns ``item``, ``site``, ``day`` (counted from the start). What has no way there has no row.

    Notes
    -----
    A fixpoint over (item, site): each round follows one more step from what got earlier in the round before.
    """
    lanes = _opened(network, "lanes").select("origin", "destination", "item", "opened", "closed", "lead_days")
    builds = _builds(network)
    needs = component_needs(network)
    known = _least(_given(network))
    news = known
    while not news.is_empty():
        reached = _least(pl.concat([_shipped(news, lanes), _built(known, builds, needs)]))
        news = (
            reached.join(known, on=["item", "site"], how="left", suffix="_known", maintain_order="left")
            .filter(pl.col("day_known").is_null() | (pl.col("day") < pl.col("day_known")))
            .select(REACH.names())
        )
        known = _least(pl.concat([known, news]))
    return known.sort("item", "site")


def component_needs(network: Network) -> pl.DataFrame:
    """Return what each operation cannot start without, whenever it starts.

    Returns
    -------
    DataFrame
        Columns ``operation`` (row of the table), ``site``, ``group`` (one member is enough), ``component``.
    """
    horizon = network.calendar.horizon
    builds = _builds(network).with_columns(closed=pl.min_horizontal("closed", pl.lit(horizon - 1)))
    boms = _opened(network, "boms", clip=False)
    key = ["operation", "component"]
    named = boms.filter(pl.col("site").is_not_null()).join(
        builds, left_on=["site", "parent"], right_on=["site", "item"], suffix="_build", maintain_order="left"
    )
    blank = (
        boms.filter(pl.col("site").is_null())
        .drop("site")
        .join(builds, left_on="parent", right_on="item", suffix="_build", maintain_order="left")
    )
    switched_off = named.filter(pl.col("quantity") == 0).select(key)
    lines = pl.concat([named.select(blank.columns), blank]).filter(pl.col("quantity") > 0)
    return (
        lines.group_by([*key, "site", "alternate_group"], maintain_order=True)
        .agg(pl.col("opened", "opened_build").min(), pl.col("closed", "closed_build").max())
        .filter(
            pl.col("alternate_group").is_not_null()
            | ((pl.col("opened") <= pl.col("opened_build")) & (pl.col("closed") >= pl.col("closed_build")))
        )
        .join(switched_off, on=key, how="anti", maintain_order="left")
        .select(
            "operation",
            "site",
            pl.coalesce(pl.format("group {}", "alternate_group"), pl.format("item {}", "component")).alias("group"),
            "component",
        )
    )


def users(network: Network) -> pl.DataFrame:
    """Return the plants at which an item is a component of something built: columns ``item`` and ``site``."""
    boms = network["boms"].filter(pl.col("quantity") > 0)
    plants = network["operations"].select("site", parent="item").unique(maintain_order=True)
    named = boms.join(plants, on=["site", "parent"], how="semi")
    blank = boms.filter(pl.col("site").is_null()).drop("site").join(plants, on="parent")
    columns = [pl.col("component").alias("item"), pl.col("site")]
    return pl.concat([named.select(columns), blank.select(columns)]).unique().sort("item", "site")


def _given(network: Network) -> pl.DataFrame:
    """Return what is there without moving or building: stock, firm receipts and buys."""
    stock = network["stock"].filter(pl.col("quantity") > 0).select("item", "site", day=pl.lit(0, pl.Int64))
    receipts = (
        network["receipts"]
        .filter((pl.col("quantity") > 0) & pl.col("firm"))
        .select("item", "site", day=day_of("due", network.settings.start).clip(lower_bound=0))
    )
    offers = _opened(network, "sources").with_columns(day=pl.col("opened") + pl.col("lead_days"))
    named = offers.filter(pl.col("destination").is_not_null()).select("item", "day", site="destination")
    anywhere = (
        offers.filter(pl.col("destination").is_null()).join(users(network), on="item").select("item", "day", "site")
    )
    return pl.concat([frame.select(REACH.names()) for frame in (stock, receipts, named, anywhere)])


def _builds(network: Network) -> pl.DataFrame:
    return _opened(network, "operations").select(
        pl.col("row").alias("operation"), "site", "item", "opened", "closed", "lead_days"
    )


def _opened(network: Network, table: str, *, clip: bool = True) -> pl.DataFrame:
    """Return a table with the first (``opened``) and last (``closed``) day number on which a row holds."""
    start, never = network.settings.start, 1_000_000
    rows = network[table].with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    rows = rows.with_columns(
        opened=day_of("from", start).fill_null(-never), closed=day_of("until", start).fill_null(never)
    )
    if not clip:
        return rows
    rows = rows.with_columns(pl.col("opened").clip(lower_bound=0))
    if "option" in rows.columns:
        ready = network["options"].select(
            "option", ready=day_of("earliest", start).fill_null(0).clip(lower_bound=0) + pl.col("ready_days")
        )
        rows = rows.join(ready, on="option", how="left", maintain_order="left")
        rows = rows.with_columns(opened=pl.max_horizontal("opened", "ready"))
    return rows.filter(pl.col("opened") <= pl.col("closed"))


def _shipped(news: pl.DataFrame, lanes: pl.DataFrame) -> pl.DataFrame:
    anything = lanes.filter(pl.col("item").is_null()).drop("item")
    moved = pl.concat(
        [
            news.join(lanes, left_on=["item", "site"], right_on=["item", "origin"]),
            news.join(anything, left_on="site", right_on="origin"),
        ],
        how="diagonal",
    )
    return _started(moved).select("item", pl.col("destination").alias("site"), "day")


def _built(known: pl.DataFrame, builds: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
    complete = (
        needs.join(known, left_on=["component", "site"], right_on=["item", "site"], how="left")
        .group_by("operation", "group")
        .agg(pl.col("day").min())
        .group_by("operation")
        .agg(pl.col("day").max(), pl.col("day").is_null().any().alias("missing"))
    )
    ready = builds.join(complete, on="operation", how="left").filter(~pl.col("missing").fill_null(value=False))
    return _started(ready.with_columns(pl.col("day").fill_null(0))).select(REACH.names())


def _started(moves: pl.DataFrame) -> pl.DataFrame:
    """Put the day of arrival in place of the day of readiness, and drop what would start too late."""
    return (
        moves.with_columns(begun=pl.max_horizontal("day", "opened"))
        .filter(pl.col("begun") <= pl.col("closed"))
        .with_columns(day=pl.col("begun") + pl.col("lead_days"))
    )


def _least(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.drop_nulls().group_by("item", "site").agg(pl.col("day").min()).select(REACH.names())
