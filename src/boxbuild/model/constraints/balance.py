"""Balance: at every item, site and bucket, what comes in is what goes out and what is kept.

    keep[i,s,b-1] + stock[i,s] (b = 0) + receipts[i,s,b]
      + sum_b' arrive(L,b',b) (yield build[s,i,b'] + buy[o,s,b'] + ship[l,i,b'])
      = keep[i,s,b] + sum_parent per_unit build[s,parent,b] + sum_parent use[s,parent,i,b]
      + sum_lanes ship[l,i,b] + sum_demands deliver[d,b]

``arrive(L,b',b)`` is the share of what leaves in b' that arrives in b after the lead time L.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.model.flows import Flows
from boxbuild.model.model import Family
from boxbuild.model.spread import arrivals
from boxbuild.network.windows import bucket_of

Columns = Mapping[str, pl.DataFrame]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def balance(flows: Flows, columns: Columns) -> Family:
    """Return one equality per node and bucket: row ``node × buckets + bucket``."""
    bound = pl.Series(-_given(flows))
    keys = columns["keep"].select("item", "site", "bucket", lower=bound, upper=bound)
    return Family(keys, pl.concat([*_kept(flows, columns), *_arriving(flows, columns), *_taken(flows, columns)]))


def _terms(flows: Flows, node: Ints, bucket: Ints, column: Ints, value: Floats | float) -> pl.DataFrame:
    """Terms in the rows of nodes and buckets; numbers that fit are narrow, for there are many."""
    row = node * flows.calendar.count + bucket
    narrow = np.int32 if flows.nodes.height * flows.calendar.count < np.iinfo(np.int32).max else np.int64
    return pl.DataFrame(
        {
            "row": row.astype(narrow),
            "column": column.astype(np.int32),
            "value": np.broadcast_to(np.asarray(value, dtype=np.float64), row.shape),
        }
    )


def _at(flows: Flows, frame: pl.DataFrame, node: str, value: float) -> pl.DataFrame:
    places = (frame[node].to_numpy(), frame["bucket"].to_numpy(), frame["column"].to_numpy())
    return _terms(flows, *places, value)


def _kept(flows: Flows, columns: Columns) -> list[pl.DataFrame]:
    keep = columns["keep"]
    carried = keep.select("node", "column", pl.col("bucket") + 1).filter(pl.col("bucket") < flows.calendar.count)
    return [_at(flows, keep, "node", -1.0), _at(flows, carried, "node", 1.0)]


def _arriving(flows: Flows, columns: Columns) -> list[pl.DataFrame]:
    found = []
    for kind in ("build", "buy", "ship"):
        frame = columns[kind]
        move, bucket, share = arrivals(flows.spread, frame)
        if kind == "build":
            share = share * frame["yield"].to_numpy()[move]
        node, column = frame["node"].to_numpy()[move], frame["column"].to_numpy()[move]
        found.append(_terms(flows, node, bucket, column, share))
    return found


def _taken(flows: Flows, columns: Columns) -> list[pl.DataFrame]:
    return [
        _fixed(flows, columns["build"]),
        _at(flows, columns["use"], "node", -1.0),
        _at(flows, columns["ship"], "origin_node", -1.0),
        _at(flows, columns["deliver"], "node", -1.0),
    ]


def _fixed(flows: Flows, build: pl.DataFrame) -> pl.DataFrame:
    """What builds take that is in no group of alternates: each line of a recipe in every bucket of its run."""
    lines = flows.recipes.filter(pl.col("group").is_null())
    first, build_number = lines["first"].to_numpy(), lines["build"].to_numpy()
    length = lines["last"].to_numpy() - first + 1
    line = np.repeat(np.arange(lines.height), length)
    later = np.arange(line.size) - np.repeat(np.cumsum(length) - length, length)
    column = build["column"].to_numpy()[build_number[line] + later]
    per_unit = -lines["per_unit"].to_numpy()[line]
    return _terms(flows, lines["node"].to_numpy()[line], first[line] + later, column, per_unit)


def _given(flows: Flows) -> Floats:
    """Units that are there without the plan: stock in the first bucket, firm receipts in the bucket of their day."""
    network, calendar = flows.network, flows.calendar
    stock = network["stock"].select("item", "site", "quantity", bucket=pl.lit(0, dtype=pl.Int64))
    firm = network["receipts"].filter(pl.col("firm") & (pl.col("due") < calendar.end))
    arriving = firm.select("item", "site", "quantity", bucket=bucket_of(calendar, firm["due"]))
    summed = (
        pl.concat([stock, arriving])
        .join(flows.nodes.select("item", "site", "node"), on=["item", "site"], maintain_order="left")
        .group_by("node", "bucket")
        .agg(given=pl.col("quantity").sum())
    )
    units = np.zeros(flows.nodes.height * calendar.count)
    units[summed["node"].to_numpy() * calendar.count + summed["bucket"].to_numpy()] = summed["given"].to_numpy()
    return units
