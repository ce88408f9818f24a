"""The model written in linopy: arrays of variables, rows by grouped sums, then HiGHS. Writing it counts."""

from __future__ import annotations

import linopy
import numpy as np
import pandas as pd
from bench.alternatives.highs import configure, outcome
from bench.job import Found, Job
from bench.written import Rows, Written, written


def solve(job: Job) -> Found:
    """Write the model and solve it by interior point, to the gap."""
    network = job.case.network()
    with job.phase("model"):
        solver = model(written(network)).to_highspy()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", "ipm")
    configure(solver, "ipm", job.gap)
    with job.phase("solve"):
        solver.setOptionValue("time_limit", job.left)
        solver.run()
    sizes = {"rows": solver.getNumRow(), "columns": solver.getNumCol(), "nonzeros": solver.getNumNz(), "integers": 0}
    return outcome(solver, None, sizes)


def model(sets: Written) -> linopy.Model:
    """Return the program in linopy."""
    program = linopy.Model()
    index = pd.RangeIndex(sets.columns.height, name="column")
    flow = program.add_variables(lower=0.0, upper=sets.columns["upper"].to_numpy(), coords=[index], name="flow")
    for name, rows in sets.rows.items():
        _add(program, flow, name, rows)
    program.add_objective((flow * sets.columns["cost"].to_numpy()).sum())
    return program


def _add(program: linopy.Model, flow: linopy.Variable, name: str, rows: Rows) -> None:
    if rows.terms.is_empty():
        return
    index = pd.RangeIndex(rows.terms.height, name="column")
    terms = flow.isel(column=rows.terms["column"].to_numpy()) * rows.terms["value"].to_numpy()
    left = terms.assign_coords(column=index).groupby(pd.Series(rows.terms["row"].to_numpy(), index, name="row")).sum()
    lower, upper = (rows.limits[side].to_numpy()[left.indexes["row"]] for side in ("lower", "upper"))
    least = np.isfinite(lower) & (lower != upper)
    for kind, chosen, sign, side in (
        ("equal", lower == upper, "=", lower),
        ("least", least, ">=", lower),
        ("most", np.isfinite(upper) & (lower != upper), "<=", upper),
    ):
        at = np.flatnonzero(chosen)
        if at.size:
            program.add_constraints(left.isel(row=at), sign, side[at], name=f"{name}-{kind}")
