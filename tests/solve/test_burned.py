"""Stock that is dear to keep may be built away: the bound counts with it."""

from __future__ import annotations

import numpy as np
import polars as pl
from tests.building import add_rows, edit_rows, small_network

from boxbuild.model.assemble import assemble
from boxbuild.solve.bound import column_limits, dual_bound
from boxbuild.solve.session import Options, run


def test_what_is_built_to_be_rid_of_stock_is_within_the_limits_of_the_bound() -> None:
    network = small_network()
    network = network.with_table("demand", network["demand"].with_columns(pl.col("quantity") / 1000))
    network = edit_rows(network, "items", {"item": "chip"}, value=90000)
    network = edit_rows(network, "items", {"item": "board"}, value=1)
    network = add_rows(network, "stock", {"item": "chip", "site": "noida", "quantity": 400})
    model = assemble(network)
    best = run(model, Options(gap=1e-9))
    assert best.values is not None
    assert best.prices is not None
    limits = column_limits(model)
    builds = model.columns["build"]["column"].to_numpy()
    assert best.values[builds].sum() > 100
    assert np.all(best.values <= limits * (1 + 1e-9) + 1e-6)
    assert dual_bound(model, best.prices) <= best.objective * (1 + 1e-9)
