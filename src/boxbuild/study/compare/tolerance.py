"""Tolerance: when two figures of two plans count as equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

Kind = Literal["money", "units", "share", "date", "text"]
"""What a figure is: home currency, units (also hours), a fraction of 1, a date, a text."""

NUMBERS: Final = ("money", "units", "share")


@dataclass(frozen=True)
class Tolerance:
    """The largest differences that count as none.

    Parameters
    ----------
    money
        Home currency. Half a paisa: amounts of a ledger are equal or they are not.
    units
        Units, as a part of the larger of both and of 1: solvers leave dust in their sums.
    share
        Fraction of 1.
    relative
        What differs by less than this part of the larger figure counts as equal, too; of money, units and shares.
    """

    money: float = 0.005
    units: float = 1e-6
    share: float = 1e-6
    relative: float = 0.0

    def says(self) -> str:
        """Return the tolerance as a sentence."""
        exact = "Equal means: money to the paisa, units to a millionth, shares to a ten-thousandth of a percent."
        if not self.relative:
            return exact
        return f"{exact} Differences below {self.relative:.4g} of the larger figure count as none."

    def differs(self, kind: Kind, one: pl.Expr, other: pl.Expr) -> pl.Expr:
        """Return whether two figures of a kind differ; a blank differs from every figure."""
        unequal = ~one.eq_missing(other)
        if kind not in NUMBERS:
            return unequal
        size = pl.max_horizontal(one.abs(), other.abs())
        floor = {
            "money": pl.lit(self.money),
            "units": self.units * pl.max_horizontal(size, pl.lit(1.0)),
            "share": pl.lit(self.share),
        }[kind]
        apart = (one - other).abs() > pl.max_horizontal(floor, self.relative * size)
        return unequal & apart.fill_null(value=True)
