"""Warm: a plan to begin the next one from.

A plan is made again every week, and after every change of a few rows. Its quantities are in its tables, and what its
rows were worth is kept beside them; the solve of the changed network begins from both. Rows are known again by what
names them, so that a demand may come or a line go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.model.columns import KEYS
from boxbuild.model.model import Model
from boxbuild.solve.solution import Solution

Floats = NDArray[np.float64]

TABLES: Final[Mapping[str, tuple[str, str]]] = {
    "build": ("builds", "quantity"),
    "use": ("alternates", "quantity"),
    "buy": ("buys", "quantity"),
    "ship": ("shipments", "quantity"),
    "keep": ("stock", "quantity"),
    "deliver": ("deliveries", "quantity"),
    "short": ("shortages", "quantity"),
    "overtime": ("capacity", "overtime"),
    "shortfall": ("contracts", "shortfall"),
}
"""Kinds of columns that a plan's tables tell, with the table and its column."""

PRICES: Final = pl.Schema({"row": pl.UInt64(), "price": pl.Float32()})
"""Columns of what is remembered."""

SEED: Final = 20260105
"""Seed of the names of rows."""


def remembered(model: Model, solution: Solution) -> pl.DataFrame:
    """Return what the rows of a solution are worth.

    Returns
    -------
    DataFrame
        ``row`` (UInt64, a hash of the family and its keys) and ``price`` (single precision is enough to begin from);
        empty where the solution has no prices.
    """
    if solution.prices is None:
        return pl.DataFrame(schema=PRICES)
    return pl.DataFrame({"row": _names(model), "price": solution.prices}).cast(PRICES)


def start_from(model: Model, tables: Mapping[str, pl.DataFrame], prices: pl.DataFrame | None) -> Solution:
    """Return the point from which the solve of a model begins.

    Parameters
    ----------
    model
        What is to be solved.
    tables, prices
        Tables of a plan, and what its rows were worth (:func:`remembered`), where that is known.

    Returns
    -------
    Solution
        Its cost and bound say nothing; the price of a row that the plan did not have is not a number.
    """
    values = np.zeros(model.cost.size)
    for kind, (table, column) in TABLES.items():
        keys = list(KEYS[kind])
        frame = model.columns[kind]
        if not frame.height or not tables[table].height:
            continue
        known = tables[table].select(*keys, moved=pl.col(column)).filter(pl.col("moved") > 0)
        found = frame.select(*keys, "column").join(known, on=keys, how="inner", nulls_equal=True)
        values[found["column"].to_numpy()] = found["moved"].to_numpy()
    if prices is None:
        return Solution(values, np.inf, -np.inf, "feasible", "warm")
    named = pl.DataFrame({"row": _names(model)}).join(prices, on="row", how="left", maintain_order="left")
    worth: Floats = named["price"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return Solution(values, np.inf, -np.inf, "feasible", "warm", prices=worth)


def changes(model: Model, before: Floats, after: Floats) -> int:
    """Return how many builds, purchases and shipments differ by more than a thousandth of what moves there."""
    count = 0
    for kind in ("build", "buy", "ship"):
        at = model.columns[kind]["column"].to_numpy()
        one, two = before[at], after[at]
        count += int((np.abs(one - two) > 1e-3 * np.maximum(np.maximum(one, two), 1.0)).sum())
    return count


def _names(model: Model) -> pl.Series:
    named = []
    for family, rows in model.families.items():
        keys = rows.keys.drop("lower", "upper", strict=False)
        named.append(keys.with_columns(family=pl.lit(family)).hash_rows(seed=SEED))
    return pl.concat(named).rename("row")
