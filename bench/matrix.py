"""The assembled model as a file, for solvers that know nothing of networks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Matrix:
    """Minimise ``cost @ x`` subject to ``row_lower <= matrix @ x <= row_upper`` and ``lower <= x <= upper``."""

    matrix: csc_matrix
    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    integer: NDArray[np.bool_]

    @property
    def sizes(self) -> dict[str, int]:
        """Rows, columns, non-zeros and integer columns."""
        rows, columns = self.matrix.shape
        integers = int(self.integer.sum())
        return {"rows": int(rows), "columns": int(columns), "nonzeros": int(self.matrix.nnz), "integers": integers}


PARTS = ("cost", "lower", "upper", "row_lower", "row_upper", "integer")


def write_matrix(model: Matrix, file: Path) -> None:
    """Write a model, uncompressed."""
    whole = model.matrix
    parts = {name: getattr(model, name) for name in PARTS}
    np.savez(file, data=whole.data, indices=whole.indices, indptr=whole.indptr, shape=whole.shape, **parts)


def read_matrix(file: Path) -> Matrix:
    """Return the model of a file that :func:`write_matrix` wrote."""
    with np.load(file) as held:
        whole = csc_matrix((held["data"], held["indices"], held["indptr"]), shape=tuple(held["shape"]))
        return Matrix(whole, **{name: held[name] for name in PARTS})


def violation(matrix: csc_matrix, lower: Floats, upper: Floats, values: Floats) -> float:
    """Return the largest violation of a row, in parts of the larger of 1 and the row's violated side."""
    activity = matrix @ values
    sides = ((lower - activity, lower), (activity - upper, upper))
    worst = [
        (missing / np.maximum(1.0, np.abs(np.where(np.isfinite(side), side, 0.0)))).max(initial=0.0)
        for missing, side in sides
    ]
    return float(max(worst))
