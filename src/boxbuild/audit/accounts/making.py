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
    """Return what overtime costs in a bucket.

    Of the rows of the resource that give overtime on a day of the bucket, one that holds on its first day sets the
    price; of several, one without an option, then the one that began first.
    """
    left, right = reading.days.edges[bucket], reading.days.edges[bucket + 1]
    rows = [
        row for row in reading.resources[resource] if row.overtime_per_week and reading.resource_days(row, left, right)
    ]
    if not rows or not quantity:
        return Decimal(0)
    row = min(rows, key=lambda row: (row.first > left, row.option is not None, row.first))
    return reading.exchange.home(row.overtime_cost * quantity, row.currency, bucket)
