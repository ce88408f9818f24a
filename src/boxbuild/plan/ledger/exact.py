"""Exact arithmetic at the speed of floats: columns of decimals that are written out only where rounding needs them.

A formula in code reads like the formula in words. Beside the decimals stands their value in double precision with a
bound on its error; an amount that is further from a tie than that bound rounds as the decimals do, and only what is
nearer is computed in decimals (a filter, as in J. R. Shewchuk, "Adaptive precision floating-point arithmetic and fast
robust geometric predicates", Discrete & Computational Geometry 18 (1997), 305-363).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.plan.schemas import CENT

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Decimals = NDArray[np.object_]

CONTEXT: Final = Context(prec=60)
"""Enough digits for every product of the ledger; only a division leaves an error, in the sixtieth digit."""

_CENT: Final = Decimal("0.01")
_NOISE: Final = Decimal("1e-20")

_UNIT: Final = 2.0**-52
"""Relative error of one operation in double precision, twice over."""

_LARGEST: Final = 2.0**50
"""Hundredths from which on a float may not tell one from the next."""


class Exact:
    """A column of decimals.

    Sums, products and quotients of columns of one length, and of a column and a number, are columns. They are exact
    under :data:`CONTEXT`, but for the last digit of a quotient.

    Parameters
    ----------
    near
        The values in double precision.
    written
        Returns the decimals of some rows.
    size
        Sum of the sizes of the terms behind each value, to which its error is relative; ``None``: its own size.
    steps
        Roundings behind ``near``.
    """

    __slots__ = ("_size", "_steps", "near", "written")

    def __init__(
        self, near: Floats, written: Callable[[Ints], Decimals], size: Floats | None = None, steps: int = 1
    ) -> None:
        self.near, self.written = near, written
        self._size, self._steps = size, steps

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.near)

    def __iter__(self) -> Iterator[Decimal]:
        """Yield the decimals."""
        yield from self.written(np.arange(len(self)))

    def __getitem__(self, rows: NDArray[np.bool_] | Ints) -> Exact:
        """Return some rows: a mask, or their numbers."""
        chosen: Ints = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.int64)
        size = None if self._size is None else self._size[chosen]
        return Exact(self.near[chosen], lambda some: self.written(chosen[some]), size, self._steps)

    @property
    def size(self) -> Floats:
        """Sum of the sizes of the terms behind each value."""
        return np.abs(self.near) if self._size is None else self._size

    @property
    def error(self) -> Floats:
        """Bound on the difference between ``near`` and the decimals."""
        return self.size * (_UNIT * (self._steps + 1))

    def __mul__(self, other: Exact | Decimal | int) -> Exact:
        """Return the product."""
        return self._scaled(other, operator.mul)

    __rmul__ = __mul__

    def __truediv__(self, other: Exact | int) -> Exact:
        """Return the quotient by a column without error, such as of whole numbers, or by a number."""
        return self._scaled(other, operator.truediv)

    def __add__(self, other: Exact | Decimal | int) -> Exact:
        """Return the sum."""
        return self._summed(other, operator.add)

    __radd__ = __add__

    def __sub__(self, other: Exact) -> Exact:
        """Return the difference."""
        return self._summed(other, operator.sub)

    def __neg__(self) -> Exact:
        """Return the negative."""
        return Exact(-self.near, lambda rows: -self.written(rows), self._size, self._steps)

    def added_up(self, starts: Ints) -> Exact:
        """Return the sums of groups of consecutive rows.

        Parameters
        ----------
        starts
            First row of each group, rising from 0.
        """
        ends = np.append(starts[1:], len(self))

        def written(groups: Ints) -> Decimals:
            sizes = ends[groups] - starts[groups]
            first = np.cumsum(sizes) - sizes
            rows = np.repeat(starts[groups] - first, sizes) + np.arange(sizes.sum())
            return np.add.reduceat(self.written(rows), first) if groups.size else _column([])

        longest = int((ends - starts).max(initial=1))
        near, size = np.add.reduceat(self.near, starts), np.add.reduceat(self.size, starts)
        return Exact(near, written, size, self._steps + longest)

    def _scaled(self, other: Exact | Decimal | int, operation: Callable[[Any, Any], Any]) -> Exact:
        one = _operand(other, len(self))
        size = None
        if self._size is not None or one._size is not None:
            size = operation(self.size, one.size)
        return Exact(
            operation(self.near, one.near),
            lambda rows: operation(self.written(rows), one.written(rows)),
            size,
            self._steps + one._steps + 1,
        )

    def _summed(self, other: Exact | Decimal | int, operation: Callable[[Any, Any], Any]) -> Exact:
        one = _operand(other, len(self))
        return Exact(
            operation(self.near, one.near),
            lambda rows: operation(self.written(rows), one.written(rows)),
            self.size + one.size,
            max(self._steps, one._steps) + 1,
        )


def exact(column: pl.Series) -> Exact:
    """Return a column as decimals; a float is the number that it prints as."""

    def written(rows: Ints) -> Decimals:
        values = column.gather(rows).to_list()
        if column.dtype.is_float():
            return _column([Decimal(repr(value)) for value in values])
        if column.dtype.is_integer():
            return _column([Decimal(value) for value in values])
        return _column(values)

    return Exact(column.cast(pl.Float64).to_numpy(), written)


def array(values: list[Decimal]) -> Exact:
    """Return decimals as a column."""
    column = _column(values)
    return Exact(column.astype(np.float64), lambda rows: column[rows])


def constant(value: Decimal, height: int) -> Exact:
    """Return a column of one value."""
    return Exact(np.full(height, float(value)), lambda rows: _column([value] * len(rows)))


def either(holds: NDArray[np.bool_], one: Exact, other: Exact) -> Exact:
    """Return a column where a condition holds, and another where it does not."""
    return Exact(
        np.where(holds, one.near, other.near),
        lambda rows: np.where(holds[rows], one.written(rows), other.written(rows)),
        np.where(holds, one.size, other.size),
        max(one._steps, other._steps),
    )


def stacked(parts: Sequence[Exact]) -> Exact:
    """Return columns one below the other."""
    ends = np.cumsum([len(part) for part in parts])

    def written(rows: Ints) -> Decimals:
        found: Decimals = np.empty(len(rows), dtype=np.object_)
        of = np.searchsorted(ends, rows, side="right")
        for place in np.unique(of):
            mine = of == place
            found[mine] = parts[place].written(rows[mine] - (ends[place] - len(parts[place])))
        return found

    near = np.concatenate([part.near for part in parts])
    size = np.concatenate([part.size for part in parts])
    return Exact(near, written, size, max(part._steps for part in parts))


def cents(amounts: Exact) -> pl.Series:
    """Round amounts half up to the hundredth; what a division left in the last digits does not turn a tie."""
    size = np.abs(amounts.near) * 100
    whole = np.floor(size)
    over = size - whole - 0.5
    rounded = np.copysign(whole + (over >= 0.0), amounts.near) / 100
    sure = (np.abs(over) > amounts.error * 101 + 1e-12) & (size < _LARGEST)
    rounded[~sure] = 0.0
    found = pl.Series(rounded).cast(CENT)
    if sure.all():
        return found
    near_tie = np.flatnonzero(~sure)
    return found.scatter(near_tie, pl.Series(map(_half_up, amounts.written(near_tie)), dtype=CENT))


def _half_up(amount: Decimal) -> Decimal:
    return amount.quantize(_NOISE, context=CONTEXT).quantize(_CENT, ROUND_HALF_UP, context=CONTEXT)


def _operand(other: Exact | Decimal | int, height: int) -> Exact:
    return other if isinstance(other, Exact) else constant(Decimal(other), height)


def _column(values: list[Decimal]) -> Decimals:
    column: Decimals = np.empty(len(values), dtype=np.object_)
    column[:] = values
    return column
