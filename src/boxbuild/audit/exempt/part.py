"""A row of the table ``exempt``, as the audit reads it, and the home territory that its rules speak of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from boxbuild.audit.flows import joined
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import SchemeRow, decimal, records
from boxbuild.plan.plan import Plan

ZONE = "sez"


@dataclass(frozen=True, slots=True)
class Part:
    """A quantity under a scheme."""

    scheme: str
    site: str
    flow: str
    item: str
    key: str
    bucket: int
    quantity: Decimal

    @property
    def place(self) -> tuple[str, str, int]:
        """Where a failure says that it is."""
        return "exempt", joined(self.scheme, self.site, self.flow, self.item, self.key), self.bucket

    @property
    def names(self) -> tuple[str, ...]:
        """The parts of its key."""
        return tuple(self.key.split("|"))


def parts(plan: Plan) -> tuple[Part, ...]:
    """Return the rows of a plan's table ``exempt``."""
    columns = ("scheme", "site", "flow", "item", "key", "bucket", "quantity")
    rows = plan["exempt"].select(columns).iter_rows()
    return tuple(
        Part(scheme, site, flow, item, key, bucket, decimal(quantity))
        for scheme, site, flow, item, key, bucket, quantity in rows
    )


class Territory:
    """The home country without its special economic zones, and the plants there that work under a scheme."""

    def __init__(self, reading: Reading) -> None:
        country = reading.settings.home_country
        self.country = country
        self.home = {name for name, row in reading.sites.items() if row.country == country and row.regime != ZONE}
        self.zones = {name for name, row in reading.sites.items() if row.country == country and row.regime == ZONE}
        self.abroad = {name for name, row in reading.sites.items() if row.country != country}
        self.made = {item for site, item, _ in reading.operations if site in self.home}
        plants = {name for name in self.home if reading.sites[name].kind == "plant"}
        self._rows = [row for row in records(reading.network, "schemes", SchemeRow) if row.site in plants]
        self._fixed = {(reading.sites[name].regime, name) for name in plants}
        self._reading = reading
        self._onward: dict[str, dict[str, set[str]]] = {}

    def allowed(self, scheme: str, site: str, bucket: int) -> bool:
        """Return whether a plant works under a scheme on the first day of a bucket."""
        day = self._reading.days.edges[bucket]
        return (scheme, site) in self._fixed or any(
            (row.scheme, row.site) == (scheme, site)
            and row.first <= day <= row.last
            and self._reading.usable(row.option, day)
            for row in self._rows
        )

    def leads(self, site: str, item: str, origin: str) -> bool:
        """Return whether lanes of the home territory can bring an item from one site to another."""
        seen, fresh = {site}, {site}
        while fresh:
            onward = {end for start in fresh for end in self._lanes(item).get(start, ())}
            fresh = onward - seen
            seen |= fresh
        return origin in seen

    def _lanes(self, item: str) -> dict[str, set[str]]:
        if item not in self._onward:
            found: dict[str, set[str]] = {}
            for origin, destination, _, carried in self._reading.lanes:
                if carried in (None, item) and {origin, destination} <= self.home:
                    found.setdefault(origin, set()).add(destination)
            self._onward[item] = found
        return self._onward[item]
