"""Why there is no plan, in the tables' words.

Only contracts and targets without a price, and locks, can make a network infeasible: everything else can be left
undone. So their limits are made elastic, the sum of what is missing (each relative to what is asked) is minimised, and
what then is still missing is named, with what stops it by its price: resources, offers and lanes that are full, other
contracts, targets and locks, and parts of which no more can be there so early.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csc_matrix, csr_matrix, hstack

from boxbuild.model.model import Model
from boxbuild.solve.session import Options, run

ELASTIC: Final = {"contracts": "contract", "targets": "target", "locks": "lock"}
"""Families that can miss what they ask, and the column that names a row of each."""

_TIGHT = {"capacity": "resource", "supply": "offer", "carriage": "lane", "overtime": "overtime of resource"}
_SHOWN = 5


@dataclass(frozen=True)
class Missed:
    """A row that misses what it asks for: its number, and by how much; negative where it is exceeded."""

    row: int
    amount: float


def reasons(model: Model) -> list[str]:
    """Return a sentence for every contract, target or lock that cannot be met together with the others."""
    rows = np.concatenate(
        [np.arange(model.families[name].keys.height) + model.first_row(name) for name in ELASTIC]
    ).astype(np.int64)
    outcome = run(_elastic(model, rows), Options(gap=1e-6))
    if outcome.values is None:
        return ["the limits contradict each other even with every contract, target and lock left out"]
    short, over = outcome.values[model.cost.size :].reshape(2, -1)
    prices = outcome.prices
    if model.integer.any():
        prices = run(_elastic(model, rows), Options(gap=1e-6), relaxed=True).prices
    missed = [
        Missed(int(row), float(amount))
        for row, amount in zip(rows, short - over, strict=True)
        if abs(amount) > 1e-6 * (1 + abs(_asked(model, int(row))))
    ]
    stops = _stops(model, prices, missed)
    return [_sentence(model, one, stops) for one in missed]


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


def _stops(model: Model, prices: NDArray[np.float64] | None, missed: list[Missed]) -> list[str]:
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
    found += [*_others(model, prices, missed), *_too_early(model, prices, missed)]
    return [text for _, text in sorted(found, key=lambda one: (-one[0], one[1]))]


def _others(model: Model, prices: NDArray[np.float64], missed: list[Missed]) -> list[tuple[float, str]]:
    """Contracts, targets and locks that hold, and stand in the way of those that do not."""
    named = {one.row for one in missed}
    found: dict[str, float] = {}
    for family, word in ELASTIC.items():
        first = model.first_row(family)
        for at, name in enumerate(model.families[family].keys[word]):
            weight = abs(float(prices[first + at]))
            if weight > 1e-12 and first + at not in named:
                found[f"{word} {name}"] = found.get(f"{word} {name}", 0.0) + weight
    return [(weight, text) for text, weight in found.items()]


def _too_early(model: Model, prices: NDArray[np.float64], missed: list[Missed]) -> list[tuple[float, str]]:
    """Parts of which there is only what lies there: in buckets in which nothing can arrive yet.

    Only what can become part of what is missed: other stocks have a price where they cannot be less than they are.
    """
    keys = model.families["balance"].keys
    first = model.first_row("balance")
    rows = model.matrix[first : first + keys.height].tocsr()
    enters = rows.data > 0
    kept = np.zeros(model.cost.size, dtype=bool)
    kept[model.columns["keep"]["column"].to_numpy()] = True
    enters &= ~kept[rows.indices]
    row = np.repeat(np.arange(keys.height), np.diff(rows.indptr))
    supplied = np.bincount(row[enters], minlength=keys.height) > 0
    weight = np.maximum(prices[first : first + keys.height], 0.0)
    weight[~_upstream(model, rows, missed)] = 0.0
    edges = pl.Series(model.flows.calendar.edges[1:], dtype=pl.Int64)
    scarce = (
        keys.with_columns(weight=pl.Series(weight, dtype=pl.Float64), supplied=pl.Series(supplied, dtype=pl.Boolean))
        .filter((pl.col("weight") > 1e-12) & ~pl.col("supplied"))
        .group_by("item", "site", maintain_order=True)
        .agg(pl.col("weight").sum(), pl.col("bucket").max())
    )
    last = [model.flows.calendar.start + timedelta(days=edges[bucket] - 1) for bucket in scarce["bucket"]]
    return [
        (weight, f"no more {item} can be at {site} by {day}")
        for (item, site, weight), day in zip(scarce.select("item", "site", "weight").iter_rows(), last, strict=True)
    ]


def _upstream(model: Model, balance: csr_matrix, missed: list[Missed]) -> NDArray[np.bool_]:
    """Return which stocks can become part of what missed rows count. Shape ``(rows of the balance,)``."""
    gives, takes = (balance > 0).astype(np.int8), (balance < 0).astype(np.int8)
    counted = np.zeros(model.cost.size, dtype=bool)
    for one in missed:
        counted[model.matrix[[one.row]].nonzero()[1]] = True
    stocks = np.zeros(balance.shape[0], dtype=bool)
    while True:
        reached = stocks | (takes @ counted.astype(np.int64) > 0)
        if reached.sum() == stocks.sum():
            return stocks
        stocks = reached
        counted |= gives.T @ stocks.astype(np.int64) > 0


def _sentence(model: Model, missed: Missed, stops: list[str]) -> str:
    because = f"; what stops it: {', '.join(stops[:_SHOWN])}" if stops else ""
    for family, say in (("contracts", _contract), ("targets", _target), ("locks", _lock)):
        keys = model.families[family].keys
        at = missed.row - model.first_row(family)
        if 0 <= at < keys.height:
            return say(model, at, missed) + because
    raise KeyError(missed.row)


def _contract(model: Model, at: int, missed: Missed) -> str:
    key = model.families["contracts"].keys.row(at, named=True)
    limit = f" {_asked(model, missed.row):,.0f} units" if key["share"] is None else f" {key['share']:.0%}"
    return f"contract {key['contract']}: {key['term']}{limit} is missed by {abs(missed.amount):,.0f} units"


def _target(model: Model, at: int, missed: Missed) -> str:
    key = model.families["targets"].keys.row(at, named=True)
    return f"target {key['target']}: is missed by {abs(missed.amount):,.2f}"


def _lock(model: Model, at: int, missed: Missed) -> str:
    key = model.families["locks"].keys.row(at, named=True)
    lower, upper = key["lower"], key["upper"]
    term = "fixed" if lower == upper else "min" if missed.amount > 0 else "max"
    asked = lower if missed.amount > 0 else upper
    weekly = model.flows.network["locks"].filter(pl.col("lock") == key["lock"])["per"].item() == "week"
    when = f" in the bucket of {model.flows.calendar.first_days[key['first']]}" if weekly else ""
    how = "missed" if missed.amount > 0 else "exceeded"
    said = f"lock {key['lock']}{when}: {term} {_units(asked)} units is {how} by {_units(abs(missed.amount))} units"
    return f"{said} (nothing that it covers can start in its window)" if _empty(model, missed.row) else said


def _empty(model: Model, row: int) -> bool:
    return bool(model.matrix[row].nnz == 0)


def _units(amount: float) -> str:
    """Whole units of what is large, and what counts of what is small."""
    return f"{amount:,.0f}" if abs(amount) >= 100 or abs(amount - round(amount)) < 1e-6 else f"{amount:,.4g}"
