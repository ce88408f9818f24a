"""Small networks under export schemes, drawn by Hypothesis: one or two plants, a hub, alternates, stock and dates."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from tests.building import add_rows, edit_rows, with_rows
from tests.model.exempt_network import exempt_network

from boxbuild.network.network import Network

Draw = Callable[[st.SearchStrategy[Any]], Any]
LEADS = ("0", "0", "1", "3", "8")


@st.composite
def exempt_networks(draw: Draw) -> Network:
    """Draw a network in which exports are made from parts that pay duty, and no plant works under a scheme."""

    def one(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    network = exempt_network(
        law=one("tables", "tables", "book"),
        buckets=one("2w", "3w", "5d+2w", "1w+1m"),
        discount_rate=one(Decimal(0), Decimal("0.1")),
        holding_rate=one(Decimal(0), Decimal("0.5")),
        igst_stuck=one(Decimal(0), Decimal("0.2")),
    )
    network = edit_rows(network, "duties", {"country": "IN"}, rate=one("0.1", "0.4"))
    network = edit_rows(network, "items", {"item": "phone"}, value=one("90", "112", "300"))
    network = edit_rows(
        network, "sources", {"offer": "part-jp"}, lead_days=one(*LEADS), per_week=one(None, "30", "60"), freight="2"
    )
    network = _components(network, one)
    network = _sites(network, one)
    for demand in ("home", "away"):
        chosen = {"due": one("2024-01-06", "2024-01-14"), "quantity": one("10", "37.5", "50"), "max_late_days": "7"}
        network = edit_rows(network, "demand", {"demand": demand}, **chosen)
    stock = [("part", "noida"), ("phone", "noida"), ("phone", "tokyo"), ("phone", "delhi")]
    lying = [{"item": item, "site": site, "quantity": "7"} for item, site in stock if one(True, False, False)]
    return add_rows(network, "stock", *lying)


def _components(network: Network, one: Callable[..., Any]) -> Network:
    """Two parts or one and its alternate, with scrap, one of them also from home."""
    network = add_rows(network, "items", {"item": "cell", "kind": "component", "hs": "85177990", "value": "60"})
    group = one(None, "g")
    network = with_rows(
        network,
        "boms",
        {"parent": "phone", "component": "part", "quantity": "1", "scrap": one("0", "0.1"), "alternate_group": group},
        {"parent": "phone", "component": "cell", "quantity": "2", "scrap": "0", "alternate_group": group},
    )
    offer = {"item": "cell", "lead_days": one(*LEADS), "per_week": one(None, "40")}
    supplier = {"site": "pune", "partner": "seller", "kind": "supplier", "country": "IN"}
    network = add_rows(network, "sites", supplier)
    return add_rows(
        network,
        "sources",
        {"offer": "cell-jp", "supplier": "osaka", "price": "50", **offer},
        {"offer": "cell-in", "supplier": "pune", "price": one("52", "70"), **offer},
    )


def _sites(network: Network, one: Callable[..., Any]) -> Network:
    """Exports through a hub, a second plant that builds phones too, or one that builds them from the first one's."""
    network = edit_rows(network, "operations", {"item": "phone"}, yield_=one("1", "0.9"), lead_days=one(*LEADS))
    free = {"lead_days": one("0", "2"), "per_unit": "1"}
    if one(True, False):
        hub = {"site": "mumbai", "partner": "brand", "kind": "hub", "country": "IN"}
        network = add_rows(network, "sites", hub)
        network = edit_rows(network, "lanes", {"destination": "tokyo"}, origin="mumbai")
        network = add_rows(network, "lanes", {"origin": "noida", "destination": "mumbai", "mode": "road", **free})
    if one(True, False):
        network = add_rows(network, "operations", {"site": "chennai", "item": "phone", "cost": one("0", "5")})
        network = add_rows(network, "lanes", {"origin": "chennai", "destination": "noida", "mode": "road", **free})
    elif one(True, False):
        network = add_rows(network, "items", {"item": "board", "kind": "assembly", "value": "120"})
        network = edit_rows(network, "boms", {"component": "part"}, parent="board", alternate_group=None)
        network = add_rows(network, "boms", {"parent": "phone", "component": "board", "quantity": "1"})
        network = add_rows(network, "operations", {"site": "chennai", "item": "board", "cost": "1"})
        network = add_rows(network, "lanes", {"origin": "chennai", "destination": "noida", "mode": "road", **free})
    return network


@st.composite
def schemes(draw: Draw) -> list[dict[str, Any]]:
    """Draw rows of the table ``schemes``; the option, where one is named, is ``yard``."""
    rows = st.fixed_dictionaries(
        {
            "site": st.sampled_from(["noida", "noida", "chennai"]),
            "scheme": st.sampled_from(["aa", "eou", "bonded", "brand"]),
            "option": st.sampled_from([None, None, "yard"]),
            "until": st.sampled_from([None, None, "2024-01-08"]),
        }
    )
    return draw(st.lists(rows, min_size=1, max_size=4, unique_by=lambda row: (row["site"], row["scheme"])))
