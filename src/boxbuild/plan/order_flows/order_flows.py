"""Order flows: dated orders added up to the bucket tables of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.errors import DataError
from boxbuild.network.windows import bucket_of, buckets_frame
from boxbuild.plan.exempt import ROW
from boxbuild.plan.lateness import with_late_days
from boxbuild.plan.order_flows.commitments import contract_quantities, ladder_steps, target_figures
from boxbuild.plan.order_flows.exempt import exempt_orders
from boxbuild.plan.order_flows.preferences import preference_orders
from boxbuild.plan.order_flows.stock import components_taken, stock_at_ends
from boxbuild.plan.order_flows.weeks import weekly_capacity
from boxbuild.plan.schemas import conform

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar
    from boxbuild.network.network import Network

DECIMALS: Final = 6
"""Quantities are rounded to a millionth of a unit, like those of a plan."""

_BUILD: Final = ("site", "item", "option")
_BUY: Final = ("offer", "item", "supplier", "destination")
_SHIP: Final = ("origin", "destination", "mode", "lane_item", "item")

Ways = tuple[pl.DataFrame, pl.Series]
"""Names that tell flows apart, one row each, and the row of each flow."""


@dataclass(frozen=True)
class OrderFlows:
    """Orders by bucket.

    Parameters
    ----------
    tables
        The tables of a plan, as far as orders make them: no ``ledger`` and no orders.
    arrivals
        ``buys`` and ``shipments`` with one more column, ``arrival``: the bucket in which each quantity
        arrives.
    """

    tables: Mapping[str, pl.DataFrame]
    arrivals: Mapping[str, pl.DataFrame]


def order_flows(
    network: Network,
    orders: pl.DataFrame,
    order_alternates: pl.DataFrame,
    options: pl.DataFrame,
    shares: pl.DataFrame | None = None,
    preferences: pl.DataFrame | None = None,
) -> OrderFlows:
    """Return what dated orders amount to by bucket.

    Parameters
    ----------
    network
        The network.
    orders, order_alternates
        Dated orders, and what build orders take from groups of alternates (schemas of the same names).
    options
        Options that the plan takes (schema ``options``).
    shares
        Which part of each flow is under an export scheme
        (:func:`boxbuild.plan.order_flows.exempt.exempt_shares`); none where it is left out.
    preferences
        Which part of each shipment is claimed under an agreement
        (:func:`boxbuild.plan.order_flows.preferences.preference_shares`); none where it is left out.

    Returns
    -------
    OrderFlows
        An order counts in the bucket of its first day. Stock is that at the end of the bucket's last day.
        Overtime is what a week needs beyond its regular hours, in the bucket in which the week starts.
        Contracts, ladders and targets are counted anew; what is short of them is what the orders leave short.
    """
    dated = _dated(orders, network.calendar)
    builds = _builds(network, dated)
    buys = _buys(network, dated)
    shipments = _shipments(dated)
    deliveries = _deliveries(network, dated)
    taken = components_taken(network, _of(dated, "build"), order_alternates)
    offered, carried = _ways(buys, _BUY), _ways(shipments, _SHIP)
    tables = {
        "builds": _by_bucket(builds, _BUILD, "quantity", "good"),
        "alternates": _alternates(dated, order_alternates),
        "buys": _by_bucket(buys, _BUY, "quantity", ways=offered),
        "shipments": _by_bucket(shipments, _SHIP, "quantity", ways=carried),
        "stock": stock_at_ends(network, [*_moves(builds, buys, shipments, deliveries), taken]),
        "deliveries": _by_bucket(deliveries, ("demand", "item", "market", "late_days"), "quantity"),
        "shortages": _shortages(network, deliveries),
        "capacity": weekly_capacity(network, _of(dated, "build"), options),
        "options": options,
    }
    tables["contracts"] = contract_quantities(network, tables)
    tables["tiers"] = ladder_steps(network, tables)
    tables["targets"] = target_figures(network, tables)
    starts = buckets_frame(network.calendar).select("bucket", "start")
    named = {
        name: conform(name, frame if "start" in frame or "bucket" not in frame else frame.join(starts, on="bucket"))
        for name, frame in tables.items()
    }
    arrivals = {
        "buys": _by_bucket(buys, (*_BUY, "arrival"), "quantity", ways=offered),
        "shipments": _by_bucket(shipments, (*_SHIP, "arrival"), "quantity", ways=carried),
    }
    if shares is not None:
        arrivals["exempt"] = exempt_orders(shares, arrivals["buys"], arrivals["shipments"])
        summed = arrivals["exempt"].group_by(ROW, maintain_order=True).agg(pl.col("quantity").sum())
        named["exempt"] = conform("exempt", summed.join(starts, on="bucket", maintain_order="left"))
    if preferences is not None:
        arrivals["preferences"] = preference_orders(preferences, arrivals["shipments"])
        key = [name for name in arrivals["preferences"].columns if name not in ("arrival", "quantity")]
        summed = arrivals["preferences"].group_by(key, maintain_order=True).agg(pl.col("quantity").sum())
        named["preferences"] = conform("preferences", summed.join(starts, on="bucket", maintain_order="left"))
    return OrderFlows(MappingProxyType(named), MappingProxyType(arrivals))


def _dated(orders: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Give each order the bucket in which it leaves and its first day, and that in which it arrives."""
    return (
        orders.rename({"start": "day"})
        .with_columns(bucket=bucket_of(calendar, orders["start"]), arrival=bucket_of(calendar, orders["end"]))
        .join(buckets_frame(calendar).select("bucket", "start"), on="bucket", maintain_order="left")
    )


def _of(dated: pl.DataFrame, kind: str) -> pl.DataFrame:
    return dated.filter(pl.col("kind") == kind)


def _builds(network: Network, dated: pl.DataFrame) -> pl.DataFrame:
    """An order yields what its operation yields on its first day."""
    yields = network["operations"].select(*_BUILD, "from", "until", "yield")
    builds = _of(dated, "build").rename({"reference": "option"})
    held = builds.join(yields, on=_BUILD, nulls_equal=True, maintain_order="left").filter(
        (pl.col("from").is_null() | (pl.col("from") <= pl.col("day")))
        & (pl.col("until").is_null() | (pl.col("until") >= pl.col("day")))
    )
    strange = builds.join(held, on="order", how="anti")
    if strange.height:
        order, item, site, day = strange.select("order", "item", "site", "day").row(0)
        raise DataError(f"order {order}: no operation builds {item} at {site} on {day}")
    return held.with_columns(good=pl.col("quantity") * pl.col("yield"))


def _buys(network: Network, dated: pl.DataFrame) -> pl.DataFrame:
    suppliers = network["sources"].select("supplier", reference="offer").unique("reference")
    return (
        _of(dated, "buy")
        .join(suppliers, on="reference", how="left", maintain_order="left")
        .rename({"reference": "offer"})
    )


def _shipments(dated: pl.DataFrame) -> pl.DataFrame:
    return _of(dated, "ship").rename({"site": "origin", "reference": "mode"})


def _deliveries(network: Network, dated: pl.DataFrame) -> pl.DataFrame:
    return with_late_days(network, _of(dated, "deliver").rename({"reference": "demand", "site": "market"}))


def _by_bucket(flows: pl.DataFrame, key: tuple[str, ...], *sums: str, ways: Ways | None = None) -> pl.DataFrame:
    """Add flows up by key and bucket, sorted by both. Names are sorted once each, not once for every flow."""
    named, way = ways or _ways(flows, key)
    numbers = [name for name in key if name not in named.columns] + ["bucket"]
    numbered = flows.select(way, *numbers, *sums)
    summed = numbered.group_by("way", *numbers).agg(pl.col(sums).sum().round(DECIMALS)).sort("way", *numbers)
    return pl.concat([named[summed["way"]], summed.drop("way")], how="horizontal").select(*key, "bucket", *sums)


def _ways(flows: pl.DataFrame, key: tuple[str, ...]) -> Ways:
    """Return the different names of a key, sorted, and which of them each flow has."""
    names = [name for name in key if flows.schema[name] == pl.String]
    named = flows.select(names).unique().sort(names, nulls_last=False)
    found = flows.select(names).join(named.with_row_index("way"), on=names, nulls_equal=True, maintain_order="left")
    return named, found["way"]


def _alternates(dated: pl.DataFrame, order_alternates: pl.DataFrame) -> pl.DataFrame:
    builds = _of(dated, "build").select("order", "site", "bucket", parent="item", option="reference")
    taken = order_alternates.join(builds, on="order", maintain_order="left")
    return _by_bucket(taken, ("site", "parent", "option", "group", "component"), "quantity")


def _moves(
    builds: pl.DataFrame, buys: pl.DataFrame, shipments: pl.DataFrame, deliveries: pl.DataFrame
) -> list[pl.DataFrame]:
    """Return what comes and goes, components of builds apart: ``item``, ``site``, ``bucket``, ``change``."""
    return [
        builds.select("item", "site", bucket="arrival", change="good"),
        buys.select("item", site="destination", bucket="arrival", change="quantity"),
        shipments.select("item", site="origin", bucket="bucket", change=-pl.col("quantity")),
        shipments.select("item", site="destination", bucket="arrival", change="quantity"),
        deliveries.select("item", site="market", bucket="bucket", change=-pl.col("quantity")),
    ]


def _shortages(network: Network, deliveries: pl.DataFrame) -> pl.DataFrame:
    wanted = network["demand"].filter(pl.col("due") < network.calendar.end)
    met = deliveries.group_by("demand").agg(met=pl.col("quantity").sum())
    short = (pl.col("quantity") - pl.col("met").fill_null(0.0)).round(DECIMALS)
    return (
        wanted.join(met, on="demand", how="left", maintain_order="left")
        .with_columns(quantity=short)
        .filter(pl.col("quantity") > 0)
        .sort("demand")
    )
