"""Cost roll-up: what one good unit of each item costs, in material and conversion, where it is cheapest."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from boxbuild.bom.levels import low_level_codes
from boxbuild.bom.rows import bom_on
from boxbuild.network.currency import exchange_rates
from boxbuild.network.network import Network

COSTS: Final = pl.Schema(
    {
        "item": pl.String(),
        "site": pl.String(),  # where it is made; null where it is bought
        "material": pl.Float64(),
        "conversion": pl.Float64(),
        "cost": pl.Float64(),  # material + conversion
    }
)
"""The columns of a roll-up."""


def roll_up(rows: pl.DataFrame, operations: pl.DataFrame, prices: pl.DataFrame) -> pl.DataFrame:
    """Return the least cost of one good unit of each item that can be made or bought.

    Parameters
    ----------
    rows
        BOM rows: ``site``, ``parent``, ``component``, ``use``, ``alternate_group``.
    operations
        ``site``, ``item``, ``cost`` (of one unit started), ``yield``.
    prices
        ``item`` and ``price`` of one unit bought.

    Returns
    -------
    DataFrame
        `COSTS`, one row an item, sorted by item. Of a group of alternates the cheapest counts. An item that can
        neither be bought nor made from what can is not there.

    Raises
    ------
    DataError
        An item contains itself.

    Notes
    -----
    One pass from the deepest low-level code up: cost = (conversion + sum over components of use x cost) / yield.
    """
    level = low_level_codes(rows, pl.concat([operations["item"], prices["item"]]))
    bought = prices.group_by("item").agg(pl.col("price").min())
    known = pl.DataFrame(schema=COSTS)
    for depth in level["level"].unique().sort(descending=True):
        here = level.filter(pl.col("level") == depth).select("item")
        buys = here.join(bought, on="item").select(
            "item", site=pl.lit(None, pl.String), material="price", conversion=pl.lit(0.0), cost="price"
        )
        made = _made(rows, operations.join(here, on="item", how="semi"), known)
        best = pl.concat([buys, made]).sort("item", "cost", "site").unique("item", keep="first", maintain_order=True)
        known = pl.concat([known, best])
    return known.sort("item")


def _made(rows: pl.DataFrame, operations: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the cost of making each item at each site, of components whose cost is known."""
    group = pl.coalesce(pl.format("group {}", "alternate_group"), pl.format("item {}", "component"))
    material = (
        rows.join(operations, left_on=["site", "parent"], right_on=["site", "item"], how="semi")
        .join(known.drop("site"), left_on="component", right_on="item", how="left", maintain_order="left")
        .with_columns(pl.col("material", "conversion", "cost") * pl.col("use"), group=group)
        .sort("site", "parent", "cost", "component", nulls_last=True)
        .group_by("site", "parent", "group", maintain_order=True)
        .agg(pl.col("material", "conversion", "cost").first())
        .group_by("site", "parent", maintain_order=True)
        .agg(pl.col("material", "conversion").sum(), pl.col("cost").is_null().any().alias("unknown"))
    )
    return (
        operations.rename({"cost": "own"})
        .join(material, left_on=["site", "item"], right_on=["site", "parent"], how="left")
        .filter(~pl.col("unknown").fill_null(value=False))
        .with_columns(
            material=pl.col("material").fill_null(0.0) / pl.col("yield"),
            conversion=(pl.col("conversion").fill_null(0.0) + pl.col("own")) / pl.col("yield"),
        )
        .with_columns(cost=pl.col("material") + pl.col("conversion"))
        .select(COSTS.names())
    )


def standard_costs(network: Network, day: date | None = None) -> pl.DataFrame:
    """Return the roll-up of what holds on a day, in home currency, without options, freight on lanes and duty.

    A bought item costs the lowest price, freight and markup of the offers that hold.

    Parameters
    ----------
    network
        The network.
    day
        The day; the plan's first one if it is not given. Exchange rates are those of its bucket.
    """
    day = day or network.settings.start
    bucket = min(max(network.calendar.bucket(network.calendar.day(day)), 0), network.calendar.count - 1)
    rates = {currency: float(row[bucket]) for currency, row in exchange_rates(network).items()}
    home = network.settings.home_currency
    exchange = pl.col("currency").fill_null(home).replace_strict(rates, return_dtype=pl.Float64)
    holds = (pl.col("from").is_null() | (pl.col("from") <= day)) & (
        pl.col("until").is_null() | (pl.col("until") >= day)
    )
    usable = holds & pl.col("option").is_null()
    marked_up = pl.when(pl.col("terms") == "consigned").then(0.0).otherwise(pl.col("markup").cast(pl.Float64))
    price = pl.col("price").cast(pl.Float64) * (1 + marked_up) + pl.col("freight").cast(pl.Float64)
    offers = network["sources"].filter(usable)
    operations = network["operations"].filter(usable)
    return roll_up(
        bom_on(network, day),
        operations.select("site", "item", cost=pl.col("cost").cast(pl.Float64) * exchange, **{"yield": "yield"}),
        offers.select("item", price=price * exchange),
    )
