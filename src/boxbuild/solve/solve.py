"""One door: ``solve(model, gap)``."""

from __future__ import annotations

from boxbuild.model.model import Model
from boxbuild.solve.exact import solve_exact
from boxbuild.solve.priced import solve_priced
from boxbuild.solve.progress import Listener, silent
from boxbuild.solve.session import Options
from boxbuild.solve.solution import Solution

PRICED_FROM = 400_000
"""Non-zeros from which stocks that can be bought freely are priced away; see docs/decisions.md."""


def solve(model: Model, gap: float = 1e-4, *, time_limit: float | None = None, listen: Listener = silent) -> Solution:
    """Return a plan of the model within a gap of the best, with a proven bound.

    Parameters
    ----------
    model
        What to solve.
    gap
        Relative gap between cost and bound at which to stop.
    time_limit
        Wall seconds; the best plan found by then is returned and says so.
    listen
        Told about progress.

    Raises
    ------
    InfeasibleError, LimitError
        See :func:`boxbuild.solve.exact.solve_exact` and :func:`boxbuild.solve.priced.solve_priced`.
    """
    options = Options(gap=gap, seconds=time_limit)
    if model.matrix.nnz >= PRICED_FROM and not model.integer.any():
        return solve_priced(model, options, listen)
    return solve_exact(model, options, listen)
