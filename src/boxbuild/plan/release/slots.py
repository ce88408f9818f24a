"""The plan's buckets cut into slots of at most a week, and the plan's starts cumulated over them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from boxbuild.plan.release.problem import Floats, Guide, Integers

WEEK = 7


class Slots(NamedTuple):
    """A horizon cut into slots, none of which crosses a bucket's edge or, in a long bucket, a week's.

    Parameters
    ----------
    first_day
        Of each slot: shape (slots,).
    bucket
        The bucket that each slot lies in.
    of_day
        The slot of each day of the horizon.
    """

    first_day: Integers
    bucket: Integers
    of_day: Integers


def cut(edges: Integers, horizon_days: int) -> Slots:
    """Return the slots of a horizon of buckets of days, weeks and months."""
    days = np.arange(horizon_days, dtype=np.int64)
    bucket = np.clip(np.searchsorted(edges, days, side="right") - 1, 0, edges.size - 2)
    long = (edges[1:] - edges[:-1])[bucket] > WEEK
    first = np.r_[True, bucket[1:] != bucket[:-1]] | (long & (days % WEEK == 0))
    return Slots(days[first], bucket[first], np.cumsum(first) - 1)


def lengths(slots: Slots) -> Integers:
    """Return the days in each slot."""
    days: Integers = np.diff(np.r_[slots.first_day, slots.of_day.size])
    return days


def cumulated_starts(guide: Guide, slots: Slots) -> Floats:
    """Return the plan's starts up to the end of each slot: shape (activities, slots).

    A bucket's quantity is spread over its slots by their days.
    """
    days = lengths(slots).astype(np.float64)
    whole = np.bincount(slots.bucket, weights=days, minlength=guide.starts.shape[1])
    per_slot = np.maximum(guide.starts, 0.0)[:, slots.bucket] * (days / whole[slots.bucket])
    cumulated: Floats = np.cumsum(per_slot, axis=1)
    return cumulated


def delivery_slots(guide: Guide, slots: Slots, due_day: Integers) -> tuple[Integers, Integers]:
    """Return the slot and the day on which each delivery of the plan is wanted.

    On the due day where the plan delivers in its bucket, else by the end of the bucket of the delivery.
    """
    last_day = np.minimum(guide.edges[guide.bucket + 1], slots.of_day.size) - 1
    first_day = guide.edges[guide.bucket]
    due = due_day[guide.demand]
    day = np.where((due >= first_day) & (due <= last_day + 1), due, last_day)
    day = np.clip(day, 0, slots.of_day.size - 1)
    return slots.of_day[day], day
