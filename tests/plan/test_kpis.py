"""Key figures: they add up to the plan, and on the tiny example they are the numbers that paper and pencil give."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.building import small_network

from boxbuild import files
from boxbuild.plan import kpis
from boxbuild.plan.consumption import consumption
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan
from boxbuild.plan.product_cost import ABSORBED, product_cost
from boxbuild.plan.service import service

TINY = Path(__file__).parents[2] / "examples" / "tiny"


@pytest.fixture(scope="module")
def tiny() -> Plan:
    return make_plan(files.read(TINY), release=False)


@pytest.fixture(scope="module")
def small() -> Plan:
    return make_plan(small_network(), release=False)


def test_the_accounts_add_up_to_the_cost(tiny: Plan) -> None:
    rows = kpis.cost_by_account(tiny)
    assert rows["present"].sum() == Decimal("26841.00")
    assert rows["share"].sum() == pytest.approx(1)
    assert rows["account"][0] == "material"


def test_service_of_tiny(tiny: Plan) -> None:
    rows = {row["item"]: row for row in service(tiny).to_dicts()}
    assert (rows["phone"]["wanted"], rows["phone"]["on_time"], rows["phone"]["late"]) == (115, 115, 0)
    assert (rows["speaker"]["on_time"], rows["speaker"]["late"], rows["speaker"]["lost"]) == (30, 30, 0)
    assert rows["speaker"]["orders_on_time"] is None


def test_on_time_late_and_lost_are_all_that_was_wanted(small: Plan) -> None:
    rows = service(small)
    assert (rows["on_time"] + rows["late"] + rows["lost"] - rows["wanted"]).abs().max() < 1e-6
    assert rows["wanted"].sum() == small.network["demand"]["quantity"].sum()


def test_the_line_of_tiny(tiny: Plan) -> None:
    row = kpis.utilisation(tiny).row(0, named=True)
    assert row["used"] == pytest.approx(290)
    assert row["regular"] == pytest.approx(300)
    assert row["overtime"] == pytest.approx(10)
    assert row["peak"] == pytest.approx(1.1)
    assert row["full"] == 0  # ten hours of overtime were left


def test_products_bear_what_they_can_bear(tiny: Plan, small: Plan) -> None:
    for plan in (tiny, small):
        absorbed = plan["ledger"].filter(plan["ledger"]["account"].is_in(ABSORBED))["present"].sum()
        assert product_cost(plan)["cost"].sum() == pytest.approx(float(absorbed), rel=1e-9)


def test_consumption_follows_the_bill_of_materials(small: Plan) -> None:
    used = consumption(small)
    displays = used.filter(component="display")["quantity"].sum()
    phones = small["builds"].filter(small["builds"]["item"].str.starts_with("phone"))["quantity"].sum()
    assert displays == pytest.approx(1.01 * phones)


def test_shares_of_who_builds_and_where_it_goes_add_up(small: Plan) -> None:
    for frame in (kpis.allocation(small), kpis.destinations(small)):
        shares = frame.group_by("item").agg(pl.col("share").sum())["share"]
        assert shares.to_list() == pytest.approx([1.0] * len(shares))


def test_exports_are_what_leaves_the_home_country(small: Plan) -> None:
    gone = small["deliveries"].filter(market="hamburg")["quantity"].sum()
    assert kpis.export_share(small) == pytest.approx(gone / small["deliveries"]["quantity"].sum())


def test_key_figures_are_json(small: Plan) -> None:
    assert json.loads(json.dumps(kpis.key_figures(small), allow_nan=False))["cost"]
