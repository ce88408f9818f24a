"""Rates: what a unit pays in the same account and bucket of two plans."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import polars as pl

from boxbuild.plan.plan import Plan

LEAST: Final = 1e-5
"""Part of a rate by which it must differ."""

ROUNDED: Final = 0.01
"""Most that rounding takes from or adds to an amount that several lines make, home currency."""

BY_UNIT: Final = (
    "material",
    "markup",
    "freight",
    "insurance",
    "duty",
    "surcharge",
    "antidumping",
    "igst",
    "conversion",
)
"""Accounts that a unit pays for being bought, shipped or built."""


def rates(first: Plan, other: Plan, keys: Collection[str]) -> pl.DataFrame:
    """Return the rates that differ: ``key`` of the ledger, ``account``, ``before`` and ``after``, home currency a unit.

    Of the ``keys`` that are asked for. Compared are lines of the same key, account and bucket; a rate is the mean over
    the buckets in which both plans pay.
    """
    lines = _lines(first, keys).join(_lines(other, keys), on=["account", "key", "bucket"], suffix="_after")
    before, after = pl.col("amount") / pl.col("quantity"), pl.col("amount_after") / pl.col("quantity_after")
    size = pl.max_horizontal(before.abs(), after.abs())
    # the amount of a line is rounded: of a few units, the rate is not known better than that
    rounded = ROUNDED / pl.col("quantity") + ROUNDED / pl.col("quantity_after")
    apart = (after - before).abs() > LEAST * size + rounded
    weight = pl.col("quantity")
    return (
        lines.with_columns(before=before, after=after, apart=apart)
        .filter(pl.col("apart").any().over("key", "account"))
        .with_columns(after=pl.when("apart").then("after").otherwise("before"))
        .group_by("key", "account")
        # the same weights for both: only the rate can make a difference
        .agg((pl.col("before", "after") * weight).sum() / weight.sum())
        .filter((pl.col("after") - pl.col("before")).abs() > LEAST * pl.col("before").abs())
        .sort("key", "account")
    )


def _lines(plan: Plan, keys: Collection[str]) -> pl.DataFrame:
    summed = (
        plan["ledger"]
        .filter(pl.col("key").is_in(sorted(keys)) & pl.col("account").is_in(BY_UNIT) & (pl.col("quantity") > 0))
        .group_by("account", "key", "bucket")
        .agg(pl.col("quantity").sum(), pl.col("amount").sum().cast(pl.Float64))
    )
    return summed.filter(pl.col("quantity") > 0)
