"""Tolerances that alternatives share. It imports no solver: HiGHS and OR-Tools do not bear one process."""

from typing import Final

RESIDUAL: Final = 1e-4
"""Residuals that a first-order method may leave: it is given the smaller of this and its gap."""
