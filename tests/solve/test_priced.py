"""Pricing away: the same cost as the whole model within the gap, and a bound that holds at every round."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.building import small_network, with_rows, with_settings

from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.network.network import Network
from boxbuild.solve.exact import solve_exact
from boxbuild.solve.priced import complete, pantries, reduce, solve_priced
from boxbuild.solve.progress import Progress
from boxbuild.solve.session import Options, run


def _stocked(seed: int) -> Network:
    """The small network with other stocks, so that some pantries run dry early and some are never used up."""
    random = np.random.default_rng(seed)
    places = [("display", "noida"), ("display", "chennai"), ("battery", "noida"), ("battery", "chennai")]
    rows = [
        {"item": item, "site": site, "quantity": float(random.choice([0, 50, 400, 5000])), "origin": "CN"}
        for item, site in places
    ]
    rows.append({"item": "chip", "site": "noida", "quantity": 1000.0, "origin": "CN"})
    return with_rows(small_network(), "stock", *rows)


def _violation(model: Model, values: np.ndarray) -> float:
    activity = model.matrix @ values
    return float(np.max(np.maximum(model.row_lower - activity, activity - model.row_upper), initial=0.0))


def test_pantries_are_what_can_be_bought_without_a_limit() -> None:
    """Batteries have no weekly limit; displays and chips have, so their stocks keep their rows."""
    model = assemble(small_network())
    found = pantries(model)
    nodes = model.flows.nodes.sort("node")
    rows = (found.rows[:, 0] - model.first_row("balance")) // model.flows.calendar.count
    assert {nodes.row(int(row), named=True)["item"] for row in rows} == {"battery"}


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000), buckets=st.sampled_from(["8w", "3w+1m", "14d+6w"]))
def test_pricing_away_agrees_with_the_whole_model(seed: int, buckets: str) -> None:
    """The cost is within the gap of the exact one, the quantities satisfy every row, the bound is not above it."""
    network = with_settings(_stocked(seed), buckets=buckets)
    unlimited = network.tables["sources"].with_columns(per_week=None)
    model = assemble(network.with_table("sources", unlimited))
    exact = solve_exact(model, Options(gap=1e-9))
    priced = solve_priced(model, Options(gap=1e-3))
    assert priced.status == "optimal"
    assert _violation(model, priced.values) < 1e-5
    assert priced.bound <= exact.cost * (1 + 1e-7)
    assert exact.cost * (1 - 1e-7) <= priced.cost <= exact.cost * (1 + 1.1e-3)


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000))
def test_any_rows_left_out_leave_a_lower_bound(seed: int) -> None:
    """Lagrange: whichever rows of pantries are priced away, the reduced model costs no more than the whole one."""
    random = np.random.default_rng(seed)
    model = assemble(_stocked(seed))
    pantry = pantries(model)
    reduced = reduce(model, pantry, random.random(pantry.rows.shape) < 0.6)
    outcome = run(reduced.model, Options(algorithm="simplex"))
    assert outcome.objective + reduced.constant <= solve_exact(model, Options(gap=1e-9)).cost * (1 + 1e-7)


def test_what_no_purchase_can_fill_in_time_is_told_apart() -> None:
    """Without stock and before the lead time has passed, units are missing; they are counted, not invented."""
    model = assemble(with_settings(_stocked(3), holding_rate=Decimal(0)))
    pantry = pantries(model)
    reduced = reduce(model, pantry, np.ones(pantry.rows.shape, dtype=bool))
    outcome = run(reduced.model, Options(algorithm="simplex"))
    assert outcome.values is not None
    completed = complete(model, pantry, reduced, outcome.values)
    kept = completed.values[pantry.keep]
    assert np.all(kept >= 0)
    balanced = completed.early == 0
    activity = (model.matrix @ completed.values)[pantry.rows] - model.row_lower[pantry.rows]
    assert np.allclose(activity[balanced], 0.0, atol=1e-6)


def test_rounds_are_told_with_their_bound() -> None:
    heard: list[Progress] = []
    solve_priced(assemble(small_network()), Options(gap=1e-4), heard.append)
    bounds = [step.bound for step in heard if step.note.startswith("round")]
    assert bounds
    assert all(bound is not None for bound in bounds)
    assert bounds == sorted(bounds)


@pytest.mark.parametrize("seconds", [0.0])
def test_time_limit_leaves_the_idle_plan(seconds: float) -> None:
    solution = solve_priced(assemble(small_network()), Options(seconds=seconds))
    assert solution.status == "feasible"
    assert "nothing is built" in solution.note
