"""Pools: what came in under a scheme is used, exported or still there; what is not under one is never negative."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from boxbuild.audit.exempt.part import Part, Territory
from boxbuild.audit.flows import Flows, Shipment, joined, lane_key
from boxbuild.audit.needs import components_taken
from boxbuild.audit.reading import Reading, on_day
from boxbuild.audit.tally import Tally, plain
from boxbuild.plan.plan import Plan

ZERO = Decimal(0)

Node = tuple[str, str, str]
Level = list[Decimal]


def streams(
    rows: Iterable[Part], territory: Territory, reading: Reading
) -> tuple[dict[Node, Level], dict[Node, Decimal]]:
    """Return what each stream holds at the end of each bucket, and the size of the flows behind it."""
    changes: dict[Node, Level] = defaultdict(lambda: [ZERO] * reading.days.buckets)
    gross: dict[Node, Decimal] = defaultdict(Decimal)
    for row in rows:
        for node, bucket, quantity in _changes(row, territory, reading):
            changes[node][bucket] += quantity
            gross[node] += abs(quantity)
    return {node: _summed(change) for node, change in changes.items()}, gross


def _changes(row: Part, territory: Territory, reading: Reading) -> Iterator[tuple[Node, int, Decimal]]:
    node, days = (row.scheme, row.site, row.item), reading.days
    if row.flow in ("use", "export"):
        yield node, row.bucket, -row.quantity
        return
    first = days.edges[row.bucket]
    good = row.quantity
    if row.flow == "build":
        operations = reading.operations[row.site, row.item, row.key or None]
        operation = on_day(operations, first) or operations[0]
        lead_days, good = operation.lead_days, good * operation.yields
    elif row.flow == "buy":
        lead_days = (on_day(reading.offers[row.key], first) or reading.offers[row.key][0]).lead_days
    else:
        lanes = reading.lanes[lane_key(row.key)]
        lead_days = (on_day(lanes, first) or lanes[0]).lead_days
        if row.names[0] in territory.home:
            yield (row.scheme, row.names[0], row.item), row.bucket, -row.quantity
    for bucket, fraction in days.arrivals(row.bucket, lead_days):
        yield node, bucket, good * fraction


def pools(tally: Tally, held: dict[Node, Level], gross: dict[Node, Decimal]) -> None:
    """Check that no stream gives what it does not have, and that nothing is left of it at the end."""
    for node, level in held.items():
        label = joined(*node)
        for bucket, quantity in enumerate(level):
            sentence = f"{plain(-quantity)} more left the scheme than came in"
            tally.at_most(("exempt", label, bucket), ZERO, -quantity, gross[node], sentence)
        left = level[-1]
        sentence = f"{plain(left)} came in without duty and were not exported by the end"
        tally.at_most(("exempt", label, len(level) - 1), ZERO, left, gross[node], sentence)


def paid(
    tally: Tally, plan: Plan, flows: Flows, held: dict[Node, Level], territory: Territory, reading: Reading
) -> None:
    """Check that what is not under a scheme is never negative: sold and used at home is only what paid duty.

    What is made in the home country is counted over all its sites; what is only bought, where it lies.
    """
    buckets = range(reading.days.buckets)
    bought: dict[tuple[str, str], Level] = defaultdict(lambda: [ZERO] * reading.days.buckets)
    made: dict[str, Level] = defaultdict(lambda: [ZERO] * reading.days.buckets)
    for (_, site, item), level in held.items():
        total = made[item] if item in territory.made else bought[item, site]
        for bucket in buckets:
            total[bucket] += level[bucket]
    for (item, site), level in bought.items():
        for bucket in buckets:
            kept = flows.stock.get((item, site, bucket), ZERO)
            sentence = f"{plain(level[bucket])} are held under schemes, and {plain(kept)} are in stock"
            tally.at_most(("stock", joined(item, site), bucket), kept, level[bucket], kept, sentence)
    if not made:
        return
    there, gross = _territory(plan, flows, territory, reading)
    for item, level in made.items():
        for bucket in buckets:
            kept = there[item][bucket]
            sentence = (
                f"{plain(level[bucket])} {item} are under schemes, and {plain(kept)} are in the country: "
                f"some that paid no duty was sold or used at home"
            )
            tally.at_most(("exempt", item, bucket), kept, level[bucket], gross[item], sentence)


def _territory(
    plan: Plan, flows: Flows, territory: Territory, reading: Reading
) -> tuple[dict[str, Level], dict[str, Decimal]]:
    """Return what of each item is in the home territory at the end of each bucket, on its way or in stock."""
    changes: dict[str, Level] = defaultdict(lambda: [ZERO] * reading.days.buckets)
    gross: dict[str, Decimal] = defaultdict(Decimal)
    for item, bucket, quantity in _crossings(plan, flows, territory.home, reading):
        changes[item][bucket] += quantity
        gross[item] += abs(quantity)
    return defaultdict(
        lambda: [ZERO] * reading.days.buckets, {item: _summed(change) for item, change in changes.items()}
    ), gross


def _crossings(plan: Plan, flows: Flows, home: set[str], reading: Reading) -> Iterator[tuple[str, int, Decimal]]:
    """Yield item, bucket and quantity of what comes into the home territory, and below 0 what leaves it."""
    given = [(item, site, 0, quantity) for (item, site), quantity in reading.opening.items()]
    given += [(item, site, reading.days.bucket(day), quantity) for item, site, day, quantity in reading.receipts]
    yield from ((item, bucket, quantity) for item, site, bucket, quantity in given if site in home)
    for buy in flows.buys:
        if buy.destination in home:
            yield from ((buy.offer.item, bucket, buy.quantity * part) for bucket, part in buy.arrivals)
    for build in flows.builds:
        if build.operation.site in home:
            good = build.quantity * build.operation.yields
            yield from ((build.operation.item, bucket, good * part) for bucket, part in build.arrivals)
    for shipment in flows.shipments:
        yield from _crossing(shipment, home)
    gone = [
        (delivery.demand.item, delivery.demand.market, delivery.bucket, delivery.quantity)
        for delivery in flows.deliveries
    ]
    for item, site, bucket, quantity in (*gone, *components_taken(plan, flows, reading)):
        if site in home:
            yield item, bucket, -quantity


def _crossing(shipment: Shipment, home: set[str]) -> Iterator[tuple[str, int, Decimal]]:
    leaves, enters = shipment.lane.origin in home, shipment.lane.destination in home
    if leaves and not enters:
        yield shipment.item, shipment.bucket, -shipment.quantity
    if enters and not leaves:
        yield from ((shipment.item, bucket, shipment.quantity * part) for bucket, part in shipment.arrivals)


def _summed(changes: Level) -> Level:
    total, found = ZERO, []
    for change in changes:
        total += change
        found.append(total)
    return found
