"""Making and keeping: conversion of what is started, overtime that is used, holding of what lies in stock."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from boxbuild.audit.accounts.line import Line
from boxbuild.audit.flows import Flows, joined
from boxbuild.audit.reading import Reading


def lines(flows: Flows, reading: Reading) -> Iterator[Line]:
    """Yield the lines of builds, overtime and stock.

    conversion = cost x units started; holding = value x holding_rate x days / 365 x stock at the end.
    """
    exchange = reading.exchange
    for build in flows.builds:
        operation, bucket = build.operation, build.bucket
        if operation.cost:
            key = joined(operation.site, operation.item, operation.option)
            cost = exchange.home(operation.cost * build.quantity, operation.currency, bucket)
            yield Line("conversion", bucket, key, cost)
    for (resource, bucket), quantity in flows.overtime.items():
        cost = overtime_cost(resource, bucket, quantity, reading)
        if cost:
            yield Line("overtime", bucket, resource, cost)
    yearly = reading.settings.holding_rate
    for (name, site, bucket), quantity in flows.stock.items():
        item = reading.items[name]
        value = exchange.home(item.value * quantity, item.currency, bucket)
        held = value * yearly * reading.days.length(bucket) / 365
        if held:
            yield Line("holding", bucket, joined(name, site), held)


def overtime_cost(resource: str, bucket: int, quantity: Decimal, reading: Reading) -> Decimal:
    """Return what overtime costs: of the rows of a resource, the cheapest overtime is used first."""
    days = reading.days
    rows = []
    for row in reading.resources[resource]:
        counted = reading.resource_days(row, days.edges[bucket], days.edges[bucket + 1])
        limit = row.overtime_per_week * counted / 7
        if limit:
            rows.append((reading.exchange.home(row.overtime_cost, row.currency, bucket), limit))
    cost, left = Decimal(0), quantity
    for index, (price, limit) in enumerate(sorted(rows)):
        used = left if index == len(rows) - 1 else min(left, limit)
        cost += price * used
        left -= used
    return cost
