"""Buying: material and markup and freight when it is ordered, customs charges when it arrives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from boxbuild.audit.accounts import customs
from boxbuild.audit.accounts.line import Line
from boxbuild.audit.flows import Flows
from boxbuild.audit.reading import Reading

MARKED_UP: Final = frozenset({"turnkey", "buy_sell"})


def lines(flows: Flows, reading: Reading) -> Iterator[Line]:
    """Yield the lines of buys.

    material = price x quantity; markup = price x markup x quantity, for turnkey and buy_sell;
    freight = freight x quantity.
    """
    for buy in flows.buys:
        offer, bucket = buy.offer, buy.bucket
        exchange = reading.exchange.rate(offer.currency, bucket)
        material = offer.price * buy.quantity * exchange
        yield Line("material", bucket, buy.key, material)
        if offer.markup and offer.terms in MARKED_UP:
            yield Line("markup", bucket, buy.key, material * offer.markup)
        if offer.freight:
            yield Line("freight", bucket, buy.key, offer.freight * buy.quantity * exchange)
        yield from customs.bought(buy, reading)
