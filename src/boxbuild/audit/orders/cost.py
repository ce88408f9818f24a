"""Cost of the orders by the accounts of the plan: each in the bucket of its day."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from boxbuild.audit.accounts import Commitments
from boxbuild.audit.flows import Build, Buy, Delivery, Flows, Shipment
from boxbuild.audit.money import HALF_CENT, RELATIVE, expected_lines, total
from boxbuild.audit.orders.alternates import Taken
from boxbuild.audit.orders.exempt import Shares, exempt_orders
from boxbuild.audit.orders.order import Order
from boxbuild.audit.orders.preference import Claimed, preference_orders
from boxbuild.audit.orders.stock import movements
from boxbuild.audit.orders.weeks import days_of
from boxbuild.audit.reading import Reading, Row, on_day
from boxbuild.audit.records import Demand, Lane, Offer, Operation
from boxbuild.audit.tally import ZERO, Tally, plain

WHOLE = Decimal(1)


def release_cost(
    stated: float | None,
    orders: tuple[Order, ...],
    taken: Taken,
    taken_options: dict[str, int],
    reading: Reading,
    shares: Shares | None = None,
    claimed: Claimed | None = None,
) -> Tally:
    """Check the cost of the orders: their flows by the same accounts, to 1e-6 of the amounts.

    It is a sum of lines of a ledger, each rounded, so half a hundredth a line is allowed as well. An order counts in
    the bucket of its first day, duty in that of its last. What the orders leave short of contracts and targets, and
    the steps that they reach, are counted anew. What is under export schemes, and what is claimed under trade
    agreements, are the plan's shares of the flows.
    """
    tally = Tally("release cost", "cost of the orders", "1e-6 of the amounts")
    place = ("summary", "release_cost", None)
    if not orders and stated is None:
        return tally
    tally.count = 1
    if stated is None:
        tally.fail(place, "a cost", "none", "the plan has orders, and does not say what they cost")
        return tally
    flows = order_flows(orders, taken, taken_options, reading, shares, claimed)
    computed = total(expected_lines(flows, Commitments.left_by(flows, reading), reading))
    found = Decimal(stated)
    if not found.is_finite():
        tally.fail(place, computed.cost, found, "the cost of the orders is not a number")
        return tally
    off = abs(found - computed.cost)
    tally.deviation = off
    if off > RELATIVE * computed.gross + HALF_CENT * (computed.count + 1):
        sentence = f"release_cost is {plain(found)}, and the orders make {plain(computed.cost)}"
        tally.fail(place, computed.cost, found, sentence)
    return tally


def order_flows(
    orders: tuple[Order, ...],
    taken: Taken,
    taken_options: dict[str, int],
    reading: Reading,
    shares: Shares | None = None,
    claimed: Claimed | None = None,
) -> Flows:
    """Return orders as flows between buckets."""
    builds, buys, shipments, deliveries = [], [], [], []
    left = {name: d.quantity for name, d in reading.demands.items() if reading.due_bucket(d) is not None}
    used: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for order in orders:
        row, bucket = order.row, _bucket(order.start, reading)
        arrivals = ((_bucket(order.end, reading), WHOLE),)
        if isinstance(row, Operation):
            priced = priced_by(reading.operations[row.site, row.item, row.option], bucket, reading) or row
            builds.append(Build(priced, bucket, order.quantity, order.quantity * row.yields, arrivals))
            for resource, quantity in reading.uses.get((order.site, order.item), ()):
                used[resource, order.start // 7] += order.quantity * quantity
        elif isinstance(row, Offer):
            priced_offer = priced_by(reading.offers[row.offer], bucket, reading) or row
            buys.append(Buy(priced_offer, order.destination or "", bucket, order.quantity, arrivals))
        elif isinstance(row, Lane):
            priced_lane = priced_by(reading.lanes[row.origin, row.destination, row.mode, row.item], bucket, reading)
            shipments.append(Shipment(priced_lane or row, order.item, bucket, order.quantity, arrivals))
        elif isinstance(row, Demand):
            deliveries.append(Delivery(row, bucket, order.quantity, day=order.start))
            left[row.demand] = left.get(row.demand, ZERO) - order.quantity
    return Flows(
        dated=True,
        builds=tuple(builds),
        buys=tuple(buys),
        shipments=tuple(shipments),
        deliveries=tuple(deliveries),
        shortages={name: quantity for name, quantity in left.items() if quantity > 0},
        stock=_stock(orders, taken, reading),
        overtime=_overtime(used, reading),
        taken=taken_options,
        exempt=exempt_orders(shares or {}, buys, shipments),
        preferred=preference_orders(claimed or {}, shipments),
    )


def priced_by(rows: list[Row], bucket: int, reading: Reading) -> Row | None:
    """Return the row that prices a bucket: that of its first day or, where there is none, the first to begin in it."""
    left, right = reading.days.edges[bucket], reading.days.edges[bucket + 1]
    begun = sorted((row for row in rows if left < row.first < right), key=lambda row: row.first)
    return on_day(rows, left) or (begun[0] if begun else None)


def _bucket(day: int, reading: Reading) -> int:
    """Return the bucket of a day; another check speaks of days outside the horizon."""
    return min(max(0, reading.days.bucket(day)), reading.days.buckets - 1)


def _overtime(used: dict[tuple[str, int], Decimal], reading: Reading) -> dict[tuple[str, int], Decimal]:
    """Return what each week uses beyond its regular hours, in the bucket in which the week starts."""
    found: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for (resource, week), quantity in used.items():
        regular, limit = reading.capacity(resource, *days_of(week, reading))
        found[resource, _bucket(7 * week, reading)] += min(max(ZERO, quantity - regular), limit)
    return found


def _stock(orders: tuple[Order, ...], taken: Taken, reading: Reading) -> dict[tuple[str, str, int], Decimal]:
    days, found = reading.days, {}
    moved = movements(orders, taken, reading)
    for node in {*moved, *reading.opening}:
        stock = reading.opening.get(node, ZERO)
        change: dict[int, Decimal] = defaultdict(Decimal)
        for day, quantity in moved.get(node, {}).items():
            change[_bucket(day, reading)] += quantity
        for bucket in range(days.buckets):
            stock += change[bucket]
            if stock > 0:
                found[*node, bucket] = stock
    return found
