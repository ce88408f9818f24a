"""Strange networks: the structured way finds a plan and a bound, or says why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from tests.building import (
    add_rows,
    drop_rows,
    edit_rows,
    small_network,
    with_rows,
    with_settings,
)
from tests.laws.networks import networks
from tests.solve.structured.plainly import best, few_rounds, is_honest, near

from boxbuild.errors import InfeasibleError
from boxbuild.model.assemble import assemble
from boxbuild.network.network import Network
from boxbuild.solve.solve import solve

CIRCLE = [
    {"origin": "mumbai", "destination": "noida", "mode": "road", "lead_days": 0, "per_unit": 0},
    {"origin": "chennai", "destination": "noida", "mode": "road", "lead_days": 0, "per_unit": 0},
]


def _every(network: Network, table: str, **values: object) -> Network:
    """Return a network in which every row of a table has other values."""
    frame = network.tables[table]
    columns = {name.removesuffix("_"): value for name, value in values.items()}
    edited = [pl.lit(value).cast(frame.schema[name]).alias(name) for name, value in columns.items()]
    return network.with_table(table, frame.with_columns(edited))


def _table(name: str, **values: object) -> Network:
    return _every(small_network(), name, **values)


def _in_circles() -> Network:
    lanes = edit_rows(small_network(), "lanes", {"origin": "noida"}, lead_days=0, per_unit=0, per_kg=0)
    return add_rows(lanes, "lanes", *CIRCLE)


def _free() -> Network:
    """Nothing costs anything but what is lost: every plan that delivers ties."""
    network = _every(_table("lanes", per_unit=0, per_kg=0, insurance=0), "operations", cost=0)
    network = _every(_every(network, "sources", price=0, freight=0, markup=0), "resources", overtime_cost=0)
    return with_settings(with_rows(network, "duties"), holding_rate=Decimal(0), late_rate=Decimal(0))


STRANGE: dict[str, Callable[[], Network]] = {
    "no stock": lambda: with_rows(with_rows(small_network(), "stock"), "receipts"),
    "no capacity": lambda: _table("resources", per_week=0, overtime_per_week=0),
    "only overtime": lambda: _table("resources", per_week=0),
    "nothing is sold": lambda: _table("sources", per_week=0),
    "no offers": lambda: with_rows(small_network(), "sources"),
    "no lanes": lambda: with_rows(small_network(), "lanes"),
    "no demand": lambda: with_rows(small_network(), "demand"),
    "demand for nothing": lambda: _table("demand", quantity=0),
    "demand is free to lose": lambda: _table("demand", lost_cost=0),
    "one bucket": lambda: with_settings(small_network(), buckets="1w"),
    "one long bucket": lambda: with_settings(small_network(), buckets="2m"),
    "days": lambda: with_settings(small_network(), buckets="30d"),
    "lead times of nothing": lambda: _every(_table("operations", lead_days=0), "lanes", lead_days=0),
    "lead times past the end": lambda: _table("operations", lead_days=100),
    "half is scrapped": lambda: _every(_table("operations", yield_=0.5), "boms", scrap=0.9),
    "in circles": _in_circles,
    "free": _free,
    "a plant apart": lambda: drop_rows(drop_rows(small_network(), "lanes", origin="chennai"), "stock", site="noida"),
    "stock of millions": lambda: _table("stock", quantity=1e7),
    "demand of millions": lambda: _table("demand", quantity=1e7),
    "a unit of each": lambda: _table("demand", quantity=1),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_network_has_an_honest_plan(name: str) -> None:
    """A plan that is one, a bound below the best of them, and a gap of some percent between them."""
    model = assemble(STRANGE[name]())
    exact = best(model)
    assert exact is not None
    with few_rounds(10):
        solution = solve(model, 1e-3, way="structured")
    is_honest(model, solution, exact)
    assert solution.cost <= exact + 0.05 * abs(exact) + 1e-4
    assert solution.bound >= exact - 0.05 * abs(exact) - 1e-4


@settings(max_examples=10, derandomize=True, database=None)
@given(networks())
def test_a_drawn_network_has_an_honest_plan(network: Network) -> None:
    """Whatever is drawn: an honest plan, or the reasons why there is none."""
    model = assemble(network)
    exact = best(model)
    with few_rounds(3):
        if exact is None:
            with pytest.raises(InfeasibleError) as caught:
                solve(model, 1e-3, way="structured")
            assert "is missed by" in str(caught.value)
            return
        solution = solve(model, 1e-3, way="structured")
    is_honest(model, solution, exact)


@pytest.mark.parametrize("minimum", ["50000", "1000000000"])
def test_hard_minimum_that_cannot_be_met_is_named(minimum: str) -> None:
    """As the exact way does: which contract, by how much, and what stops it."""
    asked = {"contract": "too-much", "partner": "ems", "item": "phone-a", "min": minimum}
    model = assemble(add_rows(small_network(), "contracts", asked))
    with few_rounds(2), pytest.raises(InfeasibleError) as caught:
        solve(model, way="structured")
    assert "contract too-much" in str(caught.value)
    assert "resource noida-smt" in str(caught.value)


def test_hard_minimum_that_can_be_met_is_met() -> None:
    """If no repaired plan meets it, the exact way finds one, and the note says so."""
    asked = {"contract": "all", "partner": "exide", "item": "battery", "min": "9000"}
    model = assemble(add_rows(small_network(), "contracts", asked))
    exact = best(model)
    assert exact is not None
    with few_rounds(4):
        solution = solve(model, 1e-3, way="structured")
    is_honest(model, solution, exact)
    assert solution.cost <= exact * 1.01 or solution.note


def test_nothing_to_decide_costs_nothing() -> None:
    """An empty model has a plan; with a hard target it has none."""
    network = small_network()
    for table in ("demand", "stock", "receipts", "resources", "uses"):
        network = with_rows(network, table)
    solution = solve(assemble(network), way="structured")
    assert (solution.cost, solution.bound, solution.status) == (0.0, 0.0, "optimal")
    target = {"target": "some", "metric": "units_delivered", "at_least": 5}
    with pytest.raises(InfeasibleError, match="target some"):
        solve(assemble(with_rows(network, "targets", target)), way="structured")


def test_incentives_are_negative_costs() -> None:
    """Columns that earn are taken as far as they go, and the bound knows where they end."""
    model = assemble(small_network())
    exact = best(model)
    assert exact is not None
    earning = np.zeros_like(model.cost)
    deliver = model.columns["deliver"]["column"].to_numpy()
    earning[deliver] = -40_000.0
    paid = replace(model, cost=model.cost + earning)
    least = best(paid)
    assert least is not None
    assert least < 0
    with few_rounds(10):
        solution = solve(paid, 1e-3, way="structured")
    is_honest(paid, solution, least)
    assert solution.cost <= least + 0.05 * abs(least) + near(least)
