"""Re-solve: the true price of a relief, by solving the model again with the plan's yes-or-no decisions held.

A small model is solved whole. Of a large one only the columns of what the demand is made of are free, and the rest of
the plan stays: what comes out is a plan, so its price is enough, and perhaps more than is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from boxbuild.model.columns import KEYS
from boxbuild.solve.held import Answer, Held

if TYPE_CHECKING:
    from boxbuild.plan.why.priced import Priced

Floats = NDArray[np.float64]

WHOLE_UNTIL: Final = 400_000
"""Non-zeros up to which a model is solved whole."""

MOVED: Final = ("build", "buy", "ship", "deliver", "short", "overtime")
"""Kinds of columns of which it is said what moves."""

DEAR: Final = 10.0
"""How much dearer than anything else a unit is that is late where it must not be."""


@dataclass(frozen=True)
class Moved:
    """A column that differs: its kind, name, and units before and after."""

    kind: str
    name: str
    before: float
    after: float


@dataclass(frozen=True)
class Solved:
    """What a re-solve found.

    Parameters
    ----------
    before, after
        Least cost without and with the relief, discounted home currency.
    whole
        Whether all of the plan was free to move; else what the demand's product is made of.
    units
        Units that are on time now, of those that were asked for; ``None`` where that was not the question.
    wanted
        Units that were asked for.
    moved
        What differs most, by kind.
    """

    before: float
    after: float
    whole: bool
    units: float | None
    wanted: float
    moved: tuple[Moved, ...]

    @property
    def price(self) -> float:
        """What the relief costs (above 0) or saves (below 0)."""
        return self.after - self.before

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {
            "before": self.before,
            "after": self.after,
            "price": self.price,
            "whole": self.whole,
            "units": self.units,
            "wanted": self.wanted,
            "moved": [vars(one) for one in self.moved],
        }


class Resolver:
    """Solves a plan's model again and again.

    Parameters
    ----------
    priced
        The plan.
    items
        Items whose columns may move where the model is too large to be solved whole.
    """

    def __init__(self, priced: Priced, items: set[str]) -> None:
        self.priced = priced
        model = priced.model
        self.whole = model.matrix.nnz <= WHOLE_UNTIL
        self._free = np.arange(model.cost.size) if self.whole else _free(priced, items)
        part = model.matrix[:, self._free]
        self._rows = np.arange(model.row_lower.size) if self.whole else np.unique(part.indices)
        self._part: csc_matrix = part if self.whole else part.tocsr()[self._rows].tocsc()
        still = priced.values.copy()
        still[self._free] = 0.0
        held = model.matrix @ still if not self.whole else np.zeros(model.row_lower.size)
        self._held: Floats = held[self._rows]
        # where the rest stays, a row may be off by what was rounded in the plan's tables
        here = self._held + self._part @ priced.values[self._free] if not self.whole else model.row_lower
        off = np.maximum(model.row_lower[self._rows] - here, 0.0) if not self.whole else 0.0
        over = np.maximum(here - model.row_upper[self._rows], 0.0) if not self.whole else 0.0
        self._lower, self._upper = model.row_lower[self._rows] - off, model.row_upper[self._rows] + over

    @cached_property
    def base(self) -> Answer:
        """Least cost, quantities and prices without relief."""
        return self._solve(self.priced.model.cost)

    def with_more(self, rows: dict[int, float]) -> Answer:
        """Return least cost, quantities and prices where rows allow so many units more.

        A row that is only held from above is raised; any other is lowered, as stock lowers what a balance asks for.
        """
        more = np.zeros(self.priced.model.row_lower.size)
        for row, units in rows.items():
            more[row] = units if np.isinf(self.priced.model.row_lower[row]) else -units
        return self._solve(self.priced.model.cost, more)

    def on_time(self, demand: str, due_bucket: int) -> Solved:
        """Return what it costs to have a demand on time, as far as that is possible at all."""
        late = self.priced.model.columns["deliver"].filter(
            (pl.col("demand") == demand) & (pl.col("bucket") > due_bucket)
        )
        short = self.priced.model.columns["short"].filter(pl.col("demand") == demand)
        held = np.concatenate([late["column"].to_numpy(), short["column"].to_numpy()])
        wanted = float(short["quantity"][0])
        lost = float(np.max(self.priced.model.cost[self.priced.model.columns["short"]["column"].to_numpy()]))
        dear = DEAR * max(float(np.max(np.abs(self.priced.price[: self._balances]))), lost, 1.0)
        cost = self.priced.model.cost.copy()
        cost[held] += dear
        # the harder one first: from there the plan itself is near
        after = self._solve(cost).values
        found = float(self.priced.model.cost @ after)
        before = self.base.cost
        units = wanted - float(after[held].sum())
        moved = self._moved(self.priced.values, after)
        return Solved(before, found, self.whole, units, wanted, moved)

    @property
    def _balances(self) -> int:
        return self.priced.model.families["balance"].keys.height

    @cached_property
    def _held_by_solver(self) -> Held:
        model = self.priced.model
        return Held(
            replace(
                model,
                matrix=self._part,
                cost=model.cost[self._free],
                lower=model.lower[self._free],
                upper=model.upper[self._free],
                row_lower=self._lower - self._held,
                row_upper=self._upper - self._held,
            )
        )

    def _solve(self, cost: Floats, more: Floats | None = None) -> Answer:
        add = -self._held if more is None else more[self._rows] - self._held
        found = self._held_by_solver.solve(cost[self._free], self._lower + add, self._upper + add)
        values, prices = self.priced.values.copy(), np.zeros(self.priced.model.row_lower.size)
        values[self._free], prices[self._rows] = found.values, found.prices
        return Answer(float(cost @ values), values, prices)

    def _moved(self, before: Floats, after: Floats) -> tuple[Moved, ...]:
        found = []
        for kind in MOVED:
            frame = self.priced.model.columns[kind]
            if frame.is_empty():
                continue
            at = frame["column"].to_numpy()
            keys = [key for key in KEYS[kind] if key != "bucket"]
            told = frame.select(keys).with_columns(
                before=pl.Series(before[at]),
                after=pl.Series(after[at]),
                changed=pl.Series(np.maximum(after[at] - before[at], 0.0)),
            )
            if kind == "deliver":
                # of deliveries it is told who is later: what is on time is the other side of the same
                late = (frame["bucket"] > frame["due_bucket"]).to_numpy()
                told = told.filter(pl.Series(late))
            sums = told.group_by(keys, maintain_order=True).agg(pl.col("before", "after", "changed").sum())
            least = 1e-6 * max(float(sums["after"].sum()), 1.0)
            top = sums.filter((pl.col("after") - pl.col("before")).abs() > least)
            top = top.sort((pl.col("after") - pl.col("before")).abs(), descending=True).head(5)
            for row in top.iter_rows(named=True):
                name = " ".join(str(row[key]) for key in keys if row[key] is not None)
                found.append(Moved(kind, name, row["before"], row["after"]))
        return tuple(found)


def _free(priced: Priced, items: set[str]) -> NDArray[np.int64]:
    """Columns of some items, and overtime."""
    listed = list(items)
    found = []
    for kind, frame in priced.model.columns.items():
        name = next((key for key in ("component", "item") if key in frame.columns), None)
        if name is not None:
            found.append(frame.filter(pl.col(name).is_in(listed))["column"].to_numpy())
        elif kind == "overtime":
            found.append(frame["column"].to_numpy())
    return np.sort(np.concatenate(found)).astype(np.int64)
