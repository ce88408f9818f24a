"""What the plan makes of each row of an input table: the grey columns beside what can be edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.plan import kpis
from boxbuild.views.planner.buckets import DUST
from boxbuild.views.sheets import settled

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

Results = dict[str, pl.Series]
"""Title (without the sign #) to values, in the order of the table's rows."""


def results(plan: Plan, table: str) -> Results:
    """Return the columns of results that stand beside a table; none for most tables."""
    return _BESIDE[table](plan) if table in _BESIDE and plan.network.tables[table].height else {}


def _demand(plan: Plan) -> Results:
    late = pl.col("late_days") > 0
    made = (
        plan["deliveries"]
        .group_by("demand")
        .agg(
            pl.col("quantity").filter(~late).sum().alias("on time"),
            pl.col("quantity").filter(late).sum().alias("late"),
            pl.col("late_days").max().alias("days late"),
        )
    )
    short = plan["shortages"].group_by("demand").agg(pl.col("quantity").sum().alias("short"))
    return _joined(
        plan, "demand", made.join(short, on="demand", how="full", coalesce=True), ["demand"],
        ["on time", "late", "days late", "short"],
    )  # fmt: skip


def _operations(plan: Plan) -> Results:
    made = plan["builds"].group_by("site", "item", "option").agg(pl.col("quantity").sum().alias("units started"))
    return _joined(plan, "operations", made, ["site", "item", "option"], ["units started"])


def _sources(plan: Plan) -> Results:
    made = plan["buys"].group_by("offer").agg(pl.col("quantity").sum().alias("units bought"))
    return _joined(plan, "sources", made, ["offer"], ["units bought"])


def _lanes(plan: Plan) -> Results:
    made = (
        plan["shipments"]
        .group_by("origin", "destination", "mode", item="lane_item")
        .agg(pl.col("quantity").sum().alias("units sent"))
    )
    return _joined(plan, "lanes", made, ["origin", "destination", "mode", "item"], ["units sent"])


def _resources(plan: Plan) -> Results:
    found = kpis.utilisation(plan).select(
        "resource",
        (pl.col("share") * 100).alias("% used"),
        (pl.col("peak") * 100).alias("% at peak"),
        pl.col("full").cast(pl.Float64).alias("full buckets"),
    )
    return _joined(plan, "resources", found, ["resource"], ["% used", "% at peak", "full buckets"])


def _contracts(plan: Plan) -> Results:
    made = plan["contracts"].select("contract", pl.col("quantity").alias("planned"), pl.col("shortfall").alias("short"))
    return _joined(plan, "contracts", made, ["contract"], ["planned", "short"])


def _options(plan: Plan) -> Results:
    made = plan["options"].select("option", pl.col("start").cast(pl.String).alias("taken"))
    return _joined(plan, "options", made, ["option"], ["taken"])


def _targets(plan: Plan) -> Results:
    word = pl.when(pl.col("met")).then(pl.lit("met")).when(~pl.col("met")).then(pl.lit("missed"))
    made = kpis.targets(plan).select("target", "reached", word.alias("status"))
    return _joined(plan, "targets", made, ["target"], ["reached", "status"])


def _joined(plan: Plan, table: str, made: pl.DataFrame, keys: list[str], titles: list[str]) -> Results:
    """Results in the order of a table's rows; what is nothing is blank."""
    rows = plan.network.tables[table].select(keys)
    if "mode" in keys:
        rows = plan.network[table].select(keys)
    made = made.unique(keys, keep="first", maintain_order=True)
    found = rows.join(made, on=keys, how="left", nulls_equal=True, maintain_order="left")
    numbers = [title for title in titles if found.schema[title].is_numeric()]
    found = found.with_columns(
        pl.when(pl.col(title).abs() > DUST).then(pl.col(title).cast(pl.Float64)) for title in numbers
    )
    found = settled(found)
    return {title: found[title] for title in titles}


_BESIDE: Final[Mapping[str, Callable[[Plan], Results]]] = {
    "demand": _demand,
    "operations": _operations,
    "sources": _sources,
    "lanes": _lanes,
    "resources": _resources,
    "contracts": _contracts,
    "options": _options,
    "targets": _targets,
}
