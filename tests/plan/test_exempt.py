"""The table `exempt`: a part of a flow is never more than the flow, whatever the solver's tolerance lets pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.model.exempt_network import exempt_network

from boxbuild.model.assemble import assemble
from boxbuild.plan.quantities import quantities
from boxbuild.solve.solve import solve


def test_a_part_of_nothing_is_nothing() -> None:
    """The dust of a part whose flow is 0 has no row: the law would have to be read for a flow that is not there."""
    model = assemble(exempt_network("bonded"))
    solution = solve(model, 1e-9)
    buys, parts = (model.columns[kind].sort("bucket") for kind in ("buy", "exempt_buy"))
    values = solution.values.copy()
    values[[*buys["column"], *parts["column"]]] = 0.0
    values[parts["column"][0]] = 5e-8
    dusty = quantities(model, replace(solution, values=values))["exempt"]
    assert dusty.filter(pl.col("flow") == "buy").is_empty()


def test_a_part_is_held_to_its_flow() -> None:
    model = assemble(exempt_network("bonded"))
    solution = solve(model, 1e-9)
    values = solution.values.copy()
    parts = model.columns["exempt_buy"]
    moved = np.flatnonzero(values[parts["column"].to_numpy()])
    flow = parts["flow"][int(moved[0])]
    values[parts["column"].to_numpy()[moved]] = values[flow] + 5e-8
    held = quantities(model, replace(solution, values=values))["exempt"].filter(pl.col("flow") == "buy")
    assert held["quantity"].sum() == pytest.approx(values[flow], abs=1e-9)
