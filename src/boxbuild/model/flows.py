"""Flows: what can move, where and when. Every physical column of the model, without its cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from boxbuild.bom.rows import recipe_rows
from boxbuild.law.law import Law
from boxbuild.model import reach
from boxbuild.model.most import most
from boxbuild.model.runs import BUILD, by_build, run_builds, runs
from boxbuild.model.spread import last_departure, spread_frame
from boxbuild.network.calendar import Calendar
from boxbuild.network.network import Network
from boxbuild.network.windows import bucket_of, buckets_frame, in_buckets, spans

__all__ = ["BUILD", "Flows", "due_buckets", "flows"]


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
    recipes
        What one unit started takes, once for every run of buckets (see :func:`boxbuild.model.runs.runs`).
    kinds
        A frame for each of ``build``, ``use``, ``buy``, ``ship``, ``keep``, ``deliver`` and ``short``. What moves or
        is kept has ``node``: the node at which it arrives, is kept or is taken; a shipment also ``origin_node``. A
        build, purchase or shipment has ``arc``: one number for rows in which nothing but the bucket differs.
    """

    network: Network
    law: Law
    nodes: pl.DataFrame
    spread: pl.DataFrame
    recipes: pl.DataFrame
    kinds: Mapping[str, pl.DataFrame]

    @property
    def calendar(self) -> Calendar:
        """The horizon, cut into buckets."""
        return self.network.calendar

    @cached_property
    def needs(self) -> pl.DataFrame:
        """What every build column takes.

        ``site``, ``item`` (parent), ``option``, ``bucket``, ``component``, ``group``, ``per_unit``: component units for
        one unit started, scrap included.
        """
        return by_build(self.recipes).drop("node")

    @cached_property
    def most(self) -> pl.DataFrame:
        """``item`` and ``most``: units that no sensible plan exceeds (see :mod:`boxbuild.model.most`)."""
        return most(self)


def flows(network: Network, law: Law | None = None) -> Flows:
    """Return every flow that the tables allow, under a law (the network's own where none is given)."""
    nodes = reach.nodes(network)
    useful = nodes.filter("of_use").drop("of_use")
    leads = pl.concat([network[name]["lead_days"] for name in ("operations", "sources", "lanes")])
    build, recipes = _build(network, useful)
    kinds = {
        "build": build,
        "use": by_build(recipes.filter(pl.col("group").is_not_null())).rename({"item": "parent"}),
        "buy": _buy(network, useful),
        "ship": _ship(network, useful),
        "keep": _keep(nodes.drop("of_use"), network.calendar),
        **_service(network, useful),
    }
    return Flows(network, law or Law.of(network), nodes, spread_frame(network.calendar, leads), recipes, kinds)


def _departing(rows: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Add ``first`` and ``last``: the buckets in which a row holds and its flow can arrive inside the horizon."""
    first, last = spans(rows, calendar)
    last = np.minimum(last, last_departure(calendar, rows["lead_days"]))
    return rows.with_columns(first=first, last=last).filter(pl.col("first") <= pl.col("last"))


def _each_bucket(arcs: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Return each row once per bucket from ``first`` to ``last``, in place of these two."""
    first, last = arcs["first"].to_numpy(), arcs["last"].to_numpy()
    return in_buckets(arcs.drop("first", "last").with_row_index("arc"), first, last, calendar)


def _build(network: Network, nodes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    operations = network["operations"].join(nodes, on=["item", "site"], maintain_order="left")
    operations = _departing(operations, network.calendar).sort(*BUILD[:3], "first", maintain_order=True)
    found, lines = runs(network, operations, nodes)
    return _each_bucket(run_builds(operations, found), network.calendar), lines


def _buy(network: Network, nodes: pl.DataFrame) -> pl.DataFrame:
    destinations = reach.offer_destinations(network, recipe_rows(network))
    places = destinations.join(nodes, on=["item", "site"]).select("offer", "item", "node", destination="site")
    offers = _departing(network["sources"].drop("destination"), network.calendar)
    arcs = offers.join(places, on=["offer", "item"], maintain_order="left_right")
    return _each_bucket(arcs.sort("offer", "destination", "first", maintain_order=True), network.calendar)


def _ship(network: Network, nodes: pl.DataFrame) -> pl.DataFrame:
    lanes = network["lanes"].rename({"item": "lane_item"}).filter(pl.col("origin") != pl.col("destination"))
    pairs = (
        reach.lane_items(network, nodes)
        .join(nodes.select("item", destination="site", node="node"), on=["item", "destination"])
        .join(nodes.select("item", origin="site", origin_node="node"), on=["item", "origin"])
    )
    keys = ["origin", "destination", "lane_item"]
    arcs = _departing(lanes, network.calendar).join(pairs, on=keys, nulls_equal=True, maintain_order="left_right")
    return _each_bucket(arcs.sort(*keys, "mode", "item", "first", maintain_order=True), network.calendar)


def _keep(nodes: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    zero = np.zeros(nodes.height, dtype=np.int64)
    return in_buckets(nodes, zero, zero + calendar.count - 1, calendar)


def _service(network: Network, nodes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Deliveries from the due bucket on, as long as they are not too late, and what is never delivered."""
    calendar = network.calendar
    inside = due_buckets(network)
    rate = float(network.settings.late_rate)
    price = pl.col("price").cast(pl.Float64)
    late_cost = pl.coalesce(pl.col("late_per_day").cast(pl.Float64), price * rate, 0.0)
    served = inside.join(
        nodes.select("item", "node", market="site"), on=["item", "market"], maintain_order="left"
    ).with_columns(late_cost=late_cost)
    due = served["due_bucket"].to_numpy()
    latest = calendar.starts[due] + served["max_late_days"].fill_null(-1).to_numpy()
    deliver = in_buckets(served, due, np.searchsorted(calendar.starts, latest, side="right") - 1, calendar)
    late_days = (pl.col("start") - pl.col("due_start")).dt.total_days()
    return {
        "deliver": deliver.with_columns(late_days=late_days, upper=pl.col("quantity")),
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
