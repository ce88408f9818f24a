"""The answer: what was changed, what it costs, what moved, and for each move the reasons that data give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from boxbuild.plan.plan import Plan
from boxbuild.study.change_why.grounds import Grounds
from boxbuild.study.change_why.moves import Move, as_moves, by_months, moved
from boxbuild.study.change_why.reason import Reason
from boxbuild.study.compare.aspect import side_by_side
from boxbuild.study.compare.aspects import COST
from boxbuild.study.compare.claim import Claim
from boxbuild.study.compare.comparison import Comparison, compare

MOST: Final = 12
"""Moves that are explained."""


@dataclass(frozen=True)
class ChangeWhy:
    """What moved between two plans, and why.

    Parameters
    ----------
    comparison
        The two plans side by side.
    moves
        The largest moves with their reasons, that with the most money first.
    left_out
        Moves that are not among them, and their money.
    months
        Whether periods are months; else they are buckets.
    priced
        Whether both plans keep the prices of their rows; without them nothing is said of limits.
    """

    comparison: Comparison
    moves: tuple[tuple[Move, tuple[Reason, ...]], ...]
    left_out: tuple[int, float]
    months: bool
    priced: bool

    @property
    def claim(self) -> Claim:
        """What is proven about the difference of the optima."""
        return self.comparison.claims[0]

    @property
    def inputs(self) -> pl.DataFrame:
        """In which rows the two networks differ."""
        return self.comparison.inputs[0]

    @property
    def open_moves(self) -> int:
        """Moves that no data explain."""
        return sum(not reasons for _, reasons in self.moves)

    @property
    def accounts(self) -> pl.DataFrame:
        """``account`` and ``change_1``: what each costs more, the largest change first."""
        found = side_by_side(COST, self.comparison.plans, self.comparison.tolerance)
        rows = found.measure("present", differences_only=True)
        return rows.select("account", "change_1").sort(pl.col("change_1").abs(), descending=True)

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        base, other = self.comparison.names
        inputs = self.inputs.with_columns(pl.selectors.date().cast(pl.String))
        return {
            "question": "change",
            "plans": [base, other],
            "claim": self.claim.as_dict(),
            "gaps": [plan.summary.gap for plan in self.comparison.plans],
            "inputs": inputs.to_dicts(),
            "accounts": self.accounts.to_dicts(),
            "periods": "months" if self.months else "buckets",
            "priced": self.priced,
            "moves": [
                {**move.as_dict(), "reasons": [reason.as_dict() for reason in reasons]} for move, reasons in self.moves
            ],
            "left_out": {"moves": self.left_out[0], "money": self.left_out[1]},
        }


def change_why(first: Plan, other: Plan, names: Sequence[str] | None = None, *, most: int = MOST) -> ChangeWhy:
    """Return what moved from one plan to another, and why.

    Parameters
    ----------
    first, other
        The plan before and the plan after.
    names
        What to call them.
    most
        Moves that are explained, those with the most money first.

    Returns
    -------
    ChangeWhy
        Every reason rests on a row, a rate, a price or a count; a move for which there is none has no reason.

    Raises
    ------
    UsageError
        The home currencies differ.
    """
    comparison = compare((first, other), names)
    every = moved(first, other)
    months = by_months(first, other)
    told = every.head(most)
    near = every.join(told.select("item").unique(), on="item", how="semi", maintain_order="left")
    grounds = Grounds.of(first, other, comparison.inputs[0], as_moves(near), months=months)
    explained = tuple((move, tuple(_reasons(grounds, move))) for move in as_moves(told))
    rest = every.slice(told.height)
    return ChangeWhy(comparison, explained, (rest.height, float(rest["money"].sum())), months, grounds.priced)


def _reasons(grounds: Grounds, move: Move) -> Iterator[Reason]:
    """Reasons of a move, the surest first."""
    yield from grounds.inputs_of(move)
    yield from grounds.options_of(move)
    yield from grounds.rates_of(move)
    yield from grounds.needs_of(move)
    yield from grounds.limits_of(move)
