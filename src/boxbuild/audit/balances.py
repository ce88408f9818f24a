"""Stock: what was there, plus what came, less what went, for each item, site and bucket."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from boxbuild.audit.flows import Flows, joined
from boxbuild.audit.needs import components_taken
from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import Tally, plain
from boxbuild.plan.plan import Plan

Node = tuple[str, str]
Terms = dict[str, Decimal]

ZERO = Decimal(0)

OUT = frozenset({"used", "shipped", "delivered"})


def balances(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check the balance of every item, site and bucket.

    stock at the end = stock at the end of the bucket before (the opening stock in the first)
    + receipts + bought + arrived by lane + good output - used by builds - shipped - delivered, never below 0.
    """
    tally = Tally("balances", "items × sites × buckets")
    moved = _moved(plan, flows, reading)
    nodes = {*moved, *reading.opening, *((item, site) for item, site, _ in flows.stock)}
    for node in sorted(nodes):
        before = reading.opening.get(node, ZERO)
        here = moved.get(node, {})
        for bucket in range(reading.days.buckets):
            after = flows.stock.get((*node, bucket), ZERO)
            terms = here.get(bucket)
            expected, gross = before, abs(before)
            for name, value in terms.items() if terms else ():
                expected += -value if name in OUT else value
                gross += value
            place = ("stock", joined(*node), bucket)
            tally.equal(place, expected, after, gross, partial(_sentence, before, terms, after))
            if after < 0:
                tally.fail(place, ZERO, after, f"stock is negative: {plain(after)}")
            before = after
    return tally


def _sentence(before: Decimal, terms: Terms | None, after: Decimal) -> str:
    parts = [f"{plain(before)} before"]
    total = before
    for name, value in sorted((terms or {}).items(), key=lambda term: (term[0] in OUT, term[0])):
        sign = "-" if name in OUT else "+"
        parts.append(f"{sign} {plain(value)} {name}")
        total += -value if name in OUT else value
    return f"{' '.join(parts)} = {plain(total)}, but the plan has {plain(after)} in stock"


def _moved(plan: Plan, flows: Flows, reading: Reading) -> dict[Node, dict[int, Terms]]:
    found: dict[Node, dict[int, Terms]] = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))
    for item, site, bucket, name, quantity in _movements(plan, flows, reading):
        found[item, site][bucket][name] += quantity
    return found


def _movements(plan: Plan, flows: Flows, reading: Reading) -> Iterator[tuple[str, str, int, str, Decimal]]:
    for item, site, day, quantity in reading.receipts:
        yield item, site, reading.days.bucket(day), "received", quantity
    for buy in flows.buys:
        for bucket, fraction in buy.arrivals:
            yield buy.offer.item, buy.destination, bucket, "bought", buy.quantity * fraction
    for shipment in flows.shipments:
        yield shipment.item, shipment.lane.origin, shipment.bucket, "shipped", shipment.quantity
        for bucket, fraction in shipment.arrivals:
            yield shipment.item, shipment.lane.destination, bucket, "arrived", shipment.quantity * fraction
    for build in flows.builds:
        operation = build.operation
        for bucket, fraction in build.arrivals:
            good = build.quantity * operation.yields * fraction
            yield operation.item, operation.site, bucket, "built", good
    for item, site, bucket, quantity in components_taken(plan, flows, reading):
        yield item, site, bucket, "used", quantity
    for delivery in flows.deliveries:
        yield delivery.demand.item, delivery.demand.market, delivery.bucket, "delivered", delivery.quantity
