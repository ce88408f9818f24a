"""Exact arithmetic: columns of decimals, so that a formula in code reads like the formula in words."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Exact = NDArray[np.object_]
"""A column of decimals. Sums and products of such columns are exact under :data:`CONTEXT`."""

CONTEXT: Final = Context(prec=60)
"""Enough digits for every product of the ledger; only a division leaves an error, in the sixtieth digit."""

_CENT: Final = Decimal("0.01")
_NOISE: Final = Decimal("1e-20")


def exact(column: pl.Series) -> Exact:
    """Return a column as decimals; a float is the number that it prints as."""
    values = column.to_list()
    if column.dtype.is_float():
        return array([Decimal(repr(value)) for value in values])
    if column.dtype.is_integer():
        return array([Decimal(value) for value in values])
    return array(values)


def array(values: list[Decimal]) -> Exact:
    """Return decimals as a column."""
    column: Exact = np.empty(len(values), dtype=np.object_)
    column[:] = values
    return column


def cents(amounts: Exact) -> list[Decimal]:
    """Round amounts half up to the hundredth; what a division left in the last digits does not turn a tie."""
    return [
        amount.quantize(_NOISE, context=CONTEXT).quantize(_CENT, ROUND_HALF_UP, context=CONTEXT) for amount in amounts
    ]
