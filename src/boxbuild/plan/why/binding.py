"""What binds: the rows that one more unit pays, each with what a unit of its relief is worth."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from boxbuild.plan.why.words import amount, done, named, when

if TYPE_CHECKING:
    from boxbuild.plan.why.chain import Chain
    from boxbuild.plan.why.ways import Ways

LEAST: Final = 1e-3
"""Part of a unit's cost from which what it pays is named."""

MEASURED: Final = frozenset({"capacity", "supply", "carriage", "contracts", "overtime", "locks"})
"""Families whose use the tables of a plan tell."""


@dataclass(frozen=True)
class Binding:
    """One thing that stands in the way.

    Parameters
    ----------
    kind
        ``line``, ``supplier``, ``lane``, ``part``, ``contract``, ``target``, ``option``, ``lock``, ``law``.
    thing
        Its name.
    start, when
        First day of its bucket, and the bucket in words; blank where it is of the whole horizon.
    per_unit, unit
        Units of it that one unit of the demand takes, and what they are.
    price
        What one unit of its relief saves at most, discounted home currency.
    weight
        What it adds to one unit of the demand: ``per_unit`` × ``price``.
    scarce
        Part of ``weight`` beyond what one pays where there is more of it: all of it for a limit.
    overtime
        Part of ``price`` that is paid for overtime.
    used, limit
        What is used of it, and its limit, in its own units; ``None`` where the tables do not tell.
    path
        The items and sites from the demand down to where it binds.
    sentence
        The same in words.
    """

    kind: str
    thing: str
    start: date | None
    when: str
    per_unit: float
    unit: str
    price: float
    weight: float
    scarce: float
    overtime: float
    used: float | None
    limit: float | None
    path: tuple[str, ...]
    sentence: str
    row: int

    def as_dict(self) -> dict[str, Any]:
        """Return the binding as JSON values."""
        found = asdict(self)
        return {**found, "start": self.start.isoformat() if self.start else None, "path": list(self.path)}


def bindings(ways: Ways, chain: Chain) -> list[Binding]:
    """Return what one unit of a chain pays for, the scarcest first: limits, and what there is no more of in time."""
    least = max(LEAST * abs(chain.cost), ways.priced.tolerance * abs(chain.cost), 1e-9)
    found = [_limit(ways, chain, row, paid) for row, paid in chain.limits.items() if paid > least]
    found += [_lying(ways, chain, row, paid) for row, paid in chain.lying.items() if paid > least]
    known = (one for one in found if one is not None and one.scarce > least)
    return sorted(known, key=lambda one: (-one.scarce, one.thing, one.when))


def _limit(ways: Ways, chain: Chain, row: int, paid: float) -> Binding | None:
    priced = ways.priced
    family, keys, price = priced.family(row), priced.row(row), abs(float(priced.price[row]))
    kind, thing = named(family, keys)
    bound = priced.model.row_upper[row] if priced.price[row] < 0 else priced.model.row_lower[row]
    used = limit = None
    if family in MEASURED and isfinite(bound):
        columns, values = priced.in_row(row)
        used, limit = _used(ways, family, row)
        if abs(float(values @ priced.values[columns]) - bound) > 1e-3 * (1.0 + abs(bound)):
            return None  # not at its limit: prices that are nearly right may say otherwise
    bucket = keys.get("bucket")
    unit = _unit(ways, family, keys)
    extra, note = _overtime(ways, row) if family == "capacity" else (0.0, "")
    span = "" if bucket is None else f" in {when(ways.priced.model.flows.calendar, bucket)}"
    full = f" ({amount(used)} of {amount(limit)} {unit}s{note})" if used is not None and limit else note
    said = {"line": "is full", "supplier": "is at its limit", "lane": "is full"}.get(kind, "binds")
    if family == "capacity" and used is not None and limit is not None and used < limit * (1 - 1e-6):
        said = "works overtime" if extra else "is full but for overtime"
    worth = f"one {unit} more saves up to {amount(price)}" if unit else f"a unit of relief saves up to {amount(price)}"
    sentence = f"{thing} {said}{span}{full}: {worth}"
    return Binding(
        kind=kind,
        thing=thing,
        start=None if bucket is None else priced.model.flows.calendar.first_days[bucket],
        when=span.removeprefix(" in "),
        per_unit=paid / price,
        unit=unit,
        price=price,
        weight=paid,
        scarce=paid,
        overtime=extra,
        used=used,
        limit=limit,
        path=_path(ways, chain, next(iter(chain.users(row)), None)),
        sentence=sentence,
        row=row,
    )


def _lying(ways: Ways, chain: Chain, row: int, paid: float) -> Binding:
    priced, calendar = ways.priced, ways.priced.model.flows.calendar
    keys, units = priced.row(row), chain.units[row]
    kind, thing = named("balance", keys)
    bucket = keys["bucket"]
    span = when(calendar, bucket)
    there = -float(priced.model.row_upper[row])
    at = ways.later(row, bucket)
    later = None if at is None else bucket + at - row
    price = float(priced.price[row]) + _pool(ways, row)
    more = f"; more of it can be there in {when(calendar, later)}" if later is not None else "; no more of it can come"
    lies = f"the {amount(there)} in stock or on order" if there > 0 else "all that can be had"
    worth = f"one more saves up to {amount(price)}"
    sentence = f"{thing}: {lies} in {span} {'are' if there > 1 else 'is'} taken{more}: {worth}"
    return Binding(
        kind=kind,
        thing=thing,
        start=calendar.first_days[bucket],
        when=span,
        per_unit=units,
        unit="unit",
        price=price,
        weight=units * price,
        scarce=paid,
        overtime=0.0,
        used=None,
        limit=there if there > 0 else None,
        path=_path(ways, chain, row),
        sentence=sentence,
        row=row,
    )


def _pool(ways: Ways, row: int) -> float:
    """What a unit at a balance is worth in what counts it once more."""
    pool = ways.pool(row)
    return float(ways.priced.price[pool]) if pool is not None else 0.0


def _used(ways: Ways, family: str, row: int) -> tuple[float | None, float | None]:
    """What is used of a row and what there is, all overtime and the options that were taken with it."""
    columns, values = ways.priced.in_row(row)
    moved = ways.priced.values[columns]
    upper = float(ways.priced.model.row_upper[row])
    if not isfinite(upper) or family == "contracts":
        return None, None
    extra = np.asarray([priced_kind == "overtime" for priced_kind in map(ways.priced.kind, columns.tolist())])
    opens = (values < 0) & ~extra
    limit = upper - float(values[opens] @ moved[opens])
    limit -= float(values[extra] @ ways.priced.model.upper[columns[extra]])
    return float(values[values > 0] @ moved[values > 0]), limit


def _overtime(ways: Ways, row: int) -> tuple[float, str]:
    """What of an hour's price is overtime, and what there is to say of it."""
    priced = ways.priced
    columns, _ = priced.in_row(row)
    extra = [column for column in columns.tolist() if priced.kind(column) == "overtime"]
    if not extra:
        return 0.0, ", without overtime"
    cost, moved = float(priced.model.cost[extra[0]]), float(priced.values[extra[0]])
    room = float(priced.model.upper[extra[0]]) - moved
    price = abs(float(priced.price[row]))
    if room <= 1e-6:
        return min(cost, price), f", {amount(moved)} of them overtime"
    if moved > 1e-6:
        return price, f", {amount(moved)} of them overtime at {amount(cost)}"
    return 0.0, f"; overtime at {amount(cost)} is dearer than it is worth"


def _unit(ways: Ways, family: str, keys: dict[str, Any]) -> str:
    if family in ("capacity", "overtime"):
        rows = ways.priced.plan.network["resources"].filter(pl.col("resource") == keys["resource"])
        return str(rows["unit"][0] or "hour") if rows.height else "hour"
    return "unit" if family in ("supply", "carriage", "locks") or keys.get("term") in ("min", "max") else ""


def _path(ways: Ways, chain: Chain, row: int | None) -> tuple[str, ...]:
    """The items and sites from the demand to a balance, with how each is had; what is kept in between is left out."""
    if row is None:
        return ()
    priced, steps = ways.priced, []
    for at in chain.path(row):
        way = chain.links[at].way
        keys = priced.row(at)
        kind = priced.kind(way.column) if way else ""
        if kind == "keep" or priced.family(at) != "balance":
            continue
        how = f", {done(kind, priced.column(way.column))}" if way else ""
        start = ""
        if way is not None and kind != "keep":
            start = f" in {when(priced.model.flows.calendar, priced.column(way.column)['bucket'])}"
        steps.append(f"{keys['item']} at {keys['site']}{how}{start}")
    return tuple(steps)
