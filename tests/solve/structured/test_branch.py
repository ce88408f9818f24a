"""Decisions in the structured way: plans are whole, bounds hold for every decision, and both meet the exact way's."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest
from bench.networks import network
from tests.building import small_network
from tests.model.every_family import every_family

from boxbuild.errors import InfeasibleError
from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.network.network import Network
from boxbuild.solve.progress import Progress, silent
from boxbuild.solve.session import Options
from boxbuild.solve.solution import Solution
from boxbuild.solve.solve import solve
from boxbuild.solve.structured import branch
from boxbuild.solve.structured.branch import Branch, Branching, solve_branched

GAP = 0.015


@functools.cache
def _options(seed: int) -> tuple[Model, Solution]:
    model = assemble(network(6e3, seed, options=True))
    return model, solve(model, 1e-6, way="exact")


def _is_plan(model: Model, solution: Solution) -> None:
    values = solution.values
    activity = model.matrix @ values
    size = 1.0 + np.abs(activity)
    assert np.all((model.row_lower - activity) / size < 1e-6)
    assert np.all((activity - model.row_upper) / size < 1e-6)
    assert np.all(values >= model.lower - 1e-9)
    assert np.all(values <= model.upper + 1e-9)
    assert np.array_equal(values[model.integer], np.round(values[model.integer]))
    assert solution.cost == pytest.approx(float(model.cost @ values))


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_bound_and_plan_stand_on_either_side_of_the_optimum(seed: int) -> None:
    model, best = _options(seed)
    found = solve(model, GAP, way="structured", time_limit=3)
    _is_plan(model, found)
    assert found.bound <= best.cost * (1 + 1e-9)
    assert found.cost >= best.bound * (1 - 1e-9)
    assert (found.status == "optimal") == (found.gap <= GAP)


def test_every_bound_on_the_way_is_below_the_optimum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Branches only split what is possible: the least of their bounds holds for every plan."""
    monkeypatch.setattr(branch, "BRANCHES", 4)
    model, best = _options(7)
    heard: list[Progress] = []
    solve_branched(model, Options(gap=1e-5), heard.append)
    bounds = [told.bound for told in heard if told.bound is not None]
    assert any("branch" in told.note for told in heard)
    assert max(bounds) <= best.cost * (1 + 1e-9)
    assert bounds == sorted(bounds)


def test_parts_of_a_split_allow_what_the_whole_does() -> None:
    """What is decided in the best plan is within one of two parts, however often they are split."""
    model, best = _options(8)
    branching = Branching(model, Options(), lambda _: None)
    decisions, limits = branching.decisions, branching.decisions.open
    rng = np.random.default_rng(0)
    decided = best.values[decisions.integers]
    for _ in range(6):
        values = np.where(model.integer, rng.random(model.cost.size), 0.0)
        parts = decisions.split(values, rng.normal(size=model.row_lower.size), limits)
        fits = [
            bool(np.all(part.low <= decided + 1e-6) and np.all(decided <= part.high + 1e-6))
            and all(
                best.values[decisions.take[decisions.takes == option]].sum() > 0.5
                for option in np.flatnonzero(part.forced)
            )
            for part in parts
        ]
        assert not parts or any(fits)
        if not parts:
            break
        limits = parts[fits.index(True)]


@pytest.mark.parametrize("make", [every_family, small_network])
def test_a_small_network_is_planned_either_way(make: object) -> None:
    network_: Network = make()  # type: ignore[operator]
    model = assemble(network_)
    best = solve(model, 1e-6, way="exact")
    found = solve(model, 1e-2, way="structured", time_limit=5)
    assert found.bound <= best.cost + 1e-6 * abs(best.cost)
    assert found.cost >= best.bound - 1e-6 * abs(best.cost)
    if found.status == "optimal":
        assert found.gap <= 1e-2


def test_the_same_model_gives_the_same_plan() -> None:
    model, _ = _options(9)
    first, again = (solve(model, GAP, way="structured") for _ in range(2))
    assert np.array_equal(first.values, again.values)
    assert first.bound == again.bound


def test_an_interrupt_leaves_the_best_plan_so_far() -> None:
    model, best = _options(7)

    def interrupt(told: Progress) -> None:
        if told.cost is not None:
            raise KeyboardInterrupt

    found = solve_branched(model, Options(gap=1e-9), interrupt)
    assert "interrupted" in found.note
    assert found.bound <= best.cost
    _is_plan(model, found)


def test_what_cannot_be_has_reasons() -> None:
    """A minimum without a price that no capacity meets: the exact way says why."""
    model, _ = _options(7)
    rows = model.first_row("contracts")
    hard = model.row_lower.copy()
    hard[rows] = 1e15
    upper = model.upper.copy()
    upper[model.columns["shortfall"]["column"].to_numpy()] = 0.0
    capped = np.where(np.isfinite(upper), upper, 1e9)
    with pytest.raises(InfeasibleError):
        solve_branched(replace(model, row_lower=hard, upper=capped), Options(gap=1e-2))


def test_a_start_is_taken_up() -> None:
    """What was solved is solved again in fewer rounds."""
    model, _ = _options(7)
    heard: list[Progress] = []
    cold: list[Progress] = []
    first = solve(model, GAP, way="structured", listen=cold.append)
    again = solve(model, GAP, way="structured", start=first, listen=heard.append)
    assert again.gap <= GAP
    assert len(heard) < len(cold)


def test_steps_that_lead_astray_leave_it_to_the_exact_way(monkeypatch: pytest.MonkeyPatch) -> None:
    model, best = _options(7)
    monkeypatch.setattr("boxbuild.solve.structured.branch.ASTRAY", 0.0)
    found = solve_branched(model, Options(gap=1e-4))
    assert "the exact way's" in found.note
    assert found.cost == pytest.approx(best.cost, rel=1e-4)


def test_a_branch_that_leads_astray_keeps_its_bound_and_the_others_go_on() -> None:
    """Prices of a branch without a plan go to infinity: it is left, its bound still counts, and the search goes on."""
    model, _ = _options(7)
    branching = Branching(model, Options(gap=1e-4), silent)
    at, hung = branching._first(None)
    mine = Branch(branching.decisions.open, 5.0, at, hung, 1.0)
    branching.search.astray = True
    assert branching._astray(mine, root=False) == []
    assert branching.search.closed == branching.search.bound == 5.0
    assert not branching.search.astray
    branching.search.astray = True
    assert branching._astray(mine, root=True) == [mine]
    assert branching.search.astray
