"""The exact way: HiGHS on the assembled matrix."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np

from boxbuild.errors import InfeasibleError
from boxbuild.model.model import Model
from boxbuild.solve.bound import dual_bound
from boxbuild.solve.infeasible import reasons
from boxbuild.solve.limits import idle_solution, is_infeasible, limit_note
from boxbuild.solve.progress import Listener, silent
from boxbuild.solve.session import Options, Outcome, run
from boxbuild.solve.solution import Floats, Solution, Status, relative_gap

INTERIOR_POINT_FROM = 150_000
"""Non-zeros from which the interior point method is taken instead of the simplex method; see docs/decisions.md."""

WHOLE = 1e-9
"""How far from whole a decision may be where the usual tolerance is too much."""


def solve_exact(model: Model, options: Options, listen: Listener = silent) -> Solution:
    """Solve a model with HiGHS and prove its bound.

    Raises
    ------
    InfeasibleError
        No plan exists; with the reasons in the tables' words.
    LimitError
        A limit was reached, or the user interrupted, and not even the idle plan is feasible.
    """
    method, options = _method(model, options)
    outcome = run(model, options, listen)
    if is_infeasible(outcome):
        raise InfeasibleError("no plan meets every hard limit", reasons(model))
    if outcome.values is None:
        return idle_solution(model, _proven(model, outcome), method, limit_note(outcome))
    if model.integer.any():
        if not np.isfinite(outcome.mip_bound):  # the search failed before it had a bound
            relaxed = replace(model, integer=np.zeros_like(model.integer))
            outcome.mip_bound = _proven(relaxed, run(relaxed, Options()))
        found = _with_integers(model, outcome, options, method)
        return _wholly(model, found, outcome, options, method, listen)
    return _solution(model, outcome.values, outcome, options, method)


def _method(model: Model, options: Options) -> tuple[str, Options]:
    size = model.matrix.nnz
    if model.integer.any():
        return f"HiGHS branch and cut: {int(model.integer.sum())} of the decisions are yes or no", options
    if options.algorithm == "choose":
        options = replace(options, algorithm="ipm" if size >= INTERIOR_POINT_FROM else "simplex")
    name = {"ipm": "interior point", "simplex": "simplex"}[options.algorithm]
    return f"HiGHS {name}: nothing is integer, {size:,} non-zeros", options


def _with_integers(model: Model, outcome: Outcome, options: Options, method: str) -> Solution:
    """Fix the integers that were found and solve the rest again: exact quantities, and prices."""
    assert outcome.values is not None  # noqa: S101
    chosen = np.round(outcome.values[model.integer])
    lower, upper = model.lower.copy(), model.upper.copy()
    lower[model.integer] = upper[model.integer] = chosen
    fixed = replace(model, lower=lower, upper=upper)
    again = run(fixed, Options(gap=options.gap), relaxed=True)
    if again.values is None:
        return _solution(model, outcome.values, outcome, options, method)
    bound = max(outcome.mip_bound, -np.inf)
    return _stated(model, again.values, bound, outcome, options, method, again)


def _wholly(
    model: Model, found: Solution, outcome: Outcome, options: Options, method: str, listen: Listener
) -> Solution:
    """Solve again, with decisions that are closer to whole, where rounding them loses what the gap allows.

    A millionth of a yes may let a small flow through where a quantity that no plan exceeds is a million.
    """
    decided = outcome.values[model.integer] if outcome.values is not None else np.zeros(0)
    exact = bool(np.all(np.abs(decided - np.round(decided)) <= WHOLE))
    if found.status == "optimal" or exact or outcome.status != highspy.HighsModelStatus.kOptimal:
        return found
    left = None if options.seconds is None else max(0.0, options.seconds - outcome.seconds)
    again = run(model, replace(options, integrality=WHOLE, seconds=left), listen)
    if again.values is None:
        return found
    return min(_with_integers(model, again, options, method), found, key=lambda solution: solution.cost)


def _solution(model: Model, values: Floats, outcome: Outcome, options: Options, method: str) -> Solution:
    bound = outcome.mip_bound if model.integer.any() else _proven(model, outcome)
    return _stated(model, values, bound, outcome, options, method, outcome)


def _stated(
    model: Model,
    values: Floats,
    bound: float,
    outcome: Outcome,
    options: Options,
    method: str,
    priced: Outcome,
) -> Solution:
    clipped = np.clip(values, model.lower, model.upper)
    cost = float(model.cost @ clipped)
    bound = min(bound, cost)
    gap = relative_gap(cost, bound)
    status: Status = "optimal" if gap <= options.gap * (1 + 1e-6) else "feasible"
    return Solution(
        clipped,
        cost,
        bound,
        status,
        method,
        limit_note(outcome)
        or ("" if status == "optimal" else "the solver stopped before the gap asked for was proven"),
        priced.prices,
    )


def _proven(model: Model, outcome: Outcome) -> float:
    """The bound that the prices prove; without prices, what no prices at all prove."""
    prices = outcome.prices if outcome.prices is not None else np.zeros(model.row_lower.size)
    return dual_bound(model, prices)
