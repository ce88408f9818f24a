"""Customs: what goods pay when they enter a country, and what exports are paid, by the exact side of the law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from boxbuild.audit.accounts.line import Line
from boxbuild.audit.flows import Buy, Shipment
from boxbuild.audit.reading import Reading
from boxbuild.law.customs import Entry, charges
from boxbuild.law.export import RUPEE, Export, benefits

ZONE = "sez"
ABROAD = "abroad"
"""Origin of goods that leave a special economic zone: not of the country, and of no other that is known."""


def bought(buy: Buy, reading: Reading) -> Iterator[Line]:
    """Yield what a purchase pays on arrival, of price + freight + royalty."""
    offer = buy.offer
    origin = _enters(reading.origin(offer), offer.supplier, buy.destination, reading)
    if origin is None:
        return
    entry = Entry(
        country=reading.country(buy.destination),
        item=offer.item,
        hs=reading.items[offer.item].hs,
        origin=None if origin == ABROAD else origin,
        form=offer.form,
        end_use=offer.end_use,
        agreement=offer.agreement,
        rvc=offer.rvc,
        tariff_shift=offer.tariff_shift,
    )
    for bucket, fraction in buy.arrivals:
        exchange = reading.exchange.rate(offer.currency, bucket) * buy.quantity * fraction
        values = {"fob": offer.price, "freight": offer.freight, "royalty": offer.royalty}
        home = {name: value * exchange for name, value in values.items()}
        yield from _lines(entry, home, bucket, buy.key, reading)


def shipped(shipment: Shipment, reading: Reading, agreement: str | None = None) -> Iterator[Line]:
    """Yield what a shipment pays on arrival, of item value + freight + insurance; originating under an agreement."""
    lane, item = shipment.lane, reading.items[shipment.item]
    origin = _enters(reading.country(lane.origin), lane.origin, lane.destination, reading)
    if origin is None:
        return
    country = reading.country(lane.destination)
    entry = Entry(country, shipment.item, item.hs, None if origin == ABROAD else origin)
    if agreement is not None:
        entry = replace(entry, agreement=agreement, rvc=Decimal(1), tariff_shift=True)
    for bucket, fraction in shipment.arrivals:
        part = shipment.quantity * fraction
        value = reading.exchange.home(item.value, item.currency, bucket) * part
        freight = reading.exchange.home(lane.per_unit + lane.per_kg * item.weight_kg, lane.currency, bucket) * part
        home = {"fob": value, "freight": freight, "insurance": value * lane.insurance}
        yield from _lines(entry, home, bucket, shipment.key, reading)


def exported(shipment: Shipment, reading: Reading) -> Iterator[Line]:
    """Yield what a shipment of goods made in the home country is paid when it leaves it; negative amounts."""
    lane, item, home = shipment.lane, reading.items[shipment.item], reading.settings.home_country
    leaves = reading.country(lane.origin) == home != reading.country(lane.destination)
    if not reading.law.by_book or not leaves or shipment.item not in reading.made_at_home:
        return
    export = Export(home, shipment.item, item.hs, reading.sites[lane.origin].regime)
    fob = reading.exchange.home(item.value, item.currency, shipment.bucket)
    rupee = reading.exchange.rate(RUPEE, shipment.bucket) if RUPEE in reading.exchange else Decimal(0)
    day = reading.days.date(reading.days.edges[shipment.bucket])
    for part in reading.noted(benefits(reading.law, export, fob, day, rupee)).parts:
        if part.value:
            account = part.rule.removeprefix("export.")
            yield Line(account, shipment.bucket, shipment.key, -part.value * shipment.quantity)


def _enters(origin: str, left: str, arrived: str, reading: Reading) -> str | None:
    """Return the origin of goods that pay where they arrive; ``None`` where they do not pay.

    What enters a special economic zone does not pay; what leaves one for another place in its country does.
    """
    place, country = reading.sites[arrived], reading.country(arrived)
    if place.regime == ZONE:
        return None
    if origin != country:
        return origin
    return ABROAD if reading.country(left) == country and reading.sites[left].regime == ZONE else None


def _lines(entry: Entry, values: dict[str, Decimal], bucket: int, key: str, reading: Reading) -> Iterator[Line]:
    edge = reading.days.edges[bucket]
    if reading.law.by_book:
        paid = charges(reading.noted(reading.assessor.assess(entry, values, reading.days.date(edge))))
    elif reading.law.off:
        paid = {}
    else:
        paid = {"duty": reading.duties.rate(entry.country, entry.hs, entry.origin, edge) * sum(values.values())}
    for account, amount in paid.items():
        if amount:
            yield Line(account, bucket, key, amount)
