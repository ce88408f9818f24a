"""A plan that begins from another: what is kept beside a plan, and what it is good for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from bench.networks import network
from tests.building import small_network

from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.network.network import Network
from boxbuild.plan.folder import read_plan, write_plan
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.plan.warm import start_from
from boxbuild.solve.solution import Floats

GAP = 0.02


def _more(network: Network, factor: float) -> Network:
    demand = network["demand"]
    first = pl.col("item") == demand["item"][0]
    quantity = pl.when(first).then(pl.col("quantity") * factor).otherwise("quantity")
    return network.with_table("demand", demand.with_columns(quantity=quantity))


@pytest.fixture(scope="module")
def bench() -> Network:
    return network(6e3)


@pytest.fixture(scope="module")
def old(bench: Network) -> Plan:
    return make_plan(bench, gap=GAP, way="structured", release=False)


def test_the_plan_of_the_same_network_is_found_again_at_once(bench: Network, old: Plan) -> None:
    told: list[str] = []
    again = make_plan(
        bench, gap=GAP, way="structured", release=False, start=old, progress=lambda progress: told.append(progress.note)
    )
    assert again.summary.gap <= GAP
    assert again.summary.cost == pytest.approx(old.summary.cost, rel=1e-3)
    assert not [note for note in told if note.startswith("round")]
    assert any("begun from another plan: " in note for note in again.summary.notes)


def test_a_changed_demand_begins_from_the_plan_before(bench: Network, old: Plan) -> None:
    more = _more(bench, 1.2)
    cold, warm = (make_plan(more, gap=GAP, way="structured", release=False, start=start) for start in (None, old))
    for plan in (cold, warm):
        assert plan.summary.gap <= GAP
    assert max(cold.summary.bound, warm.summary.bound) <= min(cold.summary.cost, warm.summary.cost)
    assert warm.audit().passed


def test_prices_travel_with_the_folder(tmp_path: Path, old: Plan) -> None:
    stored = read_plan(write_plan(old, tmp_path / "plan"))
    assert stored.prices is not None
    assert old.prices is not None
    assert stored.prices.equals(old.prices)


def test_rows_are_known_by_what_names_them(bench: Network, old: Plan) -> None:
    fewer = bench.with_table("demand", bench["demand"].slice(3))
    model = assemble(fewer)
    start = start_from(model, old.tables, old.prices)
    whole = start_from(assemble(bench), old.tables, old.prices)
    assert start.prices is not None
    assert whole.prices is not None
    assert np.isfinite(start.prices).all()
    for name in ("balance", "demand"):
        these = model.families[name].keys.with_columns(new=_part(model, name, start.prices))
        those = assemble(bench).families[name].keys.with_columns(old=_part(assemble(bench), name, whole.prices))
        both = these.join(those, on=[key for key in these.columns if key not in ("lower", "upper", "new")])
        assert both.height == these.height
        assert both["new"].equals(both["old"].alias("new"))


def _part(model: Model, family: str, prices: Floats) -> pl.Series:
    first = model.first_row(family)
    return pl.Series(prices[first : first + model.families[family].keys.height])


def test_leaving_the_plan_may_have_a_price() -> None:
    before = make_plan(small_network(), gap=1e-6, release=False)
    more = _more(small_network(), 1.1)
    free = make_plan(more, gap=1e-6, release=False, start=before)
    held = make_plan(more, gap=1e-6, release=False, start=before, change_price=0.5)
    assert held.summary.cost >= free.summary.cost - 1e-6
    assert held.summary.bound <= free.summary.cost + 1e-6
    assert any("was charged beside the cost" in note for note in held.summary.notes)
    assert held.audit().passed
