"""Stopping: by time, by the user, at the gap; the same plan every time, and a start that is near helps."""

from __future__ import annotations

import re
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from bench.networks import network
from tests.building import add_rows, small_network
from tests.solve.structured.plainly import deviation, few_rounds

from boxbuild.errors import LimitError
from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.network.network import Network
from boxbuild.solve.bound import dual_bound
from boxbuild.solve.progress import Progress
from boxbuild.solve.solution import Solution
from boxbuild.solve.solve import solve
from boxbuild.solve.structured import crew


@pytest.fixture(scope="module")
def bench() -> Model:
    return assemble(network(6e3))


def _iterations(solution: Solution) -> int:
    found = re.search(r"([\d,]+) iterations", solution.method)
    assert found is not None
    return int(found[1].replace(",", ""))


def test_rounds_tell_bounds_that_rise_and_plans_that_get_cheaper(bench: Model) -> None:
    """Each round says what is proven so far; the last one is what is returned."""
    heard: list[Progress] = []
    solution = solve(bench, 1e-2, way="structured", listen=heard.append)
    bounds = [step.bound for step in heard if step.bound is not None]
    costs = [step.cost for step in heard if step.cost is not None]
    assert all(step.phase == "solve" for step in heard)
    assert bounds == sorted(bounds)
    assert costs == sorted(costs, reverse=True)
    assert (bounds[-1], costs[-1]) == (solution.bound, solution.cost)
    assert solution.status == "optimal"
    assert solution.note == ""


def test_the_bound_is_proven_by_the_prices_that_come_with_it(bench: Model) -> None:
    """Whoever has the prices can compute the bound again."""
    solution = solve(bench, 1e-2, way="structured")
    assert solution.prices is not None
    assert dual_bound(bench, solution.prices) == pytest.approx(solution.bound)


def test_time_limit_leaves_the_best_plan_and_says_so(bench: Model) -> None:
    """No time at all is enough for one round: a plan, a bound, and why there is no more."""
    solution = solve(bench, 1e-9, way="structured", time_limit=0.0)
    assert solution.status == "feasible"
    assert "time limit" in solution.note
    assert deviation(bench, solution.values) <= 1e-6
    assert np.isfinite(solution.bound)


def test_too_few_rounds_say_so(bench: Model) -> None:
    """A gap that is not reached is not called optimal."""
    with few_rounds(1):
        solution = solve(bench, 1e-9, way="structured")
    assert (solution.status, solution.gap > 1e-9) == ("feasible", True)
    assert "stopped after" in solution.note


def test_interrupt_leaves_the_best_plan_and_says_so(bench: Model) -> None:
    """Ctrl-C in the second round: the plan of the best round is returned."""
    heard: list[Progress] = []

    def listen(progress: Progress) -> None:
        heard.append(progress)
        if len(heard) == 2:
            raise KeyboardInterrupt

    solution = solve(bench, 1e-9, way="structured", listen=listen)
    assert len(heard) == 2
    assert "interrupted" in solution.note
    assert solution.cost == heard[-1].cost
    assert deviation(bench, solution.values) <= 1e-6


def test_time_limit_before_a_hard_minimum_is_met_is_a_limit() -> None:
    """Without a plan, and without the time to ask the exact way, it is not called infeasible."""
    asked = {"contract": "much", "partner": "ems", "item": "phone-a", "min": "50000"}
    model = assemble(add_rows(small_network(), "contracts", asked))
    with pytest.raises(LimitError):
        solve(model, way="structured", time_limit=0.0)


def test_the_same_plan_every_time(bench: Model) -> None:
    """Byte for byte: quantities, prices, cost and bound."""
    one, other = (solve(bench, 1e-2, way="structured") for _ in range(2))
    assert one.values.tobytes() == other.values.tobytes()
    assert (one.cost, one.bound, one.method) == (other.cost, other.bound, other.method)


def test_the_same_plan_with_threads(bench: Model) -> None:
    """How many cores there are changes the time, not the plan."""
    alone = solve(bench, 1e-2, way="structured")
    with patch.object(crew, "WORTH", 1), patch.object(crew, "cores", lambda: 3):
        together = solve(bench, 1e-2, way="structured")
    assert alone.values.tobytes() == together.values.tobytes()
    assert (alone.cost, alone.bound) == (together.cost, together.bound)


def _more(by: float) -> Network:
    before = network(6e3)
    return before.with_table("demand", before.tables["demand"].with_columns(pl.col("quantity") * by))


def test_a_start_that_is_near_saves_iterations(bench: Model) -> None:
    """Demand grows by a fiftieth: from the plan before, it takes less than from nothing."""
    before = solve(bench, 1e-2, way="structured")
    changed = assemble(_more(1.02))
    cold = solve(changed, 1e-2, way="structured")
    warm = solve(changed, 1e-2, way="structured", start=before)
    assert warm.status == cold.status == "optimal"
    assert _iterations(warm) < _iterations(cold)
    assert deviation(changed, warm.values) <= 1e-6


def test_a_start_at_the_best_is_enough(bench: Model) -> None:
    """From the optimum and its prices, not one round is needed, or just one."""
    best = solve(bench, 1e-6, way="exact")
    heard: list[Progress] = []
    again = solve(bench, 1e-3, way="structured", start=best, listen=heard.append)
    assert again.status == "optimal"
    assert len(heard) <= 1
