"""A reason: one sentence on why something moved, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Ground = Literal["input", "option", "rate", "need", "instead", "limit", "other way"]
"""What a reason rests on.

input
    A row of the network that names the way, or a limit of it, differs.
option
    An option that the way depends on is taken in one plan only, or on another day.
rate
    A unit pays another amount in the same bucket.
need
    More or less of the item is delivered, taken by parents, or left: counted, so the units are exact.
instead
    Another way to the item gives more or less: counted as well.
limit
    A line, an offer or a lane of the way is worth more or less: it stands beside the move, it does not measure it.
other way
    The same of another way to the same item.
"""


@dataclass(frozen=True)
class Reason:
    """Why something moved.

    Parameters
    ----------
    ground
        What it rests on.
    says
        The sentence, without a full stop.
    units
        Units of the move that it accounts for, where that can be counted.
    """

    ground: Ground
    says: str
    units: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the reason as JSON values."""
        return {"ground": self.ground, "says": self.says, "units": self.units}
