"""Flows: builds, buys, shipments and deliveries of a plan or of its orders, as columns beside their rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from boxbuild.audit.columns.pairs import Ints, Mask, Pairs
from boxbuild.audit.columns.rows import coded, heads, in_force, windows
from boxbuild.audit.days import Days
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import FOREVER

NAMES: Final = {
    "operations": ("site", "item", "option"),
    "sources": ("offer",),
    "lanes": ("origin", "destination", "mode", "item"),
}
"""What names a row of the network that flows go by."""


class Tables:
    """The tables of a network as columns, each read once."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.network = reading, reading.network
        self.days: Days = reading.days
        self.edges: Ints = np.asarray(reading.days.edges, dtype=np.int64)
        self.lengths: Ints = np.diff(self.edges)
        self._numbers: dict[tuple[str, str], Pairs] = {}

    @property
    def buckets(self) -> int:
        """Number of buckets."""
        return len(self.lengths)

    def number(self, table: str, column: str) -> Pairs:
        """Return a column of numbers; blanks are 0."""
        if (table, column) not in self._numbers:
            self._numbers[table, column] = Pairs.of(self.network[table][column])
        return self._numbers[table, column]

    def bucket(self, days: Ints) -> Ints:
        """Return the bucket of each day inside the horizon."""
        return np.searchsorted(self.edges, days, side="right") - 1

    @cached_property
    def ready(self) -> dict[str, Ints]:
        """First day on which each row of a table can be used by its option; never, where that is not taken."""
        found = {}
        for table in ("operations", "sources", "lanes", "resources"):
            options = self.network[table]["option"]
            days = {name: self.reading.ready.get(name, FOREVER) for name in options.drop_nulls().unique()}
            found[table] = np.array([-FOREVER if name is None else days[name] for name in options], dtype=np.int64)
        return found

    @cached_property
    def demand(self) -> pl.DataFrame:
        """``demand``, ``item``, ``market``, and as day numbers ``due``, ``grace_days`` and ``max_late_days``."""
        rows = self.network["demand"]
        due = (rows["due"] - self.days.start).dt.total_days()
        return rows.select("demand", "item", "market", "grace_days", "max_late_days").with_columns(due.alias("due"))

    @cached_property
    def due_bucket(self) -> Ints:
        """Bucket that each demand is due in; -1 where that is after the horizon."""
        due = self.demand["due"].to_numpy()
        return np.where(due >= self.days.horizon, -1, self.bucket(np.maximum(due, 0)))

    @cached_property
    def grouped_boms(self) -> bool:
        """Whether the bills of materials have groups of alternates."""
        return bool(self.network["boms"]["alternate_group"].is_not_null().any())

    def needs(self, site: pl.Series, parent: pl.Series, days: Ints) -> tuple[Ints, pl.Series, Pairs]:
        """Return what builds take by rows without a group: the build, the component, and its units for one started.

        Of the rows that hold on the day, one that names the site replaces the blank one of the component; a quantity
        of 0 says that the component is not used.
        """
        boms = self.network["boms"].with_row_index("row")
        first, last = windows(boms, self.days.start)
        boms = boms.select("row", "parent", "component", "quantity", "alternate_group", at="site").with_columns(
            first=pl.Series(first), last=pl.Series(last)
        )
        asked = pl.DataFrame({"site": site, "parent": parent, "day": days})
        kinds = asked.unique(maintain_order=True).with_row_index("kind")
        here = (
            kinds.join(boms, on="parent", maintain_order="left_right")
            .filter(pl.col("day").is_between("first", "last"))
            .filter(pl.col("at").is_null() | (pl.col("at") == pl.col("site")))
            .with_columns(named=pl.col("at").is_not_null().any().over("kind", "component"))
            .filter((pl.col("at").is_not_null() | ~pl.col("named")) & (pl.col("quantity") != 0))
            .filter(pl.col("alternate_group").is_null())
        )
        kind = coded(asked, kinds.drop("kind"))
        of = here["kind"].cast(pl.Int64).to_numpy()
        build, place = repeated(np.bincount(of, minlength=kinds.height), kind)
        row = here["row"].cast(pl.Int64).to_numpy()[place]
        per_unit = self.number("boms", "quantity") * (Pairs.one(Decimal(1)) + self.number("boms", "scrap"))
        return build, here["component"].gather(place), per_unit[row]


@dataclass(frozen=True)
class Moves:
    """Flows of one kind.

    Parameters
    ----------
    frame
        Their names.
    row, holds
        Row of the network that each goes by, and whether it holds and can be used on the day that the flow starts.
    bucket
        In which each starts.
    quantity
        How much.
    part, arrival, fraction
        The flow that each part is of, the bucket in which that arrives, and how much of the flow it is.
    """

    frame: pl.DataFrame
    row: Ints
    holds: Mask
    bucket: Ints
    quantity: Pairs
    part: Ints
    arrival: Ints
    fraction: Pairs

    @cached_property
    def arrived(self) -> Pairs:
        """Quantity of each part."""
        return self.quantity[self.part] * self.fraction

    @property
    def arrives(self) -> bool:
        """Whether all of them arrive inside the horizon."""
        return len(np.unique(self.part)) == len(self.row)


def spread(days: Days, bucket: Ints, leads: Ints) -> tuple[Ints, Ints, Pairs]:
    """Return the parts in which flows arrive: the flow, the bucket, and the fraction that arrives in it."""
    longest = int(leads.max(initial=0)) + 1
    kinds, kind = np.unique(bucket * longest + leads, return_inverse=True)
    arrivals = [days.arrivals(int(one) // longest, int(one) % longest) for one in kinds]
    sizes = np.array([len(parts) for parts in arrivals], dtype=np.int64)
    into = np.array([arrival for parts in arrivals for arrival, _ in parts], dtype=np.int64)
    fractions = _column([fraction for parts in arrivals for _, fraction in parts])
    flow, place = repeated(sizes, kind)
    return flow, into[place], fractions[place]


def repeated(sizes: Ints, kind: Ints) -> tuple[Ints, Ints]:
    """Return each row once for each member of its kind: the row, and the place of the member among all kinds'."""
    starts, each = np.cumsum(sizes) - sizes, sizes[kind]
    row = np.repeat(np.arange(len(kind)), each)
    return row, np.repeat(starts[kind] - (np.cumsum(each) - each), each) + np.arange(len(row))


def _column(values: list[Decimal]) -> Pairs:
    found = [Pairs.one(value) for value in values]
    high = np.array([one.high[0] for one in found], dtype=np.float64)
    return Pairs(high, np.array([one.low[0] for one in found], dtype=np.float64))


def joined_keys(frame: pl.DataFrame) -> pl.Series:
    """Return the parts of each row joined by ``|``; a blank part is empty."""
    run, first = heads(frame)
    keys = frame[first].select(pl.concat_str([pl.col(name).fill_null("") for name in frame.columns], separator="|"))
    return keys.to_series().gather(run)


def moves(tables: Tables, table: str, frame: pl.DataFrame, names: tuple[str, ...]) -> Moves:
    """Return a plan's table as flows by bucket.

    Parameters
    ----------
    table
        The table of the network that its rows go by.
    frame
        The table; has ``bucket`` and ``quantity``.
    names
        Its columns that name the row of the network.
    """
    bucket = frame["bucket"].to_numpy()
    day = tables.edges[bucket]
    network = tables.network[table]
    row, holds = in_force(frame.select(names), network.select(*NAMES[table], "from", "until"), day, tables.days.start)
    lead = network["lead_days"].gather(row).to_numpy().astype(np.int64)
    usable = tables.ready[table][row] <= day
    return Moves(frame, row, holds & usable, bucket, Pairs.of(frame["quantity"]), *spread(tables.days, bucket, lead))
