"""No number of a plan can be changed without the audit seeing it."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from tests.audit.by_hand import hand_plan, with_table

from boxbuild.audit import audit

PLAN = hand_plan()

NOT_AUDITED = {("ledger", "quantity")}
"""For the reader's eye: the unit differs from account to account."""

CELLS = [
    (table, row, column)
    for table, frame in PLAN.tables.items()
    for column, dtype in frame.schema.items()
    if dtype.is_numeric() and (table, column) not in NOT_AUDITED
    for row in range(frame.height)
    if frame[column][row] is not None
]


@pytest.mark.parametrize("by", ["1", "-1"])
@pytest.mark.parametrize(("table", "row", "column"), CELLS)
def test_seen(table: str, row: int, column: str, by: str) -> None:
    """One more or one less of any number, bucket numbers included, fails."""
    frame = PLAN[table].with_row_index("_row")
    changed = frame.with_columns(
        pl.when(pl.col("_row") == row)
        .then(pl.col(column) + Decimal(by))
        .otherwise(pl.col(column))
        .cast(frame.schema[column])
        if frame.schema[column].is_decimal()
        else pl.when(pl.col("_row") == row).then(pl.col(column) + int(by)).otherwise(pl.col(column))
    )
    assert not audit(with_table(PLAN, table, changed.drop("_row"))).passed
