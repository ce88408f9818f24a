"""Plans of the tiny example and of changes of it, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from boxbuild import files
from boxbuild.network.changes import apply_changes, parse_assignment
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan

TINY = Path(__file__).parents[2] / "examples" / "tiny"


def planned(network: Network, *assignments: str) -> Plan:
    """Return a plan of a network after some assignments."""
    changed = apply_changes(network, [parse_assignment(text) for text in assignments])
    return make_plan(changed, gap=1e-6, scenario="+".join(assignments))


@pytest.fixture(scope="session")
def tiny() -> Network:
    return files.read(TINY)


@pytest.fixture(scope="session")
def base(tiny: Network) -> Plan:
    return planned(tiny)


@pytest.fixture(scope="session")
def more(tiny: Network) -> Plan:
    """A fifth more phones in the second week."""
    return planned(tiny, "demand.phone-w1.quantity=+20%")


@pytest.fixture(scope="session")
def wider(tiny: Network) -> Plan:
    """Ten more hours of the line every week."""
    return planned(tiny, "resources.line.per_week=110")
