"""The quantity that no sensible plan exceeds: what options and ladders are limited by."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.building import edit_rows, small_network, with_rows, with_settings
from tests.model.exempt_network import exempt_network

from boxbuild.model.flows import flows
from boxbuild.model.most import most
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan


def _only_displays() -> Network:
    """Fifty displays are wanted by the end of the second week; they are sold from then on and take two days."""
    network = with_settings(small_network(), buckets="3w", holding_rate=Decimal(0))
    for table in ("stock", "receipts", "lanes", "duties"):
        network = with_rows(network, table)
    demand = {"demand": "d", "item": "display", "market": "india", "due": "2023-06-18", "quantity": 50}
    network = with_rows(network, "demand", {**demand, "max_late_days": 0, "lost_cost": 100})
    offer = {"offer": "new", "item": "display", "supplier": "wuhan", "destination": "india", "price": 1}
    return with_rows(network, "sources", {**offer, "lead_days": 2, "from": "2023-06-12"})


def test_more_may_be_sent_than_is_wanted() -> None:
    """Of what is bought in a week, five sevenths arrive in it: seventy make fifty."""
    network = _only_displays()
    assert most(flows(network)).filter(item="display")["most"].item() == pytest.approx(70)
    assert make_plan(network, gap=1e-9, release=False).summary.cost == pytest.approx(70)


def test_an_option_allows_what_any_offer_allows() -> None:
    """An offer that waits for a free option sells as much as one that does not."""
    network = _only_displays()
    source = {**network.tables["sources"].to_dicts()[0], "option": "free"}
    opened = with_rows(with_rows(network, "options", {"option": "free", "capex": 0}), "sources", source)
    assert make_plan(opened, gap=1e-9, release=False).summary.cost == pytest.approx(70)


def test_ways_multiply_along_a_chain_of_lanes() -> None:
    """Two lanes of two days each: five sevenths of five sevenths."""
    network = _only_displays()
    source = {**network.tables["sources"].to_dicts()[0], "destination": "mumbai", "lead_days": 0}
    lanes = [("mumbai", "noida"), ("noida", "india")]
    rows = [{"origin": origin, "destination": to, "mode": "road", "lead_days": 2} for origin, to in lanes]
    network = with_rows(with_rows(network, "sources", source), "lanes", *rows)
    assert most(flows(network)).filter(item="display")["most"].item() == pytest.approx(50 * (7 / 5) ** 2)
    assert make_plan(network, gap=1e-9, release=False).summary.cost == pytest.approx(50 * (7 / 5) ** 2)


def test_exports_that_are_paid_more_than_they_cost_have_an_end() -> None:
    """Phones of parts for 5 draw back 8 and 24.5: each of the two weeks could send without an end."""
    network = edit_rows(exempt_network(law="book"), "sources", {"offer": "part-jp"}, price="5")
    plan = make_plan(network, gap=1e-9, release=False)
    wanted = most(flows(network)).filter(item="phone")["most"].item()
    assert wanted == pytest.approx(100)
    assert plan["shipments"].filter(destination="tokyo")["quantity"].max() == pytest.approx(wanted)
    assert plan.summary.status == "optimal"
    assert plan.audit().passed, plan.audit()
