"""What of dated orders is claimed under trade agreements: the same share as of the plan's shipments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from boxbuild.audit.flows import Preferred, Shipment
from boxbuild.audit.records import decimal
from boxbuild.plan.plan import Plan

Named = tuple[str | None, ...]
Claimed = Mapping[Named, list[tuple[str, Decimal]]]
"""Agreement and share, by the parts that name a lane, and the item."""


def preference_shares(plan: Plan) -> Claimed:
    """Return the shares of a plan's shipments, by lane and item."""
    lane = ("origin", "destination", "mode", "lane_item", "item")
    whole: dict[Named, Decimal] = defaultdict(Decimal)
    for *named, quantity in plan["shipments"].select(*lane, "quantity").iter_rows():
        whole[tuple(named)] += decimal(quantity)
    part: dict[tuple[Named, str], Decimal] = defaultdict(Decimal)
    for agreement, *named, quantity in plan["preferences"].select("agreement", *lane, "quantity").iter_rows():
        part[tuple(named), agreement] += decimal(quantity)
    found: dict[Named, list[tuple[str, Decimal]]] = defaultdict(list)
    for (lane_item, agreement), quantity in part.items():
        if whole[lane_item]:
            found[lane_item].append((agreement, quantity / whole[lane_item]))
    return found


def preference_orders(shares: Claimed, shipments: Iterable[Shipment]) -> tuple[Preferred, ...]:
    """Return the part of each order that is claimed."""
    found = []
    for order in shipments:
        lane = order.lane
        for agreement, share in shares.get((lane.origin, lane.destination, lane.mode, lane.item, order.item), ()):
            found.append(Preferred(agreement, replace(order, quantity=order.quantity * share)))
    return tuple(found)
