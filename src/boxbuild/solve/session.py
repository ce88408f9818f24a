"""A HiGHS session: passes a model, runs in a thread that can be interrupted, and reports as it goes.

Q. Huangfu and J. A. J. Hall, "Parallelizing the dual revised simplex method", Mathematical Programming Computation 10
(2018), 119-142, is the solver behind it.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from boxbuild.errors import BoxbuildError
from boxbuild.model.model import Model
from boxbuild.solve.progress import Listener, Progress, silent

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Options:
    """How a session runs.

    Parameters
    ----------
    gap
        Relative gap at which a model with integers is done.
    seconds
        Wall seconds after which it stops; ``None`` for no limit.
    algorithm
        ``choose``, ``simplex`` or ``ipm``.
    crossover
        Whether the interior point method ends in a vertex: fewer, larger quantities, for more time.
    integrality
        How far from whole a decision may be.
    """

    gap: float = 1e-4
    seconds: float | None = None
    algorithm: str = "choose"
    crossover: bool = True
    integrality: float = 1e-6


AGAIN = (("presolve", "off"), ("mip_lp_solver", "simplex"))
"""Options that are set, one after the other, for another try where the solver fails."""


@dataclass
class Outcome:
    """What a run left behind."""

    status: highspy.HighsModelStatus
    values: Floats | None
    prices: Floats | None
    objective: float
    mip_bound: float
    interrupted: bool
    seconds: float


@dataclass
class Incumbent:
    """The best that the search for integers has told of: it is left where the solver fails at last."""

    values: Floats | None = None
    objective: float = np.inf
    bound: float = -np.inf


def run(model: Model, options: Options, listen: Listener = silent, *, relaxed: bool = False) -> Outcome:
    """Solve a model with HiGHS.

    Costs are scaled by a power of two so that the solver's tolerances mean the same for rupees and for dollars.
    Ctrl-C stops the run and keeps what it found; a second one is for the caller.

    Parameters
    ----------
    model, options
        What to solve and how.
    listen
        Told about progress.
    relaxed
        Whether to forget that some columns are integer.
    """
    if not model.cost.size:
        return _without_columns(model)
    scale = _cost_scale(model.cost)
    solver = _pass(model, scale, integers=bool(model.integer.any()) and not relaxed)
    _configure(solver, options)
    stop, found = threading.Event(), Incumbent()
    _subscribe(solver, listen, stop, scale, found)
    began = time.perf_counter()
    interrupted = _run_in_thread(solver, stop)
    for name, value in AGAIN:
        if solver.getModelStatus() != highspy.HighsModelStatus.kSolveError or interrupted:
            break
        listen(Progress("solve", time.perf_counter() - began, note=f"the solver failed: again, with {name} {value}"))
        solver.setOptionValue(name, value)
        _begin_from(solver, found)
        interrupted = _run_in_thread(solver, stop)
    outcome = _outcome(solver, scale, interrupted=interrupted, seconds=time.perf_counter() - began)
    if outcome.values is None and found.values is not None:
        return replace(outcome, values=found.values, objective=found.objective, mip_bound=found.bound)
    return outcome


def _begin_from(solver: Any, found: Incumbent) -> None:
    """Let the next try begin from the best plan so far."""
    if found.values is not None:
        known = highspy.HighsSolution()
        known.col_value = found.values.tolist()
        solver.setSolution(known)


def _without_columns(model: Model) -> Outcome:
    """Nothing can be decided: every row is 0, which its bounds allow or not."""
    allowed = bool(np.all((model.row_lower <= 0) & (model.row_upper >= 0)))
    status = highspy.HighsModelStatus.kOptimal if allowed else highspy.HighsModelStatus.kInfeasible
    values = np.zeros(0) if allowed else None
    return Outcome(status, values, np.zeros(model.row_lower.size), 0.0, 0.0, interrupted=False, seconds=0.0)


def _cost_scale(cost: Floats) -> float:
    used = np.abs(cost[cost != 0])
    return float(2.0 ** -np.round(np.log2(np.median(used)))) if used.size else 1.0


def program_of(model: Model, scale: float = 1.0) -> Any:
    """Return a model as a program of HiGHS, without its integers; costs are multiplied by ``scale``."""
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = model.matrix.shape
    program.col_cost_ = model.cost * scale
    program.col_lower_, program.col_upper_ = model.lower, model.upper
    program.row_lower_, program.row_upper_ = model.row_lower, model.row_upper
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = model.matrix.indptr
    program.a_matrix_.index_ = model.matrix.indices
    program.a_matrix_.value_ = model.matrix.data
    return program


def _pass(model: Model, scale: float, *, integers: bool) -> Any:
    program = program_of(model, scale)
    if integers:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        program.integrality_ = [kinds[int(flag)] for flag in model.integer]
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    if solver.passModel(program) == highspy.HighsStatus.kError:
        raise BoxbuildError("the solver does not accept the model", "please report the network that led here")
    return solver


def _configure(solver: Any, options: Options) -> None:
    solver.setOptionValue("mip_rel_gap", options.gap)
    solver.setOptionValue("mip_feasibility_tolerance", options.integrality)
    solver.setOptionValue("solver", options.algorithm)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("run_crossover", "on" if options.crossover else "off")
    # Most of a search would go into heuristics that solve the relaxation again from nothing; see docs/decisions.md.
    for heuristic in ("rens", "rins", "root_reduced_cost", "feasibility_jump"):
        solver.setOptionValue(f"mip_heuristic_run_{heuristic}", False)
    solver.setOptionValue("mip_lp_solver", "ipm")
    if options.seconds is not None:
        solver.setOptionValue("time_limit", float(options.seconds))


def _subscribe(solver: Any, listen: Listener, stop: threading.Event, scale: float, found: Incumbent) -> None:
    def watch(event: Any) -> None:
        if stop.is_set():
            event.interrupt()

    def tell(event: Any) -> None:
        out = event.data_out
        cost = out.mip_primal_bound / scale
        bound = out.mip_dual_bound / scale
        known = abs(cost) < 1e29 and abs(bound) < 1e29  # HiGHS writes 1e30 or infinity for "none yet"
        if abs(bound) < 1e29:
            found.bound = max(found.bound, bound)
        listen(
            Progress(
                "solve",
                out.running_time,
                cost=cost if abs(cost) < 1e29 else None,
                bound=bound if abs(bound) < 1e29 else None,
                gap=abs(cost - bound) / max(abs(cost), 1e-12) if known else None,
            )
        )

    def keep(event: Any) -> None:
        out = event.data_out
        objective = out.objective_function_value / scale
        if objective < found.objective:
            found.values, found.objective = np.array(out.mip_solution), objective

    solver.cbMipInterrupt += watch
    solver.cbSimplexInterrupt += watch
    solver.cbIpmInterrupt += watch
    solver.cbMipLogging += tell
    solver.cbMipImprovingSolution += tell
    solver.cbMipImprovingSolution += keep


def _run_in_thread(solver: Any, stop: threading.Event) -> bool:
    """Run so that Ctrl-C reaches us: the solver in a thread of its own, the caller waiting."""
    worker = threading.Thread(target=solver.run, name="highs", daemon=True)
    worker.start()
    interrupted = False
    while worker.is_alive():
        try:
            worker.join(0.2)
        except KeyboardInterrupt:
            if interrupted:
                raise
            interrupted = True
            stop.set()
    return interrupted


def _outcome(solver: Any, scale: float, *, interrupted: bool, seconds: float) -> Outcome:
    info = solver.getInfo()
    solution = solver.getSolution()
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return Outcome(
        status=solver.getModelStatus(),
        values=np.asarray(solution.col_value) if feasible and solution.value_valid else None,
        prices=np.asarray(solution.row_dual) / scale if solution.dual_valid else None,
        objective=info.objective_function_value / scale,
        mip_bound=info.mip_dual_bound / scale,
        interrupted=interrupted,
        seconds=seconds,
    )
