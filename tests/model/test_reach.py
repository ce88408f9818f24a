"""Where things can be and are of use: what presolve may leave out, and what it may not."""

from __future__ import annotations

import polars as pl
import pytest
from tests.building import add_rows, drop_rows, edit_rows, small_network, with_rows

from boxbuild.model.reach import nodes
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan


def _places(network: Network, item: str) -> dict[str, bool]:
    found = nodes(network).filter(pl.col("item") == item)
    return dict(zip(found["site"], found["of_use"], strict=True))


def test_stock_of_no_use_is_kept_and_paid_for() -> None:
    """What lies where nobody needs it stays in the plan's stock and in its holding."""
    network = add_rows(small_network(), "stock", {"item": "chip", "site": "hamburg", "quantity": 10})
    assert not _places(network, "chip")["hamburg"]
    before, after = (make_plan(case, gap=1e-9, release=False) for case in (small_network(), network))
    assert after["stock"].filter(item="chip", site="hamburg")["quantity"].to_list() == [10] * 8
    assert after.summary.cost - before.summary.cost == pytest.approx(10 * 25 * 82.5 * 0.12 * 56 / 365)


def test_a_minimum_makes_an_item_of_use() -> None:
    """A contract's minimum can be met with what nobody demands."""
    network = with_rows(small_network(), "demand")
    assert nodes(network)["of_use"].sum() == 0
    contract = {"contract": "take", "partner": "ems", "item": "board", "min": 20}
    plan = make_plan(add_rows(network, "contracts", contract), gap=1e-9, release=False)
    assert plan["builds"]["quantity"].sum() == pytest.approx(20)


def test_a_target_on_units_makes_an_item_of_use() -> None:
    """So can a target on units built or bought."""
    network = with_rows(small_network(), "demand")
    target = {"target": "learn", "metric": "units_bought", "scope": "item=battery", "at_least": 20}
    plan = make_plan(add_rows(network, "targets", target), gap=1e-9, release=False)
    assert plan["buys"]["quantity"].sum() == pytest.approx(20)


def test_a_component_of_yesterday_stops_nothing_today() -> None:
    """A BOM row that ended before the plan, of a component that nobody sells any more, does not stop builds."""
    network = small_network()
    old = {"item": "old-chip", "kind": "component", "value": 1}
    row = {"parent": "board", "component": "old-chip", "quantity": 1, "until": "2023-06-01"}
    network = add_rows(add_rows(network, "items", old), "boms", row)
    assert _places(network, "board")["noida"]
    assert make_plan(network, gap=1e-9, release=False).summary.cost == pytest.approx(23_949_003.98, rel=1e-6)


def test_a_site_row_of_quantity_zero_takes_a_component_away() -> None:
    """Where the site's own row says 0, the site builds without the component, even if it can never be there."""
    network = drop_rows(small_network(), "sources", offer="battery-in")
    assert "noida" not in _places(network, "phone-a")
    none = {"parent": "phone-a", "site": "noida", "component": "battery", "quantity": 0}
    network = add_rows(network, "boms", none)
    assert _places(network, "phone-a")["noida"]
    plan = make_plan(network, gap=1e-9, release=False)
    assert plan["builds"].filter(pl.col("item") == "phone-a")["quantity"].sum() > 0


def test_a_group_may_be_called_like_a_component() -> None:
    """The group "battery" is another need than the component "battery"."""
    network = edit_rows(small_network(), "boms", {"component": "display"}, alternate_group="battery")
    assert _places(network, "phone-a")["noida"]
    lost = drop_rows(network, "sources", offer="battery-in")
    assert "noida" not in _places(lost, "phone-a")
