"""One door: ``solve(model, gap)``."""

from __future__ import annotations

from typing import Final, Literal, get_args

from boxbuild.model.model import Model
from boxbuild.solve.exact import solve_exact
from boxbuild.solve.priced import solve_priced
from boxbuild.solve.progress import Listener, silent
from boxbuild.solve.session import Options
from boxbuild.solve.solution import Solution

Way = Literal["choose", "exact", "priced", "structured"]

WAYS: Final[tuple[Way, ...]] = get_args(Way)
"""The ways of solving, by their names."""

STRUCTURED_FROM: Final = 200_000
"""Non-zeros from which the structured way is taken; see docs/decisions.md."""

FINE: Final = 1e-4
"""Gap below which the structured way takes longer than the others, as long as those can hold the matrix."""

PRICED_FROM, HELD_TO = 400_000, 3_000_000
"""Non-zeros from which a fine gap is sought with what never binds priced away, and up to which it is sought exactly."""


def solve(
    model: Model,
    gap: float = 1e-4,
    *,
    way: Way = "choose",
    time_limit: float | None = None,
    start: Solution | None = None,
    listen: Listener = silent,
) -> Solution:
    """Return a plan of the model within a gap of the best, with a proven bound.

    Parameters
    ----------
    model
        What to solve.
    gap
        Relative gap between cost and bound at which to stop.
    way
        ``exact`` (HiGHS on the whole matrix), ``priced`` (HiGHS, with what never binds priced away), ``structured``
        (first-order, by arcs and chains), or ``choose``, by size and gap (:func:`chosen`).
    time_limit
        Wall seconds; the best plan found by then is returned and says so.
    start
        A solution to begin from, of a model with the same columns and rows; the exact ways do without.
    listen
        Told about progress.

    Raises
    ------
    InfeasibleError, LimitError
        See :func:`boxbuild.solve.exact.solve_exact` and :func:`boxbuild.solve.structured.solve.solve_structured`.
    """
    options = Options(gap=gap, seconds=time_limit)
    if way == "choose":
        way = chosen(model, gap)
    if way == "structured":
        # its kernels are compiled by numba, which takes a second to load
        from boxbuild.solve.structured.branch import solve_branched
        from boxbuild.solve.structured.solve import solve_structured

        if model.integer.any():
            return solve_branched(model, options, listen, start)
        return solve_structured(model, options, listen, start)
    if way == "priced":
        return solve_priced(model, options, listen)
    return solve_exact(model, options, listen)


def chosen(model: Model, gap: float) -> Way:
    """Return the way that suits a model: structured where it is large and the gap is not too fine for it."""
    size = model.matrix.nnz
    if size < STRUCTURED_FROM:
        return "exact"
    if gap >= FINE or size > HELD_TO:
        return "structured"
    return "priced" if size >= PRICED_FROM and not model.integer.any() else "exact"
