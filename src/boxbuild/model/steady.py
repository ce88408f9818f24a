"""Steady: a model in which leaving another plan has a price.

A price on change, ``rate`` of an item's value for every unit built, bought or shipped more or less than the plan had
in that bucket, is convex and piecewise linear in each column: up to the old quantity a unit is cheaper by the price,
beyond it dearer. So a column that had a quantity is cut in two, one up to that quantity and one from it on, and no row
is added:

    rate |x - old|  =  rate old - rate x1 + rate x2,    x = x1 + x2,    0 <= x1 <= old,  0 <= x2

The price steers, and is not a cost: it is in no account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, hstack

from boxbuild.model.model import Model
from boxbuild.model.objective.money import Money, items_frame

Floats = NDArray[np.float64]

MOVED = ("build", "buy", "ship")
"""Kinds of columns whose change has a price."""


@dataclass(frozen=True)
class Steady:
    """A model with a price on change, and the way back.

    Parameters
    ----------
    model
        The model; its last columns, of the kind ``steady``, are the parts up to the old quantities.
    parted
        Columns that are cut in two. Shape ``(parts,)``.
    old
        Old quantities of every column of the plain model. Shape ``(columns,)``.
    price
        Price of one unit of change of every column; 0 where it has none.
    """

    model: Model
    parted: NDArray[np.int64]
    old: Floats
    price: Floats

    def cut(self, values: Floats) -> Floats:
        """Return values of the plain model as values of this one."""
        first = np.minimum(values[self.parted], self.old[self.parted])
        rest = values.copy()
        rest[self.parted] -= first
        return np.concatenate([rest, first])

    def whole(self, values: Floats) -> Floats:
        """Return values of this model as values of the plain one."""
        plain = values[: self.old.size].copy()
        plain[self.parted] += values[self.old.size :]
        return plain

    def charge(self, plain: Floats) -> float:
        """Return what the changes of a plan are charged, home currency."""
        return float(self.price @ np.abs(plain - self.old))


def steady(model: Model, old: Floats, rate: float) -> Steady:
    """Put a price on leaving a plan.

    Parameters
    ----------
    model
        The plain model.
    old
        Quantities of the plan, by column. Shape ``(columns,)``.
    rate
        Price of one unit of change, as a part of the value of the item.
    """
    price = np.zeros(model.cost.size)
    for kind in MOVED:
        frame = model.columns[kind]
        price[frame["column"].to_numpy()] = rate * _values(model, frame)
    held = np.zeros(model.cost.size)
    moved = np.concatenate([model.columns[kind]["column"].to_numpy() for kind in MOVED])
    held[moved] = np.minimum(old[moved], model.upper[moved])
    parted = np.flatnonzero(held > 0)
    matrix = csc_matrix(hstack([model.matrix, model.matrix[:, parted]], format="csc"))
    upper = model.upper.copy()
    upper[parted] -= held[parted]
    return Steady(
        replace(
            model,
            columns={**model.columns, "steady": _frame(model, parted)},
            matrix=matrix,
            cost=np.concatenate([model.cost + price, model.cost[parted] - price[parted]]),
            lower=np.concatenate([np.where(held > 0, 0.0, model.lower), np.zeros(parted.size)]),
            upper=np.concatenate([upper, held[parted]]),
            integer=np.concatenate([model.integer, np.zeros(parted.size, dtype=bool)]),
        ),
        parted,
        np.where(price > 0, old, 0.0),
        price,
    )


def _values(model: Model, frame: pl.DataFrame) -> Floats:
    """Value of one unit of the item of each column, discounted home currency."""
    network = model.flows.network
    worth = items_frame(network).select("item", unit_value="value", unit_currency="value_currency")
    valued = frame.select("item", "bucket", "column").join(worth, on="item", how="left", maintain_order="left")
    money = Money.of(network)
    found = money.present(valued, pl.col("unit_value").fill_null(0.0), currency="unit_currency")["value"].to_numpy()
    values: Floats = np.asarray(found, dtype=np.float64)
    return values


def _frame(model: Model, parted: NDArray[np.int64]) -> pl.DataFrame:
    """The parts, in the order of their columns: the column that each is a part of, and its bucket."""
    buckets = np.zeros(model.cost.size, dtype=np.int64)
    for kind in MOVED:
        buckets[model.columns[kind]["column"].to_numpy()] = model.columns[kind]["bucket"].to_numpy()
    return pl.DataFrame(
        {
            "flow": parted,
            "bucket": buckets[parted],
            "column": np.arange(parted.size, dtype=np.int64) + model.cost.size,
        }
    )
