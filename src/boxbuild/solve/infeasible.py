"""Why there is no plan, in the tables' words.

Only contracts and targets without a price can make a network infeasible: everything else can be left undone. So
their limits
are made elastic, the sum of what is missing (each relative to what is asked) is minimised, and what then is still
missing is
named, with the resources, offers and lanes whose prices say that they stop it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csc_matrix, hstack

from boxbuild.model.model import Model
from boxbuild.solve.session import Options, run

_ELASTIC = ("contracts", "targets")
_TIGHT = {"capacity": "resource", "supply": "offer", "carriage": "lane", "overtime": "overtime of resource"}


def reasons(model: Model) -> list[str]:
    """Return a sentence for every contract or target that cannot be met together with the others."""
    rows = np.concatenate(
        [np.arange(model.families[name].keys.height) + model.first_row(name) for name in _ELASTIC]
    ).astype(np.int64)
    outcome = run(_elastic(model, rows), Options(gap=1e-6))
    if outcome.values is None:
        return ["the limits contradict each other even with every contract and target left out"]
    missing = outcome.values[model.cost.size :].reshape(2, -1).sum(axis=0)
    prices = outcome.prices
    if model.integer.any():
        prices = run(_elastic(model, rows), Options(gap=1e-6), relaxed=True).prices
    stops = _stops(model, prices)
    found = []
    for row, amount in zip(rows, missing, strict=True):
        if amount > 1e-6 * (1 + abs(_asked(model, int(row)))):
            found.append(_sentence(model, int(row), float(amount), stops))
    return found


def _elastic(model: Model, rows: NDArray[np.int64]) -> Model:
    """Add to each row a slack in either direction, priced by what the row asks for, and nothing else a price."""
    count = rows.size
    weight = np.asarray([1.0 / max(abs(_asked(model, int(row))), 1.0) for row in rows])
    column = np.arange(count)
    up = coo_matrix((np.ones(count), (rows, column)), shape=(model.matrix.shape[0], count))
    matrix = csc_matrix(hstack([model.matrix, up, -up]))
    zeros = np.zeros(2 * count)
    return replace(
        model,
        matrix=matrix,
        cost=np.concatenate([np.zeros_like(model.cost), weight, weight]),
        lower=np.concatenate([model.lower, zeros]),
        upper=np.concatenate([model.upper, np.full(2 * count, np.inf)]),
        integer=np.concatenate([model.integer, zeros.astype(bool)]),
    )


def _asked(model: Model, row: int) -> float:
    lower, upper = model.row_lower[row], model.row_upper[row]
    return float(lower if np.isfinite(lower) else upper)


def _stops(model: Model, prices: NDArray[np.float64] | None) -> list[str]:
    """Name what is full wherever its price says so, the dearest first."""
    if prices is None:
        return []
    found: list[tuple[float, str]] = []
    for family, word in _TIGHT.items():
        keys = model.families[family].keys
        first = model.first_row(family)
        weight = np.abs(prices[first : first + keys.height])
        named = keys.drop("bucket", "lower", "upper").with_columns(weight=pl.Series(weight, dtype=pl.Float64))
        names = [column for column in named.columns if column != "weight"]
        tight = named.filter(pl.col("weight") > 1e-12).group_by(names, maintain_order=True)
        for row in tight.agg(pl.col("weight").sum(), buckets=pl.len()).iter_rows(named=True):
            name = " ".join(str(row[key]) for key in names if row[key] is not None)
            found.append((row["weight"], f"{word} {name} (full in {row['buckets']} buckets)"))
    return [text for _, text in sorted(found, reverse=True)]


def _sentence(model: Model, row: int, amount: float, stops: list[str]) -> str:
    because = f"; what stops it: {', '.join(stops[:5])}" if stops else ""
    contracts = model.families["contracts"].keys
    at = row - model.first_row("contracts")
    if 0 <= at < contracts.height:
        key = contracts.row(at, named=True)
        limit = f" {_asked(model, row):,.0f} units" if key["share"] is None else f" {key['share']:.0%}"
        return f"contract {key['contract']}: {key['term']}{limit} is missed by {amount:,.0f} units{because}"
    key = model.families["targets"].keys.row(row - model.first_row("targets"), named=True)
    return f"target {key['target']}: is missed by {amount:,.2f}{because}"
