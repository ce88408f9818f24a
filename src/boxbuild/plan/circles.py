"""Circles: the average cost of pools between which goods go round, from the equations that it has to satisfy."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from boxbuild.plan.pools import ZERO, Pool

NOTHING: Final = Decimal("1e-15")
"""Units, of which a plan counts hundred-millionths, that are none."""

Equation = tuple[Mapping[Pool, Decimal], Decimal]
"""Coefficients by pool, and what their sum with the averages is."""


def solved(equations: Mapping[Pool, Equation]) -> dict[Pool, Decimal]:
    """Return the averages that satisfy one equation a pool, by elimination.

    Pools whose equation says nothing, because all that comes to them goes round, are left out.
    """
    rows = {pool: (dict(terms), value) for pool, (terms, value) in equations.items()}
    done: list[Pool] = []
    for pool, (terms, value) in rows.items():
        pivot = terms.get(pool, ZERO)
        if abs(pivot) < NOTHING:
            continue
        done.append(pool)
        scaled = {name: factor / pivot for name, factor in terms.items() if name != pool}
        rows[pool] = ({pool: Decimal(1), **scaled}, value / pivot)
        for other, (others, known) in rows.items():
            factor = others.pop(pool, ZERO) if other != pool else ZERO
            if factor:
                for name, one in scaled.items():
                    others[name] = others.get(name, ZERO) - factor * one
                rows[other] = (others, known - factor * rows[pool][1])
    return {pool: rows[pool][1] for pool in done}
