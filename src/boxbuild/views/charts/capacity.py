"""How full the lines are: a heat map of resources and buckets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.views.charts.chart import Chart, Choice
from boxbuild.views.charts.values import bucket_labels, plural
from boxbuild.views.text import percent

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

MOST: Final = 60
"""Resources that are drawn: the busiest."""


def capacity(plan: Plan) -> Chart | None:
    """Return the share used of each resource in each bucket, of all capacity and of the regular part."""
    whole = pl.col("regular") + pl.col("overtime_limit")
    table = plan["capacity"].with_columns(
        all=pl.when(whole > 0).then(pl.col("used") / whole),
        regular_share=pl.when(pl.col("regular") > 0).then(pl.col("used") / pl.col("regular")),
    )
    if table.is_empty():
        return None
    busy = (
        table.group_by("resource")
        .agg(
            pl.col("used", "regular", "overtime_limit").sum(),
            full=(pl.col("all") >= 1 - 1e-6).sum(),
            buckets=pl.len(),
        )
        .with_columns(share=pl.when(whole > 0).then(pl.col("used") / whole).otherwise(0.0))
        .sort("share", "resource", descending=[True, False])
    )
    shown = busy.head(MOST)
    names = shown["resource"].to_list()
    first = {"values": _cells(table, names, "all")}
    data = {"across": bucket_labels(plan.network.calendar), "down": names, "kind": "load", **first}
    choices = (
        Choice("of all capacity, overtime included", {}),
        Choice("of regular capacity", {"values": _cells(table, names, "regular_share")}),
    )
    return Chart("capacity", "heat", "How full the lines are", _says(busy, len(names)), "", data, "share", choices)


def _cells(table: pl.DataFrame, names: list[str], share: str) -> list[list[Any]]:
    place = {name: row for row, name in enumerate(names)}
    found = (
        table.filter(pl.col("resource").is_in(names))
        .select("bucket", pl.col("resource").replace_strict(place, return_dtype=pl.Int64), pl.col(share).round(3))
        .sort("resource", "bucket")
    )
    return [[bucket, row, value] for bucket, row, value in found.iter_rows()]


def _says(busy: pl.DataFrame, shown: int) -> str:
    full = busy.filter(pl.col("full") > 0).sort("full", "share", "resource", descending=[True, True, False])
    if full.height:
        one = full.row(0, named=True)
        says = (
            f"{plural(full.height, 'line')} of {busy.height} without capacity left in some bucket; {one['resource']} "
            f"is full in {one['full']} of {one['buckets']}"
        )
    else:
        one = busy.row(0, named=True)
        says = f"No line is full; the busiest is {one['resource']}, {percent(one['share'])} used"
    if busy.height > shown:
        says += f". The {shown} busiest of {busy.height} are drawn"
    return f"{says}."
