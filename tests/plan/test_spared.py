"""What a scheme spares belongs to the exports: a unit sold at home costs what it costs without the scheme."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.model.exempt_network import exempt_network

from boxbuild.plan.landed import Landed
from boxbuild.plan.make import make_plan


@pytest.mark.parametrize("scheme", ["aa", "eou", "bonded", "brand"])
def test_the_exported_unit_is_spared_and_the_home_unit_is_not(scheme: str) -> None:
    """One part of 100 at 10 % duty: 110 at home, 100 abroad."""
    landed = Landed(make_plan(exempt_network(scheme), release=False))
    cost = {row["market"]: row["unit_cost"] for row in landed.units().iter_rows(named=True)}
    assert cost == {"delhi": pytest.approx(110), "tokyo": pytest.approx(100)}


def test_without_a_scheme_both_bear_the_duty() -> None:
    landed = Landed(make_plan(exempt_network(), release=False))
    assert landed.units()["unit_cost"].to_list() == pytest.approx([110, 110])


def test_the_statement_still_makes_the_ledger() -> None:
    plan = make_plan(exempt_network("aa"), release=False)
    total = sum(Landed(plan).statement().values(), Decimal(0))
    assert total == pytest.approx(plan["ledger"]["present"].sum())
    leaves = [step for step in Landed(plan).tree("phone", "tokyo").walk() if step.rule == "account.spared"]
    assert [step.value for step in leaves] == [Decimal(-10)]
