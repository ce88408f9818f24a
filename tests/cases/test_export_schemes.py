"""A plant works in bond, under Advance Authorisation or for the drawback: whatever the numbers say.

The cases stand in ``export-schemes/cases.toml``; docs/cases/export-schemes.md works them with paper and pencil.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.cases.planner import cases, network_of

import boxbuild
from boxbuild.law.checks import find

FOLDER = Path(__file__).parent / "export-schemes"
CASES = cases(FOLDER)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["scenario"] or "base")
def test_case(case: dict[str, Any]) -> None:
    """The scheme, what is exported under it and what it all costs is what was worked out by hand; the audit agrees."""
    network = network_of(FOLDER, case)
    assert find(network) == []
    plan = boxbuild.plan(network, gap=1e-9, release=False)
    exempt = plan["exempt"]
    assert exempt["scheme"].unique().to_list() == ([case["scheme"]] if case["scheme"] else [])
    for flow, wanted in (("export", case["exported"]), ("buy", case["exempt"])):
        assert exempt.filter(pl.col("flow") == flow)["quantity"].sum() == pytest.approx(wanted, abs=1e-3)
    lines = plan["ledger"].filter(pl.col("account") == "exemption")
    assert lines["amount"].sum() == Decimal(f"{case['exemption']:.2f}")
    assert lines.filter(pl.col("amount") < 0)["quantity"].sum() == pytest.approx(case["exempt"], abs=1e-3)
    assert plan.summary.cost == pytest.approx(case["cost"], abs=0.01)
    assert plan.audit().passed, plan.audit()


def test_every_scenario_has_a_case() -> None:
    assert {path.stem for path in (FOLDER / "scenarios").glob("*.toml")} == {case["scenario"] for case in CASES} - {""}
