"""The audit's own duty rule: the longest prefix, then a named origin, then the latest date."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from boxbuild.audit.days import Days
from boxbuild.audit.records import FOREVER, decimal
from boxbuild.network.network import Network

NOTHING = Decimal(0)


class Duties:
    """Duty rates of a network, asked by country, classification, origin and day."""

    def __init__(self, network: Network, days: Days) -> None:
        self._dated: dict[tuple[str, str, str | None], list[tuple[int, Decimal]]] = defaultdict(list)
        rows = network["duties"].select("country", "hs", "origin", "from", "rate").iter_rows()
        for country, hs, origin, first, rate in rows:
            since = -FOREVER if first is None else days.number(first)
            self._dated[country, hs, origin].append((since, decimal(rate)))
        for rates in self._dated.values():
            rates.sort()
        self._known: dict[tuple[str, str, str | None, int], Decimal] = {}

    def rate(self, country: str, hs: str | None, origin: str | None, day: int) -> Decimal:
        """Return the duty as a fraction of the assessable value; 0 for an item without a classification.

        Of the rows in force on the day whose ``hs`` begins the item's, the longest decides; of two of one length
        the one that names the origin; of two of those the latest.
        """
        if not hs:
            return NOTHING
        asked = (country, hs, origin, day)
        if asked not in self._known:
            self._known[asked] = self._find(country, hs, origin, day)
        return self._known[asked]

    def _find(self, country: str, hs: str, origin: str | None, day: int) -> Decimal:
        for length in range(len(hs), 0, -1):
            for named in (origin, None):
                in_force = [r for since, r in self._dated.get((country, hs[:length], named), ()) if since <= day]
                if in_force:
                    return in_force[-1]
        return NOTHING
