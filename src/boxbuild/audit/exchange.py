"""The audit's own exchange rates: home currency for one unit of a currency on the first day of a bucket."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from boxbuild.audit.days import Days
from boxbuild.audit.records import FOREVER
from boxbuild.network.network import Network

ONE = Decimal(1)


class Exchange:
    """Exchange rates: the latest ``from`` on or before a day counts; before the first one, the first one."""

    def __init__(self, network: Network, days: Days) -> None:
        dated: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
        rows = network["rates"].select("currency", "from", "home_per_unit").iter_rows()
        for currency, first, value in rows:
            dated[currency].append((-FOREVER if first is None else days.number(first), value))
        self._home = network.settings.home_currency
        self._dated = {currency: sorted(rates) for currency, rates in dated.items()}
        self._edges = days.edges
        self._known: dict[tuple[str, int], Decimal] = {}

    def __contains__(self, currency: str) -> bool:
        """Whether a currency has a rate."""
        return currency == self._home or currency in self._dated

    def rate(self, currency: str, bucket: int) -> Decimal:
        """Return the home currency that one unit of a currency is worth in a bucket."""
        if currency == self._home:
            return ONE
        known = self._known.get((currency, bucket))
        if known is None:
            rates = self._dated[currency]
            past = [value for first, value in rates if first <= self._edges[bucket]]
            known = past[-1] if past else rates[0][1]
            self._known[currency, bucket] = known
        return known

    def home(self, amount: Decimal, currency: str, bucket: int) -> Decimal:
        """Return an amount in home currency."""
        return amount * self.rate(currency, bucket)
