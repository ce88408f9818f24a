"""The model written in PuLP: a variable and a row at a time, then HiGHS. Writing it counts."""

from __future__ import annotations

import numpy as np
import pulp
from bench.alternatives.highs import outcome
from bench.job import Found, Job
from bench.written import Written, written


def solve(job: Job) -> Found:
    """Write the model and solve it by interior point, to the gap."""
    network = job.case.network()
    with job.phase("model"):
        program = model(written(network))
    with job.phase("solve"):
        solver = pulp.HiGHS(
            msg=False,
            timeLimit=job.left,
            solver="ipm",
            run_crossover="off",
            kkt_tolerance=job.gap,
            ipm_optimality_tolerance=job.gap,
        )
        program.solve(solver)
    held = program.solverModel
    return outcome(
        held, None, {"rows": held.getNumRow(), "columns": held.getNumCol(), "nonzeros": held.getNumNz(), "integers": 0}
    )


def model(sets: Written) -> pulp.LpProblem:
    """Return the program in PuLP."""
    program = pulp.LpProblem("network", pulp.LpMinimize)
    columns = sets.columns
    upper = [None if most == float("inf") else most for most in columns["upper"].to_list()]
    variables = [pulp.LpVariable(f"x{number}", 0, most) for number, most in enumerate(upper)]
    program += pulp.LpAffineExpression(zip(variables, columns["cost"].to_list(), strict=True))
    for rows in sets.rows.values():
        column, value = rows.terms["column"].to_list(), rows.terms["value"].to_list()
        ends = np.searchsorted(rows.terms["row"].to_numpy(), np.arange(rows.limits.height + 1)).tolist()
        for row, (lower, upper_) in enumerate(rows.limits.iter_rows()):
            at = slice(ends[row], ends[row + 1])
            left = pulp.LpAffineExpression(zip(map(variables.__getitem__, column[at]), value[at], strict=True))
            if lower == upper_:
                program += left == lower
            elif lower == float("-inf"):
                program += left <= upper_
            else:
                program += left >= lower
    return program
