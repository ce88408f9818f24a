"""Locks: what is built, bought and shipped under each, against what it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import polars as pl

from boxbuild.audit.reading import Reading
from boxbuild.audit.records import records
from boxbuild.audit.tally import Tally, plain
from boxbuild.plan.plan import Plan

ZERO: Final = Decimal(0)

UNITS: Final = pl.Decimal(38, 8)

FLOWS: Final = {
    "build": ("builds", {"item": "item", "site": "site"}),
    "buy": ("buys", {"item": "item", "site": "destination", "supplier": "supplier", "offer": "offer"}),
    "ship": ("shipments", {"item": "item", "site": "origin", "destination": "destination", "mode": "mode"}),
}
"""By kind, the table of the plan, and which of its columns each column of a lock names."""

Named = tuple[str | None, ...]
Sums = dict[tuple[Named, int], Decimal]


@dataclass(frozen=True, slots=True)
class Lock:
    """A row of locks."""

    lock: str
    kind: str
    item: str | None
    site: str | None
    destination: str | None
    supplier: str | None
    offer: str | None
    mode: str | None
    per: str
    fixed: Decimal | None
    least: Decimal | None
    most: Decimal | None
    first: int
    last: int

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that choose what is locked."""
        return tuple(name for name in FLOWS[self.kind][1] if getattr(self, name) is not None)

    @property
    def called(self) -> Named:
        """What they say."""
        return tuple(getattr(self, name) for name in self.names)


def locks(plan: Plan, reading: Reading) -> Tally:
    """Check every lock with a bucket in its window.

    quantity = units started (build), ordered (buy) or leaving (ship), of what the lock names, in its window;
    quantity = fixed, quantity >= min, quantity <= max; per week: in each bucket, the amount x days / 7.
    """
    tally = Tally("locks", "amounts that are locked")
    rows = [lock for lock in records(reading.network, "locks", Lock) if reading.window(lock.first, lock.last)]
    sums: dict[tuple[str, tuple[str, ...]], Sums] = {}
    for kind, names in dict.fromkeys((lock.kind, lock.names) for lock in rows):
        alike = [lock for lock in rows if (lock.kind, lock.names) == (kind, names)]
        sums[kind, names] = _sums(plan, kind, names, {lock.called for lock in alike})
    for lock in rows:
        moved = sums[lock.kind, lock.names]
        for buckets, times in _parts(lock, reading):
            quantity = sum((moved.get((lock.called, bucket), ZERO) for bucket in buckets), ZERO)
            place = ("locks", lock.lock, buckets[0] if lock.per == "week" else None)
            _compare(tally, place, lock, quantity, times)
    return tally


def _sums(plan: Plan, kind: str, names: tuple[str, ...], asked: set[Named]) -> Sums:
    """Units by what locks name and by bucket; only of what some lock names."""
    table, columns = FLOWS[kind]
    keys = [columns[name] for name in names]
    frame = plan[table]
    if keys:
        called = pl.DataFrame(
            sorted(tuple(map(str, one)) for one in asked), dict.fromkeys(keys, pl.String), orient="row"
        )
        frame = frame.join(called, on=keys, how="semi")
    exact = pl.col("quantity").round(8).cast(UNITS).sum()
    return {(row[:-2], row[-2]): row[-1] for row in frame.group_by(*keys, "bucket").agg(exact).iter_rows()}


def _parts(lock: Lock, reading: Reading) -> Iterator[tuple[range, Decimal]]:
    """Yield the buckets that an amount of the lock is for, and how many times the amount."""
    window = reading.window(lock.first, lock.last)
    if lock.per == "week":
        for bucket in window:
            yield range(bucket, bucket + 1), Decimal(reading.days.length(bucket)) / 7
    else:
        yield window, Decimal(1)


def _compare(tally: Tally, place: tuple[str, str, int | None], lock: Lock, quantity: Decimal, times: Decimal) -> None:
    found = f"{plain(quantity)} planned"
    if lock.fixed is not None:
        asked = lock.fixed * times
        tally.equal(place, asked, quantity, quantity, f"{found}, and {plain(asked)} are fixed")
    if lock.least is not None:
        asked = lock.least * times
        tally.at_most(place, quantity, asked, quantity, f"{found} are less than the minimum {plain(asked)}")
    if lock.most is not None:
        asked = lock.most * times
        tally.at_most(place, asked, quantity, quantity, f"{found} are more than the maximum {plain(asked)}")
