"""Bounds: any prices of the rows give a proven lower bound on the cost of every plan.

For ``min c x`` subject to ``l <= A x <= u`` and ``L <= x <= U``, weak duality gives for every ``y``, with the reduced
costs ``d = c - A' y``,

    c x >= sum_rows (l_i max(y_i, 0) - u_i max(-y_i, 0)) + sum_columns (L_j max(d_j, 0) - U_j max(-d_j, 0))

once the ``y_i`` that would meet an infinite side are set to 0. The solver's own word is not needed: the bound is
computed here
from its prices, and prices that are slightly off only make it slightly worse.

A. Neumaier and O. Shcherbina, "Safe bounds in linear and mixed-integer linear programming", Mathematical Programming 99
(2004), 283-296.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.model.most import burned

Floats = NDArray[np.float64]

LIMITED: Final = (
    *("build", "use", "buy", "ship", "keep", "attribute", "claim"),
    *("exempt_buy", "exempt_ship", "exempt_build", "exempt_use", "exempt_keep", "exempt_export", "duty_paid"),
)
"""Kinds of columns that count units of an item: none exceeds what can ever exist of it."""


def dual_bound(model: Model, prices: Floats, limits: Floats | None = None) -> float:
    """Return the lower bound that a vector of row prices proves. Shape of ``prices``: ``(rows,)``.

    Columns without an upper limit are held to a quantity that some optimal plan does not exceed
    (:func:`column_limits`).
    """
    price = prices.copy()
    price[(price > 0) & ~np.isfinite(model.row_lower)] = 0.0
    price[(price < 0) & ~np.isfinite(model.row_upper)] = 0.0
    reduced = model.cost - model.matrix.T @ price
    side = np.where(price > 0, model.row_lower, model.row_upper)
    rows = np.where(price != 0, np.where(price != 0, side, 0.0) * price, 0.0)
    most_of = column_limits(model) if limits is None else limits
    columns = np.where(reduced < 0, np.where(reduced < 0, most_of, 0.0) * reduced, model.lower * reduced)
    return float(np.sum(rows) + np.sum(columns))


def column_limits(model: Model) -> Floats:
    """Return a quantity for every column that some optimal plan does not exceed. Shape ``(columns,)``."""
    limit = model.upper.copy()
    everything = _everything(model)
    for kind in LIMITED:
        frame = model.columns[kind]
        item = "component" if "component" in frame.columns else "item"
        known = frame.select(pl.col(item).alias("item")).join(everything, on="item", how="left", maintain_order="left")
        numbers = frame["column"].to_numpy()
        limit[numbers] = np.minimum(limit[numbers], known["units"].fill_null(0.0).to_numpy())
    for kind, most_of in _auxiliary(model, everything).items():
        numbers = model.columns[kind]["column"].to_numpy()
        limit[numbers] = np.minimum(limit[numbers], most_of)
    return limit


def _everything(model: Model) -> pl.DataFrame:
    """Units of each item that can ever exist: what a sensible plan makes or buys, the stock and the receipts."""
    network = model.flows.network
    given = pl.concat([network[table].select("item", units="quantity") for table in ("stock", "receipts")])
    made = [found.select("item", units="most") for found in (model.flows.most, burned(model.flows))]
    return pl.concat([*made, given]).group_by("item").agg(pl.col("units").sum())


def _auxiliary(model: Model, everything: pl.DataFrame) -> Mapping[str, Floats]:
    """Limits of what misses a minimum or a target, and of the steps of ladders."""
    shortfall = model.columns["shortfall"]
    volume = float(everything["units"].sum())
    least = (
        shortfall.select(
            pl.max_horizontal(pl.col("min").fill_null(0.0), pl.col("min_share").fill_null(0.0) * volume)
        ).to_series()
        if shortfall.height
        else pl.Series([], dtype=pl.Float64)
    )
    miss = model.columns["miss"]
    step = model.columns["step"]
    return {
        "shortfall": least.to_numpy(),
        "miss": np.full(miss.height, _largest_target(model, volume) if miss.height else 0.0),
        "step": step["end"].to_numpy() if step.height else np.zeros(0),
    }


def _largest_target(model: Model, volume: float) -> float:
    """No target is missed by more than its value, or than its share of everything that moves, in units or in money."""
    asked = model.flows.network["targets"]["at_least"].to_list()
    dearest = float(np.max(np.abs(model.matrix.data), initial=1.0))
    return float(max([1.0, *asked])) * max(volume, 1.0) * dearest
