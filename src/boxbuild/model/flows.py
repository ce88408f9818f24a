"""Flows: what can move, where and when. Every physical column of the model, without its cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from boxbuild.law.law import Law
from boxbuild.model import reach
from boxbuild.model.spread import spread_frame
from boxbuild.network.calendar import Calendar
from boxbuild.network.network import Network
from boxbuild.network.windows import bucket_of, buckets_frame, effective


@dataclass(frozen=True)
class Flows:
    """The physical flows of a network over its calendar.

    Parameters
    ----------
    network
        The network.
    law
        What it obeys.
    nodes
        ``item``, ``site``, ``node``, ``of_use``: where stock is kept (see :mod:`boxbuild.model.reach`).
    spread
        Arrival fractions by lead time (see :mod:`boxbuild.model.spread`).
    needs
        ``site``, ``item`` (parent), ``option``, ``bucket``, ``component``, ``group``, ``per_unit``: what one unit
        started takes, scrap
        included.
    kinds
        A frame for each of ``build``, ``use``, ``buy``, ``ship``, ``keep``, ``deliver`` and ``short``.
    """

    network: Network
    law: Law
    nodes: pl.DataFrame
    spread: pl.DataFrame
    needs: pl.DataFrame
    kinds: Mapping[str, pl.DataFrame]

    @property
    def calendar(self) -> Calendar:
        """The horizon, cut into buckets."""
        return self.network.calendar


BUILD = ["site", "item", "option", "bucket"]


def flows(network: Network, law: Law | None = None) -> Flows:
    """Return every flow that the tables allow, under a law (the network's own where none is given)."""
    nodes = reach.nodes(network)
    recipes = reach.recipe_rows(network)
    leads = pl.concat([network[name]["lead_days"] for name in ("operations", "sources", "lanes")])
    spread = spread_frame(network.calendar, leads)
    useful = nodes.filter("of_use")
    build, needs = _build(network, useful, spread)
    kinds = {
        "build": build,
        "use": _use(needs),
        "buy": _buy(network, useful, recipes, spread),
        "ship": _ship(network, useful, spread),
        "keep": nodes.drop("of_use").join(buckets_frame(network.calendar), how="cross", maintain_order="left_right"),
        **_service(network, useful),
    }
    return Flows(network, law or Law.of(network), nodes, spread, needs, kinds)


def _arriving(rows: pl.DataFrame, spread: pl.DataFrame) -> pl.DataFrame:
    """Keep the rows whose flow can arrive inside the horizon."""
    return rows.join(spread, on=["lead_days", "bucket"], how="semi", maintain_order="left")


def _build(network: Network, nodes: pl.DataFrame, spread: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    operations = effective(network["operations"], network.calendar)
    operations = operations.join(nodes, on=["item", "site"], how="semi", maintain_order="left")
    operations = _arriving(operations, spread).sort(BUILD)
    needs = _needs(network, operations)
    here = nodes.select(component="item", site="site", here=pl.lit(1))
    needs = needs.join(here, on=["component", "site"], how="left", maintain_order="left")
    missing = (
        needs.with_columns(need=pl.coalesce(pl.format("group {}", "group"), "component"))
        .group_by(*BUILD, "need")
        .agg(pl.col("here").sum())
        .filter(pl.col("here") == 0)
    )
    build = operations.join(missing, on=BUILD, how="anti", nulls_equal=True, maintain_order="left")
    needs = needs.filter(pl.col("here") == 1).drop("here")
    needs = needs.join(missing, on=BUILD, how="anti", nulls_equal=True, maintain_order="left")
    return build, needs


def _needs(network: Network, operations: pl.DataFrame) -> pl.DataFrame:
    """Components of every build column: the rows of the bill of materials in force on its bucket's first day."""
    boms = network["boms"].select(
        "from",
        "until",
        "component",
        item="parent",
        own="site",
        group="alternate_group",
        per_unit=pl.col("quantity") * (1 + pl.col("scrap")),
    )
    rows = operations.select(*BUILD, "start").join(boms, on="item", maintain_order="left_right")
    rows = rows.filter(
        (pl.col("own").is_null() | (pl.col("own") == pl.col("site")))
        & (pl.col("from").is_null() | (pl.col("from") <= pl.col("start")))
        & (pl.col("until").is_null() | (pl.col("until") >= pl.col("start")))
    )
    replaced = rows.filter(pl.col("own").is_not_null()).select(*BUILD, "component")
    general = rows.filter(pl.col("own").is_null()).join(
        replaced, on=[*BUILD, "component"], how="anti", nulls_equal=True, maintain_order="left"
    )
    return (
        pl.concat([general, rows.filter(pl.col("own").is_not_null())])
        .filter(pl.col("per_unit") > 0)
        .select(*BUILD, "component", "group", "per_unit")
        .sort(*BUILD, "component")
    )


def _use(needs: pl.DataFrame) -> pl.DataFrame:
    return needs.filter(pl.col("group").is_not_null()).rename({"item": "parent"})


def _buy(network: Network, nodes: pl.DataFrame, recipes: pl.DataFrame, spread: pl.DataFrame) -> pl.DataFrame:
    places = reach.offer_destinations(network, recipes).join(nodes, on=["item", "site"], how="semi")
    offers = effective(network["sources"].drop("destination"), network.calendar)
    arcs = offers.join(
        places.select("offer", "item", destination="site"), on=["offer", "item"], maintain_order="left_right"
    )
    return _arriving(arcs, spread).sort("offer", "destination", "bucket")


def _ship(network: Network, nodes: pl.DataFrame, spread: pl.DataFrame) -> pl.DataFrame:
    lanes = effective(network["lanes"].rename({"item": "lane_item"}), network.calendar)
    lanes = _arriving(lanes.filter(pl.col("origin") != pl.col("destination")), spread)
    pairs = reach.lane_items(network, nodes).join(
        nodes.select("item", destination="site"), on=["item", "destination"], how="semi"
    )
    keys = ["origin", "destination", "lane_item"]
    arcs = lanes.join(pairs, on=keys, nulls_equal=True, maintain_order="left_right")
    return arcs.sort(*keys, "mode", "item", "bucket")


def _service(network: Network, nodes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Deliveries from the due bucket on, as long as they are not too late, and what is never delivered."""
    calendar = network.calendar
    inside = due_buckets(network)
    later = inside.join(
        buckets_frame(calendar).select("bucket", "start", "days"), how="cross", maintain_order="left_right"
    ).with_columns(late_days=(pl.col("start") - pl.col("due_start")).dt.total_days())
    deliver = later.filter(
        (pl.col("bucket") >= pl.col("due_bucket")) & (pl.col("late_days") <= pl.col("max_late_days"))
    ).join(nodes.select("item", market="site"), on=["item", "market"], how="semi", maintain_order="left")
    rate = float(network.settings.late_rate)
    price = pl.col("price").cast(pl.Float64)
    late_cost = pl.coalesce(pl.col("late_per_day").cast(pl.Float64), price * rate, 0.0)
    deliver = deliver.with_columns(late_cost=late_cost)
    return {
        "deliver": deliver.with_columns(upper=pl.col("quantity")),
        "short": inside.with_columns(upper=pl.col("quantity")),
    }


def due_buckets(network: Network) -> pl.DataFrame:
    """Return the demands of the horizon with ``due_bucket`` and ``due_start``, the first day of that bucket.

    A demand that was due before the start is due in the first bucket; one due after the horizon is left out.
    """
    calendar = network.calendar
    inside = network["demand"].filter(pl.col("due") < calendar.end).sort("demand")
    starts = buckets_frame(calendar).select(due_bucket="bucket", due_start="start")
    return inside.with_columns(due_bucket=bucket_of(calendar, inside["due"])).join(
        starts, on="due_bucket", maintain_order="left"
    )
