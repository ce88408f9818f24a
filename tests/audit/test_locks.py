"""The audit holds a plan to its locks, from the tables alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from tests.audit.by_hand import START, hand_network, hand_plan
from tests.audit.rebook import rebooked

from boxbuild.audit import audit

HEAD = "lock,kind,item,site,destination,supplier,offer,mode,from,until,per,fixed,min,max"


def _checked(*locks: str) -> Any:
    result = audit(rebooked(hand_plan(hand_network(locks="\n".join([HEAD, *locks])))))
    assert set(result.failed) <= {"locks"}
    return next(check for check in result.checks if check.name == "locks")


def _builds() -> dict[int, float]:
    rows = hand_plan()["builds"].group_by("bucket").agg(pl.col("quantity").sum()).sort("bucket")
    return dict(rows.iter_rows())


def test_what_is_locked_at_what_the_plan_does_passes() -> None:
    """The whole, and each week, counted once; a lock outside the horizon counts nothing."""
    built = _builds()
    whole = f"all,build,phone,plant,,,,,,,,{sum(built.values())},,"
    weeks = [
        f"w{bucket},build,,,,,,,{_day(bucket)},{_day(bucket, 6)},week,{units},," for bucket, units in built.items()
    ]
    check = _checked(whole, *weeks, "later,build,phone,,,,,,2024-01-01,,,7,,")
    assert not check.failures
    assert check.count == 1 + len(weeks)


@pytest.mark.parametrize(
    ("lock", "says"),
    [
        ("l,build,phone,plant,,,,,,,,{less},,", "planned, and {less} are fixed"),
        ("l,build,phone,plant,,,,,,,,,{more},", "are less than the minimum {more}"),
        ("l,build,,,,,,,,,,,,{less}", "are more than the maximum {less}"),
        ("l,buy,display,plant,,wuhan,,,,,,0,,", "are fixed"),
        ("l,ship,,plant,hamburg,,,,,,,0,,", "are fixed"),
    ],
)
def test_a_plan_that_leaves_a_lock_fails_there(lock: str, says: str) -> None:
    built = sum(_builds().values())
    units = {"less": f"{built - 1:g}", "more": f"{built + 1:g}"}
    check = _checked(lock.format(**units))
    assert [failure.place for failure in check.failures] == [("locks", "l", None)]
    assert says.format(**units) in check.failures[0].sentence


def test_a_week_that_leaves_its_lock_is_named() -> None:
    """By its bucket; the others pass."""
    built = _builds()
    first = min(built)
    most = max(built.values())
    check = _checked(f"l,build,phone,plant,,,,,,,week,,,{most - 0.5}")
    assert {failure.when for failure in check.failures} == {week for week, units in built.items() if units > most - 0.5}
    assert check.count >= first + len(built)


def _day(bucket: int, later: int = 0) -> str:
    return str(START + timedelta(days=7 * bucket + later))
