"""Targets of value added are shares of what is built: they are at most one, and have no market."""

from __future__ import annotations

import pytest
from tests.building import small_network

from boxbuild.network.checks import check

HEAD = "target,metric,scope,at_least\n"


@pytest.mark.parametrize("metric", ["va_pli", "va_gross", "rvc_net_cost"])
def test_at_most_one(metric: str) -> None:
    found = check(small_network(targets=f"{HEAD}t,{metric},family=phone,22\n"))
    assert [issue.code for issue in found] == ["share-above-one"]


@pytest.mark.parametrize("metric", ["va_ppp", "rvc_build_up"])
def test_no_market(metric: str) -> None:
    found = check(small_network(targets=f"{HEAD}t,{metric},market=hamburg,0.2\n"))
    assert [issue.code for issue in found] == ["market-of-builds"]
