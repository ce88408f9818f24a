"""A peg: some units of an item in one place of a plan, and where they come from or where they go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

Kind = Literal[
    "demand",
    "part",
    "supplier",
    "resource",
    "deliver",
    "ship",
    "build",
    "buy",
    "receipt",
    "stock",
    "left",
    "short",
    "uncovered",
]


def nothing() -> tuple[Peg, ...]:
    """Return no pegs: what a leaf opens to."""
    return ()


@dataclass(frozen=True)
class Peg:
    """A node of a tree of pegs.

    Parameters
    ----------
    kind
        ``demand``, ``part``, ``supplier``, ``resource``: what was asked about. ``deliver``, ``ship``, ``build``,
        ``buy``: an order. ``receipt``, ``stock``: what there was before the plan. ``left``: not used by the end of the
        plan. ``short``: never delivered. ``uncovered``: taken before it is there; a rounding, or a plan that fails its
        audit.
    key
        Name of the demand, the order, the receipt, the part ...
    item, site
        What is there, and where: built at, arrives at (buy, ship, receipt), lies at, delivered at.
    source
        Site that it comes from (buy: the supplier; ship: the origin); empty where there is none.
    reference
        Of an order: option, offer, mode or demand; of stock and receipts the origin; or empty.
    quantity
        Units of ``unit_of`` here that belong to the root of the tree.
    unit_of
        What the quantity counts. Upstream, from a demand to its parts: units of ``item``, good ones of a build.
        Downstream, from a part to demands: units of that part; from a resource, its hours or whatever it counts.
    per_unit
        ``quantity`` for one unit of the parent's; 1 at the root.
    whole
        Units of ``item`` in the whole order, lot or demand, whoever they belong to.
    start, end
        Days: when it takes what it needs, and from when on it can be used. Of a demand both are the day on which it is
        due; ``None`` where there is no day.
    late_days
        Days of a delivery after the demand's due and grace days, of a demand those of its last one; else ``None``.
    """

    kind: Kind
    key: str
    item: str
    site: str
    source: str
    reference: str
    quantity: float
    unit_of: str
    per_unit: float
    whole: float
    start: date | None
    end: date | None
    late_days: int | None
    moves: tuple[int, ...] = field(default=(), repr=False)
    amounts: tuple[float, ...] = field(default=(), repr=False)
    _open: Callable[[], tuple[Peg, ...]] = field(default=nothing, repr=False, compare=False)

    @cached_property
    def children(self) -> tuple[Peg, ...]:
        """What it is made of (upstream), or where it goes (downstream), first used first."""
        return self._open()

    def walk(self) -> Iterator[Peg]:
        """Yield this peg and all below it. There may be very many: totals are quicker from :class:`Pegging`."""
        yield self
        for child in self.children:
            yield from child.walk()

    def chain(self) -> tuple[Peg, ...]:
        """Return the chain that decides its day: from here on, always what came last."""
        found = [self]
        while True:
            dated = [child for child in found[-1].children if child.kind != "uncovered" and child.end is not None]
            if not dated:
                return tuple(found)
            found.append(max(dated, key=lambda peg: (peg.end or date.min, peg.quantity)))

    def as_dict(self, depth: int | None = None, most: int | None = None) -> dict[str, Any]:
        """Return the tree as JSON values.

        Parameters
        ----------
        depth
            Levels below this one; ``None``: all.
        most
            Children of each node to show, the largest; the others are counted under ``more``. ``None``: all.
        """
        found: dict[str, Any] = {
            "kind": self.kind,
            "key": self.key,
            "item": self.item,
            "site": self.site,
            "source": self.source,
            "reference": self.reference,
            "quantity": self.quantity,
            "unit_of": self.unit_of,
            "per_unit": self.per_unit,
            "whole": self.whole,
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "late_days": self.late_days,
        }
        if depth == 0:
            return found
        shown, more, rest = self.folded(most)
        below = None if depth is None else depth - 1
        found["children"] = [child.as_dict(below, most) for child in shown]
        if more:
            found["more"] = {"pegs": more, "quantity": rest}
        return found

    def folded(self, most: int | None, least: float = 0.0) -> tuple[tuple[Peg, ...], int, float]:
        """Return the largest children in their order, how many others there are, and their units together.

        Parameters
        ----------
        most
            Children to return; ``None``: all.
        least
            Those with less are among the others.
        """
        ranked = sorted(range(len(self.children)), key=lambda place: -self.children[place].quantity)
        kept = {place for place in ranked[:most] if self.children[place].quantity >= least}
        shown = tuple(child for place, child in enumerate(self.children) if place in kept)
        rest = sum(child.quantity for place, child in enumerate(self.children) if place not in kept)
        return shown, len(ranked) - len(shown), rest
