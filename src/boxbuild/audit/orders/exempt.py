"""What of dated orders is under an export scheme: the same share as of the plan's flows over the horizon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from boxbuild.audit.flows import Buy, Exempt, Shipment, joined
from boxbuild.audit.records import decimal
from boxbuild.plan.plan import Plan

Named = tuple[str, ...]
Shares = Mapping[Named, list[tuple[str, str, bool, Decimal]]]
"""Scheme, plant, whether it is exported, and share, by the parts that name a buy or a lane and its item."""


def exempt_shares(plan: Plan) -> Shares:
    """Return the shares of a plan's buys, by offer and destination, and of its shipments, by lane and item."""
    whole: dict[Named, Decimal] = defaultdict(Decimal)
    for offer, destination, quantity in plan["buys"].select("offer", "destination", "quantity").iter_rows():
        whole["buy", offer, destination] += decimal(quantity)
    columns = ("origin", "destination", "mode", "lane_item", "item", "quantity")
    for *lane, item, quantity in plan["shipments"].select(columns).iter_rows():
        whole["ship", joined(*lane), item] += decimal(quantity)
    part: dict[tuple[Named, str, str, bool], Decimal] = defaultdict(Decimal)
    rows = plan["exempt"].select("scheme", "site", "flow", "item", "key", "quantity").iter_rows()
    for scheme, site, flow, item, key, quantity in rows:
        if flow == "buy":
            part[("buy", key, site), scheme, site, False] += decimal(quantity)
        elif flow in ("ship", "export"):
            part[("ship", key, item), scheme, site, flow == "export"] += decimal(quantity)
    found: dict[Named, list[tuple[str, str, bool, Decimal]]] = defaultdict(list)
    for (named, scheme, site, export), quantity in part.items():
        if whole[named]:
            found[named].append((scheme, site, export, quantity / whole[named]))
    return found


def exempt_orders(shares: Shares, buys: Iterable[Buy], shipments: Iterable[Shipment]) -> tuple[Exempt, ...]:
    """Return the part of each order that is under a scheme."""
    return tuple(_parts(shares, (*buys, *shipments)))


def _parts(shares: Shares, orders: Iterable[Buy | Shipment]) -> Iterator[Exempt]:
    for order in orders:
        if isinstance(order, Buy):
            named: Named = ("buy", order.offer.offer, order.destination)
        else:
            lane = order.lane
            named = ("ship", joined(lane.origin, lane.destination, lane.mode, lane.item), order.item)
        for scheme, site, export, share in shares.get(named, ()):
            yield Exempt(scheme, site, export=export, moved=replace(order, quantity=order.quantity * share))
