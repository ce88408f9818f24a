"""Arrivals: every flow arrives where its lead time says, wholly, or not at all."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from boxbuild.model.spread import arrivals, last_departure, spread_frame
from boxbuild.network.calendar import Calendar

CALENDAR = Calendar.parse(date(2026, 1, 5), "3d+4w+2m")
KNOWN = pl.Series("lead_days", [0, 5, 14, 60, 400])
MOVES = pl.Schema({"lead_days": pl.Int64, "bucket": pl.Int64})

moves = st.lists(
    st.tuples(st.sampled_from([0, 5, 14, 60, 300, 400]), st.integers(0, CALENDAR.count - 1)),
    max_size=12,
)


@given(moves)
def test_arrivals_are_those_of_the_spread(drawn: list[tuple[int, int]]) -> None:
    """A lead time that is not known, or is longer than the horizon, has no arrivals."""
    frame = pl.DataFrame(drawn, schema=MOVES, orient="row").with_row_index("move")
    spread = spread_frame(CALENDAR, KNOWN)
    joined = frame.join(spread, on=["lead_days", "bucket"], maintain_order="left_right")
    move, arrival, fraction = arrivals(spread, frame)
    assert move.tolist() == joined["move"].to_list()
    assert arrival.tolist() == joined["arrival"].to_list()
    assert fraction.tolist() == joined["fraction"].to_list()


@given(st.integers(0, 200))
def test_what_leaves_by_the_last_departure_arrives_and_nothing_later(lead: int) -> None:
    (last,) = last_departure(CALENDAR, pl.Series([lead]))
    arrives = CALENDAR.spread(lead).sum(axis=1) > 0
    assert np.array_equal(arrives, np.arange(CALENDAR.count) <= last)
