"""Averages of pools between which goods go round, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

from boxbuild.plan.circles import solved

HERE, THERE = ("phone", "noida"), ("phone", "hub")


def test_a_thousand_that_go_round_for_one_that_is_sold() -> None:
    """One phone of 5 comes; a thousand go to the hub and back for 1 in all: the one that is sold cost 6."""
    found = solved(
        {
            HERE: ({HERE: Decimal(1001), THERE: Decimal(-1000)}, Decimal(5)),
            THERE: ({THERE: Decimal(1000), HERE: Decimal(-1000)}, Decimal(1)),
        }
    )
    assert {pool: round(cost, 9) for pool, cost in found.items()} == {HERE: Decimal(6), THERE: Decimal("6.001")}


def test_what_only_goes_round_has_no_average() -> None:
    ten = Decimal(10)
    found = solved({HERE: ({HERE: ten, THERE: -ten}, Decimal(0)), THERE: ({THERE: ten, HERE: -ten}, Decimal(0))})
    assert THERE not in found
