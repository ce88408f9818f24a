"""The exact solve: its bound, its limits and its words when there is no plan."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.building import add_rows, small_network, with_rows
from tests.model.every_family import every_family

from boxbuild.errors import InfeasibleError
from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.solve import session
from boxbuild.solve.bound import column_limits, dual_bound
from boxbuild.solve.exact import solve_exact
from boxbuild.solve.progress import Progress
from boxbuild.solve.session import Options, run
from boxbuild.solve.solution import relative_gap
from boxbuild.solve.solve import solve


@pytest.fixture(scope="module")
def small() -> Model:
    return assemble(small_network())


@functools.cache
def _priced() -> tuple[Model, np.ndarray]:
    model = assemble(small_network())
    prices = run(model, Options()).prices
    assert prices is not None
    return model, prices


def _worst_row(model: Model, values: np.ndarray) -> float:
    activity = model.matrix @ values
    return float(np.max(np.maximum(model.row_lower - activity, activity - model.row_upper), initial=0.0))


def test_quantities_satisfy_every_row_and_bound(small: Model) -> None:
    solution = solve(small)
    assert _worst_row(small, solution.values) < 1e-6
    assert np.all(solution.values >= small.lower)
    assert np.all(solution.values <= small.upper)
    assert solution.cost == pytest.approx(float(small.cost @ solution.values))


@pytest.mark.parametrize("algorithm", ["simplex", "ipm"])
def test_both_algorithms_reach_one_cost_and_prove_it(small: Model, algorithm: str) -> None:
    solution = solve_exact(small, Options(gap=1e-6, algorithm=algorithm))
    assert solution.status == "optimal"
    assert solution.gap <= 1e-6
    assert solution.cost == pytest.approx(23_949_003.98, rel=1e-6)


@given(seed=st.integers(0, 10_000), size=st.floats(0.0, 3.0))
@settings(max_examples=50, deadline=None)
def test_any_prices_prove_a_bound_below_the_optimum(seed: int, size: float) -> None:
    """Weak duality: whatever the prices, the bound is not above the cost of the best plan."""
    model, best = _priced()
    noise = np.random.default_rng(seed).normal(1.0, size, best.size)
    assert dual_bound(model, best * noise) <= 23_949_003.99
    assert dual_bound(model, best) == pytest.approx(23_949_003.98, rel=1e-6)


def test_column_limits_do_not_cut_off_the_best_plan(small: Model) -> None:
    solution = solve(small)
    assert np.all(solution.values <= column_limits(small) + 1e-6)


def test_integers_are_whole_and_the_gap_is_proven() -> None:
    model = assemble(every_family())
    solution = solve(model, 1e-6)
    chosen = solution.values[model.integer]
    assert np.array_equal(chosen, np.round(chosen))
    assert solution.gap <= 1e-6
    assert solution.prices is not None, "the rest is solved again with the integers fixed"


def test_hard_minimum_that_cannot_be_met_is_named_with_what_stops_it() -> None:
    asked = add_rows(
        small_network(), "contracts", {"contract": "too-much", "partner": "ems", "item": "phone-a", "min": "50000"}
    )
    with pytest.raises(InfeasibleError) as caught:
        solve(assemble(asked))
    text = str(caught.value)
    assert "contract too-much: min 50,000 units is missed by" in text
    assert "resource noida-smt" in text


def test_target_that_cannot_be_met_is_named() -> None:
    asked = add_rows(small_network(), "targets", {"target": "all-abroad", "metric": "units_delivered", "at_least": 1e6})
    with pytest.raises(InfeasibleError, match="target all-abroad"):
        solve(assemble(asked))


def test_time_limit_leaves_the_idle_plan_and_says_so(small: Model) -> None:
    solution = solve(small, time_limit=0.0)
    assert solution.status == "feasible"
    assert "time limit" in solution.note
    assert "nothing is built" in solution.note
    assert solution.bound <= 23_949_003.99 < solution.cost
    assert _worst_row(small, solution.values) < 1e-6


def test_progress_is_told_while_integers_are_searched() -> None:
    heard: list[Progress] = []
    solve(assemble(every_family()), 1e-6, listen=heard.append)
    assert all(step.phase == "solve" for step in heard)
    assert any(step.cost is not None for step in heard)


def test_gap_is_relative_to_the_cost() -> None:
    assert relative_gap(100.0, 99.0) == pytest.approx(0.01)
    assert relative_gap(0.0, 0.0) == 0.0
    assert relative_gap(10.0, -np.inf) == np.inf
    assert relative_gap(99.0, 100.0) == 0.0
    assert relative_gap(0.0, -1e-15) == 0.0  # rounding beside a cost of 0


def test_nothing_to_decide_costs_nothing() -> None:
    """A network in which nobody wants and nothing lies has an empty model, and a plan."""
    network = small_network()
    for table in ("demand", "stock", "receipts", "resources", "uses"):
        network = with_rows(network, table)
    solution = solve(assemble(network))
    assert solution.values.size == 0
    assert (solution.cost, solution.bound, solution.status) == (0.0, 0.0, "optimal")
    target = {"target": "some", "metric": "units_delivered", "at_least": 5}
    with pytest.raises(InfeasibleError, match="target some"):
        solve(assemble(with_rows(network, "targets", target)))


def test_interrupt_leaves_a_plan_and_says_so() -> None:
    """Ctrl-C while the solver runs stops the solver, not the program."""
    script = textwrap.dedent("""
        import os, signal, threading
        from tests.building import small_network
        from boxbuild.model.assemble import assemble
        from boxbuild.solve import session
        from boxbuild.solve.solve import solve

        model = assemble(small_network())
        real = session.highspy.Highs.run

        def slow(solver):
            session.highspy.Highs.run = real
            threading.Event().wait(0.5)
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(0.5)
            return real(solver)

        session.highspy.Highs.run = slow
        print(solve(model).note)
    """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "interrupted after" in done.stdout


def test_a_millionth_of_a_yes_is_no_yes() -> None:
    """A billion displays that nobody misses make the offer's limit huge: a hundred must not slip through it.

    Opening the offer costs 50,000, losing the hundred 90,000; a ten-millionth of the decision is nearly free.
    """
    network = small_network(stock="item,site,quantity\n", receipts="reference,item,site,due,quantity\n")
    offer = {"offer": "new", "item": "display", "supplier": "wuhan", "destination": "india", "price": 1}
    network = with_rows(network, "sources", {**offer, "option": "opened"})
    network = with_rows(with_rows(network, "options", {"option": "opened", "capex": 50_000}), "operations")
    due = {"item": "display", "market": "india", "due": "2023-07-02"}
    network = with_rows(
        network,
        "demand",
        {"demand": "wanted", **due, "quantity": 100, "lost_cost": 900},
        {"demand": "idle", **due, "quantity": 1e9, "lost_cost": 0},
    )
    solution = solve(assemble(network), gap=1e-6)
    assert (solution.status, solution.cost) == ("optimal", pytest.approx(50_100, rel=1e-3))


class Failing(highspy.Highs):
    """A solver that finds what there is to find, and then says that it failed, try after try."""

    def getModelStatus(self) -> highspy.HighsModelStatus:
        return highspy.HighsModelStatus.kSolveError

    def getInfo(self) -> SimpleNamespace:
        nothing = highspy.SolutionStatus.kSolutionStatusNone
        return SimpleNamespace(primal_solution_status=nothing, objective_function_value=0.0, mip_dual_bound=-1e30)


def test_a_solver_that_fails_leaves_the_best_that_it_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search for integers tells of plans on its way: the last is a plan, with a bound, and the note says why."""
    model = assemble(every_family())
    assert model.integer.any()
    best = solve_exact(model, Options(gap=1e-6))
    tries: list[str] = []
    real = session.highspy.Highs
    made = iter([Failing])
    monkeypatch.setattr(session.highspy, "Highs", lambda: next(made, real)())
    found = solve_exact(model, Options(gap=1e-6), lambda told: tries.append(told.note))
    assert [note for note in tries if "again" in note] == [
        "the solver failed: again, with presolve off",
        "the solver failed: again, with mip_lp_solver simplex",
    ]
    assert "the solver failed after" in found.note or found.status == "optimal"
    assert found.cost >= best.bound - 1e-6 * abs(best.bound)
    assert found.bound <= best.cost + 1e-6 * abs(best.cost)
    assert np.isfinite(found.bound)
