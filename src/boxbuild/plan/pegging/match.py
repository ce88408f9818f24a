"""First in, first out: which supply of a node each of its uses takes from, by cumulative quantities.

Quantities are counted in whole grains, powers of two so small that the total of a node has 61 bits. So sums
are exact, whatever their order: the parts of a use add up to the use, those of a supply and what is left of it to the
supply.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from boxbuild.plan.pegging.moves import Floats, Integers

BITS = 61
"""Of the total of a node, in grains."""

NOBODY = -1
"""In place of a use: what is left. In place of a supply: what is missing."""


class Pegs(NamedTuple):
    """Parts of supplies that uses take.

    Parameters
    ----------
    supply, use
        Positions among the supplies and the uses of the node, or :data:`NOBODY`. Both rise. Shape ``(pegs,)``.
    quantity
        Units, > 0.
    """

    supply: Integers
    use: Integers
    quantity: Floats


def first_in_first_out(supplied: Floats, used: Floats) -> Pegs:
    """Return who takes what.

    Parameters
    ----------
    supplied, used
        Units of the supplies and of the uses, each in their order.
    """
    largest = max(float(supplied.sum()), float(used.sum()))
    if largest <= 0.0:
        nothing = np.zeros(0, np.int64)
        return Pegs(nothing, nothing, np.zeros(0))
    exponent = BITS - int(np.frexp(largest)[1])
    come, gone = (np.cumsum(np.rint(np.ldexp(side, exponent)).astype(np.int64)) for side in (supplied, used))
    edges = np.unique(np.r_[0, come, gone])
    low, grains = edges[:-1], np.diff(edges)
    supply = np.searchsorted(come, low, side="right")
    use = np.searchsorted(gone, low, side="right")
    return Pegs(
        np.where(supply == come.size, NOBODY, supply),
        np.where(use == gone.size, NOBODY, use),
        np.ldexp(grains.astype(np.float64), -exponent),
    )
