"""The orders of a release."""

from __future__ import annotations

from dataclasses import dataclass

from boxbuild.plan.release.problem import Floats, Integers


@dataclass(frozen=True)
class Orders:
    """Whole, dated orders as flat arrays of one length.

    Parameters
    ----------
    kind
        ``BUILD``, ``BUY``, ``SHIP``, ``PICK`` or ``DELIVER`` of :mod:`boxbuild.plan.release.problem`.
    row
        Of the problem's activities or, for a delivery, of its demands.
    quantity
        Units started (build), ordered, shipped, taken (pick) or delivered.
    start, end
        Days: what starts on ``start`` can be used from ``end`` on. A delivery has one day.
    """

    kind: Integers
    row: Integers
    quantity: Floats
    start: Integers
    end: Integers
