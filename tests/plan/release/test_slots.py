"""Slots: buckets cut to weeks at most, and a plan's quantities spread over them without loss."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.plan.release.problems import guide

from boxbuild.plan.release.slots import cumulated_starts, cut, delivery_slots, lengths


def test_weeks_are_their_own_slots_and_months_are_cut_at_weeks() -> None:
    slots = cut(np.array([0, 1, 7, 14, 44]), 44)
    assert slots.first_day.tolist() == [0, 1, 7, 14, 21, 28, 35, 42]
    assert slots.bucket.tolist() == [0, 1, 2, 3, 3, 3, 3, 3]
    assert lengths(slots).tolist() == [1, 6, 7, 7, 7, 7, 7, 2]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_every_bucket_keeps_its_quantity(days: list[int]) -> None:
    """What the slots of a bucket start adds up to what the bucket starts."""
    edges = np.cumsum([0, *days])
    slots = cut(edges, int(edges[-1]))
    plan = guide(edges.tolist(), [np.arange(1.0, len(days) + 1)], [])
    total = cumulated_starts(plan, slots)[0]
    ends = [int(np.flatnonzero(slots.bucket == bucket)[-1]) for bucket in range(len(days))]
    assert np.allclose(total[ends], np.cumsum(np.arange(1.0, len(days) + 1)))


def test_a_delivery_in_the_due_bucket_is_wanted_on_the_due_day_and_a_later_one_by_its_buckets_end() -> None:
    plan = guide([0, 7, 14, 21], np.zeros((0, 3)), [(0, 1, 4.0), (0, 2, 4.0)])
    slot, day = delivery_slots(plan, cut(plan.edges, 21), np.array([9]))
    assert day.tolist() == [9, 20]
    assert slot.tolist() == [1, 2]
