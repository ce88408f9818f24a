"""Held: a linear program that is solved more than once, each time from where the last one ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import highspy
import numpy as np
from numpy.typing import NDArray

from boxbuild.errors import LimitError
from boxbuild.solve.session import program_of

if TYPE_CHECKING:
    from boxbuild.model.model import Model

Floats = NDArray[np.float64]

INTERIOR_FROM: Final = 50_000
"""Non-zeros from which the first solve is by interior point; the next ones go on by the simplex method."""


@dataclass(frozen=True)
class Answer:
    """Least cost, the quantities of every column, and the price of every row."""

    cost: float
    values: Floats
    prices: Floats


class Held:
    """A model without integers, held by the solver.

    Parameters
    ----------
    model
        What is solved; its integers are taken for what their bounds say.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("random_seed", 0)
        self._solver.setOptionValue("solver", "ipm" if model.matrix.nnz >= INTERIOR_FROM else "simplex")
        self._solver.passModel(program_of(model))

    def solve(self, cost: Floats, row_lower: Floats, row_upper: Floats) -> Answer:
        """Solve with other costs and other limits.

        Raises
        ------
        LimitError
            There is no solution.
        """
        rows, columns = self._model.matrix.shape
        every = np.arange(max(rows, columns), dtype=np.int32)
        self._solver.changeColsCost(columns, every[:columns], cost)
        self._solver.changeRowsBounds(rows, every[:rows], row_lower, row_upper)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise LimitError("the model was not solved again", "ask without --solve: the prices of the plan answer")
        self._solver.setOptionValue("solver", "simplex")
        found = self._solver.getSolution()
        values = np.clip(np.asarray(found.col_value), self._model.lower, self._model.upper)
        return Answer(float(cost @ values), values, np.asarray(found.row_dual))
