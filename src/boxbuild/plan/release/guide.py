"""The guide: the plan's quantities by bucket, given to the rows that orders are written for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from boxbuild.network.network import Network
from boxbuild.plan.release.problem import BUILD, BUY, PICK, SHIP, Floats, Guide, Integers

_KEYS: Final[Mapping[int, tuple[str, Mapping[str, str]]]] = {
    BUILD: ("builds", {"site": "site", "item": "item", "option": "reference"}),
    BUY: ("buys", {"offer": "reference", "destination": "destination"}),
    SHIP: (
        "shipments",
        {
            "origin": "site",
            "destination": "destination",
            "mode": "reference",
            "lane_item": "lane_item",
            "item": "item",
        },
    ),
    PICK: (
        "alternates",
        {"site": "site", "parent": "item", "option": "reference", "group": "group", "component": "component"},
    ),
}
"""Of each kind: the plan's table, and its columns with those of a piece that name the same."""


def guide_of(network: Network, tables: Mapping[str, pl.DataFrame], rows: pl.DataFrame, demands: pl.Series) -> Guide:
    """Return the plan that orders follow.

    Parameters
    ----------
    tables
        The plan's tables of quantities.
    rows
        What can be started (:data:`boxbuild.plan.release.pieces.SCHEMA`).
    demands
        Names of the demands of the problem, row by row.
    """
    edges = np.asarray(network.calendar.edges, dtype=np.int64)
    starts = np.zeros((rows.height, edges.size - 1))
    numbered = rows.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))
    for kind in _KEYS:
        row, bucket, quantity = _started(kind, tables, numbered.filter(pl.col("kind") == kind), edges)
        np.add.at(starts, (row, bucket), quantity)
    number = pl.DataFrame({"demand": demands, "row": np.arange(demands.len())})
    given = tables["deliveries"].join(number, on="demand", maintain_order="left")
    return Guide(edges, starts, given["row"].to_numpy(), given["bucket"].to_numpy(), given["quantity"].to_numpy())


def _started(
    kind: int, tables: Mapping[str, pl.DataFrame], rows: pl.DataFrame, edges: Integers
) -> tuple[Integers, Integers, Floats]:
    """Return row, bucket and units: each quantity belongs to the row that holds on the first day of its bucket."""
    table, key = _KEYS[kind]
    names = list(key.values())
    ways = rows.select(names).unique(maintain_order=True).with_columns(way=pl.int_range(pl.len(), dtype=pl.Int64))
    windows = rows.join(ways, on=names, nulls_equal=True, maintain_order="left").sort("way", "first_day", "row")
    flows = tables[table].select(pl.col(list(key)).name.map(key.__getitem__), "bucket", "quantity")
    flows = flows.join(ways, on=names, nulls_equal=True, maintain_order="left")
    bucket, way = flows["bucket"].to_numpy(), flows["way"].to_numpy()
    span = int(edges[-1]) + 1
    place = np.searchsorted(
        windows["way"].to_numpy() * span + windows["first_day"].to_numpy(), way * span + edges[bucket], side="right"
    )
    found = windows[np.maximum(place - 1, 0)]
    held = (place > 0) & (found["way"].to_numpy() == way) & (found["last_day"].to_numpy() >= edges[bucket])
    return found["row"].to_numpy()[held], bucket[held], flows["quantity"].to_numpy()[held]
