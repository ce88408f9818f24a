"""The audit's own calendar: buckets from their edges, arrival fractions and discount factors, in decimals."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from boxbuild.network.settings import Settings

Arrivals = tuple[tuple[int, Decimal], ...]
"""Buckets in which a flow arrives, with the fraction that arrives in each."""


@dataclass(frozen=True)
class Days:
    """Day numbers, counted from the first day of the plan, and the buckets that they fall in."""

    start: date
    edges: tuple[int, ...]
    discount_rate: Decimal
    _arrivals: dict[tuple[int, int], Arrivals] = field(default_factory=dict, repr=False)
    _factors: dict[int, Decimal] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Days:
        """Return the days of a network's settings."""
        return cls(settings.start, settings.calendar.edges, settings.discount_rate)

    @property
    def buckets(self) -> int:
        """Number of buckets."""
        return len(self.edges) - 1

    @property
    def horizon(self) -> int:
        """Number of days in the plan."""
        return self.edges[-1]

    def number(self, day: date) -> int:
        """Return the number of a day."""
        return (day - self.start).days

    def date(self, number: int) -> date:
        """Return the day of a number."""
        return self.start + timedelta(days=number)

    def length(self, bucket: int) -> int:
        """Return the days in a bucket."""
        return self.edges[bucket + 1] - self.edges[bucket]

    def bucket(self, number: int) -> int:
        """Return the bucket of a day inside the horizon."""
        return bisect_right(self.edges, number) - 1

    def arrivals(self, bucket: int, lead_days: int) -> Arrivals:
        """Return where a flow that leaves evenly during a bucket arrives after its lead time.

        It leaves on the days ``[left, right)`` of the bucket, as far as they are early enough to arrive inside
        the horizon, and arrives on ``[left + lead, right + lead)``; each bucket receives the part of those days
        that lies in it. Empty where no day is early enough.
        """
        known = self._arrivals.get((bucket, lead_days))
        if known is not None:
            return known
        first = self.edges[bucket] + lead_days
        last = min(self.edges[bucket + 1] + lead_days, self.horizon)
        parts: list[tuple[int, Decimal]] = []
        if last > first:
            for into in range(self.bucket(first), self.buckets):
                days = min(last, self.edges[into + 1]) - max(first, self.edges[into])
                if days <= 0:
                    break
                parts.append((into, Decimal(days) / Decimal(last - first)))
        return self._arrivals.setdefault((bucket, lead_days), tuple(parts))

    def factor(self, bucket: int) -> Decimal:
        """Return what money paid in a bucket is worth on the first day: ``(1 + rate) ** (-day / 365)``."""
        if bucket not in self._factors:
            years = Decimal(self.edges[bucket]) / Decimal(365)
            self._factors[bucket] = (1 + self.discount_rate) ** -years
        return self._factors[bucket]

    def within(self, bucket: int, first: int, last: int) -> int:
        """Return how many days of a bucket lie between two days, both included."""
        return days_between(self.edges[bucket], self.edges[bucket + 1], first, last)


def days_between(left: int, right: int, first: int, last: int) -> int:
    """Return how many days of ``[left, right)`` lie in ``[first, last]``."""
    return max(0, min(right, last + 1) - max(left, first))
