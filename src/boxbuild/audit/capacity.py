"""Limits of a week: what resources can do, what offers supply and what lanes carry, by bucket."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from boxbuild.audit.flows import Flows, joined
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Lane, Offer, decimal
from boxbuild.audit.tally import Tally, plain
from boxbuild.plan.plan import Plan

ZERO = Decimal(0)


def capacity(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check what builds use of every resource in every bucket against its capacity and its overtime.

    capacity = per_week x days of the bucket on which the row counts / 7, over the rows of the resource;
    used <= regular + overtime; overtime <= its limit, which is computed likewise.
    """
    tally = Tally("capacity", "resources × buckets")
    used: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for build in flows.builds:
        for resource, quantity in reading.uses.get((build.operation.site, build.operation.item), ()):
            used[resource, build.bucket] += build.quantity * quantity
    columns = ("resource", "bucket", "used", "regular", "overtime", "overtime_limit")
    stated = {(row[0], row[1]): row[2:] for row in plan["capacity"].select(columns).iter_rows()}
    edges = reading.days.edges
    for resource in reading.resources:
        for bucket in range(reading.days.buckets):
            place = ("capacity", resource, bucket)
            if (resource, bucket) not in stated:
                tally.fail(place, "a row", "none", "the table has no row for this resource and bucket")
                continue
            told = [decimal(value) for value in stated[resource, bucket]]
            regular, limit = reading.capacity(resource, edges[bucket], edges[bucket + 1])
            _resource(tally, place, (used.get((resource, bucket), ZERO), regular, limit), told)
    return tally


def _resource(
    tally: Tally, place: tuple[str, str, int], computed: tuple[Decimal, Decimal, Decimal], told: list[Decimal]
) -> None:
    used, regular, limit = computed
    told_used, told_regular, overtime, told_limit = told
    sentence = f"builds use {plain(used)}, the table says {plain(told_used)}"
    tally.equal(place, used, told_used, used, sentence)
    sentence = f"there are {plain(regular)} without overtime, the table says {plain(told_regular)}"
    tally.equal(place, regular, told_regular, regular, sentence)
    sentence = f"overtime can be {plain(limit)}, the table says {plain(told_limit)}"
    tally.equal(place, limit, told_limit, limit, sentence)
    sentence = f"{plain(overtime)} overtime, and there can be {plain(limit)}"
    tally.at_most(place, limit, overtime, limit, sentence)
    sentence = f"{plain(used)} used, and there are {plain(regular)} and {plain(overtime)} paid overtime"
    tally.at_most(place, regular + overtime, used, used, sentence)


def supply(flows: Flows, reading: Reading) -> Tally:
    """Check that each offer sells no more in a bucket than its per_week x days / 7, over all destinations."""
    tally = Tally("supply", "limited offers × buckets")
    bought: dict[tuple[Offer, int], Decimal] = defaultdict(Decimal)
    for buy in flows.buys:
        if buy.offer.per_week is not None:
            bought[buy.offer, buy.bucket] += buy.quantity
    for (offer, bucket), quantity in bought.items():
        per_week = offer.per_week or ZERO
        limit = per_week * reading.days.length(bucket) / 7
        sentence = f"{plain(quantity)} bought, and {plain(per_week)} a week make {plain(limit)}"
        tally.at_most(("buys", offer.offer, bucket), limit, quantity, limit, sentence)
    return tally


def carriage(flows: Flows, reading: Reading) -> Tally:
    """Check that each lane carries no more in a bucket than its per_week x days / 7, over all items."""
    tally = Tally("carriage", "limited lanes × buckets")
    carried: dict[tuple[Lane, int], Decimal] = defaultdict(Decimal)
    for shipment in flows.shipments:
        if shipment.lane.per_week is not None:
            carried[shipment.lane, shipment.bucket] += shipment.quantity
    for (lane, bucket), quantity in carried.items():
        per_week = lane.per_week or ZERO
        limit = per_week * reading.days.length(bucket) / 7
        key = joined(lane.origin, lane.destination, lane.mode, lane.item)
        sentence = f"{plain(quantity)} carried, and {plain(per_week)} a week make {plain(limit)}"
        tally.at_most(("shipments", key, bucket), limit, quantity, limit, sentence)
    return tally
