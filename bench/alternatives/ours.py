"""Boxbuild itself: from tables to quantities, or from files to files."""

from __future__ import annotations

import inspect
import tempfile
from pathlib import Path
from typing import Any

from bench.job import Case, Found, Job

from boxbuild import files
from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.plan.folder import write_plan
from boxbuild.plan.make import make_plan
from boxbuild.solve.progress import Progress
from boxbuild.solve.solution import Solution
from boxbuild.solve.solve import solve

WARM = Case(size=6e3)
"""The network on which kernels are compiled or loaded before the clock runs."""


def plan(job: Job, way: str = "") -> Found:
    """Plan with one way to solve, or with the one that boxbuild chooses where ``way`` is empty."""
    if way and "way" not in inspect.signature(solve).parameters:
        return Found("not available", note=f"solve() has no way to be told {way!r}")
    return _whole(job) if job.whole else _tables(job, way)


def _tables(job: Job, way: str) -> Found:
    network = job.case.network()
    _solve(assemble(WARM.network()), job, way, 1e-2)
    with job.phase("model"):
        model = assemble(network)
    with job.phase("solve"):
        solution = _solve(model, job, way, job.gap, listening=True)
    return Found(
        solution.status,
        solution.cost,
        solution.bound,
        _violation(model, solution),
        sizes=model.sizes,
        note="; ".join(filter(None, (solution.method, solution.note))),
    )


def _solve(model: Model, job: Job, way: str, gap: float, *, listening: bool = False) -> Solution:
    def listen(progress: Progress) -> None:
        if listening:
            job.tell(progress.cost, progress.bound)

    asked: dict[str, Any] = {"way": way} if way else {}
    return solve(model, gap, time_limit=job.left if listening else None, listen=listen, **asked)


def _violation(model: Model, solution: Solution) -> float:
    from bench.matrix import violation

    return violation(model.matrix, model.row_lower, model.row_upper, solution.values)


def _whole(job: Job) -> Found:
    """Read a project, plan it, release orders and write the plan: what a planner waits for."""
    make_plan(WARM.network(), gap=1e-2)
    with tempfile.TemporaryDirectory() as desk:
        project = files.write(job.case.network(), Path(desk) / "project")
        with job.phase("read"):
            network = files.read(project)
        with job.phase("plan"):
            made = make_plan(network, gap=job.gap, time_limit=job.left, progress=lambda at: job.tell(at.cost, at.bound))
        with job.phase("write"):
            write_plan(made, Path(desk) / "plan")
    head = made.summary
    parts = {f"plan: {name}": {"wall": seconds} for name, seconds in head.seconds.items()}
    note = "; ".join((head.method, *head.notes))
    return Found(head.status, head.cost, head.bound, phases=parts, sizes=dict(head.sizes), note=note)
