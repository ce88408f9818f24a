"""Reach: at which sites each item can be and is of use. Only there does the model have stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from boxbuild.network.network import Network

_PLACE = ["item", "site"]


def nodes(network: Network) -> pl.DataFrame:
    """Return every item and site such that the item can be there and somebody needs it there.

    An item can be where it lies in stock or arrives by a receipt, is delivered by an offer, comes by a lane from
    where it can be, or is built from components that can be there. It is of use where it is in demand, where a
    build that is of use takes it, or where a lane leads to such a place. Dates and options are not looked at here.

    Returns
    -------
    DataFrame
        ``item``, ``site`` and ``node`` (Int64, from 0), sorted.
    """
    recipes = recipe_rows(network)
    can_be = _can_be(network, recipes)
    of_use = _of_use(network, recipes, can_be)
    both = can_be.join(of_use, on=_PLACE, how="semi").sort(_PLACE)
    return both.with_row_index("node").select(*_PLACE, pl.col("node").cast(pl.Int64))


def recipe_rows(network: Network) -> pl.DataFrame:
    """Return the components of every operation, whatever the dates.

    Returns
    -------
    DataFrame
        ``site``, ``parent``, ``component``, ``alternate_group``; one row each.
    """
    operations = network["operations"].select("site", parent="item").unique()
    boms = network["boms"].select("parent", "component", "alternate_group", own="site")
    joined = operations.join(boms, on="parent").filter(pl.col("own").is_null() | (pl.col("own") == pl.col("site")))
    return joined.select("site", "parent", "component", "alternate_group").unique()


def offer_destinations(network: Network, recipes: pl.DataFrame) -> pl.DataFrame:
    """Return where each offer delivers.

    Returns
    -------
    DataFrame
        ``offer``, ``item`` and ``site``, one row each: the destination that the offer names, else every plant at
        which an
        operation takes the item.
    """
    offers = network["sources"].select("offer", "item", "destination").unique()
    plants = network["sites"].filter(pl.col("kind") == "plant").select("site")
    users = recipes.select("site", item="component").unique().join(plants, on="site", how="semi", maintain_order="left")
    named = offers.filter(pl.col("destination").is_not_null()).select("offer", "item", site="destination")
    open_ = offers.filter(pl.col("destination").is_null()).join(users, on="item").select("offer", "item", "site")
    return pl.concat([named, open_]).unique().sort("offer", "site")


def lane_items(network: Network, places: pl.DataFrame) -> pl.DataFrame:
    """Return which items every lane can carry, given the places where items are.

    Returns
    -------
    DataFrame
        ``origin``, ``destination``, ``lane_item`` (null where the lane carries anything) and ``item``.
    """
    lanes = network["lanes"].select("origin", "destination", lane_item="item").unique()
    crossed = lanes.join(places.select("item", origin="site"), on="origin")
    return crossed.filter(pl.col("lane_item").is_null() | (pl.col("lane_item") == pl.col("item")))


def _can_be(network: Network, recipes: pl.DataFrame) -> pl.DataFrame:
    firm = network["receipts"].filter(pl.col("firm"))
    bought = offer_destinations(network, recipes)
    places = pl.concat([frame.select(_PLACE) for frame in (network["stock"], firm, bought)]).unique()
    operations = network["operations"].select("item", "site").unique()
    while True:
        carried = lane_items(network, places).select("item", site="destination")
        built = _buildable(operations, recipes, places)
        grown = pl.concat([places, carried, built]).unique()
        if grown.height == places.height:
            return places
        places = grown


def _buildable(operations: pl.DataFrame, recipes: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Operations of which every component, or one of every group of alternates, can be at the site."""
    here = places.select("site", component="item", here=pl.lit(1))
    missing = (
        recipes.join(here, on=["site", "component"], how="left")
        .with_columns(need=pl.coalesce("alternate_group", "component"))
        .group_by("site", "parent", "need")
        .agg(pl.col("here").sum())
        .filter(pl.col("here") == 0)
        .select("site", item="parent")
    )
    return operations.join(missing, on=_PLACE, how="anti").select(_PLACE)


def _of_use(network: Network, recipes: pl.DataFrame, can_be: pl.DataFrame) -> pl.DataFrame:
    places = network["demand"].select("item", site="market").unique()
    carried = lane_items(network, can_be)
    while True:
        parents = recipes.join(places.select(parent="item", site="site"), on=["parent", "site"], how="semi").select(
            "site", item="component"
        )
        origins = carried.join(
            places.select("item", destination="site"), on=["item", "destination"], how="semi"
        ).select("item", site="origin")
        grown = pl.concat([places, parents.select(_PLACE), origins]).unique()
        if grown.height == places.height:
            return places
        places = grown
