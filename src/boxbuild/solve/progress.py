"""Progress: what a plan in the making tells about itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """Where a plan in the making stands.

    Parameters
    ----------
    phase
        ``model``, ``solve``, ``release``, ``ledger``.
    seconds
        Wall seconds since the phase began.
    cost, bound, gap
        Best plan so far, proven lower bound and their gap; ``None`` where not known yet.
    note
        What the phase wants to say.
    """

    phase: str
    seconds: float
    cost: float | None = None
    bound: float | None = None
    gap: float | None = None
    note: str = ""


Listener = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Listen to nothing."""
