"""Landed cost by account: what one unit delivered to a market cost, each account by itself.

The same average of pools as :mod:`boxbuild.plan.landed`, with a number for each account instead of their sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from boxbuild.plan.landed import SWEEPS, Landed
from boxbuild.plan.ledger import ACCOUNTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from boxbuild.plan.plan import Plan
    from boxbuild.plan.pools import Inflow, Pool

PARTS: Final = (*ACCOUNTS, "standard", "spared")
"""What a landed cost may consist of: accounts, opening stock at standard value, and duty that inputs were spared."""

_STILL: Final = 1e-12
_PLACE: Final = {name: place for place, name in enumerate(PARTS)}


def by_account(plan: Plan) -> pl.DataFrame:
    """Return ``item``, ``market``, ``delivered``, ``unit_cost``, ``cost``, and a column for each account that adds.

    Home currency, present value, of one delivered unit (``cost``: of all of them). Where goods go round, the parts
    are a limit of passes, exact to twelve digits.
    """
    landed = Landed(plan)
    pools, out = landed.pools, landed.out
    ways = {pool: pools.inflows.get(pool, ()) for pool in out}
    order = _ordered(ways)
    fixed = {pool: _own(ways[pool], float(pools.holding.get(pool, 0))) for pool in order}
    taken = {
        pool: [(source, float(units)) for way in ways[pool] for source, units in way.taken.items()] for pool in order
    }
    average = {pool: np.zeros(len(PARTS)) for pool in order}
    for _ in range(SWEEPS):
        moved = 0.0
        for pool in order:
            total = fixed[pool].copy()
            for source, units in taken[pool]:
                if source in average:
                    total += units * average[source]
            total /= float(out[pool])
            moved = max(moved, float(np.abs(total - average[pool]).max() / max(1.0, float(np.abs(total).max()))))
            average[pool] = total
        if moved < _STILL:
            break
    rows = [
        (item, market, float(units), *average[item, market])
        for (item, market), units in sorted(pools.delivered.items())
        if units > 0
    ]
    names = ("item", "market", "delivered", *PARTS)
    frame = pl.DataFrame(rows, schema=list(names), orient="row")
    used = [name for name in PARTS if frame.height and float(frame[name].abs().max() or 0.0) > 0]  # type: ignore[arg-type]
    each = pl.sum_horizontal(used).alias("unit_cost") if used else pl.lit(0.0).alias("unit_cost")
    return frame.with_columns(each).select(
        "item", "market", "delivered", "unit_cost", (pl.col("unit_cost") * pl.col("delivered")).alias("cost"), *used
    )


def _own(ways: tuple[Inflow, ...], holding: float) -> NDArray[np.float64]:
    """What a pool is charged itself, by account."""
    total = np.zeros(len(PARTS))
    total[_PLACE["holding"]] = holding
    for way in ways:
        for account, amount in way.money.items():
            total[_PLACE[account]] += float(amount)
    return total


def _ordered(ways: Mapping[Pool, tuple[Inflow, ...]]) -> list[Pool]:
    """Pools, each after those that it takes from, where goods do not go round."""
    order: list[Pool] = []
    seen: set[Pool] = set()
    for start in sorted(ways):
        stack = [(start, False)]
        while stack:
            pool, done = stack.pop()
            if done:
                order.append(pool)
            elif pool not in seen and pool in ways:
                seen.add(pool)
                stack.append((pool, True))
                stack += [(source, False) for way in ways[pool] for source in sorted(way.taken)]
    return order
