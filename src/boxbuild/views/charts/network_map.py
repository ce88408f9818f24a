"""The network on a map: places that the plan uses, and the main flows between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.network.currency import exchange_rates
from boxbuild.views.charts.chart import Chart, Choice
from boxbuild.views.charts.coast import coast
from boxbuild.views.charts.values import rounded
from boxbuild.views.text import percent, short
from boxbuild.views.world import busy_sites

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

FLOWS: Final = 60
"""Flows that are drawn, half of them of finished goods where there are so many; the sentence says what is left."""

_LANE: Final = ("origin", "destination", "mode")

PLACES: Final = 120
"""Places that are drawn: those that most units come to or leave."""

PRODUCTS: Final = 12
"""Products that can be chosen."""


def network_map(plan: Plan) -> Chart | None:
    """Return the map, of all flows and of each product; ``None`` where fewer than two busy places are on it.

    A flow is what a lane carries, or what an offer brings, over the horizon: units, and money at standard value.
    """
    flows = _flows(plan)
    places = _places(plan, flows)
    if len(places) < 2:
        return None
    known = {place["name"] for place in places}
    drawable = flows.filter(pl.col("origin").is_in(known) & pl.col("destination").is_in(known))
    drawable = drawable.filter(pl.col("origin") != pl.col("destination"))
    everything, says = _picture(drawable, flows)
    products = (
        drawable.filter("finished")
        .group_by("item")
        .agg(pl.col("money").sum())
        .sort("money", "item", descending=[True, False])["item"]
        .to_list()
    )
    choices = [Choice("everything", {"flows": everything}, says)]
    for item in products[:PRODUCTS]:
        own = drawable.filter(pl.col("item") == item)
        picture, sentence = _picture(own, flows.filter(pl.col("item") == item))
        choices.append(Choice(item, {"flows": picture}, sentence))
    data = {"coast": [[list(point) for point in ring] for ring in coast()], "places": places, "flows": everything}
    return Chart("map", "map", "The network", says, plan.summary.home_currency, data, "product", tuple(choices))


def _picture(drawable: pl.DataFrame, every: pl.DataFrame) -> tuple[list[dict[str, Any]], str]:
    sums = (
        drawable.group_by(_LANE)
        .agg(pl.col("units", "money").sum(), pl.col("finished").any().alias("goods"))
        .sort("money", *_LANE, descending=[True, False, False, False])
    )
    whole = float(every["money"].sum()) or 1.0
    # goods for markets are worth a place beside the parts, however few they are
    goods = sums.filter(pl.col("goods")).head(FLOWS // 2)
    parts = sums.filter(~pl.col("goods")).head(FLOWS - goods.height)
    shown = pl.concat([goods, parts]).sort("money", *_LANE, descending=[True, False, False, False])
    picture = [
        {
            "origin": row["origin"],
            "destination": row["destination"],
            "mode": row["mode"],
            "units": rounded(row["units"], 5),
            "money": rounded(row["money"], 5),
        }
        for row in shown.iter_rows(named=True)
    ]
    if not picture:
        return picture, "Nothing moves between places that are on the map."
    top = picture[0]
    says = (
        f"The largest flow is {top['origin']} → {top['destination']} by {top['mode']}: {short(top['units'])} units, "
        f"{percent(float(top['money'] or 0) / whole)} of the value that moves"
    )
    left = whole - float(shown["money"].sum())
    if sums.height > FLOWS or left > 1e-6 * whole:
        says += f"; {len(picture)} flows are drawn, others are {percent(max(left, 0.0) / whole)} of the value"
    return picture, f"{says}."


def _flows(plan: Plan) -> pl.DataFrame:
    """Purchases and shipments over the horizon, by ``origin``, ``destination``, ``mode`` and ``item``."""
    bought = plan["buys"].select(
        "item", "quantity", "bucket", origin="supplier", destination="destination", mode=pl.lit("supply")
    )
    shipped = plan["shipments"].select("item", "quantity", "bucket", "origin", "destination", "mode")
    columns = ["origin", "destination", "mode", "item", "quantity"]
    return (
        pl.concat([bought.select(columns), shipped.select(columns)])
        .group_by("origin", "destination", "mode", "item")
        .agg(units=pl.col("quantity").sum())
        .join(standard_values(plan), on="item", how="left")
        .with_columns(
            money=pl.col("units") * pl.col("standard").fill_null(0.0), finished=pl.col("item").is_in(_finished(plan))
        )
        .drop("standard")
    )


def standard_values(plan: Plan) -> pl.DataFrame:
    """Return ``item`` and ``standard``: its value in home currency, at the rate of the plan's first bucket."""
    home = plan.summary.home_currency
    rates = {currency: float(found[0]) for currency, found in exchange_rates(plan.network).items()}
    rate = pl.col("currency").fill_null(home).replace_strict({home: 1.0, **rates}, default=1.0)
    return plan.network["items"].select("item", standard=pl.col("value").cast(pl.Float64).fill_null(0.0) * rate)


def _places(plan: Plan, flows: pl.DataFrame) -> list[dict[str, Any]]:
    ends = pl.concat([flows.select("units", "money", site=pl.col(end)) for end in ("origin", "destination")])
    busy = ends.group_by("site").agg(pl.col("units", "money").sum())
    sites = (
        busy_sites(plan)
        .drop_nulls(["latitude", "longitude"])
        .join(busy, on="site", how="left")
        .with_columns(pl.col("units", "money").fill_null(0.0))
        .sort("money", "site", descending=[True, False])
        .head(PLACES)
    )
    return [
        {
            "name": row["site"],
            "title": row["name"] or row["site"],
            "kind": row["kind"],
            "longitude": round(row["longitude"], 2),
            "latitude": round(row["latitude"], 2),
            "country": row["country"],
            "value": rounded(row["units"], 5),
        }
        for row in sites.iter_rows(named=True)
    ]


def _finished(plan: Plan) -> list[str]:
    items = plan.network["items"]
    wanted = plan.network["demand"]["item"].unique().to_list()
    found: list[str] = items.filter((pl.col("kind") == "finished") | pl.col("item").is_in(wanted))["item"].to_list()
    return found
