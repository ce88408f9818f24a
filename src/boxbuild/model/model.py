"""The model: one sparse matrix with bounds and costs, and the frames that say what every row and column is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.model.flows import Flows

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

Floats = NDArray[np.float64]

TERMS = pl.Schema({"row": pl.Int64(), "column": pl.Int64(), "value": pl.Float64()})
"""What the terms of a family are, where it has none."""


@dataclass(frozen=True)
class Family:
    """One family of constraints.

    Parameters
    ----------
    keys
        One row per constraint, in order: its key columns, ``lower`` and ``upper``.
    terms
        ``row`` (position in ``keys``), ``column`` (number of the column) and ``value``; repeated pairs add up.
    """

    keys: pl.DataFrame
    terms: pl.DataFrame


@dataclass(frozen=True)
class Model:
    """A mixed-integer linear model.

    Minimise ``cost @ x`` subject to ``row_lower <= matrix @ x <= row_upper`` and ``lower <= x <= upper``.

    Parameters
    ----------
    flows
        What the columns stand for.
    columns
        A frame per kind of column with its number (see :mod:`boxbuild.model.columns`).
    families
        The families of constraints; the rows of the matrix are theirs, one family after the other.
    matrix
        Shape ``(rows, columns)``.
    cost, lower, upper, integer
        Shape ``(columns,)``; costs in home currency, discounted.
    row_lower, row_upper
        Shape ``(rows,)``.
    """

    flows: Flows
    columns: Mapping[str, pl.DataFrame]
    families: Mapping[str, Family]
    matrix: csc_matrix
    cost: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    row_lower: Floats
    row_upper: Floats

    @property
    def sizes(self) -> dict[str, int]:
        """Rows, columns, non-zeros and integer columns."""
        rows, columns = self.matrix.shape
        return {
            "rows": int(rows),
            "columns": int(columns),
            "nonzeros": int(self.matrix.nnz),
            "integers": int(self.integer.sum()),
        }

    def first_row(self, family: str) -> int:
        """Return the number of the first row of a family."""
        first = 0
        for name, rows in self.families.items():
            if name == family:
                return first
            first += rows.keys.height
        raise KeyError(family)
