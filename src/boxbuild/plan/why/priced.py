"""Priced: the model of a plan beside the plan's quantities and what its rows are worth.

The price of a row is how fast the least cost rises with what the row asks for. A plan keeps the prices that its solve
ended with: those of the exact way are those of the best plan with the same yes-or-no decisions, those of the structured
way prove the plan's bound. Where the plan keeps none of this network, the model is solved again, decisions held.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.model.assemble import assemble
from boxbuild.model.model import Family
from boxbuild.plan.service import order_deliveries
from boxbuild.plan.warm import remembered, start_from
from boxbuild.plan.why.moved import moved
from boxbuild.solve.solution import Solution
from boxbuild.solve.solve import STRUCTURED_FROM, solve

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from boxbuild.model.model import Model
    from boxbuild.plan.plan import Plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int32] | NDArray[np.int64]

ENDS: Final = 500
"""Rows at the beginning and at the end of a family by which a plan's prices are known to be in its order."""

EXACT, NEAR = 1e-6, 1e-3
"""Part of a price by which it may be off: single precision, or as good as a gap that is not closed."""


@dataclass(frozen=True)
class Priced:
    """A plan's model, its quantities and its prices.

    Parameters
    ----------
    plan, model
        The plan, and the model of its network with the plan's yes-or-no decisions held.
    values
        Quantity of every column, as far as the tables of the plan tell it. Shape ``(columns,)``.
    price
        What every row is worth, discounted home currency per unit of the row. Shape ``(rows,)``.
    slack
        How far the cost of the plan is above what its prices prove, home currency: relief of ``e`` units of a row with
        price ``w`` saves no more than ``w e`` and this.
    note
        Where the prices come from, where that is not the plan.
    """

    plan: Plan
    model: Model
    values: Floats
    price: Floats
    slack: float
    note: str = ""

    @cached_property
    def reduced(self) -> Floats:
        """What a unit of every column costs more than it is worth. Shape ``(columns,)``."""
        found: Floats = self.model.cost - self.model.matrix.T @ self.price
        return found

    @cached_property
    def rows(self) -> csr_matrix:
        """The matrix by rows."""
        return self.model.matrix.tocsr()

    @cached_property
    def tolerance(self) -> float:
        """Part of a price by which it may be off."""
        return EXACT if self.model.matrix.nnz < STRUCTURED_FROM else NEAR

    @cached_property
    def kinds(self) -> tuple[tuple[str, ...], NDArray[np.int64]]:
        """The kinds of columns that there are, and the number of the first of each."""
        frames = {kind: frame for kind, frame in self.model.columns.items() if frame.height}
        return tuple(frames), np.asarray([frame["column"][0] for frame in frames.values()], dtype=np.int64)

    @cached_property
    def families(self) -> tuple[tuple[str, ...], NDArray[np.int64]]:
        """The families of rows that there are, and the number of the first of each."""
        names = tuple(name for name, family in self.model.families.items() if family.keys.height)
        heights = np.cumsum([0, *(self.model.families[name].keys.height for name in names)])
        return names, heights[:-1].astype(np.int64)

    def kind(self, column: int) -> str:
        """Return the kind of a column."""
        names, first = self.kinds
        return names[int(np.searchsorted(first, column, side="right")) - 1]

    def column(self, column: int) -> dict[str, Any]:
        """Return what a column is: the row of its frame."""
        frame = self.model.columns[self.kind(column)]
        return frame.row(column - int(frame["column"][0]), named=True)

    def family(self, row: int) -> str:
        """Return the family of a row."""
        names, first = self.families
        return names[int(np.searchsorted(first, row, side="right")) - 1]

    def row(self, row: int) -> dict[str, Any]:
        """Return the keys of a row."""
        names, first = self.families
        at = int(np.searchsorted(first, row, side="right")) - 1
        return self.model.families[names[at]].keys.row(row - int(first[at]), named=True)

    def in_row(self, row: int) -> tuple[Ints, Floats]:
        """Return the columns of a row, and their coefficients."""
        here = slice(self.rows.indptr[row], self.rows.indptr[row + 1])
        columns: Ints = self.rows.indices[here]
        values: Floats = self.rows.data[here]
        return columns, values

    def in_column(self, column: int) -> tuple[Ints, Floats]:
        """Return the rows of a column, and their coefficients."""
        matrix = self.model.matrix
        here = slice(matrix.indptr[column], matrix.indptr[column + 1])
        rows: Ints = matrix.indices[here]
        values: Floats = matrix.data[here]
        return rows, values

    def node_row(self, item: str, site: str, bucket: int) -> int | None:
        """Return the balance row of an item at a site in a bucket; ``None`` where it is never there."""
        node = self._nodes.get((item, site))
        return None if node is None else node * self.model.flows.calendar.count + bucket

    @cached_property
    def ordered(self) -> pl.DataFrame | None:
        """Dated deliveries with their ``late_days``; ``None`` where the plan has no orders."""
        return order_deliveries(self.plan)

    @cached_property
    def _nodes(self) -> dict[tuple[str, str], int]:
        nodes = self.model.flows.nodes
        first = self.model.first_row("balance") // max(self.model.flows.calendar.count, 1)
        return {(item, site): node + first for item, site, node in nodes.select("item", "site", "node").iter_rows()}


def priced(plan: Plan, model: Model | None = None) -> Priced:
    """Return the model of a plan with its prices: those that the plan keeps, else those of another solve."""
    model = model or assemble(plan.network)
    values = moved(model, plan.tables)
    prices = _in_order(model, plan)
    if prices is None:
        prices = start_from(model, plan.tables, plan.prices).prices
    held = _held(model, values)
    if prices is not None and not np.isnan(prices).any():
        return Priced(plan, held, values, prices, _slack(plan.summary.method, plan.summary.cost - plan.summary.bound))
    begun = Solution(values, np.inf, -np.inf, "feasible", "", prices=prices)
    solved = solve(replace(held, integer=np.zeros_like(held.integer)), max(plan.summary.tolerance, 1e-6), start=begun)
    prices = solved.prices if solved.prices is not None else np.zeros(model.row_lower.size)
    note = "the plan keeps no prices of this network: its model was solved again, its yes-or-no decisions held"
    return Priced(plan, held, solved.values, prices, _slack(solved.method, solved.cost - solved.bound), note)


def _slack(method: str, distance: float) -> float:
    """The exact way's prices are exact with its decisions held; any other's are as good as cost and bound are near."""
    return 0.0 if method.startswith("HiGHS") else max(distance, 0.0)


def _in_order(model: Model, plan: Plan) -> Floats | None:
    """Prices of the plan as they stand, where its rows are those of the model: as many, and the same at both ends."""
    kept = plan.prices
    if kept is None or kept.height != model.row_lower.size or not kept.height:
        return None
    first = 0
    for name, family in model.families.items():
        size = family.keys.height
        for at in {0, max(size - ENDS, 0)}:
            ends = Family(family.keys.slice(at, ENDS), family.terms.clear())
            some = replace(model, families={name: ends})
            sample = Solution(model.lower, 0.0, 0.0, "feasible", "", prices=np.zeros(ends.keys.height))
            named = remembered(some, sample)["row"]
            if not named.equals(kept["row"].slice(first + at, ends.keys.height), null_equal=True):
                return None
        first += size
    found: Floats = kept["price"].cast(pl.Float64).to_numpy()
    return found


def _held(model: Model, values: Floats) -> Model:
    """Hold the decisions that are yes or no."""
    lower, upper = model.lower.copy(), model.upper.copy()
    lower[model.integer] = upper[model.integer] = np.round(values[model.integer])
    return replace(model, lower=lower, upper=upper)
