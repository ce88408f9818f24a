"""The example of phones for export from India: its tables, its demand script and its plan."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import boxbuild
from boxbuild.network.changes import apply
from boxbuild.network.scenario import read_scenario

EXAMPLE = Path(__file__).parents[2] / "examples" / "phone-export-india"


def test_the_demand_script_writes_the_table_again(tmp_path: Path) -> None:
    output = tmp_path / "demand.csv"
    subprocess.run([sys.executable, EXAMPLE / "make_demand.py", output], check=True)
    assert output.read_bytes() == (EXAMPLE / "tables" / "demand.csv").read_bytes()


def test_india_sells_what_was_published() -> None:
    """5.0 million phones in the first quarter of 2023, taken as the average of the year."""
    demand = boxbuild.read(EXAMPLE)["demand"]
    home = demand.filter(pl.col("market").str.starts_with("in-") & pl.col("item").str.starts_with("phone"))
    assert home["quantity"].sum() / 56 * 13 == pytest.approx(5_000_000, rel=1e-3)


def test_every_row_has_a_source() -> None:
    network = boxbuild.read(EXAMPLE)
    lacking = {name: frame.filter(pl.col("source").is_null()).height for name, frame in network.tables.items()}
    assert {name: count for name, count in lacking.items() if count} == {}


def test_no_issue_stops_a_plan() -> None:
    issues = boxbuild.check(boxbuild.read(EXAMPLE))
    assert [str(issue) for issue in issues if issue.severity == "error"] == []


@pytest.mark.parametrize("path", sorted((EXAMPLE / "scenarios").glob("*.toml")), ids=lambda path: path.stem)
def test_each_scenario_changes_the_network_and_keeps_it_sound(path: Path) -> None:
    network, scenario = boxbuild.read(EXAMPLE), read_scenario(path)
    changed = apply(network, scenario)
    assert scenario.name == path.stem
    assert changed.digest != network.digest
    assert [str(issue) for issue in boxbuild.check(changed) if issue.severity == "error"] == []


@pytest.mark.slow
def test_the_plan_reads_sensibly() -> None:
    """The festive peak fills the lines, some orders come late, nearly nothing is lost, and the audit agrees."""
    plan = boxbuild.plan(boxbuild.read(EXAMPLE), gap=1e-2, release=False)
    wanted = plan.network["demand"]["quantity"].sum()
    late = plan["deliveries"].filter(pl.col("late_days") > 0)["quantity"].sum()
    assert plan.summary.gap <= 1e-2
    assert plan["shortages"]["quantity"].sum() < 0.02 * wanted
    assert 0 < late < 0.05 * wanted
    assert plan["capacity"]["overtime"].sum() > 0
    assert plan.audit().passed
