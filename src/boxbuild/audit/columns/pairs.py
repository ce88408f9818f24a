"""Pairs: columns of numbers to some thirty digits, each the unevaluated sum of two floats.

Products, sums and quotients follow T. J. Dekker, "A floating-point technique for extending the available precision",
Numerische Mathematik 18 (1971), 224-242. What comes out differs from the decimals by some 1e-30 of the terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_SPLIT: Final = 2.0**27 + 1
_GRIDS: Final = (0, 2, 8, 15)
_DIGITS: Final = 1e15
"""Decimals of so many digits are told apart by floats, so that a float prints as the only one that it is near to."""

_BITS: Final = 51
"""Sums of whole numbers below two to this power do not round."""

_PARTS: Final = 2.0**40

NOTHING: Final = 1e-18
"""A difference that is less comes from the arithmetic."""


@dataclass(frozen=True)
class Pairs:
    """A column of numbers, ``high + low``."""

    high: Floats
    low: Floats

    @classmethod
    def of(cls, column: pl.Series) -> Pairs:
        """Return a column as its table has it: a float is the decimal that it prints as; blanks are 0."""
        if column.dtype.is_decimal():
            return _of_decimals(column)
        high = column.fill_null(0).cast(pl.Float64).to_numpy()
        if column.dtype.is_integer():
            return cls(high, np.zeros(len(high)))
        return _printed(high)

    @classmethod
    def whole(cls, numbers: Ints) -> Pairs:
        """Return whole numbers below 2**53."""
        return cls(numbers.astype(np.float64), np.zeros(len(numbers)))

    @classmethod
    def one(cls, number: Decimal) -> Pairs:
        """Return one number as a column of one row, which goes with columns of any length."""
        high = float(number)
        return cls(np.array([high]), np.array([float(number - Decimal(high))]))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.high)

    def __getitem__(self, rows: Mask | Ints) -> Pairs:
        """Return some rows: a mask, or their numbers."""
        return Pairs(self.high[rows], self.low[rows])

    def __neg__(self) -> Pairs:
        """Return the negative."""
        return Pairs(-self.high, -self.low)

    def __add__(self, other: Pairs) -> Pairs:
        """Return the sum."""
        total = self.high + other.high
        part = total - self.high
        rest = (self.high - (total - part)) + (other.high - part)
        return _settled(total, rest + (self.low + other.low))

    def __sub__(self, other: Pairs) -> Pairs:
        """Return the difference."""
        return self + -other

    def __mul__(self, other: Pairs) -> Pairs:
        """Return the product."""
        product, rest = _product(self.high, other.high)
        return _settled(product, rest + (self.high * other.low + self.low * other.high))

    def __truediv__(self, other: Pairs) -> Pairs:
        """Return the quotient."""
        first = self.high / other.high
        rest = self - Pairs(first, np.zeros(len(first))) * other
        return _settled(first, rest.high / other.high)

    def summed(self, groups: Ints, count: int) -> Pairs:
        """Return the sums of the rows of each group, of which there are ``count``; an empty one has 0.

        Every number is cut into three whose sums do not round, as long as a group has a few thousand rows.
        """
        size = float(np.abs(self.high).sum())
        unit = 2.0 ** (np.ceil(np.log2(max(size, 1.0))) - _BITS)
        coarse = np.rint(self.high / unit) * unit
        rest = (self.high - coarse) + self.low
        fine = np.rint(rest / unit * _PARTS) * unit / _PARTS
        least = (self.high - coarse - fine) + self.low
        first, *others = (
            Pairs(np.bincount(groups, part, minlength=count)[:count].astype(np.float64), np.zeros(count))
            for part in (coarse, fine, least)
        )
        for other in others:
            first = first + other
        return first

    def distance(self, other: Pairs) -> Floats:
        """Return how far the numbers are apart; what the arithmetic leaves is 0."""
        return told(np.abs((self - other).high))

    def total(self) -> Decimal:
        """Return the sum of all rows."""
        total = self.summed(np.zeros(len(self), dtype=np.int64), 1)
        return Decimal(float(total.high[0])) + Decimal(float(total.low[0]))


def told(differences: Floats) -> Floats:
    """Return differences, 0 where the arithmetic alone makes them."""
    found: Floats = np.where(np.abs(differences) < NOTHING, 0.0, differences)
    return found


def stacked(parts: list[Pairs]) -> Pairs:
    """Return columns one below the other."""
    return Pairs(np.concatenate([part.high for part in parts]), np.concatenate([part.low for part in parts]))


def _settled(high: Floats, low: Floats) -> Pairs:
    total = high + low
    return Pairs(total, low - (total - high))


def _product(one: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Return a product, and what rounding takes from it."""
    product = one * other
    big, large = one * _SPLIT, other * _SPLIT
    upper, top = big - (big - one), large - (large - other)
    lower, bottom = one - upper, other - top
    return product, ((upper * top - product) + upper * bottom + lower * top) + lower * bottom


def _printed(high: Floats) -> Pairs:
    low = np.zeros(len(high))
    left = np.arange(len(high))
    for decimals in _GRIDS:
        scale = 10.0**decimals
        numbers = high[left]
        whole = np.rint(numbers * scale)
        on_it = (np.abs(whole) <= _DIGITS) & (whole / scale == numbers)
        product, rest = _product(numbers[on_it], np.full(int(on_it.sum()), scale))
        low[left[on_it]] = ((whole[on_it] - product) - rest) / scale
        left = left[~on_it]
    for row in left[np.isfinite(high[left])]:
        number = float(high[row])
        low[row] = float(Decimal(repr(number)) - Decimal(number))
    return Pairs(high, low)


def _of_decimals(column: pl.Series) -> Pairs:
    high = column.fill_null(0).cast(pl.Float64).to_numpy()
    if isinstance(column.dtype, pl.Decimal) and column.dtype.scale <= 2:
        return _printed(high)
    values = column.fill_null(Decimal(0)).to_list()
    high = np.array([float(value) for value in values], dtype=np.float64)
    low = [float(value - Decimal(number)) for value, number in zip(values, high.tolist(), strict=True)]
    return Pairs(high, np.array(low, dtype=np.float64))
