"""Carrying: freight and insurance when it departs, duty when it arrives in another country."""

from __future__ import annotations

from collections.abc import Iterator

from boxbuild.audit.accounts.line import Line
from boxbuild.audit.flows import Flows, Shipment
from boxbuild.audit.reading import Reading


def lines(flows: Flows, reading: Reading) -> Iterator[Line]:
    """Yield the lines of shipments.

    freight = (per_unit + per_kg x weight_kg) x quantity; insurance = insurance x item value x quantity.
    """
    for shipment in flows.shipments:
        lane, item, bucket = shipment.lane, reading.items[shipment.item], shipment.bucket
        per_unit = lane.per_unit + lane.per_kg * item.weight_kg
        if per_unit:
            freight = reading.exchange.home(per_unit * shipment.quantity, lane.currency, bucket)
            yield Line("freight", bucket, shipment.key, freight)
        if lane.insurance:
            value = reading.exchange.home(item.value * shipment.quantity, item.currency, bucket)
            yield Line("insurance", bucket, shipment.key, lane.insurance * value)
        yield from _duty(shipment, reading)


def _duty(shipment: Shipment, reading: Reading) -> Iterator[Line]:
    """Yield duty = rate x (item value + freight + insurance) x what arrives, between different countries."""
    lane, item = shipment.lane, reading.items[shipment.item]
    origin, country = reading.country(lane.origin), reading.country(lane.destination)
    if origin == country:
        return
    for bucket, fraction in shipment.arrivals:
        rate = reading.duties.rate(country, item.hs, origin, reading.days.edges[bucket])
        if rate:
            value = reading.exchange.home(item.value * (1 + lane.insurance), item.currency, bucket)
            freight = reading.exchange.home(lane.per_unit + lane.per_kg * item.weight_kg, lane.currency, bucket)
            yield Line("duty", bucket, shipment.key, rate * (value + freight) * shipment.quantity * fraction)
