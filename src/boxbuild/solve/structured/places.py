"""Places: which arc and bucket every column has, and which chain and bucket every row.

A planning model repeats itself in time: what an offer, a lane or an operation may do in one bucket it may do in the
next. An *arc* is such a column over its buckets, a *chain* such a row over its buckets. What has no bucket (a contract,
a target) is a *single* row, and a column without one is put beside others of its kind on an arc.

Deliveries are placed by the bucket in which their demand is due: the k-th late delivery of all demands for an item in a
market is an arc, and their demand rows are a chain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.model.model import Model

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Places:
    """Places of columns and rows.

    Parameters
    ----------
    buckets
        Buckets of the calendar.
    arcs, chains, singles
        How many there are.
    arc, arc_bucket
        Arc and bucket of every column. Shape ``(columns,)``.
    chain, chain_bucket
        Chain and bucket of every row; a single row has ``-1 - number`` for its chain. Shape ``(rows,)``.
    """

    buckets: int
    arcs: int
    chains: int
    singles: int
    arc: Ints
    arc_bucket: Ints
    chain: Ints
    chain_bucket: Ints


def places(model: Model) -> Places:
    """Return the place of every column and row of a model."""
    buckets = model.flows.calendar.count
    series, due = _series(model)
    arc, arc_bucket, arcs = _columns(model, series, due, buckets)
    chain, chain_bucket, chains, singles = _rows(model, series, due)
    return Places(buckets, arcs, chains, singles, arc, arc_bucket, chain, chain_bucket)


def _series(model: Model) -> tuple[Ints, Ints]:
    """Series and due bucket of every demand: no two demands of a series are due in the same bucket."""
    demands = model.columns["short"].select("item", "market", "due_bucket")
    ranked = demands.with_columns(rank=pl.int_range(pl.len()).over("item", "market", "due_bucket"))
    names = ranked.select(pl.struct("item", "market", "rank").rank("dense")).to_series()
    return names.to_numpy().astype(np.int64) - 1, demands["due_bucket"].to_numpy().astype(np.int64)


def _columns(model: Model, series: Ints, due: Ints, buckets: int) -> tuple[Ints, Ints, int]:
    arcs, times, count = [], [], 0
    every = int(series.max(initial=-1)) + 1
    for kind, frame in model.columns.items():
        if not frame.height:
            continue
        if kind == "short":
            arc, time = series, due
        elif kind == "deliver":
            number = model.columns["short"].select("demand").with_row_index("at")
            at = frame.select("demand").join(number, on="demand", how="left", maintain_order="left")["at"].to_numpy()
            time = due[at]
            late = frame["bucket"].to_numpy().astype(np.int64) - time
            arc = late * every + series[at]
        elif "bucket" in frame.columns:
            time = frame["bucket"].to_numpy().astype(np.int64)
            arc = _runs(time)
        else:
            arc, time = np.divmod(np.arange(frame.height, dtype=np.int64), buckets)
        arcs.append(arc + count)
        times.append(time)
        count += int(arc.max()) + 1
    return np.concatenate(arcs), np.concatenate(times), count


def _rows(model: Model, series: Ints, due: Ints) -> tuple[Ints, Ints, int, int]:
    chains, times, count, singles = [], [], 0, 0
    for family, rows in model.families.items():
        if not rows.keys.height:
            continue
        if family == "demand":
            chain, time = series, due
        elif "bucket" in rows.keys.columns and rows.keys["bucket"].null_count() == 0:
            time = rows.keys["bucket"].to_numpy().astype(np.int64)
            chain = _runs(time)
        else:
            chains.append(-1 - singles - np.arange(rows.keys.height, dtype=np.int64))
            times.append(np.zeros(rows.keys.height, dtype=np.int64))
            singles += rows.keys.height
            continue
        chains.append(chain + count)
        times.append(time)
        count += int(chain.max()) + 1
    return np.concatenate(chains), np.concatenate(times), count, singles


def _runs(time: Ints) -> Ints:
    """Number the runs in which the bucket only grows."""
    starts = np.ones(time.size, dtype=np.int64)
    starts[1:] = time[1:] <= time[:-1]
    starts[0] = 0
    return np.cumsum(starts)
