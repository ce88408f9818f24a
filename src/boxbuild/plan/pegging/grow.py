"""How trees of pegs grow: one step up from a move to what it took, one step down to who took it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from boxbuild.plan.pegging.book import Book
from boxbuild.plan.pegging.moves import BUY, DELIVER, KINDS, RECEIPT, SHIP, STOCK, Flags
from boxbuild.plan.pegging.peg import Kind, Peg, nothing

if TYPE_CHECKING:
    from boxbuild.plan.pegging.late import Lateness


class Grower:
    """Makes pegs of moves.

    Parameters
    ----------
    book
        The nodes of the plan.
    late
        How late deliveries are.
    """

    def __init__(self, book: Book, late: Lateness) -> None:
        self._book, self._late = book, late

    def up(self, move: int, share: float, parent: float | None) -> Peg:
        """Return a part of a move, with what went into it below.

        Parameters
        ----------
        share
            The part, 0 to 1, that belongs to the root.
        parent
            Units of the peg above; ``None`` at the root.
        """
        quantity = float(self._book.moves.good[move]) * share
        return self._peg(move, quantity, parent, share, lambda: self._inputs(move, share, quantity))

    def down(self, move: int, amount: float, unit_of: str, parent: float | None, roots: Flags) -> Peg:
        """Return what a move holds of a root, with who took it below.

        Parameters
        ----------
        amount
            Units of the root that all of the move holds.
        roots
            Moves that are roots themselves: nothing is followed into them.
        """
        book = self._book

        def opened() -> tuple[Peg, ...]:
            return self._outputs(move, amount, unit_of, roots)

        deliver = book.moves.kind[move] == DELIVER
        return self._peg(move, amount, parent, amount, nothing if deliver else opened, unit_of)

    def leaf(self, kind: Kind, node: int, quantity: float, unit_of: str, parent: float) -> Peg:
        """Return what is left, short or uncovered at a node."""
        item, site = self._book.moves.place_of(node)
        last = self._day(self._book.moves.network.calendar.horizon - 1) if kind == "left" else None
        per_unit = quantity / parent if parent else 0.0
        key = f"{item}@{site}"
        return Peg(kind, key, item, site, "", "", quantity, unit_of, per_unit, quantity, last, last, None)

    def _peg(
        self,
        move: int,
        quantity: float,
        parent: float | None,
        amount: float,
        opened: Callable[[], tuple[Peg, ...]],
        unit_of: str = "",
    ) -> Peg:
        moves = self._book.moves
        kind = int(moves.kind[move])
        _, key, item, site, place, reference, _, _, start, end = moves.about.row(move)
        arrives = kind in (BUY, SHIP)
        return Peg(
            kind=KINDS[kind],
            key=key,
            item=item,
            site=place if arrives else site,
            source=site if arrives else "",
            reference=reference or "",
            quantity=quantity,
            unit_of=unit_of or item,
            per_unit=1.0 if parent is None else quantity / parent if parent else 0.0,
            whole=float(moves.good[move]),
            start=None if kind in (STOCK, RECEIPT) else self._day(start),
            end=self._day(max(end, 0)),
            late_days=self._late.of(reference, end) if kind == DELIVER else None,
            moves=(move,),
            amounts=(amount,),
            _open=opened,
        )

    def _inputs(self, move: int, share: float, quantity: float) -> tuple[Peg, ...]:
        found: list[Peg] = []
        good = self._book.moves.good
        for node in self._book.inputs(move):
            match = self._book.match(node)
            here = np.flatnonzero(match.use == move)
            missing = float(match.quantity[here[~match.there[here]]].sum()) * share
            here = here[match.there[here]]
            supply, place = np.unique(match.supply[here], return_inverse=True)
            taken = np.bincount(place, match.quantity[here], minlength=supply.size)
            for one in np.argsort(np.unique(place, return_index=True)[1]):
                giver = int(supply[one])
                found.append(self.up(giver, share * float(taken[one]) / float(good[giver]), quantity))
            if missing > 0.0:
                item, _ = self._book.moves.place_of(node)
                found.append(self.leaf("uncovered", node, missing, item, quantity))
        return tuple(found)

    def _outputs(self, move: int, amount: float, unit_of: str, roots: Flags) -> tuple[Peg, ...]:
        node = int(self._book.moves.into[move])
        match = self._book.match(node)
        here = np.flatnonzero(match.supply == move)
        each = amount / float(self._book.moves.good[move])
        found: list[Peg] = []
        lost = left = 0.0
        for place in here.tolist():
            units, user = float(match.quantity[place]) * each, int(match.use[place])
            if user < 0:
                left += units
            elif not match.there[place]:
                lost += units
            elif roots[user]:
                found.append(self._peg(user, units, amount, units, nothing, unit_of))
            else:
                found.append(self.down(user, units, unit_of, amount, roots))
        if left > 0.0:
            found.append(self.leaf("left", node, left, unit_of, amount))
        if lost > 0.0:
            found.append(self.leaf("uncovered", node, lost, unit_of, amount))
        return tuple(found)

    def _day(self, number: int) -> date:
        return self._book.moves.network.settings.start + timedelta(days=int(number))
