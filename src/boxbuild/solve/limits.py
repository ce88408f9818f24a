"""Limits: what is left when time runs out or the user interrupts, and how it says so."""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np

from boxbuild.errors import BoxbuildError, LimitError
from boxbuild.model.model import Model
from boxbuild.solve.session import Options, Outcome, run
from boxbuild.solve.solution import Solution

_INFEASIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


def is_infeasible(outcome: Outcome) -> bool:
    """Return whether a run proved that nothing satisfies the rows."""
    return outcome.status in _INFEASIBLE


def limit_note(outcome: Outcome) -> str:
    """Return what the user should know of a run that was stopped; nothing where it ended by itself."""
    if outcome.interrupted:
        return f"interrupted after {outcome.seconds:.0f} s: this is the best plan found"
    if outcome.status == highspy.HighsModelStatus.kTimeLimit:
        return f"the time limit was reached after {outcome.seconds:.0f} s: this is the best plan found"
    if outcome.status == highspy.HighsModelStatus.kSolveError and outcome.values is not None:
        return f"the solver failed after {outcome.seconds:.0f} s: this is the best plan found"
    return ""


def idle_solution(model: Model, bound: float, method: str, note: str) -> Solution:
    """Return the idle plan: it builds, buys and ships nothing and delivers what lies at the markets.

    It is what a limit leaves when the solver has nothing better, and it exists for every network without hard minima.

    Parameters
    ----------
    model
        What was to be solved.
    bound
        Lower bound that was proven so far; may be minus infinity.
    method
        How it was tried.
    note
        Which limit was reached, as :func:`limit_note` says it.

    Raises
    ------
    BoxbuildError
        No limit was reached: the solver gave up by itself.
    LimitError
        The idle plan misses a hard minimum.
    """
    if not note:
        raise BoxbuildError("the solver gave up without a limit", "please report the network that led here")
    upper = model.upper.copy()
    for kind in ("build", "use", "buy", "ship", "overtime", "take"):
        upper[model.columns[kind]["column"].to_numpy()] = 0.0
    values = run(replace(model, upper=upper), Options()).values
    if values is None:
        raise LimitError("a limit was reached before any plan was found", "give it more time")
    clipped = np.clip(values, model.lower, upper)
    cost = float(model.cost @ clipped)
    return Solution(
        clipped, cost, min(bound, cost), "feasible", method, f"{note}: nothing is built, bought or shipped in it"
    )
