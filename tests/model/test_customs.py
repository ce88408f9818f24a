"""What customs charge on one unit of a flow, and what exports are paid, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from tests.building import add_rows, edit_rows, small_network
from tests.customs_network import customs_network

from boxbuild.audit import audit
from boxbuild.model.assemble import assemble
from boxbuild.model.objective.customs import charged, per_ship
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan


def customs_of(network: Network, kind: str, **where: object) -> dict[str, float]:
    """Return the charges of the one column that equals ``where``, by account."""
    model = assemble(network)
    columns = model.columns[kind].filter(pl.col(name).eq_missing(pl.lit(value)) for name, value in where.items())
    assert columns.height == 1
    found = charged(model.flows, model.columns).filter(kind=kind).join(columns, on="column", how="semi")
    assert found.select("column", "account").is_unique().all()
    return dict(found.select("account", "value").iter_rows())


def paid_on(network: Network, **where: object) -> dict[str, float]:
    model = assemble(network)
    columns = model.columns["ship"].filter(pl.col(name) == value for name, value in where.items())
    found = per_ship(model.flows, model.columns).join(columns, on="column", how="semi")
    return dict(found.select("account", "value").iter_rows())


PLAIN = {"discount_rate": Decimal(0), "igst_stuck": Decimal(1)}
DISPLAY = {"offer": "display-cn", "destination": "noida", "bucket": 0}
PHONE = {"origin": "noida", "destination": "mumbai", "item": "phone-a", "bucket": 0}
LEAVING = {"origin": "mumbai", "destination": "hamburg", "item": "phone-a", "bucket": 0}


def test_a_purchase_from_abroad() -> None:
    """(18 + 0.2 + 0.5) USD at 82.5 pay 10 %, of that 10 %, 3 % against dumping, and 18 % on all of it."""
    value = 18.7 * 82.5
    expected = {"duty": 0.1 * value, "surcharge": 0.01 * value, "antidumping": 0.03 * value}
    expected["igst"] = 0.18 * (value + sum(expected.values()))
    assert customs_of(customs_network(**PLAIN), "buy", **DISPLAY) == pytest.approx(expected)


def test_each_part_of_a_purchase_pays_when_it_arrives() -> None:
    """Ordered in the first week, half of the displays arrive under the old rate where ten days are on the way."""
    network = edit_rows(customs_network(**PLAIN), "sources", {"offer": "display-cn"}, lead_days=17)
    value = 18.7 * 82.5
    found = customs_of(network, "buy", **DISPLAY)
    assert found["duty"] == pytest.approx((4 / 7 * 0.1 + 3 / 7 * 0.05) * value)
    assert found["antidumping"] == pytest.approx(0.03 * value)


def test_a_row_of_duties_counts_before_the_book() -> None:
    """The market's row of the table is its duty, on value, insurance and freight."""
    found = customs_of(customs_network(**PLAIN), "ship", **LEAVING)
    assert found == pytest.approx({"duty": 0.02 * (9000 * 1.002 + (0.5 + 3 * 0.4) * 82.5)})


def test_exports_are_paid() -> None:
    """4 % of 9000, at most 350; and 24.50 of duties remitted."""
    assert paid_on(customs_network(**PLAIN), **LEAVING) == pytest.approx({"drawback": -350, "rodtep": -24.5})
    cheap = edit_rows(customs_network(**PLAIN), "items", {"item": "phone-a"}, value=5000)
    assert paid_on(cheap, **LEAVING)["drawback"] == pytest.approx(-200)


def test_only_what_is_made_here_and_leaves_is_paid_for() -> None:
    """Nothing on the way to the hub, nothing on what no operation here builds, nothing by the table alone."""
    network = customs_network(**PLAIN)
    assert paid_on(network, **PHONE) == {}
    assert paid_on(customs_network(law="tables"), **LEAVING) == {}
    abroad = edit_rows(network, "sites", {"site": "noida"}, country="VN")
    abroad = edit_rows(abroad, "sites", {"site": "chennai"}, country="VN")
    assert paid_on(abroad, **LEAVING) == {}


@pytest.mark.parametrize("regime", ["sez", "eou", "bonded", "aa", "brand"])
def test_sites_under_a_scheme_draw_nothing_back(regime: str) -> None:
    """Nor are duties remitted, as long as the law does not open that to the scheme."""
    network = edit_rows(customs_network(**PLAIN), "sites", {"site": "mumbai"}, regime=regime)
    assert paid_on(network, **LEAVING) == {}


def test_a_special_economic_zone_is_abroad() -> None:
    """What arrives there from abroad is free; what leaves it for the country pays like the import of that good."""
    network = edit_rows(customs_network(**PLAIN), "sites", {"site": "noida"}, regime="sez")
    assert customs_of(network, "buy", **DISPLAY) == {}
    found = customs_of(network, "ship", **PHONE)
    value = 9000 * 1.001 + 10 + 5 * 0.4
    assert found["duty"] == pytest.approx(0.2 * value)
    assert found["surcharge"] == pytest.approx(0.02 * value)
    assert found["igst"] == pytest.approx(0.18 * 1.22 * value)
    assert customs_of(edit_rows(network, "sites", {"site": "mumbai"}, regime="sez"), "ship", **PHONE) == {}


def test_zones_hold_under_the_table_too() -> None:
    """The table's rates go by the same borders."""
    network = edit_rows(small_network(), "sites", {"site": "noida"}, regime="sez")
    network = add_rows(network, "duties", {"country": "IN", "hs": "8517", "rate": "0.22"})
    assert customs_of(network, "buy", **DISPLAY) == {}
    assert customs_of(network, "ship", **PHONE) == pytest.approx({"duty": 0.22 * (9000 * 1.001 + 10 + 5 * 0.4)})


def test_no_law_no_charge() -> None:
    """Under ``off`` nothing is charged, not even by the table."""
    assert customs_of(customs_network(law="off"), "buy", **DISPLAY) == {}


@pytest.mark.parametrize("law", ["book", "tables"])
def test_a_plan_with_a_zone_passes_its_audit(law: str) -> None:
    """The three readings of borders are one."""
    network = edit_rows(customs_network(law=law), "sites", {"site": "noida"}, regime="sez")
    network = add_rows(network, "duties", {"country": "IN", "hs": "8517", "rate": "0.22"})
    plan = make_plan(network)
    assert audit(plan).failures == ()
    assert plan["ledger"].filter(account="duty")["key"].str.starts_with("noida|").any()
