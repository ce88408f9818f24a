"""Assemble: flows, families and accounts into one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csc_matrix

from boxbuild.law.law import Law
from boxbuild.model import columns as column_kinds
from boxbuild.model.attribution import attribute_columns
from boxbuild.model.constraints.alternates import alternates
from boxbuild.model.constraints.balance import balance
from boxbuild.model.constraints.capacity import capacity, overtime, overtime_columns
from boxbuild.model.constraints.carriage import carriage
from boxbuild.model.constraints.contracts import contracts, shortfall_columns
from boxbuild.model.constraints.demand import demand
from boxbuild.model.constraints.exempt import (
    duty_paid,
    exempt_balance,
    exempt_columns,
    exempt_needs,
    exempt_opened,
    exempt_within,
    obligations,
)
from boxbuild.model.constraints.incentives import incentive_columns, incentives
from boxbuild.model.constraints.locks import locks
from boxbuild.model.constraints.options import once, opened, take_columns
from boxbuild.model.constraints.origin import origin
from boxbuild.model.constraints.preferences import preferences
from boxbuild.model.constraints.supply import supply
from boxbuild.model.constraints.targets import miss_columns, targets
from boxbuild.model.constraints.tiers import reach_columns, step_columns, tiers
from boxbuild.model.flows import Flows, flows
from boxbuild.model.model import Family, Model
from boxbuild.model.most import ended
from boxbuild.model.objective import objective
from boxbuild.model.preferences import claim_columns
from boxbuild.network.network import Network

FAMILIES: Final[Mapping[str, Callable[[Flows, Mapping[str, pl.DataFrame]], Family]]] = {
    "balance": balance,
    "alternates": alternates,
    "demand": demand,
    "capacity": capacity,
    "overtime": overtime,
    "supply": supply,
    "carriage": carriage,
    "once": once,
    "opened": opened,
    "contracts": contracts,
    "tiers": tiers,
    "origin": origin,
    "targets": targets,
    "locks": locks,
    "preferences": preferences,
    "incentives": incentives,
    "exempt_within": exempt_within,
    "exempt_needs": exempt_needs,
    "exempt_balance": exempt_balance,
    "duty_paid": duty_paid,
    "exempt_opened": exempt_opened,
    "obligations": obligations,
}
"""The families of constraints, in the order of the rows."""

AUXILIARY: Final[Mapping[str, Callable[[Flows], pl.DataFrame]]] = {
    "overtime": overtime_columns,
    "take": take_columns,
    "shortfall": shortfall_columns,
    "step": step_columns,
    "reach": reach_columns,
    "miss": miss_columns,
    "attribute": attribute_columns,
    "claim": claim_columns,
}
"""The columns that families bring beside the flows."""


def assemble(network: Network, law: Law | None = None) -> Model:
    """Return the model of a network.

    Parameters
    ----------
    network
        The network; its tables must have passed :func:`boxbuild.network.checks.check`.
    law
        What the plan obeys; the network's own law when left out.
    """
    moving = flows(network, law)
    frames = {
        **moving.kinds,
        **{kind: make(moving) for kind, make in AUXILIARY.items()},
        **exempt_columns(moving),
        **incentive_columns(moving),
    }
    columns = column_kinds.number(frames)
    families = {name: make(moving, columns) for name, make in FAMILIES.items()}
    every = pl.concat([frame.select("upper", "integer") for frame in columns.values()])
    rows = pl.concat([family.keys.select("lower", "upper") for family in families.values()])
    cost = objective(moving, columns)
    return Model(
        flows=moving,
        columns=columns,
        families=families,
        matrix=_matrix(families, every.height),
        cost=cost,
        lower=np.zeros(every.height),
        upper=ended(moving, columns["ship"], cost, every["upper"].cast(pl.Float64).to_numpy()),
        integer=every["integer"].to_numpy(),
        row_lower=rows["lower"].cast(pl.Float64).to_numpy(),
        row_upper=rows["upper"].cast(pl.Float64).to_numpy(),
    )


def _matrix(families: Mapping[str, Family], columns: int) -> csc_matrix:
    terms = sum(family.terms.height for family in families.values())
    rows = sum(family.keys.height for family in families.values())
    index = np.int32 if max(rows, columns, terms) < np.iinfo(np.int32).max else np.int64
    place = np.empty((2, terms), dtype=index)
    value = np.empty(terms)
    first = filled = 0
    for family in families.values():
        here = slice(filled, filled + family.terms.height)
        _fill(place[0, here], family.terms["row"])
        place[0, here] += first
        _fill(place[1, here], family.terms["column"])
        _fill(value[here], family.terms["value"])
        first += family.keys.height
        filled += family.terms.height
    matrix: csc_matrix = coo_matrix((value, place), shape=(rows, columns)).tocsc()
    matrix.sum_duplicates()
    return matrix


def _fill(target: NDArray[np.generic], numbers: pl.Series) -> None:
    """Write numbers where they belong, piece by piece, so that they are not held twice."""
    filled = 0
    for piece in numbers.get_chunks():
        target[filled : filled + piece.len()] = piece.to_numpy()
        filled += piece.len()
