"""What the tests of why share: small plans in which something is late or short, each for one reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from tests.building import add_rows, drop_rows, edit_rows, small_network, with_rows

from boxbuild.files import load
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan

EXAMPLES = Path(__file__).parents[3] / "examples"


def tiny() -> Network:
    network = load(EXAMPLES / "tiny").network
    assert network is not None
    return network


def line() -> Network:
    """The board's line is far too small."""
    return edit_rows(small_network(), "resources", {"resource": "noida-smt"}, per_week="6")


def supplier() -> Network:
    """The supplier of chips sells too few a week."""
    return edit_rows(small_network(), "sources", {"offer": "chip-cn"}, per_week="300")


def both() -> Network:
    """Chips are too few, and so are the hours of the lines that put phones together."""
    network = edit_rows(supplier(), "resources", {"resource": "noida-final"}, per_week="4", overtime_per_week="0")
    return edit_rows(network, "resources", {"resource": "chennai-final"}, per_week="3", overtime_per_week="0")


def receipt() -> Network:
    """Nobody sells displays any more, and the open order comes late."""
    network = drop_rows(small_network(), "sources", offer="display-cn")
    return edit_rows(network, "receipts", {"reference": "PO-1"}, due="2023-07-12")


def lead() -> Network:
    """Chips take eight weeks."""
    return edit_rows(small_network(), "sources", {"offer": "chip-cn"}, lead_days="55")


def early() -> Network:
    """Nothing is in stock, and what must be bought takes longer than there is."""
    network = drop_rows(drop_rows(lead(), "stock", item="chip"), "stock", item="phone-a")
    return edit_rows(network, "sources", {"offer": "chip-cn"}, lead_days="30")


def cheap() -> Network:
    """One demand is worth less than it costs."""
    return edit_rows(small_network(), "demand", {"demand": "IN-a-2"}, price="1", lost_cost="1")


def contract() -> Network:
    """The EMS may build no more than a part of what is wanted."""
    row = {
        "contract": "cap",
        "partner": "ems",
        "family": "phone",
        "from": "2023-06-01",
        "until": "2023-12-31",
        "max": "2000",
    }
    return with_rows(small_network(), "contracts", row)


def cut_off() -> Network:
    """Nothing leads to Hamburg."""
    return drop_rows(small_network(), "lanes", destination="hamburg")


def option() -> Network:
    """A second line that costs money: its decision is yes or no."""
    bought = {
        "option": "smt-2",
        "kind": "line",
        "capex": "100000",
        "currency": "INR",
        "opex_per_week": "1000",
        "earliest": "2023-06-05",
        "ready_days": "7",
    }
    more = {"resource": "noida-smt", "site": "noida", "per_week": "5", "overtime_per_week": "0", "option": "smt-2"}
    return add_rows(with_rows(line(), "options", bought), "resources", more)


NETWORKS: Final[Mapping[str, Callable[[], Network]]] = {
    one.__name__: one for one in (tiny, line, supplier, both, receipt, lead, early, cheap, contract, cut_off, option)
}


@pytest.fixture(scope="session")
def planned() -> Callable[[str], Plan]:
    """A plan of one of the networks, made once."""
    known: dict[str, Plan] = {}

    def one(name: str) -> Plan:
        if name not in known:
            known[name] = make_plan(NETWORKS[name](), release=False)
        return known[name]

    return one
