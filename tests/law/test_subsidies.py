"""Capital subsidies: 25 % of what is eligible, while the scheme takes applications and from its least investment on."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.building import edit_rows, with_settings
from tests.model.law_family import law_family

from boxbuild.law.law import Law
from boxbuild.law.subsidies import assess, received
from boxbuild.network.network import Network


def value(network: Network, taken: int = 0) -> Decimal | None:
    law = Law.of(network)
    trace = assess(law, network["options"].row(0, named=True), taken)
    return None if trace is None else trace.value


@pytest.mark.parametrize(
    ("capex", "eligible", "taken", "paid"),
    [
        ("60000000", "0.9", 1, "13500000"),  # 54 million eligible, 25 %
        ("60000000", "0.9", 2, None),  # 1 April 2024: the scheme closed on 31 March
        ("50000000", "1", 0, "12500000"),  # exactly the least investment, 5 crore
        ("60000000", "0.8", 0, "0"),  # 48 million eligible
        ("0", "1", 0, None),
    ],
)
def test_what_is_paid(capex: str, eligible: str, taken: int, paid: str | None) -> None:
    network = edit_rows(law_family(), "options", {"option": "line"}, capex=capex, eligible=eligible)
    assert value(network, taken) == (None if paid is None else Decimal(paid))


def test_capex_in_dollars_is_converted_when_it_is_spent() -> None:
    network = edit_rows(law_family(), "options", {"option": "line"}, capex="1000000", currency="USD", eligible="1")
    assert value(network) == 20_000_000  # 80 million rupees, 25 %


def test_nothing_without_the_book_or_without_a_claim() -> None:
    assert value(with_settings(law_family(), law="tables")) is None
    assert value(edit_rows(law_family(), "options", {"option": "line"}, subsidy=None)) is None


def test_it_is_received_so_many_days_after_taking() -> None:
    network = law_family()
    law, row = Law.of(network), network["options"].row(0, named=True)
    assert [received(law, row, taken) for taken in range(3)] == [3, 3, 3]  # after 21 days; after the horizon
    assert received(law, {**row, "subsidy_days": 7}, 1) == 2


def test_a_trace_names_rate_and_least_investment() -> None:
    network = law_family()
    trace = assess(Law.of(network), network["options"].row(0, named=True), 0)
    assert trace is not None
    assert [read.parameter for read in trace.reads] == ["in.specs.rate", "in.specs.min_investment.least"]
