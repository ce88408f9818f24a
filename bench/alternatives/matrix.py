"""No alternative: it assembles the model and writes it down for those that take a matrix."""

from __future__ import annotations

from bench.job import Found, Job
from bench.matrix import PARTS, Matrix, write_matrix

from boxbuild.model.assemble import assemble


def write(job: Job) -> Found:
    """Write the model of the case."""
    network = job.case.network()
    with job.phase("model"):
        model = assemble(network)
        write_matrix(Matrix(model.matrix, **{name: getattr(model, name) for name in PARTS}), job.matrix)
    return Found("optimal", sizes=model.sizes)
