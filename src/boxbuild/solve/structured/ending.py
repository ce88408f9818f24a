"""How a search by rounds ends: with what it proved, or with another way's answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.solve.exact import solve_exact
from boxbuild.solve.limits import idle_solution
from boxbuild.solve.progress import Listener
from boxbuild.solve.session import Options
from boxbuild.solve.solution import Solution, relative_gap

Floats = NDArray[np.float64]


@dataclass
class Best:
    """The best plan and the best prices that a search has.

    Parameters
    ----------
    bound, prices
        Proven lower bound, and the prices of the rows that prove it.
    cost, columns
        What the best plan costs, and its columns; ``None`` where there is no plan yet.
    iterations
        Iterations that were run.
    """

    bound: float = -np.inf
    prices: Floats | None = None
    cost: float = np.inf
    columns: Floats | None = None
    iterations: int = 0

    @property
    def gap(self) -> float | None:
        """Gap between cost and bound, where a plan is known."""
        return relative_gap(self.cost, self.bound) if self.columns is not None else None


def watched(search: Callable[[], None], options: Options, began: float) -> str:
    """Run a search and return why it stopped before its end; empty where it did not."""
    try:
        search()
    except KeyboardInterrupt:
        return f"interrupted after {time.perf_counter() - began:.0f} s: this is the best plan found"
    spent = time.perf_counter() - began
    if options.seconds is not None and spent >= options.seconds:
        return f"the time limit was reached after {spent:.0f} s: this is the best plan found"
    return ""


def ended(
    model: Model, options: Options, listen: Listener, found: Best, *, how: str, note: str, stopped: str, began: float
) -> Solution:
    """Return what a search found as a solution.

    Parameters
    ----------
    model, options, listen
        What was solved, when to stop, and who is told.
    found
        The best plan and prices.
    how
        What was done, in words.
    note
        Why it stopped before its end (:func:`watched`); empty where it did not.
    stopped
        What to say where it came to its end without the gap that was asked for.
    began
        Clock when it began, seconds.

    Raises
    ------
    InfeasibleError
        No plan exists: where none was found, the exact way is asked.
    LimitError
        A limit was reached before a plan was found, and not even the idle plan is feasible.
    """
    if found.columns is None:
        if note:
            return idle_solution(model, found.bound, how, note)
        return _exactly(model, options, listen, began)
    bound = min(found.bound, found.cost)
    solution = Solution(found.columns, found.cost, bound, "feasible", how, note, found.prices)
    if solution.gap <= options.gap:
        return replace(solution, status="optimal", note="")
    return replace(solution, note=note or stopped)


def _exactly(model: Model, options: Options, listen: Listener, began: float) -> Solution:
    """Solve exactly what no repaired plan meets, such as a hard minimum: it may be that none can."""
    left = None if options.seconds is None else max(options.seconds - (time.perf_counter() - began), 0.0)
    found = solve_exact(model, replace(options, seconds=left), listen)
    note = "the structured way found no plan: this is the exact way's"
    return replace(found, note="; ".join(filter(None, (note, found.note))))
