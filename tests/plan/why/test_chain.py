"""A chain ends, whatever its ways draw on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from boxbuild.plan.why.chain import chain
from boxbuild.plan.why.ways import Found, Way


def way(column: int, own: float, *inputs: tuple[int, float]) -> Way:
    return Way(column, 1, 1.0, own, inputs, (), 0.0)


class Circle:
    """Two places that send each other a unit for nothing, the first of which may also buy it for 5."""

    priced = SimpleNamespace(kind=lambda _: "ship", family=lambda _: "balance", price=np.zeros(3))

    def __init__(self) -> None:
        self.found = {1: Found(1, 5.0, way(10, 0.0, (2, 1.0))), 2: Found(2, 5.0, way(11, 0.0, (1, 1.0)))}

    def find(self, row: int) -> Found:
        return self.found[row]

    def replaced(self, row: int) -> None:
        return None

    def pool(self, row: int) -> None:
        return None


def test_ways_that_lead_back_end() -> None:
    """Each place's cheapest way is the other: the way down ends, and every cost is told once."""
    ways: Any = Circle()
    found = chain(ways, way(9, 1.0, (1, 2.0)))
    assert found is not None
    assert found.path(2) == [1, 2]
    assert found.units == {1: 2.0, 2: 2.0}
    assert found.cost == pytest.approx(1.0 + 2.0 * 5.0)
    parts = sum(found.own.values()) + sum(found.limits.values()) + sum(found.lying.values()) + found.timing
    assert parts == pytest.approx(found.cost)
