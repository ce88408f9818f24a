"""What is dated is on time until the grace days are over, and then late as a plan by bucket counts it."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from tests.building import edit_rows, small_network, with_settings

from boxbuild.network.network import Network
from boxbuild.plan.lateness import with_late_days
from boxbuild.plan.plan import Plan, Summary
from boxbuild.plan.schemas import SCHEMAS
from boxbuild.plan.service import service


def graced(**values: Any) -> Network:
    return edit_rows(small_network(), "demand", {"demand": "IN-a-1"}, **values)


@pytest.mark.parametrize(
    ("grace", "day", "late"),
    [
        (0, date(2023, 7, 2), 0),  # the due day, a Sunday
        (0, date(2023, 7, 3), 7),
        (1, date(2023, 7, 3), 0),
        (1, date(2023, 7, 4), 7),  # grace is all or nothing: from the start of the due week to that of this one
        (9, date(2023, 7, 11), 0),
        (9, date(2023, 7, 12), 14),
    ],
)
def test_grace_days_end_on_their_day(grace: int, day: date, late: int) -> None:
    given = pl.DataFrame({"demand": ["IN-a-1"], "day": [day], "quantity": [5.0]})
    assert with_late_days(graced(grace_days=grace), given).rows() == [("IN-a-1", day, 5.0, late)]


def test_in_the_due_bucket_nothing_is_late() -> None:
    """In a bucket of a month, what is due on the 10th is not late on the 30th, with or without grace."""
    given = pl.DataFrame({"demand": ["IN-a-1"] * 2, "day": [date(2023, 6, 30), date(2023, 7, 1)]})
    network = with_settings(graced(due="2023-06-10", grace_days=2), buckets="2m")
    assert with_late_days(network, given)["late_days"].to_list() == [0, 26]


def test_what_was_due_before_the_start_is_due_on_the_first_day() -> None:
    given = pl.DataFrame({"demand": ["IN-a-1"] * 2, "day": [date(2023, 6, 12), date(2023, 6, 13)]})
    assert with_late_days(graced(due="2023-01-01", grace_days=7), given)["late_days"].to_list() == [0, 7]


def test_orders_within_the_grace_days_are_served_on_time() -> None:
    """Of 88 phones, 50 come a day after the Sunday and 38 two days after it."""
    network = graced(grace_days=1)
    rows = [("X1", 50.0, date(2023, 7, 3)), ("X2", 38.0, date(2023, 7, 4))]
    orders = pl.DataFrame(
        [
            {"order": name, "kind": "deliver", "item": "phone-a", "site": "india", "reference": "IN-a-1"}
            | {"quantity": quantity, "start": day, "end": day}
            for name, quantity, day in rows
        ],
        schema=SCHEMAS["orders"],
    )
    empty = {name: SCHEMAS[name].to_frame() for name in ("deliveries", "shortages")}
    summary = Summary("small", "", "optimal", 0, 0, 0, 0, "", network.settings.start, "8w", "INR")
    found = service(Plan(network, summary, {**empty, "orders": orders})).filter(item="phone-a", market="india")
    assert found.select("orders_on_time", "orders_late", "orders_lost").rows() == [(50.0, 38.0, 1300.0 - 88.0)]
