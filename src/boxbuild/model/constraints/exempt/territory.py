"""The home territory: the sites of the home country without its special economic zones."""

from __future__ import annotations

import polars as pl

from boxbuild.model.flows import Flows
from boxbuild.network.network import Network


def home_sites(network: Network) -> list[str]:
    """Return the sites from which goods are exported and at which they are sold at home.

    A special economic zone is outside: what comes from it is imported.
    """
    home = (pl.col("country") == network.settings.home_country) & (pl.col("regime") != "sez")
    return network["sites"].filter(home)["site"].to_list()


def abroad_sites(network: Network) -> list[str]:
    """Return the sites of other countries."""
    return network["sites"].filter(pl.col("country") != network.settings.home_country)["site"].to_list()


def made_at_home(network: Network) -> list[str]:
    """Return the items that an operation in the home territory makes."""
    here = network["operations"].filter(pl.col("site").is_in(home_sites(network)))
    return here["item"].unique().sort().to_list()


def reached(flows: Flows) -> pl.DataFrame:
    """Return ``site``, ``item`` and ``origin``: where in the home territory lanes can bring an item from each site."""
    home = home_sites(flows.network)
    ship = flows.kinds["ship"].filter(pl.col("origin").is_in(home) & pl.col("destination").is_in(home))
    hops = ship.select("item", origin="origin", onward="destination").unique()
    here = flows.nodes.filter(pl.col("site").is_in(home)).select("site", "item", origin="site")
    while True:
        farther = here.join(hops, on=["item", "origin"]).select("site", "item", origin="onward")
        grown = pl.concat([here, farther]).unique()
        if grown.height == here.height:
            return here
        here = grown
