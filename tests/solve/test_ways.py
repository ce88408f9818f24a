"""Ways to solve: exact and structured agree within their gaps, whatever the network has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from bench.networks import network
from tests.building import add_rows, small_network, with_settings
from tests.model.every_family import every_family
from tests.solve.structured.plainly import decided, deviation, example, few_rounds, near

from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.network.network import Network
from boxbuild.solve.solution import relative_gap
from boxbuild.solve.solve import solve

GAP, REACHED = 1e-2, 3e-2
"""Gap that is asked for, and the one that a few rounds reach in every case."""


def _with(table: str, *rows: dict[str, Any]) -> Callable[[], Model]:
    return lambda: assemble(add_rows(small_network(), table, *rows))


def _calendar(buckets: str) -> Callable[[], Model]:
    return lambda: assemble(with_settings(small_network(), buckets=buckets))


def _alternates() -> Network:
    """A phone takes the display or, with more of it and at another price, a second one."""
    other = {"item": "display-2", "kind": "component", "family": "display", "hs": "85177990", "value": 15,
             "currency": "USD", "weight_kg": 0.05}  # fmt: skip
    changed = add_rows(small_network(), "items", other)
    frame = changed.tables["boms"]
    group = pl.when(pl.col("component") == "display").then(pl.lit("screen")).otherwise(pl.col("alternate_group"))
    changed = changed.with_table("boms", frame.with_columns(group.alias("alternate_group")))
    rows = [{"parent": parent, "component": "display-2", "quantity": 1, "scrap": 0.03, "alternate_group": "screen"}
            for parent in ("phone-a", "phone-b")]  # fmt: skip
    changed = add_rows(changed, "boms", *rows)
    offer = {"offer": "display-2", "item": "display-2", "supplier": "wuhan", "price": 17, "currency": "USD",
             "lead_days": 7, "per_week": 120, "terms": "turnkey", "origin": "CN"}  # fmt: skip
    return add_rows(changed, "sources", offer)


TARGET = {"target": "t", "metric": "units_delivered", "scope": "market=hamburg"}

CASES: dict[str, Callable[[], Model]] = {
    "tiny": lambda: example("tiny"),
    "one phone": lambda: example("one-phone"),
    "duty cuts": lambda: example("duty-cuts-2024"),
    "a bench": lambda: assemble(network(6e3)),
    "another bench": lambda: assemble(network(6e3, seed=3)),
    "months": _calendar("2m"),
    "weeks and a month": _calendar("3w+1m"),
    "days and weeks": _calendar("14d+6w"),
    "alternates": lambda: assemble(_alternates()),
    "a least": _with(
        "contracts", {"contract": "c", "partner": "ems", "item": "phone-a", "min": "2500", "shortfall_cost": 50}
    ),
    "a most": _with("contracts", {"contract": "c", "partner": "exide", "item": "battery", "max": "1500"}),
    "a target": _with("targets", {**TARGET, "at_least": 2200, "penalty": 90}),
}


@pytest.mark.parametrize("name", CASES)
def test_both_ways_agree(name: str) -> None:
    """Neither bound is above the other's cost, both plans hold, and the gap that is claimed is there."""
    model = CASES[name]()
    exact = solve(model, 1e-6, way="exact")
    with few_rounds(8):
        found = solve(model, GAP, way="structured")
    assert (found.status == "optimal") == (found.gap <= GAP)
    assert found.gap == relative_gap(float(model.cost @ found.values), found.bound)
    assert deviation(model, found.values) <= 1e-6
    assert found.bound <= exact.cost + near(exact.cost, 1e-9)
    assert found.cost >= exact.bound - near(exact.cost, 1e-9)
    assert found.method.startswith("structured")
    assert found.gap <= REACHED


def test_both_ways_agree_once_the_decisions_are_made() -> None:
    """With ladders, options and schemes as the exact way chose them, what is left costs the same."""
    model = decided(assemble(every_family()))
    exact = solve(model, 1e-6, way="exact")
    with few_rounds(2):
        found = solve(model, GAP, way="structured")
    assert deviation(model, found.values) <= 1e-6
    assert found.bound <= exact.cost + near(exact.cost)
    assert found.cost >= exact.bound - near(exact.cost)
