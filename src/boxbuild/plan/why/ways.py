"""Ways: the cheapest way to one more unit of an item at a site in a bucket, at the prices of a plan.

At the balance of an item every column that brings a unit has a cost that its prices split without a rest: for a column
``x`` that brings ``A`` units over the buckets of its arrival, with own cost ``c`` and coefficients ``a``,

    A price = c + sum_inputs |a| price + sum_limits a price' + d(x)

``d`` is what the column costs above its worth, and 0 for a way that is in use. *Inputs* are balances themselves (what a
build takes, where a shipment leaves, what was kept), and so on down the BOM and back in time; *limits* are all other
rows: hours of a line, weeks of a supplier, contracts, law. What is kept may also be drawn: then what would have been
there later is one less.

Where nothing is in use, prices may be anything that keeps it so. There the cheapest way counts, from its inputs up; a
balance that no way leads to has nothing but what lies there or is on order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import inf, isinf
from typing import TYPE_CHECKING, Final

from boxbuild.model.constraints.exempt.territory import home_sites

if TYPE_CHECKING:
    from boxbuild.plan.why.priced import Priced

PASSED: Final = frozenset({"balance", "alternates"})
"""Families whose rows are passed through: what one of them needs is brought by a column, which needs others."""

GATES: Final = frozenset({"capacity", "supply", "carriage", "opened", "overtime"})
"""Families of limits that may be shut: at nothing, with nothing that opens them."""

MOST: Final = 60_000
"""Ways that are tried at most; beyond, the first one that is in use is taken as it is."""

WORTH: Final = 0.05
"""Part of the worth of what lies somewhere by which it may cost more to have it again."""

SOME: Final = 1e-6
"""Units from which something is in use."""


@dataclass(frozen=True)
class Way:
    """A column that brings a unit: more of it, or less of what is kept.

    Parameters
    ----------
    column, sign
        Its number; 1 where there is more of it, -1 where less.
    brings
        Units that one unit of it brings, over all buckets of its arrival.
    own
        Its own cost per unit brought, discounted home currency.
    inputs
        Balances that it draws on, and units drawn per unit brought.
    limits
        Other rows, and what a unit brought pays for them: negative where it earns.
    extra
        What it costs above the price of what it brings.
    """

    column: int
    sign: int
    brings: float
    own: float
    inputs: tuple[tuple[int, float], ...]
    limits: tuple[tuple[int, float], ...]
    extra: float


@dataclass(frozen=True)
class Found:
    """What one more unit at a row costs.

    Parameters
    ----------
    row
        The row.
    cost
        Cost of the unit; infinite where it cannot be had.
    way
        How; ``None`` where there is nothing but what lies there, worth what its best use pays.
    """

    row: int
    cost: float
    way: Way | None = None


@dataclass
class Ways:
    """Looks for ways, and remembers them."""

    priced: Priced
    _known: dict[int, Found] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)
    _tried: int = 0
    _again: dict[int, int | None] = field(default_factory=dict)

    def find(self, row: int) -> Found:
        """Return the cheapest way to one more unit at a row."""
        known = self._known.get(row)
        if known is None:
            self._open.add(row)
            known, whole = self._find(row)
            self._open.discard(row)
            if whole:
                self._known[row] = known
        return known

    def _find(self, row: int) -> tuple[Found, bool]:
        """Look for ways, those in use first, until the next one cannot be cheaper; and say whether all was seen."""
        price, near = float(self.priced.price[row]), self._near(row)
        best: Way | None = None
        whole = True
        for extra, column, sign in self._candidates(row, near):
            if best is not None and extra >= best.extra - near:
                break
            way = self._way(row, column, sign)
            if way is None:
                continue
            if any(at in self._open for at, _ in way.inputs):
                whole = False
                continue
            way = self._raised(way)
            if not isinf(way.extra) and (best is None or way.extra < best.extra):
                best = way
        lies = self._lies(row)
        if best is not None and (best.extra <= near or not lies):
            cost = price + (0.0 if best.extra <= near else best.extra)
            return Found(row, cost, best), whole or best.extra <= near
        return Found(row, price if lies else inf), whole or lies

    def replaced(self, row: int) -> int | None:
        """Return the later balance at which what lies at one is had again, for what it is worth; else nothing."""
        if row not in self._again:
            price, bucket = float(self.priced.price[row]), int(self.priced.row(row)["bucket"])
            later = self.later(row, bucket)
            dear = later is not None and self.find(later).cost > price + WORTH * abs(price)
            self._again[row] = None if dear else later
        return self._again[row]

    def later(self, row: int, bucket: int) -> int | None:
        """Return the first balance after one, of the same item and site, to which a way leads from somewhere."""
        for at in range(row + 1, row + self.priced.model.flows.calendar.count - bucket):
            way = self.find(at).way
            if way is not None and self.priced.kind(way.column) != "keep":
                return at
        return None

    def served(self, column: int) -> Way:
        """Return what a unit of a delivery takes."""
        priced = self.priced
        rows, values = priced.in_column(column)
        inputs, limits = [], []
        for at, value in zip(rows.tolist(), values.tolist(), strict=True):
            family = priced.family(at)
            if family in PASSED:
                inputs.append((at, -value))
            elif family != "demand":
                limits.append((at, -value * float(priced.price[at])))
        own = float(priced.model.cost[column])
        way = Way(column, 1, 1.0, own, tuple(inputs), tuple(limits), float(priced.reduced[column]))
        return self._raised(way)

    def pool(self, row: int) -> int | None:
        """Return the row that counts what a balance counts once more, for the home territory; where there is one."""
        keys = self.priced.row(row)
        site, item = keys.get("site"), keys.get("item")
        if self.priced.family(row) != "balance" or site not in self._home:
            return None
        return self._pools.get((str(item), int(keys["bucket"])))

    @cached_property
    def _home(self) -> frozenset[str]:
        return frozenset(home_sites(self.priced.plan.network))

    @cached_property
    def _pools(self) -> dict[tuple[str, int], int]:
        if "duty_paid" not in self.priced.model.families:
            return {}
        first = self.priced.model.first_row("duty_paid")
        keys = self.priced.model.families["duty_paid"].keys
        return {key: first + at for at, key in enumerate(keys.select("item", "bucket").iter_rows())}

    def others(self, row: int) -> list[Way]:
        """Return all ways to one more unit at a row but the cheapest, cheapest first."""
        taken = self.find(row).way
        self._open.add(row)
        found = []
        for _, column, sign in self._candidates(row, self._near(row)):
            way = self._way(row, column, sign)
            if way is None or (taken is not None and column == taken.column) or sign < 0:
                continue
            if not any(at in self._open for at, _ in way.inputs):
                way = self._raised(way)
                if not isinf(way.extra):
                    found.append(way)
        self._open.discard(row)
        return sorted(found, key=lambda way: way.extra)

    def _lies(self, row: int) -> bool:
        """Whether something is there that no way brings more of: stock, receipts, a way that is used up."""
        if -float(self.priced.model.row_upper[row]) > SOME:
            return True
        columns, values = self.priced.in_row(row)
        brought = columns[values > 0]
        moved = self.priced.values[brought]
        return bool(((moved > SOME) & (moved >= self.priced.model.upper[brought] - SOME)).any())

    def _near(self, row: int) -> float:
        """How far from 0 a cost above worth may be that is none."""
        return self.priced.tolerance * (1e-3 + abs(float(self.priced.price[row])))

    def _candidates(self, row: int, near: float) -> list[tuple[float, int, int]]:
        """Columns that bring a unit: in use before idle, drawing on what is kept before what was, cheap before dear."""
        columns, values = self.priced.in_row(row)
        found = []
        for column, value in zip(columns.tolist(), values.tolist(), strict=True):
            moved = float(self.priced.values[column])
            sign = 1 if value > 0 else -1
            kept = self.priced.kind(column) == "keep"
            if sign < 0 and not (kept and moved > SOME):
                continue
            if sign > 0 and moved >= self.priced.model.upper[column] - SOME:
                continue  # there cannot be more of it
            extra = sign * float(self.priced.reduced[column]) / abs(value)
            rank = (extra > near, 0 if not kept else 1 if sign < 0 else 2, moved <= SOME)
            found.append((rank, max(extra, 0.0), column, sign))
        return [(extra, column, sign) for _, extra, column, sign in sorted(found)]

    def _way(self, row: int, column: int, sign: int) -> Way | None:
        """Split the cost of a column; ``None`` where a gate shuts it."""
        priced = self.priced
        self._tried += 1
        rows, values = priced.in_column(column)
        brings, taken, limits = 0.0, [], []
        for at, value in zip(rows.tolist(), (sign * values).tolist(), strict=True):
            family = priced.family(at)
            if family not in PASSED:
                if sign > 0 and value > 0 and family in GATES and self._is_shut(at):
                    return None
                paid = -value * float(priced.price[at])
                if paid != 0:
                    limits.append((at, paid))
            elif value > 0:
                brings += value
            else:
                taken.append((at, -value))
        if sign < 0 and not brings:
            return None
        return Way(
            column=column,
            sign=sign,
            brings=brings,
            own=sign * float(priced.model.cost[column]) / brings,
            inputs=tuple((at, units / brings) for at, units in taken),
            limits=tuple((at, paid / brings) for at, paid in limits),
            extra=sign * float(priced.reduced[column]) / brings,
        )

    def _raised(self, way: Way) -> Way:
        """Return the way with what its inputs cost, where that is more than their prices."""
        if self._tried > MOST:
            return way
        more = 0.0
        for at, units in way.inputs:
            more += units * (self.find(at).cost - float(self.priced.price[at]))
            if isinf(more):
                break
        extra = way.extra + more if more > 0 else way.extra
        return Way(way.column, way.sign, way.brings, way.own, way.inputs, way.limits, extra)

    def _is_shut(self, row: int) -> bool:
        if self.priced.model.row_upper[row] > SOME:
            return False
        columns, values = self.priced.in_row(row)
        return not bool((self.priced.model.upper[columns[values < 0]] > SOME).any())
