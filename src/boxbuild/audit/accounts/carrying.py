"""Carrying: freight and insurance and what exports are paid when it departs, customs charges when it arrives."""

from __future__ import annotations

from collections.abc import Iterator

from boxbuild.audit.accounts import customs
from boxbuild.audit.accounts.line import Line
from boxbuild.audit.flows import Flows
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
        yield from customs.shipped(shipment, reading)
        yield from customs.exported(shipment, reading)
