"""Obligations: what the exports of a plant must earn, by the exact side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from boxbuild.audit.exempt.part import ZONE, Territory
from boxbuild.audit.flows import Buy, Flows, Shipment, joined
from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import Tally, plain
from boxbuild.law.schemes import SCHEMES, surplus

ZERO = Decimal(0)
RELATIVE: Final = Decimal("0.000001")

Earned = tuple[str, str, Decimal, Decimal]


def obligations(tally: Tally, flows: Flows, territory: Territory, reading: Reading) -> None:
    """Check value addition and net foreign exchange of every plant and scheme over the horizon."""
    totals: dict[tuple[str, str], tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for scheme, site, fob, cif in (*_streams(flows, territory, reading), *_zones(flows, territory, reading)):
        known = totals[scheme, site]
        totals[scheme, site] = (known[0] + fob, known[1] + cif)
    for (scheme, site), (fob, cif) in totals.items():
        if scheme != ZONE and not SCHEMES[scheme].obliged:
            continue
        trace = surplus(reading.law, scheme, fob, cif, site)
        tally.holds(
            ("exempt", joined(scheme, site), None),
            when=trace.value >= -RELATIVE * (fob + cif) - RELATIVE,
            expected="at least 0",
            found=trace.value,
            sentence=f"exports of {plain(fob)} on imports of {plain(cif)}: {trace.note}; {trace.formula} < 0",
        )


def _streams(flows: Flows, territory: Territory, reading: Reading) -> Iterator[Earned]:
    for part in flows.exempt:
        moved = part.moved
        if isinstance(moved, Buy):
            yield part.scheme, moved.destination, ZERO, cif(moved, reading)
        elif part.export:
            yield part.scheme, part.site, fob(moved, reading), ZERO
        elif moved.lane.origin in territory.home:
            yield part.scheme, moved.lane.origin, fob(moved, reading), ZERO
            yield part.scheme, moved.lane.destination, ZERO, fob(moved, reading)
        else:
            yield part.scheme, moved.lane.destination, ZERO, cif(moved, reading)


def _zones(flows: Flows, territory: Territory, reading: Reading) -> Iterator[Earned]:
    for buy in flows.buys:
        if buy.destination in territory.zones and reading.origin(buy.offer) != territory.country:
            yield ZONE, buy.destination, ZERO, cif(buy, reading)
    for shipment in flows.shipments:
        lane = shipment.lane
        if lane.origin in territory.zones and lane.destination in territory.abroad:
            yield ZONE, lane.origin, fob(shipment, reading), ZERO
        if lane.destination in territory.zones and lane.origin in territory.abroad:
            yield ZONE, lane.destination, ZERO, cif(shipment, reading)


def fob(shipment: Shipment, reading: Reading) -> Decimal:
    """Return the value of a shipment where it leaves: value of the item x quantity."""
    item = reading.items[shipment.item]
    return reading.exchange.home(item.value * shipment.quantity, item.currency, shipment.bucket)


def cif(moved: Buy | Shipment, reading: Reading) -> Decimal:
    """Return cost, insurance and freight where it arrives, without royalty."""
    total = ZERO
    for bucket, fraction in moved.arrivals:
        part = moved.quantity * fraction
        if isinstance(moved, Buy):
            offer = moved.offer
            total += reading.exchange.home((offer.price + offer.freight) * part, offer.currency, bucket)
            continue
        lane, item = moved.lane, reading.items[moved.item]
        total += reading.exchange.home(item.value * (1 + lane.insurance) * part, item.currency, bucket)
        freight = lane.per_unit + lane.per_kg * item.weight_kg
        total += reading.exchange.home(freight * part, lane.currency, bucket)
    return total
