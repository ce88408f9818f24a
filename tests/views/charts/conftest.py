"""Plans whose reports the tests read: made once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from boxbuild import files
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.views.charts.chart import Report
from boxbuild.views.report import report

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="session")
def tiny_plan() -> Plan:
    return make_plan(files.read(EXAMPLES / "tiny"), release=False)


@pytest.fixture(scope="session")
def phone_plan() -> Plan:
    """Contracts, targets, options, incentives and the law book, over two weeks and four months."""
    network = files.read(EXAMPLES / "phone-export-india")
    return make_plan(replace(network, settings=replace(network.settings, buckets="2w+4m")), gap=0.05, release=False)


@pytest.fixture(scope="session")
def tiny_report(tiny_plan: Plan) -> Report:
    return report(tiny_plan, tiny_plan.audit())


@pytest.fixture(scope="session")
def phone_report(phone_plan: Plan) -> Report:
    return report(phone_plan, phone_plan.audit())


@pytest.fixture(scope="session", params=["tiny", "phone"])
def plan(request: pytest.FixtureRequest) -> Plan:
    found: Plan = request.getfixturevalue(f"{request.param}_plan")
    return found
