"""How fast is the matrix built? Ours, from frames, against linopy's own way of building the same rows.

    python bench/build_model.py examples/phone-export-india --repeat 3

Both sides start from the same flows and terms; what is timed is columns and rows to a model that HiGHS holds. linopy is
in the ``bench`` extra: ``pip install -e .[bench]``.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd

from boxbuild import files
from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.solve.session import _pass


def ours(model: Model) -> int:
    """Assemble the matrix again from the families' terms, and pass it."""
    from boxbuild.model.assemble import _matrix

    matrix = _matrix(model.families, model.cost.size)
    solver = _pass(model, 1.0, integers=False)
    assert solver.getNumNz() == matrix.nnz  # noqa: S101
    return int(matrix.nnz)


def theirs(model: Model) -> int:
    """Build the same model with linopy: one variable per kind, rows by grouped sums of expressions."""
    import linopy

    program = linopy.Model()
    variable = program.add_variables(
        lower=model.lower, upper=model.upper, coords=[pd.RangeIndex(model.cost.size, name="column")], name="x"
    )
    for name, family in model.families.items():
        if not family.terms.height:
            continue
        column = family.terms["column"].to_numpy()
        index = pd.RangeIndex(family.terms.height, name="column")
        row = pd.Series(family.terms["row"].to_numpy(), index=index, name="row")
        value = family.terms["value"].to_numpy()
        terms = variable.isel(column=column) * value
        sums = terms.assign_coords(column=index).groupby(row).sum()
        rows = sums.indexes["row"]
        lower = family.keys["lower"].to_numpy()[rows]
        upper = family.keys["upper"].to_numpy()[rows]
        equal, least, most = (
            lower == upper,
            np.isfinite(lower) & (lower != upper),
            np.isfinite(upper) & (lower != upper),
        )
        for kind, mask, sign, side in (("e", equal, "=", lower), ("l", least, ">=", lower), ("m", most, "<=", upper)):
            if mask.any():
                at = np.flatnonzero(mask)
                program.add_constraints(sums.isel(row=at), sign, side[at], name=f"{name}-{kind}")
    program.add_objective((variable * model.cost).sum())
    return int(program.to_highspy().getNumNz())


def main() -> None:
    """Time both and print one JSON object and one Markdown row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    model = assemble(files.read(options.project))
    found: dict[str, object] = {"project": options.project.name, **model.sizes}
    for name, build in (("boxbuild", ours), ("linopy", theirs)):
        seconds = []
        for _ in range(options.repeat):
            began = time.process_time()
            nonzeros = build(model)
            seconds.append(time.process_time() - began)
        found[name] = round(min(seconds), 3)
        found[f"{name}_nonzeros"] = nonzeros
    found["ratio"] = round(float(found["linopy"]) / float(found["boxbuild"]), 1)  # type: ignore[arg-type]
    print(json.dumps(found))
    print(
        f"| {found['project']} | {found['nonzeros']:,} | {found['boxbuild']} | {found['linopy']} | {found['ratio']} |"
    )


if __name__ == "__main__":
    main()
