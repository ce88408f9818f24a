"""OR-Tools PDLP on the assembled model.

D. Applegate et al., "Practical large-scale linear programming using primal-dual hybrid gradient", NeurIPS 2021.
"""

from __future__ import annotations

import numpy as np
from bench.alternatives.tolerances import RESIDUAL
from bench.job import Found, Job
from bench.matrix import read_matrix, violation
from ortools.pdlp import solve_log_pb2, solvers_pb2
from ortools.pdlp.python import pdlp


def solve(job: Job) -> Found:
    """Solve the model to the gap, with residuals as for the other first-order method."""
    model = read_matrix(job.matrix)
    if model.integer.any():
        return Found("not available", sizes=model.sizes, note="PDLP knows no integers")
    residual = min(RESIDUAL, job.gap)
    with job.phase("solve"):
        program = pdlp.QuadraticProgram()
        program.objective_vector = model.cost
        program.constraint_matrix = model.matrix
        program.constraint_lower_bounds, program.constraint_upper_bounds = model.row_lower, model.row_upper
        program.variable_lower_bounds, program.variable_upper_bounds = model.lower, model.upper
        asked = solvers_pb2.PrimalDualHybridGradientParams()
        ends = asked.termination_criteria
        detailed = ends.detailed_optimality_criteria
        detailed.eps_optimal_primal_residual_relative = residual
        detailed.eps_optimal_dual_residual_relative = residual
        detailed.eps_optimal_primal_residual_absolute = residual
        detailed.eps_optimal_dual_residual_absolute = residual
        detailed.eps_optimal_objective_gap_relative = job.gap / 2  # of the sum of both objectives
        detailed.eps_optimal_objective_gap_absolute = 0.0
        ends.time_sec_limit = job.left
        found = pdlp.primal_dual_hybrid_gradient(program, asked)
    log = found.solve_log
    reason = solve_log_pb2.TerminationReason
    done = log.termination_reason == reason.TERMINATION_REASON_OPTIMAL
    late = log.termination_reason == reason.TERMINATION_REASON_TIME_LIMIT
    last = {point.candidate_type: point for point in log.solution_stats.convergence_information}
    chosen = last.get(log.solution_type)
    values = np.asarray(found.primal_solution)
    return Found(
        "optimal" if done else "unfinished" if late else "failed",
        chosen.primal_objective if chosen and done else None,
        chosen.dual_objective if chosen and done else None,
        violation(model.matrix, model.row_lower, model.row_upper, values) if values.size else None,
        sizes=model.sizes,
        note="" if done else f"PDLP says: {reason.Name(log.termination_reason)}",
    )
