"""Checks of export schemes: each finds what it is for, and nothing in a network without schemes."""

from __future__ import annotations

import pytest
from tests.building import add_rows, edit_rows, small_network, with_settings

from boxbuild.law.checks_schemes import find
from boxbuild.network.network import Network


def with_scheme(site: str = "noida", scheme: str = "aa") -> Network:
    return add_rows(small_network(), "schemes", {"site": site, "scheme": scheme})


def test_nothing_is_said_of_a_network_without_schemes() -> None:
    assert find(small_network()) == []


@pytest.mark.parametrize("scheme", ["aa", "eou", "bonded", "brand"])
def test_nothing_is_said_of_a_plant_at_home(scheme: str) -> None:
    assert find(with_scheme(scheme=scheme)) == []


@pytest.mark.parametrize(
    ("network", "code", "words"),
    [
        (with_scheme(scheme="bond"), "scheme-unknown", "did you mean bonded?"),
        (with_scheme(scheme="sez"), "scheme-zone", "a site of its own"),
        (with_scheme(site="mumbai"), "scheme-place", "is a hub"),
        (with_settings(with_scheme(), home_country="DE"), "scheme-place", "stands in IN"),
        (edit_rows(with_scheme(), "sites", {"site": "noida"}, regime="sez"), "scheme-place", "special economic zone"),
    ],
)
def test_errors(network: Network, code: str, words: str) -> None:
    found = [issue for issue in find(network) if issue.severity == "error"]
    assert [issue.code for issue in found] == [code]
    assert words in str(found[0])
    assert (found[0].table, found[0].row) == ("schemes", 0)


@pytest.mark.parametrize(
    ("network", "code"),
    [
        (with_settings(with_scheme(), buckets="19m"), "scheme-export-period"),
        (edit_rows(small_network(), "sites", {"site": "mumbai"}, regime="eou"), "regime-without-effect"),
        (with_settings(with_scheme(), start=small_network().settings.start.replace(year=2010)), "scheme-without-law"),
    ],
)
def test_warnings(network: Network, code: str) -> None:
    found = find(network)
    assert [issue.code for issue in found] == [code]
    assert found[0].severity == "warning"


def test_within_the_export_period_nothing_is_said() -> None:
    assert find(with_settings(with_scheme(), buckets="18m")) == []


def test_without_law_nothing_is_said() -> None:
    assert find(with_settings(with_scheme(scheme="bond"), law="off")) == []
