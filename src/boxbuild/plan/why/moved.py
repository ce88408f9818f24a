"""Moved: the quantity of every column, from the tables of a plan.

What is kept stands in the order of its nodes and buckets, and builds, purchases and shipments in that of their arcs and
buckets: their columns are found by counting, which is quicker than looking up each of millions by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.model.columns import KEYS
from boxbuild.plan.warm import TABLES

if TYPE_CHECKING:
    from boxbuild.model.model import Model

Floats = NDArray[np.float64]

DECIDED: Final = {
    "take": ("options", pl.lit(1.0)),
    "step": ("tiers", pl.col("quantity")),
    "miss": ("targets", pl.col("short")),
    "qualify": ("incentives", (pl.col("reached") & (pl.col("counted") > 0)).cast(pl.Float64)),
    "claim": ("preferences", pl.col("quantity")),
    "attribute": ("attributions", pl.col("quantity")),
}
"""Kinds of columns beside the flows that a plan's tables tell: the table, and its value."""

ARCS: Final = ("build", "buy", "ship")
"""Kinds of columns that stand in the order of their arcs."""


def moved(model: Model, tables: Mapping[str, pl.DataFrame]) -> Floats:
    """Return the quantity of every column, as far as the tables of a plan tell it. Shape ``(columns,)``."""
    values = np.zeros(model.cost.size)
    told = {kind: (table, pl.col(column)) for kind, (table, column) in TABLES.items()} | DECIDED
    for kind, (table, amount) in told.items():
        frame = model.columns[kind]
        if not frame.height or not tables[table].height:
            continue
        keys = list(KEYS[kind])
        known = tables[table].select(*keys, moved=amount.cast(pl.Float64)).filter(pl.col("moved") > 0)
        if kind in ARCS:
            found = _on_arcs(frame, known, keys[:-1])
        elif kind == "keep":
            found = _at_nodes(model, known)
        else:
            sums = known.group_by(keys).agg(pl.col("moved").sum())
            found = frame.select(*keys, "column").join(sums, on=keys, how="inner", nulls_equal=True)
        values[found["column"].to_numpy()] = found["moved"].to_numpy()
    _reach(model, values)
    return values


def _on_arcs(frame: pl.DataFrame, known: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    arc = frame["arc"].to_numpy()
    first = np.flatnonzero(np.append(True, arc[1:] != arc[:-1]))
    length = np.diff(np.append(first, arc.size))
    starts = frame[first].select(*keys, "column", first="bucket").with_columns(length=pl.Series(length))
    placed = known.join(starts, on=keys, how="inner", nulls_equal=True)
    later = pl.col("bucket") - pl.col("first")
    return placed.filter(later >= 0, later < pl.col("length")).select("moved", column=pl.col("column") + later)


def _at_nodes(model: Model, known: pl.DataFrame) -> pl.DataFrame:
    first = int(model.columns["keep"]["column"][0])
    placed = known.join(model.flows.nodes.select("item", "site", "node"), on=["item", "site"], how="inner")
    column = first + pl.col("node") * model.flows.calendar.count + pl.col("bucket")
    return placed.select("moved", column=column)


def _reach(model: Model, values: Floats) -> None:
    """Say which steps of ladders are reached: the first where nothing is bought."""
    step, reach = model.columns["step"], model.columns["reach"]
    if reach.is_empty():
        return
    amount = values[step["column"].to_numpy()]
    ladders = step.select("contract", "offer", "kind", "from_quantity").with_columns(
        amount=pl.Series(amount), column=reach["column"]
    )
    for rows in ladders.partition_by("contract", "offer"):
        some = (rows["amount"] > 0).to_numpy()
        first = (rows["from_quantity"] == rows["from_quantity"].min()).to_numpy()
        if rows["kind"][0] == "all_unit":
            on = some if some.any() else first
        else:
            on = some | first
        values[rows["column"].to_numpy()] = on.astype(np.float64)
