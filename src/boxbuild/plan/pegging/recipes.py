"""What builds take: the lines of the bills of materials as flat arrays, by component and by what is built."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from boxbuild.plan.pegging.moves import Floats, Integers, Moves, numbers
from boxbuild.plan.release.days import Days
from boxbuild.plan.release.recipes import RECIPE, recipes


@dataclass(frozen=True)
class Lines:
    """Lines of the bills of materials at each site, each for a window of days; the rule is that of the release.

    Parameters
    ----------
    component, parent
        Nodes: what is taken and what is built. Sorted by ``component``. Shape ``(lines,)``.
    group
        Number of the group of alternates, -1 where the line stands alone.
    per_unit
        Units of the component for one unit started, scrap included.
    since, until
        First and last day on which builds start by the line.
    groups
        Names of the groups, by number.
    """

    component: Integers
    parent: Integers
    group: Integers
    per_unit: Floats
    since: Integers
    until: Integers
    groups: list[str]

    def taking(self, component: int) -> slice:
        """Return the lines that take a component at a site."""
        first, last = np.searchsorted(self.component, [component, component + 1])
        return slice(int(first), int(last))

    @cached_property
    def _by_parent(self) -> Integers:
        return np.argsort(self.parent, kind="stable")

    @cached_property
    def _parents(self) -> Integers:
        return self.parent[self._by_parent]

    def building(self, parent: int) -> Integers:
        """Return the lines of what is built at a site."""
        first, last = np.searchsorted(self._parents, [parent, parent + 1])
        return self._by_parent[first:last]


def lines_of(moves: Moves) -> Lines:
    """Return the lines by which the builds of a plan take what they need."""
    network = moves.network
    found = recipes(network, Days(network.settings.start, network.calendar.horizon, {}))
    rows = found.lines.join(found.windows.select(*RECIPE, "until"), on=RECIPE, maintain_order="left")
    site = numbers(rows["site"], moves.sites)
    component = numbers(rows["component"], moves.items) * len(moves.sites) + site
    groups = rows["group"].drop_nulls().unique(maintain_order=True).to_list()
    order = np.argsort(component, kind="stable")

    def whole(name: str) -> Integers:
        return rows[name].cast(pl.Int64).to_numpy()[order]

    return Lines(
        component[order],
        (numbers(rows["item"], moves.items) * len(moves.sites) + site)[order],
        numbers(rows["group"], groups)[order] if groups else np.full(order.size, -1, np.int64),
        rows["per_unit"].to_numpy()[order],
        whole("since"),
        whole("until"),
        groups,
    )
