"""Attribution: which units of each input a claim of value added or of a preference may count.

Units of one item at one place may come from several classes of supply: an offer, building at a site, stock of an
origin. By the inventory-management method of origin law, inputs are attributed by accounting period, not by lot: any
unit of a class that was there may be counted, but none twice. So no path through the network is enumerated and no
stock is split by origin.

A class that is built in the home country is looked through, down to the depth that some target asks for; every other
class is a leaf. Levels count from the product (0); levels deeper than any target's depth are one. A claim of a
preference counts what is shipped: its product is at level 0, and it looks through all that its country builds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from boxbuild.law.charges import CLAIMS, GOODS, Charges
from boxbuild.law.value_added import DEFINITIONS, GIVEN, levels
from boxbuild.model.claims import cells, value_added_targets
from boxbuild.model.flows import Flows
from boxbuild.model.preferences import claim_columns
from boxbuild.model.recipes import Recipe, ways
from boxbuild.network.currency import exchange_rates
from boxbuild.network.windows import bucket_of

ATTRIBUTE = pl.Schema(
    {
        "claim": pl.String(),
        "first": pl.Int64(),
        "period": pl.Int64(),
        "level": pl.Int64(),
        "item": pl.String(),
        "site": pl.String(),  # the first site, by name, of those among which the item is carried
        "kind": pl.String(),  # offer, built, stock; use: taken from a group of alternates by an assembly
        "key": pl.String(),
        "through": pl.Boolean(),  # built in the home country; for a preference in the country that is left
        "conversion": pl.Float64(),
        **dict.fromkeys(GIVEN, pl.Float64()),
    }
)
"""One row a column ``attribute``: its key and what is known of one unit, in home currency."""

_GOODS = {name: dtype for name, dtype in GOODS.items() if name != "country"}

NEED = ("claim", "period", "level", "item", "site")
"""What names a need of components that is attributed."""

Pool = tuple[str, str]


@dataclass
class Structure:
    """The columns ``attribute`` and, by position among them, the rows that they stand in."""

    columns: list[dict[str, Any]] = field(default_factory=list)
    needs: list[tuple[tuple[Any, ...], int, float]] = field(default_factory=list)
    groups: list[tuple[tuple[Any, ...], int, float]] = field(default_factory=list)

    @property
    def frame(self) -> pl.DataFrame:
        """The columns as a frame."""
        return pl.DataFrame(self.columns, schema={**ATTRIBUTE, **_GOODS}, orient="row")


def attribute_columns(flows: Flows) -> pl.DataFrame:
    """Return the columns ``attribute``; none where no target measures value added and no preference can be claimed."""
    found = structure(flows).frame
    return found.with_columns(paid=_paid(flows, found)).select(ATTRIBUTE.names())


def _paid(flows: Flows, found: pl.DataFrame) -> pl.Series:
    """Customs duties on one unit of an input from abroad, by the law of the cell's first day.

    Tax that is credited is no cost of the input and is left out.
    """
    if not found.height:
        return found["paid"]
    goods = found.with_columns(country=pl.lit(flows.network.settings.home_country))
    factors = Charges(flows.law).factors(goods.select(GOODS.names()))
    rate = factors["duty"] + factors["surcharge"] + factors["antidumping"]
    paid: pl.Series = rate * (1 - found["local"]) * (found["value"] + found["licence"])
    return paid


def structure(flows: Flows) -> Structure:
    """Return columns and inner rows of the attribution."""
    built = Structure()
    found, claims = cells(flows), claim_columns(flows)
    if found.height or claims.height:
        builder = _Builder(flows, built)
        builder.build(found)
        builder.build_claims(claims)
    return built


def pools(flows: Flows) -> dict[Pool, str]:
    """Return the pool of each item and site: the first site, by name, of those that lanes join for the item."""
    parent: dict[Pool, Pool] = {}

    def root(place: Pool) -> Pool:
        while parent.get(place, place) != place:
            place = parent[place]
        return place

    for item, origin, destination in flows.kinds["ship"].select("item", "origin", "destination").unique().iter_rows():
        one, other = sorted((root((item, origin)), root((item, destination))))
        parent[other] = one
    places = flows.nodes.select("item", "site").iter_rows()
    return {(item, site): root((item, site))[1] for item, site in places}


class _Builder:
    """Follows every cell's needs down the bills of materials."""

    def __init__(self, flows: Flows, built: Structure) -> None:
        network = flows.network
        self.flows, self.built = flows, built
        self.country_of_claim = network.settings.home_country
        self.own = frozenset({self.country_of_claim})
        self.days = network.calendar.first_days
        self.rates = {currency: [float(rate) for rate in row] for currency, row in exchange_rates(network).items()}
        self.currency = network.settings.home_currency
        self.country = dict(network["sites"].select("site", "country").iter_rows())
        self.items = {row["item"]: row for row in network["items"].iter_rows(named=True)}
        self.offers = _by(network["sources"].iter_rows(named=True), "offer")
        self.operations = _by(network["operations"].iter_rows(named=True), "site", "item", "option")
        self.pool = pools(flows)
        self.recipes = ways(flows)
        self.classes = self._classes()
        self.beyond = (0, False)
        self.first = 0

    def _classes(self) -> dict[Pool, list[tuple[str, str, Recipe | None]]]:
        """Supply classes of each item and pool: kind, key and, for what is built, how."""
        found: dict[Pool, dict[tuple[str, str], Recipe | None]] = defaultdict(dict)
        offers = self.flows.kinds["buy"].select("item", "destination", "offer").unique(maintain_order=True)
        for item, site, offer in offers.iter_rows():
            found[item, self.pool[item, site]]["offer", offer] = None
        for (item, site), each in self.recipes.items():
            for recipe, _ in each:
                found[item, self.pool[item, site]]["built", recipe.key(len(each))] = recipe
        for item, site, _, origin in given_rows(self.flows).select("item", "site", "arrival", "origin").iter_rows():
            if (item, site) in self.pool:
                found[item, self.pool[item, site]]["stock", origin or ""] = None
        return {place: [(*name, how) for name, how in sorted(each.items())] for place, each in found.items()}

    def _beyond(self) -> tuple[int, bool]:
        """Deepest level that is told apart, and whether what lies deeper is looked through as well."""
        asked = [
            levels(DEFINITIONS[metric], depth)
            for metric, depth in value_added_targets(self.flows.network).select("metric", "depth").iter_rows()
        ]
        finite = [depth for depth in asked if depth is not None]
        return (max(finite, default=0) + 1, True) if None in asked else (max(finite), False)

    def build(self, found: pl.DataFrame) -> None:
        """Add the columns and rows of every cell of targets."""
        if found.is_empty():
            return
        self.beyond = self._beyond()
        direct = found.join(self.flows.needs, on=["site", "item", "option", "bucket"], nulls_equal=True)
        starts = direct.select("claim", "period", "first", "site", "component").unique().sort(pl.all())
        for (claim, period, first), rows in starts.group_by("claim", "period", "first", maintain_order=True):
            self.first = int(str(first))
            starting = rows.select("site", "component").iter_rows()
            self._follow((claim, period), {(1, item, self.pool[item, site]) for site, item in starting})

    def build_claims(self, claims: pl.DataFrame) -> None:
        """Add the columns and rows of every claim of a preference."""
        self.beyond = (1, True)
        columns = ("claim", "period", "first", "item", "left_country", "country", "cumulation")
        key = ["claim", "period"]
        for cell, rows in claims.select(*columns, "origin").unique().sort(pl.all()).group_by(key, maintain_order=True):
            _, _, self.first, item, self.country_of_claim, entered, joint = rows.select(columns).row(0)
            self.own = frozenset({self.country_of_claim, entered} if joint else {self.country_of_claim})
            self._follow(cell, {(0, item, self.pool[item, site]) for site in rows["origin"]})

    def _follow(self, cell: tuple[Any, ...], waiting: set[tuple[int, str, str]]) -> None:
        done: set[tuple[int, str, str]] = set()
        while waiting:
            need = min(waiting)
            waiting.remove(need)
            done.add(need)
            waiting |= set(self._need(cell, *need)) - done

    def _need(self, cell: tuple[Any, ...], level: int, item: str, pool: str) -> Iterable[tuple[int, str, str]]:
        last, deeper = self.beyond
        below = min(level + 1, last)
        for kind, key, recipe in self.classes.get((item, pool), ()):
            place = (*cell, level, item, pool)
            through = recipe is not None and self.country[recipe.site] == self.country_of_claim
            if level == 0 and not through:
                continue
            known = self._known(kind, key, item, recipe, self.first)
            position = self._column(place, kind, key, through=through, **known)
            self.built.needs.append((place, position, 1.0))
            if recipe is None or not through or (level >= last and not deeper):
                continue
            for component, units in recipe.fixed:
                need = (below, component, self.pool[component, recipe.site])
                self.built.needs.append(((*cell, *need), position, -units))
                yield need
            for group, members in recipe.groups:
                row = (*place, kind, f"{key}|{group}")
                self.built.groups.append((row, position, -1.0))
                for component, units in members:
                    need = (below, component, self.pool[component, recipe.site])
                    name = f"{key}|{item}|{level}|{group}"
                    taken = self._column((*cell, *need), "use", name, through=False)
                    self.built.groups.append((row, taken, 1 / units))
                    self.built.needs.append(((*cell, *need), taken, -1.0))
                    yield need

    def _column(self, place: tuple[Any, ...], kind: str, key: str, *, through: bool, **known: Any) -> int:
        self.built.columns.append(
            {
                **dict.fromkeys(ATTRIBUTE, 0.0),
                **dict.fromkeys(_GOODS),
                **dict(zip(NEED, place, strict=True)),
                "first": self.first,
                "kind": kind,
                "key": key,
                "through": through,
                **known,
            }
        )
        return len(self.built.columns) - 1

    def _known(self, kind: str, key: str, item: str, recipe: Recipe | None, first: int) -> dict[str, Any]:
        """What is known of one unit of a class, by the rows and rates of a cell's first day."""
        row = self.items[item]
        known = {"semiconductor": float(bool(row["semiconductor"])), "hs": row["hs"], "bucket": first}
        if kind == "offer":
            offer = of_day(self.offers[(key,)], self.days[first])
            rate = self._rate(offer["currency"], first)
            price, origin = float(offer["price"]) * rate, offer["origin"] or self.country[offer["supplier"]]
            return known | {
                **{claim: offer[claim] for claim in CLAIMS},
                "origin": origin,
                "value": price + float(offer["freight"]) * rate,
                "content": price * float(offer["imported_content"]),
                "licence": float(offer["royalty"]) * rate,
                "local": float(origin in self.own),
            }
        value = float(row["value"]) * self._rate(row["currency"], first)
        if recipe is None:
            return known | {"value": value, "origin": key or None, "local": float(key in self.own)}
        operation = of_day(self.operations[recipe.site, item, recipe.option], self.days[first])
        conversion = float(operation["cost"]) * self._rate(operation["currency"], first) / operation["yield"]
        origin = self.country[recipe.site]
        return known | {"value": value, "origin": origin, "local": float(origin in self.own), "conversion": conversion}

    def _rate(self, currency: str | None, bucket: int) -> float:
        return self.rates[currency or self.currency][bucket]


def given_rows(flows: Flows) -> pl.DataFrame:
    """Return ``item``, ``site``, ``arrival`` (bucket), ``origin``, ``quantity`` of opening stock and firm receipts."""
    network = flows.network
    stock = network["stock"].select("item", "site", arrival=pl.lit(0, pl.Int64), origin="origin", quantity="quantity")
    firm = network["receipts"].filter(pl.col("firm") & (pl.col("due") < network.calendar.end))
    due = bucket_of(network.calendar, firm["due"])
    received = firm.select("item", "site", arrival=due, origin="origin", quantity="quantity")
    return pl.concat([stock, received])


def of_day(rows: list[dict[str, Any]], day: date) -> dict[str, Any]:
    """Return the row that holds on a day; else the first that begins later, else the last before it."""
    rows = sorted(rows, key=lambda row: row["from"] or date.min)
    for row in rows:
        if row["until"] is None or row["until"] >= day:
            return row
    return rows[-1]


def _by(rows: Iterable[dict[str, Any]], *key: str) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in key)].append(row)
    return found
