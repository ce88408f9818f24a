"""Lateness of deliveries by the day."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import NamedTuple

from boxbuild.plan.pegging.moves import Moves


class Wanted(NamedTuple):
    """A demand."""

    item: str
    market: str
    due: date
    grace_days: int
    quantity: float


class Lateness:
    """When demands are due, and how late their deliveries are.

    A dated delivery is late by its days after the due day, once the grace days are over. In a plan by buckets it is
    late by the days between the starts of the two buckets. What was due before the plan is due on its first day.
    """

    def __init__(self, moves: Moves) -> None:
        self._moves = moves

    @cached_property
    def demands(self) -> dict[str, Wanted]:
        """Demands by name."""
        columns = ("demand", "item", "market", "due", "grace_days", "quantity")
        rows = self._moves.network["demand"].select(columns).iter_rows()
        return {name: Wanted(*rest) for name, *rest in rows}

    def of(self, demand: str, day: int) -> int:
        """Return the days by which a delivery on a day is late."""
        calendar, wanted = self._moves.network.calendar, self.demands[demand]
        due = max(calendar.day(wanted.due), 0)
        if self._moves.dated:
            return day - due if day > due + wanted.grace_days else 0
        bucket = min(calendar.bucket(due), calendar.count - 1)
        return max(0, day - calendar.edges[bucket])
