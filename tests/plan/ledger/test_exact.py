"""Amounts in checked floats round as the decimals do."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from boxbuild.plan.ledger.exact import CONTEXT, cents, exact

CENT = Decimal("0.01")
PRICES = st.decimals(-1000, 1000, places=4)
QUANTITIES = st.floats(0, 1e7).map(lambda number: round(number, 8)) | st.sampled_from([0.5, 1.0, 12.5, 1e15])


@given(st.lists(st.tuples(PRICES, QUANTITIES), min_size=1, max_size=30))
def test_cents_are_those_of_decimals(rows: list[tuple[Decimal, float]]) -> None:
    """Products, and their sum over the days of a year, round half up as exact arithmetic rounds them."""
    prices, quantities = zip(*rows, strict=True)
    with localcontext(CONTEXT):
        column = exact(pl.Series(prices, dtype=pl.Decimal(38, 4))) * exact(pl.Series(quantities, dtype=pl.Float64))
        should = [price * Decimal(repr(quantity)) for price, quantity in rows]
        assert cents(column).to_list() == [amount.quantize(CENT, ROUND_HALF_UP) for amount in should]
        total = (column / 365).added_up(np.array([0]))
        noise = (sum(should) / 365).quantize(Decimal("1e-20"))
        assert cents(total).to_list() == [noise.quantize(CENT, ROUND_HALF_UP)]


@given(st.integers(-(10**9), 10**9))
def test_ties_are_rounded_away_from_zero(thousandths: int) -> None:
    """A half of a hundredth is no matter of the last digit of a float."""
    amount = Decimal(thousandths).scaleb(-3)
    found = cents(exact(pl.Series([amount], dtype=pl.Decimal(38, 3))))
    assert found.to_list() == [amount.quantize(CENT, ROUND_HALF_UP)]
