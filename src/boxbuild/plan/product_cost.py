"""Product cost: what one delivered unit cost, the ledger absorbed up the bills of materials."""

from __future__ import annotations

from collections import defaultdict
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.plan.consumption import consumption

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

PENALTIES: Final = ("late", "lost")
"""Accounts that are the cost of not serving; shown beside the unit cost."""

ABSORBED: Final = ("material", "markup", "freight", "insurance", "duty", "conversion", "overtime", "holding")
"""Accounts that a unit of product bears. The others (contracts, options, targets) belong to no unit."""


def product_cost(plan: Plan) -> pl.DataFrame:
    """Return the average present cost of each product over the horizon.

    The cost of an item goes to the parents that its units went into, in proportion to the units, and to its
    own deliveries; what is bought and not used by the end is borne by what is. Stock at the start is free.

    Returns
    -------
    DataFrame
        ``item``, ``delivered`` units, ``unit_cost`` (home currency, present, accounts of ``ABSORBED``),
        ``cost`` (the sum) and ``penalties`` (late and lost, the sum).
    """
    used: dict[str, dict[str, float]] = defaultdict(dict)
    sums = consumption(plan).group_by("component", "parent").agg(pl.col("quantity").sum())
    for component, parent, quantity in sums.sort("component", "parent").iter_rows():
        used[component][parent] = quantity
    delivered = _by_item(plan["deliveries"].group_by("item").agg(pl.col("quantity").sum()))
    cost = _absorbed(plan)
    for item in TopologicalSorter(_children(used)).static_order():
        out = used.get(item, {})
        total = sum(out.values()) + delivered.get(item, 0.0)
        if out and total > 0:
            whole = cost.get(item, 0.0)
            for parent, quantity in out.items():
                cost[parent] = cost.get(parent, 0.0) + whole * quantity / total
            cost[item] = whole * delivered.get(item, 0.0) / total
    penalties = _by_item(_sum(plan["ledger"].filter(pl.col("account").is_in(PENALTIES))))
    rows = [
        (
            item,
            units,
            cost.get(item, 0.0) / units if units > 0 else None,
            cost.get(item, 0.0),
            penalties.get(item, 0.0),
        )
        for item, units in sorted(_with_demand(plan, delivered).items())
    ]
    names = {"item": pl.String, "delivered": pl.Float64, "unit_cost": pl.Float64, "cost": pl.Float64}
    return pl.DataFrame(rows, schema={**names, "penalties": pl.Float64}, orient="row")


def _absorbed(plan: Plan) -> dict[str, float]:
    """Present cost by item; the overtime of a resource goes to the items built with it, by their hours."""
    ledger = plan["ledger"].filter(pl.col("account").is_in(ABSORBED))
    cost = _by_item(_sum(ledger.filter(pl.col("item").is_not_null())))
    overtime = ledger.filter((pl.col("account") == "overtime") & pl.col("item").is_null())
    if overtime.is_empty():
        return cost
    hours = (
        plan["builds"]
        .join(plan.network["uses"].select("site", "item", "resource", hours="quantity"), on=["site", "item"])
        .group_by("resource", "bucket", "item")
        .agg(hours=(pl.col("hours") * pl.col("quantity")).sum())
        .with_columns(share=pl.col("hours") / pl.col("hours").sum().over("resource", "bucket"))
    )
    spread = overtime.drop("item").join(hours, left_on=["key", "bucket"], right_on=["resource", "bucket"])
    extra = spread.group_by("item").agg((pl.col("present").cast(pl.Float64) * pl.col("share")).sum())
    for item, amount in extra.sort("item").iter_rows():
        cost[item] = cost.get(item, 0.0) + amount
    return cost


def _children(used: dict[str, dict[str, float]]) -> dict[str, list[str]]:
    """Each parent with the components that go before it."""
    before: dict[str, list[str]] = {}
    for component, parents in used.items():
        before.setdefault(component, [])
        for parent in parents:
            before.setdefault(parent, []).append(component)
    return before


def _with_demand(plan: Plan, delivered: dict[str, float]) -> dict[str, float]:
    wanted = plan.network["demand"]["item"].unique().to_list()
    return {**dict.fromkeys(wanted, 0.0), **delivered}


def _sum(ledger: pl.DataFrame) -> pl.DataFrame:
    return ledger.group_by("item").agg(pl.col("present").sum().cast(pl.Float64))


def _by_item(frame: pl.DataFrame) -> dict[str, float]:
    return {str(item): float(value) for item, value in frame.sort("item").iter_rows() if item is not None}
