"""The sheet of capacity: what share of each resource is used, bucket by bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.plan.kpis import utilisation
from boxbuild.views.planner.buckets import bucket_columns, bucket_names
from boxbuild.views.sheets import Column, Tone

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan
    from boxbuild.views.planner.page import Pages

MOST: Final = 2_000
BUSY: Final = 0.85
"""Share of the regular hours from which a week is busy; from all of them on it is full."""


def capacity(plan: Plan, pages: Pages) -> None:
    """Share of the regular capacity that is used, with overtime, full weeks and a word."""
    calendar = plan.network.calendar
    names = bucket_names(calendar)
    share = pl.when(pl.col("regular") > 0).then(pl.col("used") / pl.col("regular"))
    cells = plan["capacity"].select("resource", "bucket", share.alias("share"))
    wide = cells.group_by("resource").agg(
        pl.col("share").filter(pl.col("bucket") == bucket).first().alias(name) for bucket, name in enumerate(names)
    )
    word = (
        pl.when(pl.col("full") > 0).then(pl.format("full in {}", pl.col("full")))
        .when(pl.col("peak") >= BUSY).then(pl.lit("busy"))
        .when(pl.col("used") > 0).then(pl.lit("has room"))
        .otherwise(pl.lit("idle"))
    )  # fmt: skip
    every = utilisation(plan)
    frame = (
        every.head(MOST).with_columns(word.alias("status")).join(wide, on="resource", how="left", maintain_order="left")
    )
    tones: dict[str, Tone] = {"full": "bad", "busy": "warn", "has room": "good", "idle": "calm"}
    columns = [
        Column("resource", "Resource", width=22),
        Column("site", "Site", width=15),
        Column("status", "Status", "status", 12, tones=tones),
        Column("share", "Used", "percent", note="Used ÷ regular capacity, over the horizon"),
        Column("peak", "Peak", "percent", note="The fullest bucket"),
        Column("used", "Used", "exact"),
        Column("regular", "Regular", "exact"),
        Column("overtime", "Overtime", "exact"),
        Column("unit", "Unit", width=9),
        *bucket_columns(calendar, "percent", total=False),
    ]
    says = (
        f"Share of the regular capacity in each bucket: red from 100 %, amber from {BUSY:.0%}; over 100 % is overtime."
    )
    if every.height > MOST:
        says += f" The {MOST:,} busiest of {every.height:,} resources."
    page = pages.add("Capacity", "Capacity", says, columns, frame, 1, "capacity")
    left, right = page.placed.place(names[0]), page.placed.place(names[-1])
    limits: list[tuple[float, Tone]] = [(0.9995, "bad"), (BUSY, "warn")]
    for least, tone in limits:
        rule = {"type": "cell", "criteria": ">=", "value": least, "stop_if_true": True, "format": page.book.tone(tone)}
        page.sheet.conditional_format(page.placed.first, left, page.placed.last, right, rule)
