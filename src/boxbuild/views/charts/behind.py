"""Behind: what stands behind one unit that lies somewhere, told apart by a label: accounts, families, plants.

The same averages as the landed cost (:mod:`boxbuild.plan.landed`), of several labels at once: every pool has what came
with its units, over the units that left it or are left in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from boxbuild.plan.pools import Inflow, Pool, Pools

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

Floats = NDArray[np.float64]
Labelled = Iterable[tuple[str, float]]
"""Labels with what an inflow brings of each."""

SWEEPS: Final = 400
STILL: Final = 1e-13


@dataclass(frozen=True)
class Behind:
    """The pools of a plan as a graph of shares.

    Parameters
    ----------
    pools
        What came to each pool, and where it went.
    place
        Row of each pool that units left or are left in.
    out
        Units that left each, or are left in it. Shape ``(pools,)``.
    """

    pools: Pools
    place: Mapping[Pool, int]
    out: Floats

    @classmethod
    def of(cls, plan: Plan) -> Behind:
        """Return the graph of a plan."""
        pools = Pools.of(plan)
        out = {pool: float(units) for pool, units in sorted(pools.out().items()) if units > 0}
        return cls(pools, {pool: row for row, pool in enumerate(out)}, np.array(list(out.values()), dtype=float))

    def taken(self, kinds: Sequence[str] = ("build", "ship")) -> sparse.csr_array:
        """Return the units of each pool (column) that stand in one unit of another (row)."""
        rows, columns, units = [], [], []
        for pool, row in self.place.items():
            for inflow in self.pools.inflows.get(pool, ()):
                if inflow.kind in kinds:
                    for source, quantity in inflow.taken.items():
                        if source in self.place:
                            rows.append(row)
                            columns.append(self.place[source])
                            units.append(float(quantity))
        size = len(self.place)
        shares = np.array(units, dtype=float) / self.out[rows] if rows else np.zeros(0)
        return sparse.csr_array((shares, (rows, columns)), shape=(size, size))

    def brought(self, label: Callable[[Pool, Inflow], Labelled], labels: Sequence[str], holding: str = "") -> Floats:
        """Return what came in of each label with one unit of each pool. Shape ``(pools, labels)``.

        Parameters
        ----------
        label
            Labels of an inflow and how much it brings.
        labels
            The labels, in the order of the columns.
        holding
            Label of the holding cost of the pool; empty: it is left out.
        """
        column = {name: place for place, name in enumerate(labels)}
        found = np.zeros((len(self.place), len(labels)))
        for pool, row in self.place.items():
            for inflow in self.pools.inflows.get(pool, ()):
                for name, amount in label(pool, inflow):
                    found[row, column[name]] += amount
            if holding:
                found[row, column[holding]] += float(self.pools.holding.get(pool, 0))
        return found / self.out[:, None] if len(self.place) else found

    def needed(self) -> dict[str, float]:
        """Return the units of each item that builds took or that were delivered."""
        found: dict[str, float] = defaultdict(float)
        for (item, _), units in self.pools.delivered.items():
            found[item] += float(units)
        for ways in self.pools.inflows.values():
            for inflow in ways:
                if inflow.kind == "build":
                    for (item, _), units in inflow.taken.items():
                        found[item] += float(units)
        return {item: units for item, units in found.items() if units > 0}

    def delivered(self) -> list[tuple[Pool, int, float]]:
        """Return the pools that demand was served from: pool, row, units."""
        found = sorted(self.pools.delivered.items())
        return [(pool, self.place[pool], float(units)) for pool, units in found if units > 0]


def through(taken: sparse.csr_array, brought: Floats) -> Floats:
    """Return what stands behind one unit of each pool: what it brought, and what its sources have behind them.

    Goods that go round converge, for only a part of them does.
    """
    found: Floats = brought
    for _ in range(SWEEPS):
        after: Floats = brought + taken @ found
        if np.abs(after - found).max(initial=0.0) <= STILL * max(1.0, np.abs(after).max(initial=0.0)):
            return after
        found = after
    return found
