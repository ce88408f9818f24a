"""The sheets of quantities by bucket: build plan, buy plan, shipments and stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.views.planner.buckets import bucket_columns, bucket_names, by_bucket, cut_down, others_say
from boxbuild.views.sheets import Column

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan
    from boxbuild.views.planner.page import Pages

MOST: Final = 2_000
"""Rows of a sheet by bucket; the rest is added up in the last one."""


def builds(plan: Plan, pages: Pages) -> None:
    """Who builds what, when: units started by site and item, finished goods first."""
    calendar = plan.network.calendar
    found = by_bucket(plan["builds"], ["site", "item"], calendar)
    good = plan["builds"].group_by("site", "item").agg(pl.col("good").sum())
    rank = pl.col("kind").replace_strict({"finished": 0, "assembly": 1}, default=2, return_dtype=pl.Int64)
    frame = (
        _named(plan, found.join(good, on=["site", "item"], how="left"))
        .join(plan.network["sites"].select("site", "partner"), on="site", how="left")
        .sort(rank, "site", "item")
    )
    frame, others = cut_down(frame, MOST, "total", ["site"])
    columns = [
        Column("site", "Site"),
        Column("item", "Item"),
        Column("name", "Name", width=26),
        Column("kind", "Kind", width=11),
        Column("partner", "Built by", width=14),
        Column("total", "Started", "number", total=True, note="Units started over the horizon"),
        Column("good", "Good", "number", total=True, note="Units started × yield"),
        *bucket_columns(calendar),
    ]
    says = "Units started, by site, item and bucket. Shade: each row's own busiest weeks."
    pages.add("Build plan", "Build plan", says + others_say(others, "lines"), columns, frame, 2, "build_plan").heat(
        bucket_names(calendar)
    )


def buys(plan: Plan, pages: Pages) -> None:
    """What to order from whom, when: units by offer and destination, with terms and value."""
    calendar, home = plan.network.calendar, plan.summary.home_currency
    keys = ["supplier", "item", "offer", "destination"]
    found = by_bucket(plan["buys"], keys, calendar)
    paid = plan["ledger"].filter(pl.col("account") == "material").group_by("key")
    value = paid.agg(pl.col("amount").sum().cast(pl.Float64).alias("value"))
    key = pl.concat_str([pl.col("offer"), pl.col("destination")], separator="|")
    offers = plan.network["sources"].unique("offer", keep="first", maintain_order=True)
    frame = (
        _named(plan, found)
        .with_columns(key.alias("key"))
        .join(value, on="key", how="left")
        .join(offers.select("offer", "terms", "lead_days"), on="offer", how="left")
        .with_columns((pl.col("value") / pl.col("total")).alias("each"))
        .sort("supplier", "item", "offer", "destination")
    )
    frame, others = cut_down(frame, MOST, "value", keys)
    columns = [
        Column("supplier", "Supplier"),
        Column("item", "Item"),
        Column("name", "Name", width=26),
        Column("destination", "To", width=15),
        Column("offer", "Offer"),
        Column("terms", "Terms", width=11),
        Column("lead_days", "Lead days", "number", width=8),
        Column("total", "Units", "number", total=True),
        Column("value", f"Value\n{home}", "money", total=True, note="Price × units, not discounted: account material"),
        Column("each", f"Each\n{home}", "price", note="Value ÷ units"),
        *bucket_columns(calendar),
    ]
    says = "Units to order, by supplier, item and the bucket of the order. Filter a supplier: the totals follow."
    pages.add("Buy plan", "Buy plan", says + others_say(others, "lines"), columns, frame, 2, "buy_plan").heat(
        bucket_names(calendar)
    )


def shipments(plan: Plan, pages: Pages) -> None:
    """What leaves where, when: units by lane and item."""
    calendar, home = plan.network.calendar, plan.summary.home_currency
    keys = ["origin", "destination", "mode", "item"]
    found = by_bucket(plan["shipments"], keys, calendar)
    charged = plan["ledger"].filter(
        pl.col("account").is_in(["freight", "insurance"]) & (pl.col("key").str.count_matches(r"\|") == 4)
    )
    parts = pl.col("key").str.split("|")
    freight = charged.group_by(
        *(
            parts.list.get(place).alias(name)
            for place, name in ((0, "origin"), (1, "destination"), (2, "mode"), (4, "item"))
        )
    ).agg(pl.col("amount").sum().cast(pl.Float64).alias("freight"))
    frame = _named(plan, found).join(freight, on=keys, how="left").sort(keys)
    frame, others = cut_down(frame, MOST, "total", keys)
    columns = [
        Column("origin", "From"),
        Column("destination", "To"),
        Column("mode", "Mode", width=8),
        Column("item", "Item"),
        Column("name", "Name", width=26),
        Column("total", "Units", "number", total=True),
        Column("freight", f"Freight\n{home}", "money", total=True, note="Freight and insurance, not discounted"),
        *bucket_columns(calendar),
    ]
    says = "Units sent, by lane, item and the bucket in which they leave."
    pages.add("Shipments", "Shipments", says + others_say(others, "lines"), columns, frame, 2, "shipments").heat(
        bucket_names(calendar)
    )


def stock(plan: Plan, pages: Pages) -> None:
    """What lies where at the end of each bucket."""
    calendar = plan.network.calendar
    names = bucket_names(calendar)
    found = by_bucket(plan["stock"], ["item", "site"], calendar).drop("total")
    there = plan.network["stock"].group_by("item", "site").agg(pl.col("quantity").sum().alias("opening"))
    frame = (
        _named(plan, found.join(there, on=["item", "site"], how="left"))
        .with_columns(pl.max_horizontal(names).alias("peak"))
        .sort("item", "site")
    )
    frame, others = cut_down(frame, MOST, "peak", ["item"])
    columns = [
        Column("item", "Item"),
        Column("site", "Site"),
        Column("name", "Name", width=26),
        Column("kind", "Kind", width=11),
        Column("opening", "On hand\nat start", "number", total=True),
        Column("peak", "Most", "number", note="The most at the end of any bucket"),
        *bucket_columns(calendar),
    ]
    says = "Units at the end of each bucket; a blank is nothing left."
    page = pages.add(
        "Stock projection", "Stock projection", says + others_say(others, "lines"), columns, frame, 2, "stock_plan"
    )
    page.heat(names)


def _named(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    items = plan.network["items"].unique("item", keep="first").select("item", "name", "kind")
    return frame.join(items, on="item", how="left", maintain_order="left")
