"""A linear program that is written down one column and one row at a time."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

Terms = Mapping[Hashable, float]


@dataclass
class Program:
    """Columns are named by any key; they are at least 0."""

    costs: dict[Hashable, float] = field(default_factory=dict)
    most: dict[Hashable, float] = field(default_factory=dict)
    rows: list[tuple[Terms, float, float]] = field(default_factory=list)
    constant: float = 0.0

    def column(self, key: Hashable, cost: float = 0.0, most: float = math.inf) -> Hashable:
        assert key not in self.costs, key
        self.costs[key] = cost
        self.most[key] = most
        return key

    def row(self, terms: Terms, least: float = -math.inf, most: float = math.inf) -> None:
        self.rows.append((terms, least, most))

    def minimum(self) -> float | None:
        """Return the least cost, or ``None`` where no values meet every row."""
        place = {key: number for number, key in enumerate(self.costs)}
        equal: list[tuple[Terms, float]] = []
        below: list[tuple[Terms, float]] = []
        for terms, least, most in self.rows:
            if least == most:
                equal.append((terms, least))
                continue
            if most < math.inf:
                below.append((terms, most))
            if least > -math.inf:
                below.append(({key: -value for key, value in terms.items()}, -least))
        if not place:
            return None if any(right for _, right in equal) or any(right < 0 for _, right in below) else 0.0
        left, right = _matrix(below, place)
        same, value = _matrix(equal, place)
        answer = linprog(
            np.array(list(self.costs.values())),
            A_ub=left,
            b_ub=right,
            A_eq=same,
            b_eq=value,
            bounds=[(0.0, most) for most in self.most.values()],
            method="highs",
            options={"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9},
        )
        if answer.status == 2:
            return None
        assert answer.status == 0, answer.message
        self.values = dict(zip(self.costs, answer.x, strict=True))
        return float(answer.fun) + self.constant


def _matrix(rows: list[tuple[Terms, float]], place: Mapping[Hashable, int]) -> tuple[coo_array, np.ndarray]:
    cells = [(i, place[key], value) for i, (terms, _) in enumerate(rows) for key, value in terms.items()]
    i, j, value = (np.array(part) for part in zip(*cells, strict=True)) if cells else ([], [], [])
    return coo_array((value, (i, j)), shape=(len(rows), len(place))), np.array([right for _, right in rows])
