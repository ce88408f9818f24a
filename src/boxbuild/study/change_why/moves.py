"""Moves: what is built, bought, shipped and delivered more or less, by item, place and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from boxbuild.model.objective.money import Money, items_frame
from boxbuild.plan.plan import Plan

MOST_BUCKETS: Final = 13
"""Plans of at most so many buckets, the same in both, are told bucket by bucket; others month by month."""

DUST: Final = 1e-6
"""Part of what moves that is none."""

WAYS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "build": ("builds", "site", "", "option"),
    "buy": ("buys", "destination", "supplier", "offer"),
    "ship": ("shipments", "destination", "origin", "mode"),
    "deliver": ("deliveries", "market", "", ""),
}
"""Kinds of moves: the table, the place where it ends, where it comes from, and what else names it."""

KEY: Final = ("kind", "item", "site", "origin", "reference")


@dataclass(frozen=True)
class Move:
    """More or less of one thing at one place.

    Parameters
    ----------
    kind, item, site, origin, reference
        build, buy, ship or deliver; the item; where it is built, arrives or is delivered; where it comes from; option,
        offer or mode.
    before, after
        Units over the horizon in each plan.
    periods
        First day of each period to the units more (or less) in it.
    money
        Units that are more or less, and those that move between periods, at the item's value, home currency; 0 where
        it has none.
    """

    kind: str
    item: str
    site: str
    origin: str | None
    reference: str | None
    before: float
    after: float
    periods: Mapping[date, float]
    money: float

    @property
    def change(self) -> float:
        """Units more over the horizon."""
        return self.after - self.before

    @property
    def shifted(self) -> float:
        """Units that go from one period to another."""
        return (sum(abs(units) for units in self.periods.values()) - abs(self.change)) / 2

    def as_dict(self) -> dict[str, Any]:
        """Return the move as JSON values."""
        return {
            **{name: getattr(self, name) for name in KEY},
            "before": self.before,
            "after": self.after,
            "change": self.change,
            "shifted": self.shifted,
            "periods": {day.isoformat(): units for day, units in self.periods.items()},
            "money": self.money,
        }


def by_months(first: Plan, other: Plan) -> bool:
    """Return whether the periods of two plans are months: where their buckets differ, or are many."""
    one, two = first.network.calendar, other.network.calendar
    return one != two or one.count > MOST_BUCKETS


def period(start: pl.Expr, *, months: bool) -> pl.Expr:
    """Return the first day of the period in which a bucket begins."""
    return start.dt.truncate("1mo") if months else start


def flows(plan: Plan, *, months: bool) -> pl.DataFrame:
    """Return the flows of a plan: the columns of :data:`KEY`, ``period`` and ``quantity``."""
    frames = []
    for kind, (table, site, origin, reference) in WAYS.items():
        blank = pl.lit(None, dtype=pl.String)
        frames.append(
            plan[table].select(
                kind=pl.lit(kind),
                item="item",
                site=site,
                origin=pl.col(origin) if origin else blank,
                reference=pl.col(reference) if reference else blank,
                period=period(pl.col("start"), months=months),
                quantity="quantity",
            )
        )
    return pl.concat(frames).group_by(*KEY, "period").agg(pl.col("quantity").sum())


def moved(first: Plan, other: Plan) -> pl.DataFrame:
    """Return everything that moved between two plans, that with the most money first.

    Returns
    -------
    DataFrame
        The columns of :data:`KEY`, ``before``, ``after`` (units over the horizon), ``days`` and ``units`` (lists: the
        periods in which it changes, and by how much) and ``money``.
    """
    months = by_months(first, other)
    on = [*KEY, "period"]
    joined = (
        flows(first, months=months)
        .join(flows(other, months=months), on=on, how="full", coalesce=True, nulls_equal=True, suffix="_after")
        .with_columns(pl.col("quantity", "quantity_after").fill_null(0.0))
    )
    change = pl.col("quantity_after") - pl.col("quantity")
    size = pl.max_horizontal("quantity", "quantity_after").sum().over(KEY)
    apart = pl.when(change.abs() > DUST * size).then(change).otherwise(0.0)
    grouped = (
        joined.with_columns(change=apart)
        .sort("period")
        .group_by(KEY, maintain_order=True)
        .agg(
            before=pl.col("quantity").sum(),
            after=pl.col("quantity_after").sum(),
            days=pl.col("period").filter(pl.col("change") != 0),
            units=pl.col("change").filter(pl.col("change") != 0),
        )
        .filter(pl.col("days").list.len() > 0)
    )
    values = pl.concat([_values(other), _values(first)]).unique("item", keep="first", maintain_order=True)
    net = (pl.col("after") - pl.col("before")).abs()
    shifted = (pl.col("units").list.eval(pl.element().abs()).list.sum() - net) / 2
    priced = grouped.join(values, on="item", how="left", maintain_order="left").with_columns(
        money=(net + shifted) * pl.col("value").fill_null(0.0)
    )
    return priced.drop("value").sort("money", *KEY, descending=[True, *[False] * len(KEY)], nulls_last=True)


def as_moves(rows: pl.DataFrame) -> list[Move]:
    """Return rows of :func:`moved` as moves."""
    return [
        Move(
            **{name: row[name] for name in (*KEY, "before", "after", "money")},
            periods=dict(zip(row["days"], row["units"], strict=True)),
        )
        for row in rows.iter_rows(named=True)
    ]


def _values(plan: Plan) -> pl.DataFrame:
    """``item`` and ``value``: that of a unit in home currency, at the rate of the first bucket."""
    items = items_frame(plan.network).with_columns(bucket=pl.lit(0, dtype=pl.Int64))
    rated = Money.of(plan.network).home_units(items, "value_currency", "bucket", "exchange")
    return rated.select("item", value=pl.col("value") * pl.col("exchange")).drop_nulls()
