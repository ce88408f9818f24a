"""The scenarios on the page "write a scenario" can be applied to the small network."""

import re
from pathlib import Path

import pytest
from tests.building import small_network

from boxbuild.network.changes import apply, parse_assignment
from boxbuild.network.checks import check
from boxbuild.network.scenario import parse_scenario

PAGE = (Path(__file__).parents[2] / "docs/how-to/write-a-scenario.md").read_text("utf-8")
SCENARIOS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
ASSIGNMENTS = re.findall(r"^\| `([a-z]+\.[^`]*=[^`]*)`", PAGE, re.MULTILINE)


def test_the_page_has_examples() -> None:
    assert len(SCENARIOS) == 4
    assert len(ASSIGNMENTS) == 6


@pytest.mark.parametrize("text", SCENARIOS)
def test_a_scenario_of_the_page_leaves_a_network_that_can_be_planned(text: str) -> None:
    network = apply(small_network(), parse_scenario(text))
    assert network.digest != small_network().digest
    assert [issue for issue in check(network) if issue.severity == "error"] == []


@pytest.mark.parametrize("text", ASSIGNMENTS)
def test_an_assignment_of_the_page_is_a_change(text: str) -> None:
    assert parse_assignment(text).verbs
