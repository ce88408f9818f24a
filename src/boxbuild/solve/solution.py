"""The solution of a model: quantities, cost, proven bound and how it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Status = Literal["optimal", "feasible"]


@dataclass(frozen=True)
class Solution:
    """Quantities that satisfy a model, and how far they are from the best.

    Parameters
    ----------
    values
        One per column of the model. Shape ``(columns,)``.
    cost, bound
        Cost of the quantities and proven lower bound on the cost of any, discounted home currency.
    status
        ``optimal`` where the gap is within the tolerance asked for, ``feasible`` where a limit came first.
    method
        How it was solved, and why so.
    note
        What the user should know, such as that a limit was reached.
    prices
        Dual value of every row where the model has no integers (or with the integers fixed); shape ``(rows,)``; else
        ``None``.
    """

    values: Floats
    cost: float
    bound: float
    status: Status
    method: str
    note: str = ""
    prices: Floats | None = None

    @property
    def gap(self) -> float:
        """``(cost - bound) / |cost|``, never below 0; 0 where both are 0."""
        return relative_gap(self.cost, self.bound)


def relative_gap(cost: float, bound: float) -> float:
    """Return ``(cost - bound) / |cost|``, not below 0; infinite where there is no bound.

    A distance below a millionth of the home currency is rounding: it would be a large part of a cost of 0.
    """
    if not np.isfinite(bound):
        return float("inf")
    distance = max(cost - bound, 0.0)
    return 0.0 if distance < 1e-6 else distance / max(abs(cost), 1e-6)
