"""The recomputation of a plan without the solver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import localcontext
from functools import cached_property
from typing import Final

from boxbuild.audit import (
    balances,
    capacity,
    contracts,
    granting,
    law,
    locks,
    money,
    needs,
    options,
    rows,
    service,
    targets,
    tiers,
)
from boxbuild.audit.accounts import Commitments
from boxbuild.audit.columns import absent, quantities
from boxbuild.audit.columns import money as by_column
from boxbuild.audit.columns import orders as released
from boxbuild.audit.columns import pooled as columns
from boxbuild.audit.columns.flows import Tables
from boxbuild.audit.columns.orders import Orders
from boxbuild.audit.columns.quantities import Buckets
from boxbuild.audit.exempt import exemptions
from boxbuild.audit.flows import Flows
from boxbuild.audit.law_reads import law_reads
from boxbuild.audit.orders.alternates import Taken, order_alternates, taken_by
from boxbuild.audit.orders.cost import release_cost
from boxbuild.audit.orders.dates import order_dates
from boxbuild.audit.orders.deliveries import order_deliveries
from boxbuild.audit.orders.exempt import exempt_shares
from boxbuild.audit.orders.lots import order_lots
from boxbuild.audit.orders.order import Order, orders
from boxbuild.audit.orders.preference import preference_shares
from boxbuild.audit.orders.stock import order_stock
from boxbuild.audit.orders.weeks import order_weeks
from boxbuild.audit.origin import origin
from boxbuild.audit.preference import preference
from boxbuild.audit.readable import readable
from boxbuild.audit.reading import Reading
from boxbuild.audit.result import Audit, Check
from boxbuild.audit.tally import ZERO, Tally
from boxbuild.audit.value_added import Pooled, Pooling, value_added
from boxbuild.plan.plan import Plan

DIGITS: Final = 40
"""Digits that decimals are computed with: products of the tables' numbers are exact, quotients nearly so."""

CHECKS: Final = (
    "balances",
    "alternates",
    "builds",
    "buys",
    "shipments",
    "deliveries",
    "demand",
    "capacity",
    "supply",
    "carriage",
    "options",
    "contracts",
    "tiers",
    "targets",
    "locks",
    "law origin",
    "law incentives",
    "law subsidies",
    "ledger",
    "summary",
    "law customs",
    "law drawback",
    "law rodtep",
    "law exemptions",
    "law preference",
    "law value added",
    "law reads",
    "order dates",
    "order lots",
    "order alternates",
    "order stock",
    "order weeks",
    "order deliveries",
    "release cost",
)
"""Names of the checks that follow the first one, ``tables``; a test holds them to what is run."""


def audit(plan: Plan) -> Audit:
    """Recompute a plan from its tables and its network alone.

    Parameters
    ----------
    plan
        The plan; its network is the one that was planned.

    Returns
    -------
    Audit
        Every check with what it counted, its largest deviation, its tolerance and its failures.

    Notes
    -----
    Windows, exchange rates, arrivals, discount factors and duties are read again here, in exact decimals;
    nothing of the model, the solver, the release or the ledger is used. See ``docs/audit.md``.
    """
    with localcontext() as context:
        context.prec = DIGITS
        network = plan.network
        reading = Reading(network, {})
        reading.ready.update(options.ready_days(plan, reading))
        first = readable(plan, reading).check()
        if first.failures:
            rest = (Check(name, "", 0, ZERO, "", skipped=True) for name in CHECKS)
            return Audit(network.name, (first, *rest))
        tallies = (*_by_bucket(plan, reading), *_by_day(plan, reading))
        return Audit(network.name, (first, *(tally.check() for tally in tallies)))


def _by_bucket(plan: Plan, reading: Reading) -> Iterator[Tally]:
    by_columns, read = Buckets(plan, Tables(reading)), _Read(plan, reading)
    yield quantities.balances(by_columns) or balances.balances(plan, read.flows, reading)
    yield quantities.alternates(by_columns) or needs.alternates(plan, read.flows, reading)
    yield quantities.builds(by_columns) or rows.builds(read.flows, reading)
    yield quantities.buys(by_columns) or rows.buys(plan, read.flows, reading)
    yield quantities.shipments(by_columns) or rows.shipments(read.flows, reading)
    yield quantities.deliveries(by_columns) or service.deliveries(plan, read.flows, reading)
    yield quantities.demand(by_columns) or service.demand(plan, read.flows, reading)
    yield quantities.capacity(by_columns) or capacity.capacity(plan, read.flows, reading)
    yield quantities.supply(by_columns) or capacity.supply(read.flows, reading)
    yield quantities.carriage(by_columns) or capacity.carriage(read.flows, reading)
    yield options.options(plan, reading)
    yield from _by_flow(plan, by_columns, read, reading)


def _by_flow(plan: Plan, by_columns: Buckets, read: _Read, reading: Reading) -> Iterator[Tally]:
    yield absent.contracts(plan) or contracts.contracts(plan, read.flows, reading)
    yield absent.tiers(plan) or tiers.tiers(plan, read.flows, reading)
    yield absent.targets(plan) or targets.targets(plan, read.flows, reading)
    yield locks.locks(plan, reading)
    yield absent.origin(plan) or origin(plan, read.flows, reading)
    yield absent.incentives(plan, reading) or granting.incentives(plan, read.flows, reading)
    yield absent.subsidies(plan, reading) or granting.subsidies(plan, read.flows, reading)
    book = by_column.expected(by_columns)
    yield (book and by_column.ledger(by_columns, book)) or money.ledger(plan, read.expected)
    yield money.summary(plan, book.total if book else money.total(read.expected))
    yield from law.rules(plan, {} if book else read.expected, reading)
    yield absent.exemptions(plan) or exemptions(plan, read.flows, read.expected, reading)
    yield absent.preference(plan, reading) or preference(plan, read.flows, read.expected, reading)
    if book:
        pooled: Pooling = columns.Pooled(by_columns, book.lines(by_column.CHARGED))
    else:
        pooled = Pooled(plan, read.flows, reading, read.expected)
    yield value_added(plan, reading, pooled)
    yield absent.law_reads(plan, reading) or law_reads(plan, read.flows, reading)


@dataclass(frozen=True)
class _Read:
    """The flows of a plan one by one, read where a check asks for them."""

    plan: Plan
    reading: Reading

    @cached_property
    def flows(self) -> Flows:
        return Flows.of(self.plan, self.reading)

    @cached_property
    def expected(self) -> dict[money.Key, money.Sum]:
        """Their amounts by account, bucket and key."""
        return money.expected_lines(self.flows, Commitments.of(self.plan), self.reading)


def _by_day(plan: Plan, reading: Reading) -> Iterator[Tally]:
    dated, read = Orders(plan, Tables(reading)), _Released(plan, reading)
    yield released.order_dates(dated) or order_dates(read.orders, reading)
    yield released.order_lots(dated) or order_lots(read.orders, reading)
    yield released.order_alternates(dated) or order_alternates(read.orders, read.taken, reading)
    yield released.order_stock(dated) or order_stock(read.orders, read.taken, reading)
    yield released.order_weeks(dated) or order_weeks(read.orders, reading)
    yield released.order_deliveries(dated) or order_deliveries(read.orders, reading)
    yield released.release_cost(dated) or read.cost()


@dataclass(frozen=True)
class _Released:
    """The orders of a plan one by one, read where a check asks for them."""

    plan: Plan
    reading: Reading

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        return orders(self.plan, self.reading)

    @cached_property
    def taken(self) -> Taken:
        """What they take from groups of alternates."""
        return taken_by(self.plan)

    def cost(self) -> Tally:
        """Check what they cost."""
        plan, stated = self.plan, self.plan.summary.release_cost
        options_taken = dict(plan["options"].select("option", "bucket").iter_rows())
        shares, claimed = exempt_shares(plan), preference_shares(plan)
        return release_cost(stated, self.orders, self.taken, options_taken, self.reading, shares, claimed)
