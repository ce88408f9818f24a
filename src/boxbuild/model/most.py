"""Most: for every item, a quantity over the horizon that no sensible plan exceeds.

Costs are not negative, so some optimal plan makes and buys nothing beyond what demands, the minima of contracts and
targets,
and the steps of price ladders ask for, exploded through the bill of materials at the worst scrap and yield.
"""

from __future__ import annotations

import polars as pl

from boxbuild.model.flows import Flows
from boxbuild.network.network import Network


def most(flows: Flows) -> pl.DataFrame:
    """Return ``item`` and ``most`` (units started, bought or shipped over the horizon, at the most)."""
    edges = _worst_edges(flows)
    total = _seeds(flows)
    layer = total
    while layer.height:
        layer = (
            layer.join(edges, on="item")
            .group_by(item="component")
            .agg(most=(pl.col("most") * pl.col("per_unit")).sum())
        )
        total = pl.concat([total, layer])
    worst = flows.network["operations"].group_by("item").agg(pl.col("yield").min())
    summed = total.group_by("item").agg(pl.col("most").sum()).join(worst, on="item", how="left")
    return summed.select("item", most=pl.col("most") / pl.col("yield").fill_null(1.0)).sort("item")


def _worst_edges(flows: Flows) -> pl.DataFrame:
    """Component units for one good unit of the parent, at the worst row of the bill of materials."""
    worst = flows.network["operations"].group_by("item").agg(pl.col("yield").min())
    rows = flows.needs.group_by("item", "component").agg(pl.col("per_unit").max()).join(worst, on="item")
    return rows.select("item", "component", per_unit=pl.col("per_unit") / pl.col("yield"))


def _seeds(flows: Flows) -> pl.DataFrame:
    network = flows.network
    parts = [
        network["demand"].select("item", most="quantity"),
        _asked(network, network["contracts"].select("item", "family", most=pl.col("min").fill_null(0.0))),
        _ladders(network),
        network["items"].select("item", most=pl.lit(_counts(network))),
    ]
    return pl.concat(parts).group_by("item").agg(pl.col("most").sum()).filter(pl.col("most") > 0)


def _asked(network: Network, asked: pl.DataFrame) -> pl.DataFrame:
    """Spread what contracts ask for over every item that they cover."""
    items = network["items"].select("item", "family")
    by_item = asked.filter(pl.col("item").is_not_null()).select("item", "most")
    by_family = asked.filter(pl.col("item").is_null() & pl.col("family").is_not_null()).drop("item")
    anything = asked.filter(pl.col("item").is_null() & pl.col("family").is_null()).select("most")
    return pl.concat(
        [
            by_item,
            by_family.join(items, on="family").select("item", "most"),
            items.select("item").join(anything, how="cross").select("item", "most"),
        ]
    )


def _ladders(network: Network) -> pl.DataFrame:
    tiers = network["tiers"]
    offers = tiers.join(network["sources"].select("offer", "item").unique(), on="offer")
    contracts = tiers.join(network["contracts"].select("contract", "item", "family"), on="contract")
    return pl.concat(
        [
            offers.select("item", most="from_quantity"),
            _asked(network, contracts.select("item", "family", most="from_quantity")),
        ]
    )


def _counts(network: Network) -> float:
    counts = network["targets"].filter(pl.col("metric").str.starts_with("units_"))
    return float(counts["at_least"].sum())
