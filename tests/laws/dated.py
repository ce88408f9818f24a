"""Days, exchange rates, duties and bill-of-material rows of a network, looked up in loops."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from boxbuild.network.network import Network
from boxbuild.network.scope import parse_scope

Row = Mapping[str, Any]

FIRST, LAST = date.min, date.max


class Dated:
    """A network's tables as rows, and what of them holds on which day."""

    def __init__(self, network: Network) -> None:
        self.settings = network.settings
        self.tables = {name: network[name].to_dicts() for name in network.tables}
        self.sites = {row["site"]: row for row in self.tables["sites"]}
        self.items = {row["item"]: row for row in self.tables["items"]}
        self.edges = _edges(network.settings.start, network.settings.buckets)
        self.buckets = range(len(self.edges) - 1)
        self.horizon = self.edges[-1]

    def day(self, when: date) -> int:
        return (when - self.settings.start).days

    def first_day(self, b: int) -> date:
        return self.settings.start + timedelta(days=self.edges[b])

    def days(self, b: int) -> int:
        return self.edges[b + 1] - self.edges[b]

    def bucket(self, day: int) -> int | None:
        """The bucket of a day; the first one for days before the start, none after the horizon."""
        day = max(day, 0)
        return next((b for b in self.buckets if self.edges[b] <= day < self.edges[b + 1]), None)

    def holds(self, row: Row, b: int) -> bool:
        """Whether the first day of the bucket lies between the row's dates."""
        return (row["from"] or FIRST) <= self.first_day(b) <= (row["until"] or LAST)

    def counted(self, row: Row, b: int, ready: int = 0) -> int:
        """Days of the bucket, from day ``ready`` on, that lie between the row's dates."""
        days = [self.settings.start + timedelta(days=d) for d in range(self.edges[b], self.edges[b + 1]) if d >= ready]
        return sum((row["from"] or FIRST) <= day <= (row["until"] or LAST) for day in days)

    def arrivals(self, b: int, lead: int) -> dict[int, Fraction]:
        """Share of what leaves in bucket ``b`` that arrives in each bucket; empty where nothing can leave."""
        left, right = self.edges[b] + lead, min(self.edges[b + 1] + lead, self.horizon)
        shares = {}
        for a in self.buckets:
            days = min(right, self.edges[a + 1]) - max(left, self.edges[a])
            if days > 0:
                shares[a] = Fraction(days, right - left)
        return shares

    def present(self, b: int) -> float:
        """What home currency paid in a bucket is worth at the start."""
        return float(1 + self.settings.discount_rate) ** (-self.edges[b] / 365)

    def money(self, amount: Any, currency: str | None, b: int) -> float:
        """Return an amount, paid in a bucket, in home currency of that bucket."""
        if currency is None or currency == self.settings.home_currency:
            return float(amount)
        rows = sorted(
            (row for row in self.tables["rates"] if row["currency"] == currency), key=lambda row: row["from"] or FIRST
        )
        known = [row for row in rows if (row["from"] or FIRST) <= self.first_day(b)]
        return float(amount) * float((known[-1] if known else rows[0])["home_per_unit"])

    def duty(self, country: str, item: str, origin: str, b: int) -> float:
        """Return the rate of duty in a bucket: longest prefix, then named origin, then latest."""
        hs = self.items[item]["hs"]
        fits = [
            (len(row["hs"]), row["origin"] is not None, row["from"] or FIRST, row["rate"])
            for row in self.tables["duties"]
            if hs is not None
            and row["country"] == country
            and hs.startswith(row["hs"])
            and row["origin"] in (None, origin)
            and (row["from"] or FIRST) <= self.first_day(b)
        ]
        return max(fits)[3] if fits else 0.0

    def bom(self, parent: str, site: str, b: int) -> list[Row]:
        """Return the rows that hold for builds of a parent at a site in a bucket."""
        rows = [row for row in self.tables["boms"] if row["parent"] == parent and self.holds(row, b)]
        own = [row for row in rows if row["site"] == site]
        replaced = {row["component"] for row in own}
        general = [row for row in rows if row["site"] is None and row["component"] not in replaced]
        return [row for row in own + general if row["quantity"] > 0]

    def components(self, parent: str, site: str) -> set[str]:
        """Return what builds of a parent at a site consume on any day."""
        return {
            row["component"]
            for row in self.tables["boms"]
            if row["parent"] == parent and row["site"] in (None, site) and row["quantity"] > 0
        }

    def origin(self, source: Row) -> str:
        return source["origin"] or self.sites[source["supplier"]]["country"]

    def destinations(self, source: Row) -> list[str]:
        """Return where an offer delivers: where it says, else every plant that consumes the item on any day."""
        if source["destination"] is not None:
            return [source["destination"]]
        return sorted(
            {
                row["site"]
                for row in self.tables["operations"]
                if self.sites[row["site"]]["kind"] == "plant"
                and source["item"] in self.components(row["item"], row["site"])
            }
        )

    def within(self, scope: Row, item: str, site: str) -> bool:
        """Whether the item and the site fit every term of a scope."""
        row = self.sites[site]
        facts = {"item": item, "family": self.items[item]["family"], "site": site, "market": site}
        facts |= {"partner": row["partner"], "country": row["country"]}
        return all(facts[name] == value for name, value in scope.items())

    @cached_property
    def of_use(self) -> set[tuple[str, str]]:
        """Items and sites to which flows lead, whatever the dates.

        An item is of use where it is demanded, where a contract's minimum or a target counts it, where what is
        of use is built from it, and from where a lane goes to such a site.
        """
        useful = {(row["item"], row["market"]) for row in self.tables["demand"]} | self._promised()
        while True:
            more = {
                (component, row["site"])
                for row in self.tables["operations"]
                if (row["item"], row["site"]) in useful
                for component in self.components(row["item"], row["site"])
            }
            for lane in self.tables["lanes"]:
                carried = self.items if lane["item"] is None else [lane["item"]]
                more |= {(item, lane["origin"]) for item in carried if (item, lane["destination"]) in useful}
            if more <= useful:
                return useful
            useful |= more

    def _promised(self) -> set[tuple[str, str]]:
        builds = [(row["item"], row["site"]) for row in self.tables["operations"]]
        buys = [(row["item"], row["supplier"], place, row) for row in self.tables["sources"]
                for place in self.destinations(row)]  # fmt: skip
        found = set()
        for contract in self.tables["contracts"]:
            scope = {name: contract[name] for name in ("partner", "item", "family") if contract[name] is not None}
            if contract["min"] or contract["min_share"]:
                found |= {(item, site) for item, site in builds if self.within(scope, item, site)}
                found |= {(item, place) for item, seller, place, _ in buys if self.within(scope, item, seller)}
        for target in self.tables["targets"]:
            scope, metric = parse_scope(target["scope"]), target["metric"]
            if metric == "units_built":
                found |= {(item, site) for item, site in builds if self.within(scope, item, site)}
            if metric in ("units_bought", "local_purchase_share"):
                found |= {
                    (item, place)
                    for item, seller, place, row in buys
                    if self.within(scope, item, seller)
                    and (metric == "units_bought" or self.origin(row) == self.settings.home_country)
                }
        return found


def _edges(start: date, buckets: str) -> list[int]:
    edges = [0]
    for part in buckets.split("+"):
        for _ in range(int(part[:-1])):
            end = start + timedelta(days=edges[-1])
            if part[-1] == "d":
                end += timedelta(days=1)
            elif part[-1] == "w":
                end += timedelta(days=7)
            else:
                end += timedelta(days=1)
                while end.day != 1:
                    end += timedelta(days=1)
            edges.append((end - start).days)
    return edges
