"""Promised: what minima of contracts, targets and locks count, so that it is of use even where nobody demands it."""

from __future__ import annotations

import polars as pl

from boxbuild.network.locked import covered
from boxbuild.network.network import Network
from boxbuild.network.scope import parse_scope

_COUNTED = {"units_built": "build", "units_bought": "buy", "local_purchase_share": "buy"}
"""The targets that count builds or buys, and which."""


def promised(network: Network, bought: pl.DataFrame) -> pl.DataFrame:
    """Return where builds and buys are of use because a contract's minimum or a target counts them.

    Parameters
    ----------
    network
        The network. Dates are not looked at.
    bought
        ``offer``, ``item`` and ``site``: where each offer delivers.

    Returns
    -------
    DataFrame
        ``item`` and ``site``: where it is built or delivered.
    """
    volumes = _volumes(network, bought)
    found = [_contracts(network, volumes)]
    for row in network["targets"].filter(pl.col("metric").is_in(list(_COUNTED))).iter_rows(named=True):
        counted = volumes.filter(pl.col("flow") == _COUNTED[row["metric"]])
        if row["metric"] == "local_purchase_share":
            counted = counted.filter(pl.col("origin") == network.settings.home_country)
        for name, value in parse_scope(row["scope"]).items():
            counted = counted.filter((pl.col(name) == value).fill_null(value=False))
        found.append(counted)
    return pl.concat([frame.select("item", site="place") for frame in found]).unique()


def locked_places(network: Network, bought: pl.DataFrame, carried: pl.DataFrame) -> pl.DataFrame:
    """Return where items are of use because a lock asks for a quantity of them.

    Parameters
    ----------
    network
        The network. Dates are not looked at.
    bought
        ``offer``, ``item`` and ``site``: where each offer delivers.
    carried
        ``item``, ``origin`` and ``destination``: what lanes can carry.

    Returns
    -------
    DataFrame
        ``item`` and ``site``: where it is built, delivered, or arrives.
    """
    asked = network["locks"].filter((pl.col("fixed") > 0) | (pl.col("min") > 0))
    found = [pl.DataFrame(schema={"item": pl.String, "site": pl.String})]
    if asked.is_empty():
        return found[0]
    now = pl.lit(0, dtype=pl.Int64)
    asked = asked.with_columns(row=pl.int_range(pl.len()), first=now, last=now)
    suppliers = network["sources"].select("offer", "supplier").unique()
    modes = network["lanes"].select("origin", "destination", "mode", lane_item="item").unique()
    lanes = ["origin", "destination", "lane_item"]
    flows = {
        "build": network["operations"].select("item", "site", place="site").unique(),
        "buy": bought.join(suppliers, on="offer").select("item", "supplier", "offer", destination="site", place="site"),
        "ship": carried.join(modes, on=lanes, nulls_equal=True).with_columns(place="destination").drop("lane_item"),
    }
    found += [
        covered(asked, kind, each.with_columns(bucket=now)).select("item", site="place") for kind, each in flows.items()
    ]
    return pl.concat(found).unique()


def _volumes(network: Network, bought: pl.DataFrame) -> pl.DataFrame:
    """Return every kind of build and buy: ``place`` is where it arrives, ``site`` who builds or sells it."""
    offers = network["sources"].select("offer", "supplier", "origin").unique()
    builds = network["operations"].select("item", "site", flow=pl.lit("build"), place="site", origin=pl.lit(None))
    buys = bought.join(offers, on="offer").select(
        "item", site="supplier", flow=pl.lit("buy"), place="site", origin="origin"
    )
    return (
        pl.concat([builds.cast({"origin": pl.String}), buys])
        .join(network["items"].select("item", "family"), on="item")
        .join(network["sites"].select("site", "partner", "country"), on="site")
        .with_columns(pl.coalesce("origin", "country").alias("origin"), market=pl.lit(None, dtype=pl.String))
    )


def _contracts(network: Network, volumes: pl.DataFrame) -> pl.DataFrame:
    least = network["contracts"].filter((pl.col("min") > 0) | (pl.col("min_share") > 0))
    terms = least.select("partner", only_item="item", only_family="family")
    return volumes.join(terms, on="partner").filter(
        (pl.col("only_item").is_null() | (pl.col("only_item") == pl.col("item")))
        & (pl.col("only_family").is_null() | (pl.col("only_family") == pl.col("family")).fill_null(value=False))
    )
