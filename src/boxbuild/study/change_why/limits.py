"""Limits: what one more unit of a line, an offer or a lane is worth to a plan, read off the prices that it keeps.

A plan keeps the price of every row of its model under a hash of what names the row (:mod:`boxbuild.plan.warm`). The
names of these rows are known without the model, so no model is made.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from boxbuild.network.windows import effective
from boxbuild.plan.plan import Plan
from boxbuild.plan.warm import SEED
from boxbuild.study.change_why.moves import period

KEYS: Final = {
    "capacity": ("resource", "bucket"),
    "supply": ("offer", "bucket"),
    "carriage": ("origin", "destination", "mode", "lane_item", "bucket"),
}
"""Families of limits, and what names a row of them (:mod:`boxbuild.model.constraints`)."""

LANE: Final = "→"


def limits(plan: Plan, *, months: bool) -> pl.DataFrame | None:
    """Return what limits are worth.

    Returns
    -------
    DataFrame or None
        ``family``, ``thing`` (resource, offer, or ``origin → destination mode``), ``period`` and ``worth``: what the
        cost falls by for one more unit in the dearest bucket of the period, discounted home currency; 0 where the limit
        does not bind. ``None`` where the plan keeps no prices.
    """
    if plan.prices is None or plan.prices.is_empty():
        return None
    found = []
    for family, keys in KEYS.items():
        rows = _rows(plan, family).select(keys).unique(maintain_order=True)
        hashed = rows.with_columns(row=rows.with_columns(family=pl.lit(family)).hash_rows(seed=SEED))
        named = hashed.join(plan.prices, on="row", how="inner").select(
            family=pl.lit(family), thing=_thing(family), bucket="bucket", worth=-pl.col("price").cast(pl.Float64)
        )
        found.append(named)
    days = pl.Series("start", plan.network.calendar.first_days, dtype=pl.Date)
    dated = pl.concat(found).with_columns(start=pl.lit(days).gather(pl.col("bucket")))
    return dated.group_by("family", "thing", period=period(pl.col("start"), months=months)).agg(
        pl.col("worth").max().clip(lower_bound=0.0)
    )


def _rows(plan: Plan, family: str) -> pl.DataFrame:
    network = plan.network
    if family == "capacity":
        return plan["capacity"]
    table = "sources" if family == "supply" else "lanes"
    limited = network[table].filter(pl.col("per_week").is_not_null())
    return effective(limited, network.calendar).rename({} if family == "supply" else {"item": "lane_item"})


def _thing(family: str) -> pl.Expr:
    if family != "carriage":
        return pl.col(KEYS[family][0])
    return pl.format(f"{{}} {LANE} {{}} {{}}", "origin", "destination", "mode")
