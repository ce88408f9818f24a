"""Stock and receipts against need, for any item: what lies there, what comes, what is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.law.law import Law
from boxbuild.network.windows import bucket_of
from boxbuild.plan.consumption import consumption
from boxbuild.plan.ledger.arrivals import spread_arrivals
from boxbuild.plan.ledger.book import Book
from boxbuild.views.charts.behind import Behind
from boxbuild.views.charts.chart import Chart, Choice
from boxbuild.views.charts.network_map import standard_values
from boxbuild.views.charts.values import bucket_labels, by_bucket
from boxbuild.views.text import number, short

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

MOST: Final = 60
"""Items that can be chosen: those of which most is needed by standard value."""

_MOVES: Final = pl.Schema({"item": pl.String(), "bucket": pl.Int64(), "quantity": pl.Float64()})


def stock(plan: Plan, behind: Behind | None = None) -> Chart | None:
    """Return for each item, over all sites: stock at the bucket's end, what is on its way, arrivals and needs.

    Stock and what is on its way at a bucket's end are those of the bucket before, and arrivals, less needs.
    """
    needed = (behind or Behind.of(plan)).needed()
    values = dict(standard_values(plan).iter_rows())
    ranked = sorted(needed, key=lambda item: (-needed[item] * values.get(item, 0.0), -needed[item], item))
    items = ranked[:MOST]
    if not items:
        return None
    needs = _needs(plan, items)
    levels = plan["stock"].filter(pl.col("item").is_in(items))
    arrived, on_way = _arrivals(plan, items)
    across = bucket_labels(plan.network.calendar)
    choices = []
    for item in items:
        own = pl.col("item") == item
        frames = [frame.filter(own) for frame in (levels, on_way, arrived, needs)]
        choices.append(Choice(item, {"series": _series(plan, *frames)}, _says(plan, item, frames[0], frames[3])))
    says = choices[0].says
    if len(ranked) > MOST:
        says += f" The {MOST} items of {len(ranked):,} of which most is needed, by value, can be chosen."
    data = {"across": across, **choices[0].data}
    choices[0] = Choice(choices[0].label, {}, says)
    return Chart("stock", "lines", "Stock and receipts against need", says, "units", data, "item", tuple(choices))


def _series(
    plan: Plan, held: pl.DataFrame, on_way: pl.DataFrame, arrived: pl.DataFrame, needs: pl.DataFrame
) -> list[dict[str, Any]]:
    calendar = plan.network.calendar
    series = [
        {"name": "stock at the end", "values": by_bucket(held, calendar), "kind": "area", "stack": None},
        {"name": "arrivals", "values": by_bucket(arrived, calendar), "kind": "bar", "stack": None},
        {"name": "needs", "values": by_bucket(needs, calendar), "kind": "line", "stack": None},
    ]
    if on_way.height:
        values = by_bucket(on_way, calendar)
        series.insert(1, {"name": "on its way between sites", "values": values, "kind": "line", "stack": None})
    return series


def _says(plan: Plan, item: str, held: pl.DataFrame, needs: pl.DataFrame) -> str:
    calendar = plan.network.calendar
    needed = float(needs["quantity"].sum())
    sums = dict(held.group_by("bucket").agg(pl.col("quantity").sum()).iter_rows())
    levels = [sums.get(bucket, 0.0) for bucket in range(calendar.count)]
    days = calendar.lengths.tolist()
    average = sum(level * length for level, length in zip(levels, days, strict=True)) / calendar.horizon
    cover = average / needed * calendar.horizon if needed else 0.0
    empty = sum(level <= 1e-6 for level in levels)
    return (
        f"{item}: {short(needed)} needed; {short(average)} in stock on average, {number(cover, 1)} days of need; "
        f"no stock at the end of {empty} of {calendar.count} buckets."
    )


def _needs(plan: Plan, items: list[str]) -> pl.DataFrame:
    """What builds take of some items, and what is delivered of them."""
    own = pl.col("component").is_in(items)
    network = plan.network.with_table("boms", plan.network.tables["boms"].filter(own))
    takers = {"builds": plan["builds"], "alternates": plan["alternates"].filter(own)}
    used = consumption(replace(plan, network=network, tables=takers))
    delivered = plan["deliveries"].filter(pl.col("item").is_in(items)).select("item", "bucket", "quantity")
    both = pl.concat([used.select(pl.col("component").alias("item"), "bucket", "quantity"), delivered])
    return both.group_by("item", "bucket").agg(pl.col("quantity").sum()).sort("item", "bucket")


def _arrivals(plan: Plan, items: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is bought, built and received by bucket of arrival; and what lanes have on the way at each bucket's end."""
    own = pl.col("item").is_in(items)
    tables = {name: plan[name].filter(own) for name in ("buys", "builds", "shipments")}
    book = Book(plan.network, tables, Law.of(plan.network))
    calendar = plan.network.calendar
    part = pl.col("quantity") * pl.col("days") / pl.col("window")
    good = pl.col("good") * pl.col("days") / pl.col("window")
    firm = plan.network["receipts"].filter(own & pl.col("firm") & (pl.col("due") < calendar.end))
    arrived = [
        book.buys_arrived.select("item", bucket="arrival", quantity=part),
        spread_arrivals(book.builds, calendar).select("item", bucket="arrival", quantity=good),
        firm.select("item", bucket_of(calendar, firm["due"]), "quantity"),
    ]
    left = book.shipments.select("item", "bucket", "quantity")
    came = book.shipments_arrived.select("item", bucket="arrival", quantity=-part)
    flows = pl.concat([left, came]).group_by("item", "bucket").agg(pl.col("quantity").sum())
    every = pl.DataFrame({"bucket": range(calendar.count)}, schema={"bucket": pl.Int64})
    levels = (
        flows.select("item")
        .unique()
        .join(every, how="cross")
        .join(flows, on=["item", "bucket"], how="left")
        .sort("item", "bucket")
        .with_columns(pl.col("quantity").fill_null(0.0).cum_sum().over("item"))
        .filter(pl.col("quantity").abs() > 1e-6)
    )
    return pl.concat([frame.cast(dict(_MOVES)) for frame in arrived]), levels  # type: ignore[arg-type]
