"""Locks of a plan: what was planned and ordered under each, and locks that freeze what a plan does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.errors import UsageError
from boxbuild.network import catalogue
from boxbuild.network.locked import COLUMNS, SELECTORS, covered, limits
from boxbuild.network.windows import bucket_of, buckets_frame

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar
    from boxbuild.network.network import Network
    from boxbuild.plan.plan import Plan

TABLES: Final = {"build": "builds", "buy": "buys", "ship": "shipments"}
"""The table of a plan that has the flows of each kind of lock."""

ORDERED: Final[Mapping[str, Mapping[str, str]]] = {
    "build": {"item": "item", "site": "site"},
    "buy": {"item": "item", "supplier": "site", "destination": "destination", "offer": "reference"},
    "ship": {"item": "item", "origin": "site", "destination": "destination", "mode": "reference"},
}
"""By kind, where orders have what names a flow."""

NAMED: Final = {"build": ("site", "item"), "buy": ("offer", "site"), "ship": ("site", "destination", "mode", "item")}
"""By kind, the columns of a lock that freezes one flow."""

HELD: Final = 1e-6
"""Part of an amount, and units, by which a lock may be missed and still be held."""


def lock_figures(network: Network, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return what was planned and ordered under each lock.

    Parameters
    ----------
    network
        The network that was planned.
    tables
        ``builds``, ``buys`` and ``shipments`` of its plan, and ``orders``, where there are any.

    Returns
    -------
    DataFrame
        One row per lock with a bucket in its window, or per lock and bucket where its amount is per week: ``lock``,
        ``kind``, the columns that choose what is locked, ``start`` and ``end`` (first and last day), ``min`` and
        ``max`` (units; both the same where it is fixed), ``planned`` and ``ordered`` (units; ``ordered`` is null
        without orders), ``off`` (units by which the orders leave the lock: below it negative; null without orders)
        and ``held`` (whether the orders, or without orders the plan, keep to it).
    """
    asked = limits(network).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    calendar = network.calendar
    orders = tables.get("orders")
    frames = {"planned": _moved(asked, {kind: tables[table] for kind, table in TABLES.items()})}
    if orders is not None and orders.height:
        frames["ordered"] = _moved(asked, _by_bucket(orders, calendar))
    for name, sums in frames.items():
        asked = asked.join(sums.rename({"quantity": name}), on="row", how="left", maintain_order="left").with_columns(
            pl.col(name).fill_null(0.0)
        )
    if "ordered" not in frames:
        asked = asked.with_columns(ordered=pl.lit(None, dtype=pl.Float64))
    days = buckets_frame(calendar).select("start", "days", pl.col("bucket"))
    ends = days.select(last="bucket", end=pl.col("start") + pl.duration(days=pl.col("days") - 1))
    told = (
        asked.join(days.select("start", first="bucket"), on="first", maintain_order="left")
        .join(ends, on="last", maintain_order="left")
        .with_columns(_off("ordered").alias("off"), _off("planned").alias("missed"))
    )
    size = pl.max_horizontal(pl.lit(1.0), pl.coalesce("ordered", "planned"))
    return told.select(
        *("lock", "kind", *COLUMNS, "start", "end"),
        min=pl.when(pl.col("lower").is_finite()).then("lower"),
        max=pl.when(pl.col("upper").is_finite()).then("upper"),
        planned="planned",
        ordered="ordered",
        off="off",
        held=pl.coalesce("off", "missed").abs() <= HELD * size,
    )


def lock_note(network: Network, tables: Mapping[str, pl.DataFrame]) -> str:
    """Return what a reader of the plan should know where its dated orders leave locks; else nothing."""
    if network["locks"].is_empty():
        return ""
    figures = lock_figures(network, tables)
    left = figures.filter(~pl.col("held")).sort(pl.col("off").abs(), descending=True)
    if left.is_empty():
        return ""
    worst = left.row(0, named=True)
    way = "more" if worst["off"] > 0 else "less"
    return (
        f"whole lots and days leave {left.height:,} of {figures.height:,} locked amounts: the orders have up to "
        f"{abs(worst['off']):,.0f} units {way} than a lock allows ({worst['lock']}: {worst['ordered']:,.0f} ordered, "
        f"{worst['planned']:,.0f} planned)"
    )


def frozen(plan: Plan, until: date, *, kinds: tuple[str, ...], site: str | None = None, item: str | None = None,
           nothing_else: bool = False) -> pl.DataFrame:  # fmt: skip
    """Return locks that fix what a plan does from its start until a day.

    Parameters
    ----------
    plan
        The plan.
    until
        Last day that is frozen; a bucket ends with it.
    kinds
        What is frozen: build, buy, ship.
    site, item
        Freeze what is built at, delivered to or leaves this site, and this item, only.
    nothing_else
        Whether to forbid, too, what the plan does not do in these buckets.

    Returns
    -------
    DataFrame
        Rows of the table ``locks``: one for each flow (build: item and plant; buy: offer and destination; ship: item,
        origin, destination and mode) and bucket with a quantity, fixed at it.

    Raises
    ------
    UsageError
        The day is not in the plan, or inside a bucket; the site or the item is not in the network.
    """
    calendar = plan.network.calendar
    count = _frozen_buckets(calendar, until)
    _known(plan.network, site, item)
    parts = [catalogue.table("locks").empty()]
    for kind in kinds:
        selectors = SELECTORS[kind]
        flows = plan[TABLES[kind]].filter((pl.col("bucket") < count) & (pl.col("quantity") > 0))
        for value, column in ((site, selectors["site"]), (item, "item")):
            flows = flows if value is None else flows.filter(pl.col(column) == value)
        flows = flows.select("bucket", "quantity", **{name: pl.col(of) for name, of in selectors.items()})
        parts += _locks(flows, kind, plan, count, site, item, nothing_else=nothing_else)
    return pl.concat(parts, how="diagonal").select(catalogue.table("locks").names)


def _locks(
    flows: pl.DataFrame, kind: str, plan: Plan, count: int, site: str | None, item: str | None, *, nothing_else: bool
) -> list[pl.DataFrame]:
    calendar, source = plan.network.calendar, f"plan of {plan.summary.start}"
    days = buckets_frame(calendar).select(
        "bucket", **{"from": pl.col("start"), "until": pl.col("start") + pl.duration(days=pl.col("days") - 1)}
    )
    keys = sorted({*NAMED[kind], "item"})
    summed = flows.group_by(*keys, "bucket").agg(fixed=pl.col("quantity").sum().round(8)).sort(*keys, "bucket")
    named = pl.concat_str([pl.lit(kind), *NAMED[kind], pl.col("from").cast(pl.String)], separator="/")
    each = summed.join(days, on="bucket", maintain_order="left").with_columns(
        lock=named, kind=pl.lit(kind), source=pl.lit(source)
    )
    found = [each.drop("bucket")]
    if nothing_else:
        # up to a millionth: the sum of what is fixed must fit
        most = summed.group_by("bucket").agg(max=(pl.col("fixed").sum() * 1e6 - 1e-3).ceil() / 1e6)
        chosen = {"site": pl.lit(site, pl.String), "item": pl.lit(item, pl.String)}
        names = [kind, "nothing-else", *(name for name in (site, item) if name is not None)]
        found.append(
            days.filter(pl.col("bucket") < count)
            .join(most, on="bucket", how="left", maintain_order="left")
            .with_columns(
                pl.col("max").fill_null(0.0),
                lock=pl.concat_str([pl.lit("/".join(names)), pl.col("from").cast(pl.String)], separator="/"),
                kind=pl.lit(kind),
                source=pl.lit(source),
                **chosen,
            )
            .drop("bucket")
        )
    return found


def _frozen_buckets(calendar: Calendar, until: date) -> int:
    """How many buckets end by a day."""
    ends = [calendar.start + timedelta(days=edge - 1) for edge in calendar.edges[1:]]
    if until in ends:
        return ends.index(until) + 1
    if not calendar.start <= until < calendar.end:
        raise UsageError(f"{until} is not a day of the plan", f"it runs from {calendar.start} until {ends[-1]}")
    around = [end for end in ends if end < until][-1:] + [end for end in ends if end > until][:1]
    raise UsageError(f"{until} is inside a bucket of the plan", f"buckets end on {' and on '.join(map(str, around))}")


def _known(network: Network, site: str | None, item: str | None) -> None:
    from boxbuild.network.issues import did_you_mean

    for name, table in ((site, "sites"), (item, "items")):
        known = network[table][table.removesuffix("s")].to_list()
        if name is not None and name not in known:
            raise UsageError(f"there is no {table.removesuffix('s')} {name!r}", did_you_mean(name, known))


def _moved(asked: pl.DataFrame, flows: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """``row`` and ``quantity``: what each lock covers of the flows."""
    parts = [pl.DataFrame(schema={"row": pl.Int64, "quantity": pl.Float64})]
    for kind, selectors in SELECTORS.items():
        names = list(dict.fromkeys([*selectors.values(), "bucket"]))
        summed = flows[kind].group_by(names).agg(pl.col("quantity").sum())
        parts.append(covered(asked, kind, summed).select("row", "quantity"))
    return pl.concat(parts).group_by("row").agg(pl.col("quantity").sum())


def _by_bucket(orders: pl.DataFrame, calendar: Calendar) -> dict[str, pl.DataFrame]:
    """Orders as flows: each in the bucket of its first day."""
    placed = orders.with_columns(bucket_of(calendar, orders["start"]).alias("bucket"))
    return {
        kind: placed.filter(pl.col("kind") == kind).select(
            "bucket", "quantity", **{n: pl.col(c) for n, c in of.items()}
        )
        for kind, of in ORDERED.items()
    }


def _off(name: str) -> pl.Expr:
    """By how much an amount leaves a lock; below it negative."""
    amount = pl.col(name)
    return (
        pl.when(amount < pl.col("lower"))
        .then(amount - pl.col("lower"))
        .when(amount > pl.col("upper"))
        .then(amount - pl.col("upper"))
        .when(amount.is_not_null())
        .then(0.0)
    )
