"""The alternatives, in real processes: they all find the same optimum, and the limit is kept."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from bench.job import Case
from bench.measure import HOME, Run, measure
from bench.networks import network
from bench.registry import ALTERNATIVES
from bench.written import written

from boxbuild.errors import UsageError
from boxbuild.model.assemble import assemble
from boxbuild.solve.solve import solve

SMALL = Case(6e3)
PACKAGES = {"pulp": "pulp", "linopy": "linopy"}


def run(folder: Path, gap: float = 1e-9, limit: float = 60.0, case: Case = SMALL) -> Run:
    return Run(case, gap, limit, folder)


@pytest.fixture(scope="module")
def optimum() -> float:
    return solve(assemble(SMALL.network()), 1e-9).cost


@pytest.mark.parametrize("name", ["boxbuild", "highs-simplex", "highs-ipm", "pulp", "linopy"])
def test_every_alternative_finds_the_optimum(tmp_path: Path, name: str, optimum: float) -> None:
    if name in PACKAGES and find_spec(PACKAGES[name]) is None:
        pytest.skip(f"{name} is not installed")
    found = measure(ALTERNATIVES[name], run(tmp_path))
    assert found.status == "optimal", found.note
    assert found.cost == pytest.approx(optimum, rel=1e-6)
    assert found.bound == pytest.approx(optimum, rel=1e-6)
    assert found.cpu_seconds is not None
    assert found.peak_mib is not None


@pytest.mark.parametrize("name", ["highs-pdlp", "ortools-pdlp"])
def test_a_first_order_method_comes_close(tmp_path: Path, name: str, optimum: float) -> None:
    if name == "ortools-pdlp" and find_spec("ortools") is None:
        pytest.skip("ortools is not installed")
    found = measure(ALTERNATIVES[name], run(tmp_path, gap=1e-4))
    assert found.status == "optimal", found.note
    assert found.cost == pytest.approx(optimum, rel=0.02)


def test_what_is_written_from_the_tables_is_the_same_program() -> None:
    tables = network(6e3)
    mine, ours = written(tables), assemble(tables)
    for name, rows in mine.rows.items():
        assert rows.terms.height >= ours.families[name].terms.height, name
        assert rows.limits.height >= ours.families[name].keys.height, name


def test_a_program_is_not_written_for_what_it_has_no_place_for() -> None:
    with pytest.raises(UsageError, match="options, ladders of prices"):
        written(network(6e3, options=True))


def test_an_alternative_without_its_package_says_so(tmp_path: Path) -> None:
    found = measure(ALTERNATIVES["highs-hipo"], run(tmp_path))
    assert found.status in ("not available", "optimal")


def test_a_run_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    found = measure(ALTERNATIVES["highs-simplex"], run(tmp_path, limit=0.1, case=Case(6e4)))
    assert found.status.startswith("unfinished after")
    assert found.cost is None or found.bound is None or found.bound <= found.cost


def test_every_alternative_stands_where_the_registry_says() -> None:
    places = HOME / "bench" / "alternatives"
    assert all(f"def {one.function}(" in (places / f"{one.module}.py").read_text() for one in ALTERNATIVES.values())


def test_the_command_prints_json(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench", "run", "--size", "6e3", "--against", "highs-simplex", "--json"]
    said = json.loads(subprocess.run(command, cwd=HOME, check=True, capture_output=True, text=True).stdout)
    assert set(said["results"]) == {"boxbuild", "highs-simplex"}
    assert said["results"]["boxbuild"]["gap"] <= 0.01
    assert said["results"]["boxbuild"]["sizes"]["integers"] == 0


def test_a_whole_run_counts_reading_and_writing(tmp_path: Path) -> None:
    found = measure(ALTERNATIVES["boxbuild"], Run(SMALL, 0.01, 120.0, tmp_path, whole=True))
    assert {"read", "plan", "write", "plan: release"} <= set(found.phases), found.note
