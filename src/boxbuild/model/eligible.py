"""Eligible: the builds whose sales count towards a claim for an incentive, and the options that count as investment."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import polars as pl

from boxbuild.law.applications import claims
from boxbuild.law.incentives import Claim, limits, per_counted, thresholds
from boxbuild.model.flows import Flows
from boxbuild.network.currency import exchange_rates


@dataclass(frozen=True)
class Claimed:
    """A claim that can pay.

    Parameters
    ----------
    claim
        The claim.
    unit
        Power of ten near the dearest invoice price: home currency in one unit of its column and rows.
    limit
        Units that no sensible plan has counted.
    """

    claim: Claim
    unit: float
    limit: float


def claimed(flows: Flows) -> list[Claimed]:
    """Return the claims that can pay the brand: it has a share, and something eligible can be built."""
    found = []
    for claim in claims(flows.law):
        if per_counted(claim) <= 0:
            continue
        sold = eligible(flows, claim, flows.kinds["build"])
        dearest = sold.group_by("item").agg(pl.col("price").max())
        top = dearest["price"].max()
        if not isinstance(top, float) or top <= 0:
            continue
        units = dearest.join(flows.most, on="item").select((pl.col("price") * pl.col("most")).sum()).item()
        largest = max(float(units), float(_needed(claim)))
        unit = 10.0 ** round(log10(top))
        limit = min(float(line.constant) + float(line.slope) * largest for line in limits(claim).values())
        if limit > 0:
            found.append(Claimed(claim, unit, limit / unit))
    return found


def eligible(flows: Flows, claim: Claim, build: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of ``build`` that count, with ``price`` (invoice, home currency) and ``value`` a unit started."""
    network = flows.network
    rates, home = exchange_rates(network), network.settings.home_currency
    sites = network["sites"].filter(pl.col("partner") == claim.partner).select("site")
    codes = dict(network["items"].select("item", "hs").iter_rows())
    sold = build.filter(pl.col("invoice_price").is_not_null() & pl.col("bucket").is_in(list(claim.buckets))).join(
        sites, on="site", how="semi", maintain_order="left"
    )
    rows = sold.select("item", "bucket", "currency", "invoice_price").iter_rows()
    prices = [
        float(price) if claim.counts(codes[item], price, bucket) else None
        for item, bucket, price in (
            (item, bucket, amount * rates[currency or home][bucket]) for item, bucket, currency, amount in rows
        )
    ]
    counted = sold.with_columns(price=pl.Series(prices, dtype=pl.Float64)).filter(pl.col("price").is_not_null())
    return counted.with_columns(value=pl.col("price") * pl.col("yield"))


def invested(flows: Flows, claim: Claim, take: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of ``take`` that are investment of the applicant by the end of the year, with ``value``."""
    network = flows.network
    rates, home = exchange_rates(network), network.settings.home_currency
    terms = {
        option: (amount, currency or home)
        for option, amount, currency, partner in network["options"]
        .select("option", "capex", "currency", "partner")
        .iter_rows()
        if amount and claim.invests(partner)
    }
    days = flows.law.day_of
    inside = [bucket for bucket, day in enumerate(days) if day <= claim.window.last]
    spent = take.filter(pl.col("option").is_in(list(terms)) & pl.col("bucket").is_in(inside))
    values = [
        float(terms[option][0] * rates[terms[option][1]][bucket])
        for option, bucket in spent.select("option", "bucket").iter_rows()
    ]
    return spent.with_columns(value=pl.Series(values, dtype=pl.Float64))


def _needed(claim: Claim) -> float:
    """Sales of the plan at which the year is reached, where that asks for more than is wanted."""
    line = thresholds(claim)["min_sales"]
    return float(claim.terms["min_sales"] - line.constant)
