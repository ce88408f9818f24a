"""HiGHS on the assembled model, by each of its methods for linear programs.

Interior points and the first-order method are told to stop at the gap; neither crosses over to a vertex, because a plan
needs none. The simplex knows no gap. HiGHS has one tolerance for gap and residuals together, ``kkt_tolerance``; without
it, HiGHS calls what a looser tolerance of the method accepts "unknown". The column of violations says what it is worth.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from bench.alternatives.tolerances import RESIDUAL
from bench.job import Found, Job
from bench.matrix import Matrix, read_matrix, violation

_STATUS = highspy.HighsModelStatus


def solve(job: Job, method: str) -> Found:
    """Solve the model with one method: ``simplex``, ``ipm``, ``hipo`` or ``pdlp``."""
    model = read_matrix(job.matrix)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    if solver.setOptionValue("solver", method) == highspy.HighsStatus.kError:
        return Found("not available", sizes=model.sizes, note=f"this build of HiGHS has no {method}")
    configure(solver, method, job.gap)
    with job.phase("solve"):
        solver.passModel(program(model))
        solver.setOptionValue("time_limit", job.left)
        solver.run()
    values = np.asarray(solver.getSolution().col_value)
    broken = violation(model.matrix, model.row_lower, model.row_upper, values) if values.size else None
    return outcome(solver, broken, model.sizes)


def configure(solver: Any, method: str, gap: float) -> None:
    """Tell a solver when to stop: interior points at the gap, the first-order method at the gap or before."""
    solver.setOptionValue("mip_rel_gap", gap)
    if method in ("ipm", "hipo"):
        solver.setOptionValue("run_crossover", "off")
        solver.setOptionValue("kkt_tolerance", gap)
        solver.setOptionValue("ipm_optimality_tolerance", gap)
    if method == "pdlp":
        solver.setOptionValue("kkt_tolerance", min(RESIDUAL, gap))


def outcome(solver: Any, broken: float | None, sizes: dict[str, int]) -> Found:
    """Return what a solver found; a cost and a bound only where it says that it has a solution of that side."""
    info, status = solver.getInfo(), solver.getModelStatus()
    done = status == _STATUS.kOptimal
    integers = sizes["integers"] > 0
    feasible = highspy.SolutionStatus.kSolutionStatusFeasible
    cost = info.objective_function_value if done or info.primal_solution_status == feasible else None
    if integers:
        bound = info.mip_dual_bound if np.isfinite(info.mip_dual_bound) else None
    elif done or info.dual_solution_status == feasible:
        bound = _dual(solver)
    else:
        bound = None
    words = solver.modelStatusToString(status).lower()
    said = "optimal" if done else "unfinished" if status == _STATUS.kTimeLimit else "failed"
    return Found(said, cost, bound, broken, sizes=sizes, note="" if done else f"HiGHS says: {words}")


def _dual(solver: Any) -> float:
    """Return the dual objective; what is left of duals on sides that are infinite is a residual, and is not counted."""
    held, solution = solver.getLp(), solver.getSolution()
    sides = (
        (solution.row_dual, held.row_lower_, held.row_upper_),
        (solution.col_dual, held.col_lower_, held.col_upper_),
    )
    total = float(held.offset_)
    for dual, lower, upper in sides:
        price = np.asarray(dual)
        side = np.where(price > 0, np.asarray(lower), np.asarray(upper))
        total += float(price @ np.where(np.isfinite(side), side, 0.0))
    return total


def program(model: Matrix) -> Any:
    """Return the model as HiGHS takes it."""
    passed = highspy.HighsLp()
    passed.num_row_, passed.num_col_ = model.matrix.shape
    passed.col_cost_, passed.col_lower_, passed.col_upper_ = model.cost, model.lower, model.upper
    passed.row_lower_, passed.row_upper_ = model.row_lower, model.row_upper
    passed.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    passed.a_matrix_.start_ = model.matrix.indptr
    passed.a_matrix_.index_ = model.matrix.indices
    passed.a_matrix_.value_ = model.matrix.data
    if model.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        passed.integrality_ = [kinds[int(flag)] for flag in model.integer]
    return passed
