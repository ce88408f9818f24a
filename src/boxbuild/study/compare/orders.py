"""Orders moved: the orders of two plans matched by what they are, never by their number.

Orders of one kind, item, site, destination and reference are told apart by their day alone. What both plans order on a
day is the same; of the rest, what is gone on one day is matched with what is new on another, the nearest first, as far
as the days are not too far apart. What is left is added or gone; where the other plan has an order on that day, it is
that order for more or for less.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import polars as pl

from boxbuild.model.objective.money import Money, items_frame
from boxbuild.network.network import Network
from boxbuild.network.windows import bucket_of
from boxbuild.plan.plan import Plan

KEY: Final = ("kind", "item", "site", "destination", "reference", "lane_item")
"""What an order is, whatever its day and number."""

WINDOW_DAYS: Final = 35
"""Most days by which an order moves; what is farther apart is another order."""

DUST: Final = 1e-6
"""Units that are none: orders are written to six decimals."""

SIGNS: Final = {"same": 0, "earlier": 0, "later": 0, "added": 1, "more": 1, "gone": -1, "less": -1}
"""Outcomes, and what each does to the units ordered."""

SCHEMA: Final = {
    **dict.fromkeys(KEY, pl.String()),
    "outcome": pl.String(),
    "before": pl.Date(),
    "after": pl.Date(),
    "days": pl.Int64(),
    "quantity": pl.Float64(),
}


def orders_moved(first: Plan, other: Plan, window_days: int = WINDOW_DAYS) -> pl.DataFrame:
    """Return what became of the orders of one plan in another.

    Parameters
    ----------
    first, other
        The plans.
    window_days
        Most days by which an order moves.

    Returns
    -------
    DataFrame
        The columns of :data:`KEY`, ``outcome`` (same, earlier, later, more, less, added, gone), ``before`` and
        ``after`` (first day of the order in each plan), ``days`` later, ``quantity`` (units, never below 0) and
        ``money`` (home currency: the units at the item's value). Added and more, less gone and less, is the difference
        of the units ordered, key by key.
    """
    days = _by_day(first).join(
        _by_day(other), on=[*KEY, "start"], how="full", coalesce=True, nulls_equal=True, suffix="_other"
    )
    days = days.with_columns(pl.col("quantity", "quantity_other").fill_null(0.0)).sort(*KEY, "start", nulls_last=True)
    both = pl.min_horizontal("quantity", "quantity_other")
    same = days.filter(both > DUST).select(
        *KEY, outcome=pl.lit("same"), before="start", after="start", days=pl.lit(0, dtype=pl.Int64), quantity=both
    )
    rest = days.with_columns(left=pl.col("quantity_other") - pl.col("quantity")).filter(pl.col("left").abs() > DUST)
    moved = _moved(rest, window_days)
    found = pl.concat([same.cast(pl.Schema(SCHEMA)), moved])
    return _priced(found, first.network, other.network).sort(*KEY, "before", "after", "outcome", nulls_last=True)


def orders_summary(moved: pl.DataFrame) -> pl.DataFrame:
    """Return ``kind``, ``outcome``, ``orders`` (lines), ``units``, ``money`` and ``days`` later (mean by units)."""
    weight = pl.col("quantity")
    rank = pl.col("outcome").replace_strict({name: place for place, name in enumerate(SIGNS)}, return_dtype=pl.Int64)
    return (
        moved.group_by("kind", "outcome")
        .agg(
            orders=pl.len(),
            units=weight.sum(),
            money=pl.col("money").sum(),
            days=((pl.col("days") * weight).sum() / weight.filter(pl.col("days").is_not_null()).sum()).fill_nan(None),
        )
        .sort("kind", rank)
    )


def _by_day(plan: Plan) -> pl.DataFrame:
    return plan["orders"].group_by(*KEY, "start").agg(pl.col("quantity").sum())


def _moved(rest: pl.DataFrame, window_days: int) -> pl.DataFrame:
    """Return what became of what is not the same, one key after the other."""
    numbered = rest.with_columns(number=pl.struct(KEY).rle_id().cast(pl.Int64))
    keys = numbered.group_by("number", maintain_order=True).agg(pl.col(KEY).first(), lines=pl.len())
    lines = numbered.select("start", "left", "quantity", "quantity_other").rows()
    found: list[tuple[object, ...]] = []
    first = 0
    for number, count in keys.select("number", "lines").iter_rows():
        found += ((number, *line) for line in _of_key(lines[first : first + count], window_days))
        first += count
    names = {name: SCHEMA[name] for name in ("outcome", "before", "after", "days", "quantity")}
    moved = pl.DataFrame(found, schema={"number": pl.Int64(), **names}, orient="row")
    return moved.join(keys, on="number", how="left", maintain_order="left").select(list(SCHEMA))


def _of_key(lines: list[tuple[date, float, float, float]], window_days: int) -> Iterator[tuple[object, ...]]:
    """Yield outcome, days and units of the orders of one key: its days, with what is left and what each plan has."""
    pairs, unmatched = match(((day, units) for day, units, _, _ in lines), window_days)
    for before, after, units in pairs:
        days = (after - before).days
        yield ("later" if days > 0 else "earlier", before, after, days, units)
    there = {day: before > DUST and after > DUST for day, _, before, after in lines}
    for day, units in unmatched:
        both = there[day]
        if units > 0:
            yield ("more", day, day, 0, units) if both else ("added", None, day, None, units)
        else:
            yield ("less", day, day, 0, -units) if both else ("gone", day, None, None, -units)


def match(
    left: Iterable[tuple[date, float]], window_days: int
) -> tuple[list[tuple[date, date, float]], list[tuple[date, float]]]:
    """Match what is gone (below 0) with what is new (above 0) on other days.

    Parameters
    ----------
    left
        Days in order, with units.
    window_days
        Most days between the two of a match.

    Returns
    -------
    pairs, unmatched
        Day before, day after and units of every match; days with units that have none.

    Notes
    -----
    Going through the days, what comes is matched with the last of what waits with the other sign: the nearest. That
    settles which units are matched; they are then paired first with first, which costs no more days in all, and none
    of them more days than the farthest.
    """
    waiting: list[tuple[date, float]] = []
    gone: list[tuple[date, float]] = []
    new: list[tuple[date, float]] = []
    for day, units in left:
        rest = units
        while abs(rest) > DUST and waiting and waiting[-1][1] * rest < 0:
            then, open_units = waiting[-1]
            if (day - then).days > window_days:
                break
            taken = min(abs(rest), abs(open_units))
            sign = 1 if rest > 0 else -1
            (new if rest > 0 else gone).append((day, taken))
            (gone if rest > 0 else new).append((then, taken))
            rest -= sign * taken
            waiting[-1] = (then, open_units + sign * taken)
            if abs(waiting[-1][1]) <= DUST:
                waiting.pop()
        if abs(rest) > DUST:
            waiting.append((day, rest))
    return _first_with_first(sorted(gone), sorted(new)), sorted(waiting)


def _first_with_first(gone: list[tuple[date, float]], new: list[tuple[date, float]]) -> list[tuple[date, date, float]]:
    """Pair two lists with the same sum of units, in the order of their days."""
    found: dict[tuple[date, date], float] = {}
    ones, others = deque(gone), deque(new)
    while ones and others:
        (before, here), (after, there) = ones.popleft(), others.popleft()
        units = min(here, there)
        found[before, after] = found.get((before, after), 0.0) + units
        if here - units > DUST:
            ones.appendleft((before, here - units))
        if there - units > DUST:
            others.appendleft((after, there - units))
    return [(before, after, units) for (before, after), units in found.items()]


def _priced(moved: pl.DataFrame, first: Network, other: Network) -> pl.DataFrame:
    """Add ``money``: the units at the item's value, by the plan that has the order; blank where it has no value."""
    lines = moved.with_row_index("line")
    gone = lines.filter(pl.col("after").is_null())
    kept = lines.filter(pl.col("after").is_not_null())
    priced = [_valued(kept, other, "after"), _valued(gone, first, "before")]
    return pl.concat(priced).sort("line").drop("line")


def _valued(lines: pl.DataFrame, network: Network, day: str) -> pl.DataFrame:
    values = items_frame(network).select("item", "value", "value_currency")
    buckets = bucket_of(network.calendar, lines[day]).clip(0, network.calendar.count - 1)
    valued = lines.join(values, on="item", how="left", maintain_order="left").with_columns(bucket=buckets)
    rated = Money.of(network).home_units(valued, "value_currency", "bucket", "exchange")
    money = pl.col("quantity") * pl.col("value") * pl.col("exchange")
    return rated.with_columns(money=money).drop("value", "value_currency", "bucket", "exchange")
