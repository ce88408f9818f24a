"""Preferences: which shipments may enter a market at the rate of a trade agreement, and what that saves.

A shipment may claim an agreement where a parameter of the market's country names it for a levy on goods, its rule of
origin is in force, and the item is built in the country that the shipment leaves. What is claimed under one agreement
for one item between two countries in one financial year is one claim: its units originate together, or none of them do.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from boxbuild.law.law import Law
from boxbuild.law.origin import rule
from boxbuild.law.parameter import GOODS_LEVIES
from boxbuild.law.years import financial_year
from boxbuild.model.columns import number
from boxbuild.model.flows import Flows
from boxbuild.model.objective.customs import charged_on_lanes
from boxbuild.model.objective.money import Money, items_frame

LANE: Final = ("origin", "destination", "mode", "lane_item", "item", "bucket")

PREFIX: Final = "preference"
"""First part of the name of a claim: ``preference|agreement|item|from|to``."""

_TERMS: Final = pl.Schema(
    {
        "agreement": pl.String(),
        "country": pl.String(),  # that the goods enter
        "left_country": pl.String(),
        "bucket": pl.Int64(),
        "method": pl.String(),  # definition of value content; null: none is asked
        "share": pl.Float64(),
        "digits": pl.Int64(),
        "de_minimis": pl.Float64(),
        "cumulation": pl.Boolean(),
    }
)
"""What an agreement asks in a bucket."""

CLAIM: Final = pl.Schema(
    {
        **dict.fromkeys(("agreement", *LANE[:-1]), pl.String()),
        "bucket": pl.Int64(),
        "flow": pl.Int64(),  # number of the column of kind ship that it is a part of
        "claim": pl.String(),
        "first": pl.Int64(),
        "period": pl.Int64(),
        **{name: dtype for name, dtype in _TERMS.items() if name not in ("agreement", "bucket")},
        "fob": pl.Float64(),  # standard value, home currency, where it leaves
        "saving": pl.Float64(),  # discounted home currency per unit
        "upper": pl.Float64(),
    }
)
"""One row a column ``claim``: its key, the cell that it is in, the rule, and what a unit is worth."""


def claim_columns(flows: Flows) -> pl.DataFrame:
    """Return the columns ``claim``: :data:`CLAIM`; none where nothing is saved by an agreement."""
    nothing = CLAIM.to_frame()
    offered = agreements(flows.law, flows.network.settings.home_country)
    if offered.is_empty():
        return nothing
    found = _saving(flows, _candidates(flows, offered))
    if found.is_empty():
        return nothing
    cells = ["claim", "year", *list(_TERMS)[4:]]
    years = pl.DataFrame(
        {"bucket": range(flows.calendar.count), "year": [financial_year(day) for day in flows.calendar.first_days]},
        schema={"bucket": pl.Int64, "year": pl.String},
    )
    named = pl.concat_str(
        [pl.lit(PREFIX), "agreement", "item", "left_country", "country"], separator="|", ignore_nulls=True
    )
    spans = found.join(years, on="bucket", maintain_order="left").with_columns(claim=named)
    spans = spans.with_columns(first=pl.col("bucket").min().over(cells), period=pl.col("bucket").max().over(cells))
    limit = (pl.col("per_week") * pl.col("days") / 7).fill_null(float("inf"))
    return (
        _valued(flows, spans)
        .with_columns(upper=limit)
        .select(pl.col(name).cast(dtype) for name, dtype in CLAIM.items())
        .sort("agreement", *LANE)
    )


def agreements(law: Law, home: str) -> pl.DataFrame:
    """Return ``country`` and ``agreement`` of every preference that a country other than the home country grants."""
    pairs = {
        (parameter.country, parameter.goods.agreement)
        for parameter in (law.book.parameters.values() if law.by_book else ())
        if parameter.levy in GOODS_LEVIES and parameter.goods is not None and parameter.goods.agreement is not None
        if parameter.country != home
    }
    return pl.DataFrame(sorted(pairs), schema={"country": pl.String, "agreement": pl.String}, orient="row")


def _candidates(flows: Flows, offered: pl.DataFrame) -> pl.DataFrame:
    """Shipments of what their country builds to where an agreement is offered, with the rule of their bucket."""
    sites = flows.network["sites"]
    left = sites.select(origin="site", left_country="country")
    built = flows.kinds["build"].select("item", origin="site").unique().join(left, on="origin")
    ship = (
        number(flows.kinds)["ship"]
        .rename({"column": "flow"})
        .join(left, on="origin", maintain_order="left")
        .join(sites.select("country", destination="site"), on="destination", maintain_order="left")
        .filter(pl.col("left_country") != pl.col("country"))
        .join(built.select("item", "left_country").unique(), on=["item", "left_country"], how="semi")
        .join(offered, on="country", maintain_order="left_right")
    )
    key = ["agreement", "country", "left_country", "bucket"]
    rows = [_terms(flows.law, *row) for row in ship.select(key).unique(maintain_order=True).iter_rows()]
    terms = pl.DataFrame([row for row in rows if row is not None], schema=_TERMS, orient="row")
    return ship.join(terms, on=key, maintain_order="left")


def _terms(law: Law, agreement: str, country: str, left: str, bucket: int) -> tuple[Any, ...] | None:
    asked = rule(law, country, agreement, law.day_of[bucket], left)
    if asked is None:
        return None
    method, share = next(iter(asked.shares.items()), (None, None))
    least = None if share is None else float(share)
    terms = (method, least, asked.digits, float(asked.de_minimis), asked.cumulation)
    return agreement, country, left, bucket, *terms


def _saving(flows: Flows, candidates: pl.DataFrame) -> pl.DataFrame:
    """Keep the claims that save something: what is charged on arrival less what is charged at the agreement's rate."""
    ship = candidates.drop("country", "left_country", "agreement").with_columns(
        column=pl.int_range(pl.len(), dtype=pl.Int64)
    )
    claiming = ship.with_columns(agreement=candidates["agreement"], rvc=pl.lit(1.0), tariff_shift=pl.lit(True))
    total = {
        name: charged_on_lanes(flows, rows).group_by("column").agg(pl.col("value").sum().alias(name))
        for name, rows in (("general", ship), ("preferential", claiming))
    }
    saved = candidates.with_columns(ship["column"])
    for rows in total.values():
        saved = saved.join(rows, on="column", how="left", maintain_order="left")
    saving = pl.col("general").fill_null(0.0) - pl.col("preferential").fill_null(0.0)
    return saved.with_columns(saving=saving.round(12)).filter(pl.col("saving") > 0).drop("column")


def _valued(flows: Flows, found: pl.DataFrame) -> pl.DataFrame:
    values = items_frame(flows.network).select("item", "value", "value_currency")
    money = Money.of(flows.network)
    rated = money.home_units(
        found.join(values, on="item", maintain_order="left"), "value_currency", "bucket", "exchange"
    )
    return rated.with_columns(fob=pl.col("value") * pl.col("exchange"))
