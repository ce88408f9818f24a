"""The calendar: a horizon of mixed buckets, and how flows with a lead time spread over it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from boxbuild.errors import UsageError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Calendar:
    """A horizon cut into buckets.

    Parameters
    ----------
    start
        First day of the plan.
    edges
        Day numbers, counted from ``start``, at which buckets begin; the last one is the end of the horizon.
        Shape ``(buckets + 1,)``, strictly increasing, first 0.
    """

    start: date
    edges: tuple[int, ...]

    @classmethod
    def parse(cls, start: date, buckets: str) -> Calendar:
        """Return the calendar that a text such as ``8w+10m`` describes.

        Days (``d``) and weeks (``w``) run on from where the bucket before ended. A month (``m``) ends with the
        calendar month; the first month after days or weeks is what is left of the month that they end in. Buckets of
        any other length are written as their number, ``x`` and their days, for example ``6x14d`` for six fortnights.

        Raises
        ------
        UsageError
            The text has another form.
        """
        edges = [0]
        for part in buckets.replace(" ", "").lower().split("+"):
            match = re.fullmatch(r"(\d+)(?:([dwm])|x([1-9]\d*)d)", part)
            if match is None or int(match[1]) == 0:
                raise UsageError(
                    f"buckets: {buckets!r} is not a horizon",
                    "write counts of days, weeks and months such as 14d+6w+10m",
                )
            for _ in range(int(match[1])):
                edges.append(edges[-1] + int(match[3]) if match[3] else _next_edge(start, edges[-1], match[2]))
        return cls(start, tuple(edges))

    def cut(self, days: int) -> str:
        """Return the text of the same horizon with every bucket cut into pieces of at most so many days."""
        parts = []
        for length in self.lengths.tolist():
            whole, rest = divmod(length, days)
            parts.extend([f"{whole}x{days}d"] * (whole > 0) + [f"1x{rest}d"] * (rest > 0))
        return "+".join(parts)

    @property
    def count(self) -> int:
        """Number of buckets."""
        return len(self.edges) - 1

    @property
    def horizon(self) -> int:
        """Number of days in the horizon."""
        return self.edges[-1]

    @property
    def end(self) -> date:
        """First day after the horizon."""
        return self.start + timedelta(days=self.horizon)

    @cached_property
    def first_days(self) -> tuple[date, ...]:
        """First day of each bucket."""
        return tuple(self.start + timedelta(days=edge) for edge in self.edges[:-1])

    @cached_property
    def starts(self) -> Ints:
        """Day number at which each bucket starts. Shape ``(buckets,)``."""
        return np.asarray(self.edges[:-1], dtype=np.int64)

    @cached_property
    def lengths(self) -> Ints:
        """Days in each bucket. Shape ``(buckets,)``."""
        edges = np.asarray(self.edges, dtype=np.int64)
        return edges[1:] - edges[:-1]

    def day(self, when: date) -> int:
        """Return the day number of a date, counted from the start."""
        return (when - self.start).days

    def bucket(self, day: int) -> int:
        """Return the bucket that a day number falls in; -1 before the horizon, ``count`` after it."""
        return int(np.searchsorted(np.asarray(self.edges), day, side="right")) - 1

    def spread(self, lead_days: int) -> Floats:
        """Return how a flow that leaves in one bucket arrives in the others after a lead time.

        A flow leaves at an even rate during its bucket and arrives spread over the buckets that the bucket,
        shifted by the lead time, overlaps, in proportion. Departures whose arrival would fall after the horizon are
        not started: the even rate then holds over the part of the bucket that is early enough, and a bucket with no
        such part has a row of zeros.

        Returns
        -------
        ndarray
            Shape ``(buckets, buckets)``: fraction of what leaves in the row's bucket that arrives in the column's.
            A row adds up to 1, or to 0 where nothing can leave.

        Notes
        -----
        S. T. Hackman and R. C. Leachman, "A general framework for modeling production", Management Science 35
        (1989), 478-495.
        """
        edges = np.asarray(self.edges, dtype=np.float64)
        left = edges[:-1]
        right = np.minimum(edges[1:], self.horizon - lead_days)
        window = right - left
        overlap = np.minimum(right[:, None] + lead_days, edges[None, 1:]) - np.maximum(
            left[:, None] + lead_days, edges[None, :-1]
        )
        share: Floats = np.maximum(overlap, 0.0)
        share[window <= 0] = 0.0
        share[window > 0] /= window[window > 0, None]
        return share

    def overlap(self, first: int, last: int) -> Ints:
        """Return for each bucket how many of its days lie between two day numbers, both included."""
        edges = np.asarray(self.edges, dtype=np.int64)
        days: Ints = np.maximum(np.minimum(edges[1:], last + 1) - np.maximum(edges[:-1], first), 0)
        return days


def _next_edge(start: date, edge: int, unit: str) -> int:
    if unit == "d":
        return edge + 1
    if unit == "w":
        return edge + 7
    today = start + timedelta(days=edge)
    following = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return (following - start).days
