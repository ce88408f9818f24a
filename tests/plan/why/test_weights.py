"""Weights are what relief saves: every price against the cost of the same model with a little more of its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tests.plan.why.conftest import NETWORKS

from boxbuild.model.model import Model
from boxbuild.plan.plan import Plan
from boxbuild.plan.warm import TABLES, start_from
from boxbuild.plan.why import why_demand
from boxbuild.plan.why.answer import worst
from boxbuild.plan.why.binding import Binding
from boxbuild.plan.why.chain import chain
from boxbuild.plan.why.moved import moved
from boxbuild.plan.why.priced import priced
from boxbuild.plan.why.ways import Ways
from boxbuild.solve.session import Options, run

Planned = Callable[[str], Plan]

LITTLE = 1e-3


def least(model: Model, row: int | None = None, more: float = 0.0) -> float:
    """Least cost where a row that is held from above is raised, and any other lowered."""
    lower, upper = model.row_lower.copy(), model.row_upper.copy()
    if row is not None:
        change = more if np.isinf(lower[row]) else -more
        lower[row], upper[row] = lower[row] + change, upper[row] + change
    outcome = run(replace(model, row_lower=lower, row_upper=upper), Options(), relaxed=True)
    assert outcome.values is not None
    return float(model.cost @ outcome.values)


def heaviest(plan: Plan) -> list[Binding]:
    found: dict[int, Binding] = {}
    for demand in worst(plan, 3):
        for one in why_demand(plan, demand).binding[:2]:
            found.setdefault(one.row, one)
    return list(found.values())[:4]


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_relief_saves_no_more_than_its_weight_and_tightening_costs_no_less(planned: Planned, name: str) -> None:
    plan = planned(name)
    model = priced(plan).model
    base = least(model)
    for one in heaviest(plan):
        saved = (base - least(model, one.row, LITTLE)) / LITTLE
        lost = (least(model, one.row, -LITTLE) - base) / LITTLE
        near = 1e-3 * one.price + 1e-3
        assert saved <= one.price + near, one.sentence
        assert lost >= one.price - near, one.sentence


@pytest.mark.parametrize("name", ["tiny", "line", "supplier", "contract", "receipt", "lead", "option"])
def test_what_is_named_first_truly_saves(planned: Planned, name: str) -> None:
    """Where the best plan is not in a corner, a little relief saves the weight itself."""
    plan = planned(name)
    model = priced(plan).model
    one = why_demand(plan, worst(plan, 1)[0]).binding[0]
    saved = (least(model) - least(model, one.row, LITTLE)) / LITTLE
    assert saved == pytest.approx(one.price, rel=2e-3)


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_the_parts_of_a_chain_are_its_cost(planned: Planned, name: str) -> None:
    plan = planned(name)
    ways = Ways(priced(plan))
    for row in ways.priced.model.columns["deliver"].filter(late_days=0).iter_rows(named=True):
        found = chain(ways, ways.served(row["column"]))
        if found is None:
            continue
        parts = sum(found.own.values()) + sum(found.limits.values()) + sum(found.lying.values()) + found.timing
        assert parts == pytest.approx(found.cost)
        price = sum(each * ways.priced.price[at] for at, each in found.root.inputs)
        assert found.cost >= found.root.own + price - 1e-3 * (1 + abs(price))


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_a_delivery_that_is_in_the_plan_has_a_way_at_its_price(planned: Planned, name: str) -> None:
    """What is in use is tight: the chain of a unit that is delivered costs what the unit is worth."""
    plan = planned(name)
    ways = Ways(priced(plan))
    for row in ways.priced.model.columns["deliver"].iter_rows(named=True):
        if ways.priced.values[row["column"]] > 1e-6:
            found = chain(ways, ways.served(row["column"]))
            at = ways.priced.node_row(row["item"], row["market"], row["bucket"])
            assert found is not None
            assert at is not None
            assert found.cost - found.root.own == pytest.approx(ways.priced.price[at], rel=1e-4, abs=1e-2)


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_quantities_found_by_counting_are_those_found_by_name(planned: Planned, name: str) -> None:
    plan = planned(name)
    model = priced(plan).model
    by_name = start_from(model, plan.tables, None).values
    known = np.concatenate([model.columns[kind]["column"].to_numpy() for kind in TABLES])
    assert np.array_equal(moved(model, plan.tables)[known], by_name[known])
    assert by_name[known].any()
