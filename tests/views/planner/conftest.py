"""What the tests of the planner's workbook share: one plan, its workbook, and the workbook read back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from tests.building import edit_rows, small_network

from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.views.planner import write_planner_workbook


@pytest.fixture(scope="session")
def plan() -> Plan:
    """A plan in which something is late or short."""
    return make_plan(edit_rows(small_network(), "resources", {"resource": "noida-smt"}, per_week="6"))


@pytest.fixture(scope="session")
def file(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its planner's workbook."""
    return write_planner_workbook(plan, tmp_path_factory.mktemp("planner") / "plan.xlsx", written=date(2026, 11, 23))


@pytest.fixture(scope="session")
def book(file: Path) -> Workbook:
    """The workbook as formulas and formats."""
    return openpyxl.load_workbook(file)


@pytest.fixture(scope="session")
def values(file: Path) -> Workbook:
    """The workbook as stored values."""
    return openpyxl.load_workbook(file, data_only=True)
