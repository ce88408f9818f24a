"""The audit's own reading of days, rates, duties and bills of materials, on numbers worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.audit.by_hand import hand_network
from tests.building import small_network, with_rows, with_settings

from boxbuild.audit.days import Days
from boxbuild.audit.duty import Duties
from boxbuild.audit.exchange import Exchange
from boxbuild.audit.reading import Reading

MONTHS = Days(date(2023, 6, 5), (0, 7, 14, 26, 57), Decimal("0.1"))
"""Two weeks, what is left of June, and July."""


def test_arrivals_by_hand() -> None:
    """A week shifted by ten days is days 10 to 17: four days in the second bucket, three in the third."""
    fourths = [(bucket, Fraction(part).limit_denominator(100)) for bucket, part in MONTHS.arrivals(0, 10)]
    assert fourths == [(1, Fraction(4, 7)), (2, Fraction(3, 7))]


def test_arrivals_end_with_the_horizon() -> None:
    """Of July only the days before the 11th can leave with 20 days of lead time; all of that arrives in July."""
    assert MONTHS.arrivals(3, 20) == ((3, Decimal(1)),)
    assert MONTHS.arrivals(3, 31) == ()
    assert MONTHS.arrivals(0, 57) == ()


@given(
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=8),
    bucket=st.integers(0, 7),
    lead_days=st.integers(0, 300),
)
def test_arrivals_count_days(lengths: list[int], bucket: int, lead_days: int) -> None:
    """Day by day: each day of the bucket that arrives inside the horizon carries an equal part."""
    edges = [0]
    for length in lengths:
        edges.append(edges[-1] + length)
    days = Days(date(2023, 1, 1), tuple(edges), Decimal(0))
    bucket %= len(lengths)
    arriving = [day + lead_days for day in range(edges[bucket], edges[bucket + 1]) if day + lead_days < edges[-1]]
    expected: dict[int, int] = {}
    for day in arriving:
        expected[days.bucket(day)] = expected.get(days.bucket(day), 0) + 1
    found = days.arrivals(bucket, lead_days)
    assert [into for into, _ in found] == sorted(expected)
    for into, part in found:
        assert abs(part * len(arriving) - expected[into]) < Decimal("1e-20")


def test_factor_by_hand() -> None:
    """Money of day 57 is not paid; money of day 26 at ten percent a year is worth 1.1 ** (-26 / 365)."""
    assert float(MONTHS.factor(3)) == pytest.approx(1.1 ** (-26 / 365), rel=1e-14)
    assert MONTHS.factor(0) == 1


def test_exchange_by_hand() -> None:
    """Before its first day the first rate counts; the home currency is worth 1."""
    network = hand_network()
    exchange = Exchange(network, Days.of(network.settings))
    assert [exchange.rate("USD", bucket) for bucket in range(4)] == [80, 82, 82, 82]
    assert exchange.rate("INR", 2) == 1
    assert "USD" in exchange
    assert "EUR" not in exchange


@pytest.mark.parametrize(
    ("hs", "origin", "day", "rate"),
    [
        ("85177990", "CN", 0, "0.1"),  # the longest prefix, and the origin that is named
        ("85177990", "VN", 0, "0.2"),  # the longest prefix of any origin
        ("85177990", "CN", 10, "0.3"),  # the latest of two
        ("85177100", "CN", 0, "0.5"),  # a shorter prefix; the longer one is of another chapter
        ("85177100", "VN", 0, "0.4"),
        ("90139000", "CN", 0, "0"),
        ("85", "CN", 0, "0"),  # a row for 8517 says nothing about 85
        (None, "CN", 0, "0"),
        ("8504", "CN", 4, "0"),  # not in force yet: a duty has no rate before its first day
        ("8504", "CN", 5, "0.7"),
    ],
)
def test_duty_by_hand(hs: str | None, origin: str, day: int, rate: str) -> None:
    """Prefix first, then origin, then date."""
    network = hand_network(
        duties="""
country,hs,origin,from,rate
IN,8517,,,0.4
IN,8517,CN,,0.5
IN,85177990,,2023-06-14,0.25
IN,85177990,,,0.2
IN,85177990,CN,,0.1
IN,85177990,CN,2023-06-15,0.3
IN,8504,,2023-06-10,0.7
DE,85177990,CN,,0.9
"""
    )
    assert Duties(network, Days.of(network.settings)).rate("IN", hs, origin, day) == Decimal(rate)


def test_needs_by_hand() -> None:
    """A row of the site replaces the general one while it holds; a quantity of 0 takes the component out."""
    network = with_settings(small_network(), buckets="8w")
    network = with_rows(
        network,
        "boms",
        {"parent": "phone-a", "component": "display", "quantity": 1, "scrap": 0.25},
        {"parent": "phone-a", "component": "display", "site": "noida", "quantity": 3, "scrap": 0, "from": "2023-06-10"},
        {"parent": "phone-a", "component": "battery", "quantity": 2, "scrap": 0},
        {"parent": "phone-a", "component": "battery", "site": "chennai", "quantity": 0, "scrap": 0},
    )
    reading = Reading(network, {})

    def taken(site: str, day: int) -> dict[str, Decimal]:
        return {row.component: row.per_unit for row in reading.needs("phone-a", site, day)}

    assert taken("noida", 0) == {"display": Decimal("1.25"), "battery": 2}
    assert taken("noida", 5) == {"display": 3, "battery": 2}
    assert taken("chennai", 5) == {"display": Decimal("1.25")}


def test_capacity_counts_days() -> None:
    """A row counts on the days that it holds and, with an option, from the day that this is ready."""
    reading = Reading(hand_network(), {"line2": 17})
    assert reading.capacity("line", 0, 7) == (70, 14)
    assert reading.capacity("line", 14, 21) == (70 + 35 * Decimal(4) / 7, 14 + Decimal(4))
    assert reading.capacity("line", 21, 28) == (30 + 35, 6 + 7)
