"""Lead times: the quickest way to an item from nothing, and what it is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

import polars as pl

from boxbuild.model.reach import lane_items, nodes, offer_destinations, recipe_rows

if TYPE_CHECKING:
    from boxbuild.network.network import Network

Place = tuple[str, str]


@dataclass(frozen=True)
class Leg:
    """One lead time on a way: ``what`` is done, and the ``days`` that it takes."""

    what: str
    days: int


@dataclass
class Leads:
    """Quickest ways of a network, from an order on the first day; stock, capacity and dates are not looked at."""

    network: Network
    _known: dict[Place, tuple[float, tuple[Leg, ...]]] = field(default_factory=dict)
    _open: set[Place] = field(default_factory=set)

    @classmethod
    def of(cls, network: Network, item: str) -> Leads:
        """Return the lead times of an item and of all that it is made of."""
        boms = network["boms"].select("parent", "component").unique()
        items = pl.DataFrame({"item": [item]})
        while True:
            below = boms.join(items, left_on="parent", right_on="item", how="semi").select(item="component")
            grown = pl.concat([items, below]).unique()
            if grown.height == items.height:
                break
            items = grown
        known = items["item"].implode()
        cut = {
            "boms": network["boms"].filter(pl.col("parent").is_in(known)),
            "lanes": network["lanes"].filter(pl.col("item").is_null() | pl.col("item").is_in(known)),
            **{name: network[name].filter(pl.col("item").is_in(known)) for name in ("operations", "sources", "demand")},
        }
        for name, frame in cut.items():
            network = network.with_table(name, frame)
        return cls(network)

    def quickest(self, item: str, site: str) -> tuple[float, tuple[Leg, ...]]:
        """Return the days until the first unit of an item can be at a site, and the legs that they are made of.

        Days are infinite where nothing brings it. The legs are those of the slowest input of every build.
        """
        place = (item, site)
        if place in self._known:
            return self._known[place]
        if place in self._open:
            return inf, ()
        self._open.add(place)
        best: tuple[float, tuple[Leg, ...]] = (inf, ())
        for leg, inputs in self._ways.get(place, ()):
            slowest: tuple[float, tuple[Leg, ...]] = (0.0, ())
            for group in inputs:
                first = min((self.quickest(*one) for one in group), key=lambda found: found[0])
                slowest = max(slowest, first, key=lambda found: found[0])
            if slowest[0] + leg.days < best[0]:
                best = (slowest[0] + leg.days, (*slowest[1], leg))
        self._open.discard(place)
        if best[0] < inf or not self._open:
            self._known[place] = best
        return best

    @cached_property
    def _ways(self) -> dict[Place, list[tuple[Leg, list[list[Place]]]]]:
        found: dict[Place, list[tuple[Leg, list[list[Place]]]]] = defaultdict(list)
        for place, leg, inputs in (*self._bought(), *self._built(), *self._carried()):
            found[place].append((leg, inputs))
        return found

    def _bought(self) -> Iterator[tuple[Place, Leg, list[list[Place]]]]:
        places = offer_destinations(self.network, recipe_rows(self.network))
        leads = self.network["sources"].group_by("offer", maintain_order=True).agg(lead="lead_days")
        for item, site, offer, lead in (
            places.join(leads, on="offer").select("item", "site", "offer", "lead").iter_rows()
        ):
            yield (item, site), Leg(f"buy {item} under {offer}", int(min(lead))), []

    def _built(self) -> Iterator[tuple[Place, Leg, list[list[Place]]]]:
        needs: dict[Place, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
        rows = recipe_rows(self.network).select("site", "parent", "component", "alternate_group")
        for site, parent, component, group in rows.unique(maintain_order=True).iter_rows():
            needs[parent, site][f"group {group}" if group is not None else component].append((component, site))
        operations = self.network["operations"].select("item", "site", "lead_days")
        for item, site, lead in operations.iter_rows():
            yield (item, site), Leg(f"build {item} at {site}", int(lead)), list(needs[item, site].values())

    def _carried(self) -> Iterator[tuple[Place, Leg, list[list[Place]]]]:
        lanes = (
            self.network["lanes"]
            .rename({"item": "lane_item"})
            .select("origin", "destination", "mode", "lane_item", "lead_days")
        )
        keys = ["origin", "destination", "lane_item"]
        carried = lanes.join(lane_items(self.network, nodes(self.network)), on=keys, nulls_equal=True)
        for origin, destination, mode, item, lead in carried.select(
            "origin", "destination", "mode", "item", "lead_days"
        ).iter_rows():
            if origin != destination:
                leg = Leg(f"{mode} {origin} → {destination}", int(lead))
                yield (item, destination), leg, [[(item, origin)]]
