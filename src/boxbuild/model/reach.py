"""Reach: at which sites each item can be and is of use. Only there do flows lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boxbuild.bom.rows import recipe_rows
from boxbuild.model.promised import locked_places, promised

if TYPE_CHECKING:
    from boxbuild.network.network import Network

__all__ = ["lane_items", "nodes", "offer_destinations", "recipe_rows"]

_PLACE = ["item", "site"]


def nodes(network: Network) -> pl.DataFrame:
    """Return every item and site with stock: where the item can be and is of use, and where it lies anyway.

    An item can be where it lies in stock or arrives by a receipt, is delivered by an offer, comes by a lane from
    where it can be, or is built from components that can be there. It is of use where it is in demand, where a
    contract's minimum, a target or a lock counts it, where a build that is of use takes it, or where a lane leads to
    such a place. Nothing is made, bought or moved to where it is of no use; what lies there costs its holding. Dates
    and options are not looked at here.

    Returns
    -------
    DataFrame
        ``item``, ``site``, ``node`` (Int64, from 0) and ``of_use``, sorted.
    """
    recipes = recipe_rows(network)
    can_be = _can_be(network, recipes)
    useful = can_be.join(_of_use(network, recipes, can_be), on=_PLACE, how="semi").with_columns(of_use=True)
    idle = _lying(network).join(useful, on=_PLACE, how="anti")
    both = pl.concat([useful.select(*_PLACE, "of_use"), idle]).sort(_PLACE)
    return both.with_row_index("node").select(*_PLACE, pl.col("node").cast(pl.Int64), "of_use")


def offer_destinations(network: Network, recipes: pl.DataFrame) -> pl.DataFrame:
    """Return where each offer delivers, given the rows of the bills of materials at each plant.

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
    here = places.select("item", origin="site")
    named = lanes.with_columns(item="lane_item").join(here, on=["origin", "item"])
    anything = lanes.filter(pl.col("lane_item").is_null()).join(here, on="origin")
    return pl.concat([named, anything])


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


def _lying(network: Network) -> pl.DataFrame:
    """Where something lies in stock, or will by a receipt, whether it is of use or not."""
    firm = network["receipts"].filter(pl.col("firm") & (pl.col("due") < network.calendar.end))
    lying = [frame.filter(pl.col("quantity") > 0).select(_PLACE) for frame in (network["stock"], firm)]
    return pl.concat(lying).unique().with_columns(of_use=False)


def _buildable(operations: pl.DataFrame, recipes: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Operations of which what they need in every bucket can be at the site: of a group, one of the alternates."""
    here = places.select("site", component="item", here=pl.lit(1))
    missing = (
        recipes.join(here, on=["site", "component"], how="left")
        .with_columns(need=pl.coalesce(pl.format("group {}", "alternate_group"), "component"))
        .group_by("site", "parent", "need")
        .agg(pl.col("here").sum(), pl.col("always").any())
        .filter(pl.col("always") & (pl.col("here") == 0))
        .select("site", item="parent")
    )
    return operations.join(missing, on=_PLACE, how="anti").select(_PLACE)


def _of_use(network: Network, recipes: pl.DataFrame, can_be: pl.DataFrame) -> pl.DataFrame:
    demanded = network["demand"].select("item", site="market")
    bought, carried = offer_destinations(network, recipes), lane_items(network, can_be)
    asked = [promised(network, bought), locked_places(network, bought, carried)]
    places = pl.concat([demanded, *asked]).unique()
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
