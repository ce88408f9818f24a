"""Windows: a row holds in the buckets whose first day lies inside it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from boxbuild.network.calendar import Calendar
from boxbuild.network.windows import buckets_frame, effective, in_buckets, spans

CALENDAR = Calendar.parse(date(2026, 1, 5), "4d+3w+3m")
ROWS = pl.Schema({"name": pl.String, "blank": pl.String, "from": pl.Date, "until": pl.Date})

days = st.none() | st.integers(-30, 150).map(lambda day: CALENDAR.start + timedelta(days=day))
rows = st.lists(st.tuples(st.sampled_from("xy"), st.none(), days, days), max_size=6)

Row = tuple[str, None, date | None, date | None]


@given(rows)
def test_effective_is_every_row_by_every_bucket_that_it_holds_in(drawn: list[Row]) -> None:
    frame = pl.DataFrame(drawn, schema=ROWS, orient="row")
    crossed = frame.join(buckets_frame(CALENDAR), how="cross", maintain_order="left_right")
    held = crossed.filter(
        (pl.col("from").is_null() | (pl.col("from") <= pl.col("start")))
        & (pl.col("until").is_null() | (pl.col("until") >= pl.col("start")))
    )
    found = effective(frame, CALENDAR)
    assert found.schema == held.schema
    assert found.equals(held)


@given(rows)
def test_spans_are_the_first_and_last_bucket_of_effective(drawn: list[Row]) -> None:
    frame = pl.DataFrame(drawn, schema=ROWS, orient="row").with_row_index("row")
    first, last = spans(frame, CALENDAR)
    held = effective(frame, CALENDAR).group_by("row").agg(first=pl.col("bucket").min(), last=pl.col("bucket").max())
    asked = frame.select("row").with_columns(first=first, last=last).filter(pl.col("first") <= pl.col("last"))
    assert asked.equals(held.sort("row").select("row", "first", "last"))


def test_a_row_whose_last_bucket_is_before_its_first_is_left_out() -> None:
    frame = pl.DataFrame({"name": ["a", "b", "c"], "same": ["x", "x", "x"]})
    found = in_buckets(frame, *(pl.Series(each).to_numpy() for each in ([1, 3, 0], [2, 1, 0])), CALENDAR)
    assert found.select("name", "same", "bucket").rows() == [("a", "x", 1), ("a", "x", 2), ("c", "x", 0)]
    assert found["days"].to_list() == [1, 1, 1]
