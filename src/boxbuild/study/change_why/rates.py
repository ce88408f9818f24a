"""Rates: what a unit pays in the same account and bucket of two plans."""

from __future__ import annotations

from typing import Final

import polars as pl

from boxbuild.plan.plan import Plan

LEAST: Final = 1e-5
"""Part of a rate by which it must differ: amounts are rounded to the paisa."""

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


def rates(first: Plan, other: Plan) -> pl.DataFrame:
    """Return the rates that differ: ``key`` of the ledger, ``account``, ``before`` and ``after``, home currency a unit.

    Compared are lines of the same key, account and bucket; a rate is the mean over the buckets in which both plans pay.
    """
    lines = _lines(first).join(_lines(other), on=["account", "key", "bucket"], suffix="_after")
    both = lines.group_by("key", "account").agg(
        before=pl.col("amount").sum() / pl.col("quantity").sum(),
        # the same weights for both: only the rate can make a difference
        after=(pl.col("amount_after") / pl.col("quantity_after") * pl.col("quantity")).sum() / pl.col("quantity").sum(),
        size=pl.col("quantity").sum(),
    )
    apart = (pl.col("after") - pl.col("before")).abs()
    size = pl.max_horizontal(pl.col("before").abs(), pl.col("after").abs())
    # every line is rounded to the paisa
    return both.filter((apart > LEAST * size) & (apart * pl.col("size") > 1.0)).sort("key", "account").drop("size")


def _lines(plan: Plan) -> pl.DataFrame:
    summed = (
        plan["ledger"]
        .filter(pl.col("account").is_in(BY_UNIT) & (pl.col("quantity") > 0))
        .group_by("account", "key", "bucket")
        .agg(pl.col("quantity").sum(), pl.col("amount").sum().cast(pl.Float64))
    )
    return summed.filter(pl.col("quantity") > 0)
