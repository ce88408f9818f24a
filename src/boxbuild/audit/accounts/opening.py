"""Options: capex when they are taken, opex from the day they are ready, and what is left at the end."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from boxbuild.audit.accounts.line import Line
from boxbuild.audit.days import days_between
from boxbuild.audit.flows import Flows
from boxbuild.audit.granting import granted
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import FOREVER

ZERO = Decimal(0)
ONE = Decimal(1)


def lines(flows: Flows, reading: Reading) -> Iterator[Line]:
    """Yield the lines of options.

    opex = opex_per_week x days of the bucket from the ready day on / 7;
    residual = - (capex - subsidy) x max(0, 1 - days of use / (7 x life_weeks)), at the exchange rate of the capex.
    """
    days, exchange = reading.days, reading.exchange
    subsidies = {option: amount for option, _, amount in granted(flows, reading)}
    for name, taken in flows.taken.items():
        option, ready = reading.options[name], reading.ready[name]
        capex = exchange.home(option.capex, option.currency, taken)
        if capex:
            yield Line("capex", taken, name, capex)
        for bucket in range(days.buckets):
            used = days_between(days.edges[bucket], days.edges[bucket + 1], ready, FOREVER)
            opex = exchange.home(option.opex_per_week * used / 7, option.currency, bucket)
            if opex:
                yield Line("opex", bucket, name, opex)
        if option.life_weeks is not None and capex:
            left = max(ZERO, ONE - Decimal(days.horizon - ready) / (7 * option.life_weeks))
            if left:
                yield Line("residual", days.buckets - 1, name, (subsidies.get(name, ZERO) - capex) * left)
