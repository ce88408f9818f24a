"""Phones follow the class of their assembler's incentive when, and only when, the brand has a share in it.

The cases stand in ``incentive-class/cases.toml``; docs/cases/incentive-class.md works them with paper and pencil.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cases.planner import cases, network_of

import boxbuild
from boxbuild.law.checks_incentives import find

FOLDER = Path(__file__).parent / "incentive-class"
CASES = cases(FOLDER)
CRORE = 10_000_000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["scenario"] or "base")
def test_case(case: dict[str, Any]) -> None:
    """Who builds what, what each claims and what it all costs is what was worked out by hand; the audit agrees."""
    network = network_of(FOLDER, case)
    assert find(network) == []
    plan = boxbuild.plan(network, gap=1e-9, release=False)
    built = {(site, item): 0.0 for site in ("chennai", "noida") for item in ("budget", "premium")}
    for site, item, good in plan["builds"].select("site", "item", "good").iter_rows():
        built[site, item] += good
    wanted = {(site, item): 1000 * case[item][site] for site, item in built}
    assert built == pytest.approx(wanted, abs=1e-3)
    for row in plan["incentives"].iter_rows(named=True):
        said = case[row["partner"]]
        assert row["reached"] is said["reached"], row
        assert row["sales"] == pytest.approx(said["sales"] * CRORE, abs=1.0)
        assert row["amount"] == pytest.approx(said["amount"] * CRORE, abs=0.05)
    assert plan.summary.cost == pytest.approx(case["cost"], abs=1.0)
    assert plan.audit().passed


def test_every_scenario_has_a_case() -> None:
    assert {path.stem for path in (FOLDER / "scenarios").glob("*.toml")} == {case["scenario"] for case in CASES} - {""}
