"""Moves of a plan without orders: its flows by bucket, each on the first day of its bucket.

A flow whose lead time makes it arrive in several buckets is one move for each, with its share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.network.windows import effective
from boxbuild.plan.ledger.arrivals import spread_arrivals
from boxbuild.plan.pegging.dated import given_moves
from boxbuild.plan.pegging.moves import ABOUT, BUILD, BUY, DELIVER, KINDS, SHIP, Moves

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar
    from boxbuild.plan.plan import Plan

BUILT: Final = ("site", "item", "option")
LANE: Final = ("origin", "destination", "mode", "lane_item")


def bucketed_moves(plan: Plan) -> Moves:
    """Return the flows of a plan by bucket as moves."""
    network, calendar = plan.network, plan.network.calendar
    operations = effective(network["operations"], calendar).select(*BUILT, "bucket", "lead_days")
    offers = effective(network["sources"], calendar).select("offer", "bucket", "lead_days")
    lanes = effective(network["lanes"].rename({"item": "lane_item"}), calendar).select(*LANE, "bucket", "lead_days")
    builds = _parts(plan["builds"].join(operations, on=[*BUILT, "bucket"], nulls_equal=True, how="left"), calendar)
    buys = _parts(plan["buys"].join(offers, on=["offer", "bucket"], how="left"), calendar)
    ships = _parts(plan["shipments"].join(lanes, on=[*LANE, "bucket"], nulls_equal=True, how="left"), calendar)
    days = pl.Series("day", calendar.edges[:-1], dtype=pl.Int64)
    bucket = pl.col("bucket").replace_strict(range(calendar.count), days, return_dtype=pl.Int64)
    delivered = plan["deliveries"].with_columns(start_day=bucket, end_day=bucket, share=1.0)
    flows = [
        _rows(builds, BUILD, pl.col("good") / pl.col("quantity"), place="site", reference="option"),
        _rows(buys.rename({"supplier": "site"}), BUY, pl.lit(1.0), place="destination", reference="offer"),
        _rows(ships.rename({"origin": "site"}), SHIP, pl.lit(1.0), place="destination", reference="mode"),
        _rows(delivered.rename({"market": "site"}), DELIVER, pl.lit(1.0), place=None, reference="demand"),
    ]
    given = given_moves(network, whole_buckets=True)
    about = pl.concat([given, *flows])
    move = pl.int_range(given.height, given.height + builds.height, eager=True, dtype=pl.UInt32).alias("move")
    split = builds.select("site", "option", "bucket", "share", parent="item").with_columns(move)
    taken = (
        plan["alternates"]
        .join(split, on=["site", "parent", "option", "bucket"], nulls_equal=True, maintain_order="left")
        .select("move", "group", "component", quantity=pl.col("quantity") * pl.col("share"))
    )
    return Moves(about, taken, network, dated=False)


def _parts(flows: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Return each flow once for each bucket in which a part arrives, with days and ``share``, in the plan's order."""
    days = pl.Series("day", calendar.edges[:-1], dtype=pl.Int64)

    def first_day(bucket: str) -> pl.Expr:
        return pl.col(bucket).replace_strict(range(calendar.count), days, return_dtype=pl.Int64)

    return (
        spread_arrivals(flows.with_row_index("flow").with_columns(pl.col("lead_days").fill_null(0)), calendar)
        .sort("flow", "arrival")
        .with_columns(
            share=pl.col("days") / pl.col("window"), start_day=first_day("bucket"), end_day=first_day("arrival")
        )
    )


def _rows(flows: pl.DataFrame, kind: int, gain: pl.Expr, *, place: str | None, reference: str) -> pl.DataFrame:
    part = pl.col("share") < 1.0
    when = pl.col("start").cast(pl.String)
    arrives = pl.lit("") if "arrival" not in flows.columns else pl.lit("/") + pl.col("arrival").cast(pl.String)
    where = pl.lit("") if place is None else pl.col(place)
    named = (pl.lit(KINDS[kind]), pl.col("item"), pl.col("site"), where, pl.col(reference).fill_null(""), when)
    key = pl.concat_str(*named, separator="|") + pl.when(part).then(arrives).otherwise(pl.lit(""))
    return flows.select(
        kind=pl.lit(kind, pl.Int64),
        key=key,
        item="item",
        site="site",
        place=pl.lit(None, pl.String) if place is None else pl.col(place),
        reference=reference,
        quantity=pl.col("quantity") * pl.col("share"),
        gain=gain,
        start="start_day",
        end="end_day",
    ).cast(ABOUT)
