"""Pegging of a plan: from a demand to its orders, lots, parts and suppliers, and from any of these to the demands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from boxbuild.errors import UsageError
from boxbuild.network.issues import did_you_mean
from boxbuild.plan.pegging.book import Book
from boxbuild.plan.pegging.bucketed import bucketed_moves
from boxbuild.plan.pegging.dated import dated_moves
from boxbuild.plan.pegging.grow import Grower
from boxbuild.plan.pegging.late import Lateness
from boxbuild.plan.pegging.moves import BUILD, BUY, DELIVER, KINDS, SHIP, Flags, Floats, Integers, Moves
from boxbuild.plan.pegging.peg import Kind, Peg
from boxbuild.plan.pegging.sweep import Held, held, shares

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

DUST: Final = 1e-6
"""Part of a demand that is a rounding, and not short."""


def pegging(plan: Plan) -> Pegging:
    """Return who feeds whom in a plan: its orders or, where it has none, its flows by bucket."""
    released = plan["orders"].height > 0 or plan.summary.release_cost is not None
    return Pegging(dated_moves(plan) if released else bucketed_moves(plan))


class Pegging:
    """Who feeds whom.

    At each item and site, what came first is used first: supplies and uses in the order of their days and, on one day,
    of the plan's tables. What arrives on a day can be used on it. An order is one mix: each unit of it holds the same
    share of everything that went into it.

    Parameters
    ----------
    moves
        What the plan moves.
    """

    def __init__(self, moves: Moves) -> None:
        self.moves = moves
        self._book = Book(moves)
        self._late = Lateness(moves)
        self._grow = Grower(self._book, self._late)
        self._last: tuple[Peg, Held] | None = None

    @property
    def dated(self) -> bool:
        """Whether pegs are of dated orders; else they are of the plan's flows by bucket."""
        return self.moves.dated

    @cached_property
    def _start(self) -> date:
        return self.moves.network.settings.start

    # upstream

    def demand(self, demand: str) -> Peg:
        """Return a demand with its deliveries and what is short below, and all that they are made of below those.

        Raises
        ------
        UsageError
            There is no such demand.
        """
        known = self._late.demands
        if demand not in known:
            raise UsageError(f"there is no demand {demand!r}", did_you_mean(demand, known))
        wanted = known[demand]
        moves = self._rows((pl.col("kind") == DELIVER) & (pl.col("reference") == demand))
        moves = moves[np.argsort(self.moves.start[moves], kind="stable")]
        met = float(self.moves.quantity[moves].sum())
        node = self.moves.node(wanted.item, wanted.market)
        short = wanted.quantity - met
        short = short if short > DUST * max(1.0, wanted.quantity) else 0.0

        def opened() -> tuple[Peg, ...]:
            found = [self._grow.up(int(move), 1.0, wanted.quantity) for move in moves]
            if short:
                found.append(self._grow.leaf("short", node, short, wanted.item, wanted.quantity))
            return tuple(found)

        late = max((self._late.of(demand, int(day)) for day in self.moves.end[moves]), default=None)
        head = ("demand", demand, wanted.item, wanted.market, "", "", wanted.quantity, wanted.item, 1.0)
        ones = (1.0,) * moves.size
        return Peg(*head, wanted.quantity, wanted.due, wanted.due, late, tuple(moves.tolist()), ones, opened)  # type: ignore[arg-type]

    def inputs(self, order: str) -> Peg:
        """Return an order, a receipt or a lot of stock, with what went into it below.

        Raises
        ------
        UsageError
            There is no such order.
        """
        return self._grow.up(self._named(order), 1.0, None)

    def orders(self, peg: Peg) -> pl.DataFrame:
        """Return everything that goes into a peg of an upstream tree, each order once.

        Returns
        -------
        DataFrame
            ``kind``, ``key``, ``item``, ``site`` (where it arrives or is built), ``source``, ``reference``,
            ``quantity`` (units of the item that go into the peg), ``whole`` (units of the whole order), ``start`` and
            ``end``, by ``end``. The deliveries themselves are among them.
        """
        share = shares(self._book, np.array(peg.moves, np.int64), np.array(peg.amounts))
        found = np.flatnonzero(share > 0.0)
        return self._frame(found, self.moves.good[found] * share[found])

    # downstream

    def part(
        self,
        item: str,
        site: str | None = None,
        supplier: str | None = None,
        first: date | None = None,
        last: date | None = None,
    ) -> Peg:
        """Return an item, with all that brings it below, and where it goes below that.

        Parameters
        ----------
        item
            The item.
        site
            Only what comes to this site, shipments from other sites among it; ``None``: all stock, receipts, buys
            and builds of the item, wherever they are.
        supplier
            Only what is bought from this site.
        first, last
            Only what can be used from a day on that lies between these two, both included.

        Raises
        ------
        UsageError
            There is no such item or site.
        """
        items, sites = self.moves.items, self.moves.sites
        for name, known, what in ((item, items, "item"), (site, sites, "site"), (supplier, sites, "site")):
            if name is not None and name not in known:
                raise UsageError(f"there is no {what} {name!r}", did_you_mean(name, known))
        chosen = (pl.col("item") == item) & (pl.col("kind") != DELIVER)
        chosen &= (pl.col("place") == site) if site is not None else (pl.col("kind") != SHIP)
        if supplier is not None:
            chosen &= (pl.col("kind") == BUY) & (pl.col("site") == supplier)
        moves = self._between(self._rows(chosen), self.moves.end, first, last)
        key = item + (f"@{site}" if site else "")
        return self._root("part", key, item, site or "", moves, self.moves.good[moves], item, supplier or "")

    def order(self, order: str) -> Peg:
        """Return an order, a receipt or a lot of stock, with where it goes below.

        Raises
        ------
        UsageError
            There is no such order.
        """
        move = self._named(order)
        roots = np.zeros(self.moves.kind.size, np.bool_)
        roots[move] = True
        item = self.moves.items[int(self.moves.item[move])]
        return self._grow.down(move, float(self.moves.good[move]), item, None, roots)

    def supplier(self, supplier: str, first: date | None = None, last: date | None = None) -> Peg:
        """Return a supplier, with the parts bought there below (as :meth:`part`).

        Its quantity is the sum of units of different parts: it says how many there are, and nothing more.

        Parameters
        ----------
        supplier
            A site.

        Raises
        ------
        UsageError
            There is no such site, or nothing is bought there.
        """
        if supplier not in self.moves.sites:
            raise UsageError(f"there is no site {supplier!r}", did_you_mean(supplier, self.moves.sites))
        moves = self._rows((pl.col("kind") == BUY) & (pl.col("site") == supplier))
        moves = self._between(moves, self.moves.end, first, last)
        if not moves.size:
            raise UsageError(f"nothing is bought from {supplier} in this plan on these days")
        parts = self.moves.about["item"].gather(moves).unique(maintain_order=True).to_list()
        total = float(self.moves.good[moves].sum())

        def opened() -> tuple[Peg, ...]:
            found = [self.part(part, None, supplier, first, last) for part in parts]
            return tuple(sorted(found, key=lambda peg: -peg.quantity))

        unit_of = parts[0] if len(parts) == 1 else "units"
        return self._head("supplier", supplier, "", supplier, total, unit_of, moves, self.moves.good[moves], opened)

    def resource(self, resource: str, first: date | None = None, last: date | None = None) -> Peg:
        """Return a resource, with the builds that use it below, and where they go below that.

        Quantities are what the builds use of the resource, in its unit.

        Parameters
        ----------
        first, last
            Only builds that start between these days, both included.

        Raises
        ------
        UsageError
            There is no such resource, or nothing uses it.
        """
        network = self.moves.network
        known = network["resources"]["resource"].unique(maintain_order=True).to_list()
        if resource not in known:
            raise UsageError(f"there is no resource {resource!r}", did_you_mean(resource, known))
        uses = network["uses"].filter((pl.col("resource") == resource) & (pl.col("quantity") > 0))
        builds = self.moves.about.with_row_index("move").filter(pl.col("kind") == BUILD)
        found = builds.join(uses.select("item", "site", each="quantity"), on=["item", "site"]).sort("move")
        moves = found["move"].to_numpy().astype(np.int64)
        each = np.zeros(self.moves.kind.size)
        each[moves] = found["each"].to_numpy()
        moves = self._between(moves, self.moves.start, first, last)
        if not moves.size:
            raise UsageError(f"nothing uses {resource} in this plan on these days")
        row = network["resources"].filter(pl.col("resource") == resource).row(0, named=True)
        spent = self.moves.quantity[moves] * each[moves]
        return self._root("resource", resource, "", row["site"], moves, spent, row["unit"] or "unit")

    def demands(self, peg: Peg) -> pl.DataFrame:
        """Return the demands that a peg of a downstream tree feeds, and what is left of it.

        Returns
        -------
        DataFrame
            ``demand``, ``item``, ``market``, ``due``, ``first`` and ``last`` (days of the deliveries that hold any),
            ``late_days`` (of the last of them), ``quantity`` (units of the root in the deliveries), ``units``
            (units delivered that hold any of it: at least so many) and ``delivered`` (all that the demand gets),
            the largest quantity first.
        """
        found = self._held(peg)
        moves = self.moves
        reached = np.flatnonzero((moves.kind == DELIVER) & (found.amount > 0.0))
        rows = pl.DataFrame(
            {
                "demand": moves.about["reference"].gather(reached),
                "day": moves.end[reached],
                "quantity": found.amount[reached],
                "units": found.touched[reached] * moves.quantity[reached],
            }
        )
        sums = (
            rows.group_by("demand")
            .agg(pl.col("quantity").sum(), pl.col("units").sum(), first="day", last=pl.col("day").max())
            .with_columns(first=pl.col("first").list.min())
        )
        total = (
            moves.about.lazy()
            .filter(pl.col("kind") == DELIVER)
            .group_by(demand="reference")
            .agg(delivered=pl.col("quantity").sum())
        )
        wanted = moves.network["demand"].select("demand", "item", "market", "due")
        joined = sums.join(wanted, on="demand").join(total.collect(), on="demand")
        late = [self._late.of(name, day) for name, day in joined.select("demand", "last").iter_rows()]
        start = pl.lit(self._start)
        return joined.select(
            "demand",
            "item",
            "market",
            "due",
            first=start + pl.duration(days="first"),
            last=start + pl.duration(days="last"),
            late_days=pl.Series(late, dtype=pl.Int64),
            quantity="quantity",
            units="units",
            delivered="delivered",
        ).sort("quantity", "demand", descending=[True, False])

    def left(self, peg: Peg) -> pl.DataFrame:
        """Return what is left of a peg at the end of the plan: ``item``, ``site``, ``quantity`` (units of the root)."""
        found = self._held(peg)
        item = self.moves.about["item"].gather(found.left_of)
        place = self.moves.about["place"].gather(found.left_of)
        frame = pl.DataFrame({"item": item, "site": place, "quantity": pl.Series(found.left, dtype=pl.Float64)})
        sums = frame.group_by("item", "site").agg(pl.col("quantity").sum())
        return sums.sort("quantity", "item", "site", descending=[True, False, False])

    def uncovered(self, peg: Peg) -> float:
        """Return the units of a peg of a downstream tree that are taken before they are there, and not followed.

        With what :meth:`demands` and :meth:`left` return they are the whole peg. In a plan that passes its audit they
        are roundings of orders, a millionth of a unit each.
        """
        return self._held(peg).uncovered

    # service

    def deliveries(self) -> pl.DataFrame:
        """Return every delivery: ``order``, ``demand``, ``item``, ``market``, ``day``, ``quantity``, ``late_days``."""
        moves = self._rows(pl.col("kind") == DELIVER)
        about = self.moves.about[moves]
        pairs = zip(about["reference"].to_list(), about["end"].to_list(), strict=True)
        return about.select(
            "item",
            "quantity",
            order="key",
            demand="reference",
            market="site",
            day=pl.lit(self._start) + pl.duration(days="end"),
            late_days=pl.Series([self._late.of(demand, day) for demand, day in pairs], dtype=pl.Int64),
        ).select("order", "demand", "item", "market", "day", "quantity", "late_days")

    def shortages(self) -> pl.DataFrame:
        """Return ``demand`` and ``short``: units due inside the horizon that are never delivered."""
        network = self.moves.network
        met = (
            self.moves.about.filter(pl.col("kind") == DELIVER)
            .group_by(demand="reference")
            .agg(met=pl.col("quantity").sum())
        )
        short = pl.col("quantity") - pl.col("met").fill_null(0.0)
        wanted = network["demand"].filter(pl.col("due") < network.calendar.end)
        return (
            wanted.join(met, on="demand", how="left", maintain_order="left")
            .filter(short > DUST * pl.max_horizontal(1.0, "quantity"))
            .select("demand", short=short)
        )

    # nodes

    def edges(self, item: str, site: str) -> pl.DataFrame:
        """Return who takes from whom at one item and site, first in first out.

        Returns
        -------
        DataFrame
            ``supply_kind``, ``supply``, ``there`` (day from which it can be used), ``use_kind``, ``use``, ``taken``
            (day), ``quantity`` and ``covered`` (whether the supply was there before the use). A use of kind ``left`` is
            what remains at the end; a supply of kind ``uncovered`` is what is missing.
        """
        match = self._book.match(self.moves.node(item, site))
        supply, use = match.supply, match.use
        return pl.DataFrame(
            {
                "supply_kind": self._kinds(supply, "uncovered"),
                "supply": self._keys(supply),
                "there": self._days(np.maximum(self.moves.end[supply], 0), supply),
                "use_kind": self._kinds(use, "left"),
                "use": self._keys(use),
                "taken": self._days(self.moves.start[use], use),
                "quantity": match.quantity,
                "covered": match.there,
            }
        )

    # how

    def _held(self, peg: Peg) -> Held:
        """What passes through a part at a site is counted once; hours of a resource add up on the way."""
        if self._last is None or self._last[0] is not peg:
            adds_up = peg.kind == "resource"
            found = held(self._book, np.array(peg.moves, np.int64), np.array(peg.amounts), adds_up=adds_up)
            self._last = (peg, found)
        return self._last[1]

    def _rows(self, chosen: pl.Expr) -> Integers:
        return self.moves.about.select(chosen.fill_null(value=False).arg_true()).to_series().to_numpy().astype(np.int64)

    def _named(self, order: str) -> int:
        found = self._rows(pl.col("key") == order)
        if found.size == 0:
            keys = self.moves.about["key"]
            hint = did_you_mean(order, keys.head(1000).to_list())
            if not self.dated:
                hint = "the plan has no orders: its flows by bucket are named kind|item|site|destination|row|day"
            raise UsageError(f"there is no order, receipt or stock {order!r}", hint)
        return int(found[0])

    def _between(self, moves: Integers, days: Integers, first: date | None, last: date | None) -> Integers:
        calendar = self.moves.network.calendar
        low = -1 if first is None else calendar.day(first)
        high = calendar.horizon if last is None else calendar.day(last)
        return moves[(days[moves] >= low) & (days[moves] <= high)]

    def _root(
        self,
        kind: Kind,
        key: str,
        item: str,
        site: str,
        moves: Integers,
        amounts: Floats,
        unit_of: str,
        source: str = "",
    ) -> Peg:
        roots: Flags = np.zeros(self.moves.kind.size, np.bool_)
        roots[moves] = kind != "resource"
        total = float(amounts.sum())
        order = np.argsort(self.moves.end[moves], kind="stable")

        def opened() -> tuple[Peg, ...]:
            pairs = zip(moves[order].tolist(), amounts[order].tolist(), strict=True)
            return tuple(self._grow.down(move, amount, unit_of, total, roots) for move, amount in pairs)

        return self._head(kind, key, item, site, total, unit_of, moves, amounts, opened, source)

    def _head(
        self,
        kind: Kind,
        key: str,
        item: str,
        site: str,
        total: float,
        unit_of: str,
        moves: Integers,
        amounts: Floats,
        opened: Callable[[], tuple[Peg, ...]],
        source: str = "",
    ) -> Peg:
        head = (kind, key, item, site, source, "", total, unit_of, 1.0, total, None, None, None)
        return Peg(*head, tuple(moves.tolist()), tuple(amounts.tolist()), opened)

    def _frame(self, moves: Integers, quantity: Floats) -> pl.DataFrame:
        about = self.moves.about[moves]
        arrives = pl.col("kind").is_in([BUY, SHIP])
        start = pl.lit(self._start)
        before = pl.col("start") < 0
        return (
            about.with_columns(pl.Series("used", quantity), pl.Series("whole", self.moves.good[moves]))
            .sort("end", "start", "kind", maintain_order=True)
            .select(
                pl.col("kind").replace_strict(dict(enumerate(KINDS)), return_dtype=pl.String),
                "key",
                "item",
                site=pl.when(arrives).then("place").otherwise("site"),
                source=pl.when(arrives).then("site"),
                reference="reference",
                quantity="used",
                whole="whole",
                start=pl.when(~before).then(start + pl.duration(days="start")),
                end=start + pl.duration(days=pl.col("end").clip(lower_bound=0)),
            )
        )

    def _kinds(self, moves: Integers, other: str) -> list[str]:
        return [other if move < 0 else KINDS[self.moves.kind[move]] for move in moves.tolist()]

    def _keys(self, moves: Integers) -> pl.Series:
        keys = self.moves.about["key"].gather(np.maximum(moves, 0))
        return pl.select(pl.when(pl.Series(moves >= 0)).then(keys)).to_series()

    def _days(self, days: Integers, moves: Integers) -> list[date | None]:
        pairs = zip(days.tolist(), moves.tolist(), strict=True)
        return [None if move < 0 else self._start + timedelta(days=day) for day, move in pairs]
