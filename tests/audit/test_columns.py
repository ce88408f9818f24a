"""Checks by columns count and measure what the same checks count and measure row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.building import small_network, with_settings

from boxbuild.audit import balances, capacity, options, rows, service
from boxbuild.audit import money as money_by_row
from boxbuild.audit.accounts import Commitments
from boxbuild.audit.audit import DIGITS
from boxbuild.audit.columns import money, orders, quantities
from boxbuild.audit.columns.flows import Tables
from boxbuild.audit.columns.pairs import Pairs
from boxbuild.audit.flows import Flows
from boxbuild.audit.orders.alternates import taken_by
from boxbuild.audit.orders.cost import release_cost
from boxbuild.audit.orders.dates import order_dates
from boxbuild.audit.orders.deliveries import order_deliveries
from boxbuild.audit.orders.lots import order_lots
from boxbuild.audit.orders.order import orders as read_orders
from boxbuild.audit.orders.stock import order_stock
from boxbuild.audit.orders.weeks import order_weeks
from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import Tally
from boxbuild.network.network import Network
from boxbuild.plan.make import make_plan
from boxbuild.plan.plan import Plan

QUANTITIES = st.floats(0, 1e9).map(lambda number: round(number, 8))


@given(st.lists(st.tuples(QUANTITIES, QUANTITIES), min_size=1, max_size=20))
def test_pairs_are_the_decimals_that_floats_print_as(numbers: list[tuple[float, float]]) -> None:
    """A difference of products of printed numbers is off by less than 1e-28 of their size."""
    one, other = (Pairs.of(pl.Series(column, dtype=pl.Float64)) for column in zip(*numbers, strict=True))
    found = (one * other - other / Pairs.one(Decimal(7))).summed(np.zeros(len(numbers), dtype=np.int64), 1)
    with localcontext(prec=60):
        decimals = [(Decimal(repr(a)), Decimal(repr(b))) for a, b in numbers]
        exact = sum((a * b - b / 7 for a, b in decimals), Decimal(0))
        size = sum((a * b + b for a, b in decimals), Decimal(1))
        assert abs(Decimal(float(found.high[0])) + Decimal(float(found.low[0])) - exact) <= size * Decimal("1e-28")


def one_by_one(plan: Plan, reading: Reading) -> Iterator[Tally]:
    flows, dated, taken = Flows.of(plan, reading), read_orders(plan, reading), taken_by(plan)
    yield balances.balances(plan, flows, reading)
    yield rows.builds(flows, reading)
    yield rows.buys(plan, flows, reading)
    yield rows.shipments(flows, reading)
    yield service.deliveries(plan, flows, reading)
    yield service.demand(plan, flows, reading)
    yield capacity.capacity(plan, flows, reading)
    yield capacity.supply(flows, reading)
    yield capacity.carriage(flows, reading)
    yield money_by_row.ledger(plan, money_by_row.expected_lines(flows, Commitments.of(plan), reading))
    yield order_dates(dated, reading)
    yield order_lots(dated, reading)
    yield order_stock(dated, taken, reading)
    yield order_weeks(dated, reading)
    yield order_deliveries(dated, reading)
    yield release_cost(plan.summary.release_cost, dated, taken, {}, reading)


def at_once(plan: Plan, reading: Reading) -> Iterator[Tally | None]:
    flows, dated = quantities.Buckets(plan, Tables(reading)), orders.Orders(plan, Tables(reading))
    for check in ("balances", "builds", "buys", "shipments", "deliveries", "demand", "capacity", "supply", "carriage"):
        yield getattr(quantities, check)(flows)
    book = money.expected(flows)
    assert book is not None
    yield money.ledger(flows, book)
    for check in ("dates", "lots", "stock", "weeks", "deliveries"):
        yield getattr(orders, f"order_{check}")(dated)
    yield orders.release_cost(dated)


def plain(network: Network) -> Network:
    return with_settings(network, law="tables")


def mixed(network: Network) -> Network:
    return with_settings(network, law="tables", buckets="5d+2w+2m", discount_rate=Decimal("0.1"))


@pytest.mark.parametrize("changed", [plain, mixed], ids=lambda changed: changed.__name__)
def test_columns_find_what_rows_find(changed: Callable[[Network], Network]) -> None:
    """Every check counts as much, and its largest deviation is the same."""
    plan = make_plan(changed(small_network()))
    with localcontext(prec=DIGITS):
        reading = Reading(plan.network, {})
        reading.ready.update(options.ready_days(plan, reading))
        found = list(at_once(plan, reading))
        for tally, slow in zip(found, one_by_one(plan, reading), strict=True):
            assert tally is not None, slow.name
            assert (tally.name, tally.what, tally.tolerance) == (slow.name, slow.what, slow.tolerance)
            assert tally.count == slow.count, slow.name
            assert float(tally.deviation) == pytest.approx(float(slow.deviation), rel=1e-6, abs=1e-15), slow.name
