"""Claim: what two costs and two bounds allow one to say about two optima."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from boxbuild.plan.plan import Plan


@dataclass(frozen=True)
class Claim:
    """The difference of two plans' costs, and what is proven about the difference of their optima.

    Parameters
    ----------
    difference
        Cost of the other plan less that of the first, home currency.
    least, most
        The optimum of the other less that of the first lies between these: an optimum is no higher than its plan's
        cost and no lower than its bound, so least is ``bound_B - cost_A`` and most is ``cost_B - bound_A``. Not finite
        where a plan has no bound.
    same_network
        Whether both planned the same tables under the same law: then the optima are one, and only the plans differ.
    """

    difference: float
    least: float
    most: float
    same_network: bool

    @property
    def proven(self) -> str:
        """``dearer`` or ``cheaper`` where the optimum of the other is proven to be, ``equal``, or ``open``."""
        if self.same_network:
            return "equal"
        if self.least > 0:
            return "dearer"
        if self.most < 0:
            return "cheaper"
        return "equal" if self.least == self.most == 0 else "open"

    def as_dict(self) -> dict[str, Any]:
        """Return the claim as JSON values; what is not finite is ``null``."""
        bounds = {"least": self.least, "most": self.most}
        return {
            "difference": self.difference,
            **{name: value if isfinite(value) else None for name, value in bounds.items()},
            "proven": self.proven,
            "same_network": self.same_network,
        }


def claim(first: Plan, other: Plan) -> Claim:
    """Return what is proven about the difference between two plans' optima."""
    one, two = first.summary, other.summary
    same = first.network.digest == other.network.digest
    return Claim(two.cost - one.cost, two.bound - one.cost, two.cost - one.bound, same)
