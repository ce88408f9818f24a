"""A plan timed again by weeks keeps what schemes are worth: its flows cost by weeks what they cost with streams."""

from __future__ import annotations

import numpy as np
import pytest
from tests.building import edit_rows, with_settings
from tests.model.exempt_network import exempt_network

from boxbuild.model.assemble import assemble
from boxbuild.plan.ledger import ledger
from boxbuild.plan.make import make_plan
from boxbuild.plan.order_flows.exempt import exempt_shares
from boxbuild.plan.refine import refined, schemed_cost, unschemed


def test_flows_without_streams_are_priced_with_the_plans_part_under_schemes() -> None:
    network = exempt_network("aa")
    plan = make_plan(network, release=False)
    shares = exempt_shares(plan.tables)
    assert shares.height
    model = assemble(unschemed(network))
    assert model.columns["exempt_buy"].is_empty()
    change = schemed_cost(model, shares)
    values = np.zeros(change.size)
    for kind, table, keys in (
        ("buy", "buys", ["offer", "destination", "bucket"]),
        ("ship", "shipments", ["origin", "destination", "mode", "lane_item", "item", "bucket"]),
    ):
        columns = model.columns[kind].select(*keys, "column")
        moved = columns.join(plan[table].select(*keys, "quantity"), on=keys, nulls_equal=True)
        values[moved["column"].to_numpy()] = moved["quantity"].to_numpy()
    stated = plan["ledger"].filter(account="exemption")["present"].cast(float).sum()
    assert stated < 0
    assert change @ values == pytest.approx(stated)


def test_a_plan_by_weeks_is_its_own_refinement() -> None:
    network = exempt_network("aa")
    plan = make_plan(network, release=False)
    assert refined(network, plan.tables).tables is plan.tables
    assert ledger(network, plan.tables).equals(plan["ledger"])


def test_what_is_due_after_the_horizon_has_no_orders() -> None:
    """Orders aim at a week early, which does not bring what is due after the last day into the plan."""
    network = with_settings(exempt_network(), buckets="1m")
    late = edit_rows(network, "demand", {"demand": "away"}, due="2024-02-03")
    plan = make_plan(late, gap=1e-9)
    assert set(plan["deliveries"]["demand"]) == {"home"}
    assert set(plan["orders"].filter(kind="deliver")["reference"]) == {"home"}
    assert plan.audit().passed, plan.audit()
