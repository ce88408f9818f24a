"""Most: for every item, a quantity over the horizon that no sensible plan exceeds.

Costs are not negative, so some optimal plan makes and buys nothing beyond what demands, the minima of contracts,
targets and locks, and the steps of price ladders ask for, exploded through the bill of materials at the worst scrap and
yield. What leaves in a bucket may arrive spread over several: a plan may send more than is wanted, so that the part
that arrives first is enough. Therefore every movement stretches the quantity by the inverse of that part, at its worst.
Not sensible, and not covered, is to build only in order to change a share, or to export more than is wanted only to be
paid for the export. What may be built to be rid of stock is counted apart (:func:`burned`), since only a bound needs
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.network.locked import limits
from boxbuild.network.network import Network

if TYPE_CHECKING:
    from boxbuild.model.flows import Flows


MOST: Final = pl.Schema({"item": pl.String(), "most": pl.Float64()})


def most(flows: Flows) -> pl.DataFrame:
    """Return ``item`` and ``most`` (units started, bought or shipped over the horizon, at the most)."""
    return pl.concat([_exploded(flows, _seeds(flows)), _given(flows.network)]).pipe(_summed)


def burned(flows: Flows) -> pl.DataFrame:
    """Return ``item`` and ``most``: what can be started, bought or shipped beyond :func:`most` to be rid of stock.

    Stock that is dear to keep may be worth building into something that is cheaper to keep, and worth buying the other
    components for. No more can be built so than what is given reaches for.
    """
    least = flows.recipes.group_by("item", "component").agg(pl.col("per_unit").min())
    layer = _given(flows.network).pipe(_summed)
    built = MOST.to_frame()
    while layer.height:
        upward = layer.rename({"item": "component"}).join(least, on="component")
        layer = upward.group_by("item").agg(most=(pl.col("most") / pl.col("per_unit")).sum())
        layer = layer.filter(pl.col("most") > 0)
        built = pl.concat([built, layer])
    return _exploded(flows, built)


def _exploded(flows: Flows, seeds: pl.DataFrame) -> pl.DataFrame:
    """What must be started, bought or shipped for some units to be there, at the worst."""
    stretch = _stretch(flows)
    edges = _worst_edges(flows).join(stretch, on="item", how="left")
    edges = edges.with_columns(pl.col("per_unit") * pl.col("stretch").fill_null(1.0))
    total = seeds
    layer = total
    while layer.height:
        layer = (
            layer.join(edges, on="item")
            .group_by(item="component")
            .agg(most=(pl.col("most") * pl.col("per_unit")).sum())
        )
        total = pl.concat([total, layer])
    worst = flows.network["operations"].group_by("item").agg(pl.col("yield").min())
    factor = pl.col("stretch").fill_null(1.0) / pl.col("yield").fill_null(1.0)
    summed = total.group_by("item").agg(pl.col("most").sum())
    made = summed.join(stretch, on="item", how="left").join(worst, on="item", how="left")
    return made.select("item", most=pl.col("most") * factor)


def ended(
    flows: Flows, ship: pl.DataFrame, cost: NDArray[np.float64], upper: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the upper limits of columns, with an end for shipments that are paid more than they cost.

    Drawback and the like may pay for an export more than its carriage costs. Where they pay for its parts too, nothing
    else would end it.

    Parameters
    ----------
    flows
        The flows.
    ship
        The columns ``ship``.
    cost, upper
        Cost and limit of every column. Shape ``(columns,)``.
    """
    earning = ship.filter(pl.Series(cost[ship["column"].to_numpy()] < 0, dtype=pl.Boolean))
    if earning.is_empty():
        return upper
    units = earning.join(flows.most, on="item", how="left", maintain_order="left")["most"].fill_null(0.0)
    limited = upper.copy()
    numbers = earning["column"].to_numpy()
    limited[numbers] = np.minimum(limited[numbers], units.to_numpy())
    return limited


def _summed(parts: pl.DataFrame) -> pl.DataFrame:
    return parts.group_by("item").agg(pl.col("most").sum()).sort("item")


def _given(network: Network) -> pl.DataFrame:
    """What is there anyway can be shipped."""
    return pl.concat([network[table].select("item", most="quantity") for table in ("stock", "receipts")])


def _stretch(flows: Flows) -> pl.DataFrame:
    """Return ``item`` and ``stretch``: what must leave at the most for one unit that is there in time, at the worst.

    One movement stretches by the inverse of the share that arrives in the first bucket; a build or a buy may be
    followed by a chain of lanes, of which no site is the origin of two.
    """
    first = flows.spread.sort("arrival").group_by("lead_days", "bucket").agg(stretch=1 / pl.col("fraction").first())
    moves = {kind: flows.kinds[kind].join(first, on=["lead_days", "bucket"]) for kind in ("build", "buy", "ship")}
    arrives = pl.concat([moves[kind].select("item", "stretch") for kind in ("build", "buy")])
    arrived = arrives.group_by("item").agg(arrived=pl.col("stretch").max())
    lanes = moves["ship"].group_by("item", "origin", "destination").agg(pl.col("stretch").max())
    return (
        arrived.join(_chains(lanes), on="item", how="full", coalesce=True)
        .select("item", stretch=pl.col("arrived").fill_null(1.0) * pl.col("chain").fill_null(1.0))
        .sort("item")
    )


def _chains(lanes: pl.DataFrame) -> pl.DataFrame:
    """Return ``item`` and ``chain``: the largest product along lanes, of no more lanes than there are origins."""
    origins = lanes.group_by("item").agg(pl.col("origin").n_unique())["origin"].to_list()
    ends = lanes.select("item", site="origin", chain=pl.lit(1.0)).unique()
    for _ in range(max(origins, default=0)):
        onward = lanes.join(ends.rename({"site": "destination"}), on=["item", "destination"], how="left")
        longer = onward.group_by("item", site="origin").agg(
            chain=(pl.col("stretch") * pl.col("chain").fill_null(1.0)).max()
        )
        if longer.sort("item", "site").equals(ends.sort("item", "site")):
            break
        ends = longer
    return ends.group_by("item").agg(pl.col("chain").max())


def _worst_edges(flows: Flows) -> pl.DataFrame:
    """Component units for one good unit of the parent, at the worst row of the bill of materials."""
    worst = flows.network["operations"].group_by("item").agg(pl.col("yield").min())
    rows = flows.recipes.group_by("item", "component").agg(pl.col("per_unit").max()).join(worst, on="item")
    return rows.select("item", "component", per_unit=pl.col("per_unit") / pl.col("yield"))


def _seeds(flows: Flows) -> pl.DataFrame:
    network = flows.network
    parts = [
        network["demand"].select("item", most="quantity"),
        _asked(network, network["contracts"].select("item", "family", most=pl.col("min").fill_null(0.0))),
        _ladders(network),
        _locked(network),
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


def _locked(network: Network) -> pl.DataFrame:
    """What locks ask for at least, beside all the rest: of every item, where a lock names none."""
    asked = limits(network).filter(pl.col("lower") > 0).select("item", most="lower")
    any_item = asked.filter(pl.col("item").is_null()).select("most")
    every = network["items"].select("item").join(any_item, how="cross")
    return pl.concat([asked.drop_nulls("item"), every])


def _counts(network: Network) -> float:
    counts = network["targets"].filter(pl.col("metric").str.starts_with("units_"))
    return float(counts["at_least"].sum())
