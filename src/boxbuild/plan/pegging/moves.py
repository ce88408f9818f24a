"""Moves: everything that brings an item to a site or takes it from one, as flat arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

if TYPE_CHECKING:
    from boxbuild.network.network import Network

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

KINDS: Final = ("stock", "receipt", "build", "buy", "ship", "deliver")
"""Names of the kinds, in the order in which they supply on one day."""

STOCK, RECEIPT, BUILD, BUY, SHIP, DELIVER = range(6)

ABOUT: Final = pl.Schema(
    {
        "kind": pl.Int64(),
        "key": pl.String(),  # of stock: item@site, with origin and age where there are several; else the order
        "item": pl.String(),
        "site": pl.String(),  # built at, bought from, shipped from, delivered at, or lies at
        "place": pl.String(),  # where it arrives; null for a delivery
        "reference": pl.String(),  # build: option; buy: offer; ship: mode; deliver: demand; stock, receipt: origin
        "quantity": pl.Float64(),
        "gain": pl.Float64(),  # units that come out of one unit: the yield of a build
        "start": pl.Int64(),  # day numbers; -1 for what was begun before the plan
        "end": pl.Int64(),
    }
)
"""Columns of the frame that moves are made of."""


@dataclass(frozen=True)
class Moves:
    """What a plan moves.

    Parameters
    ----------
    about
        One row a move (:data:`ABOUT`): stock, receipts, then the orders of the plan.
    taken
        ``move`` (row of a build in ``about``), ``group``, ``component`` and ``quantity``: what builds take from groups
        of alternates.
    network
        The network of the plan.
    dated
        Whether moves are dated orders; else they are the plan's flows by bucket, on the first days of buckets.
    """

    about: pl.DataFrame
    taken: pl.DataFrame
    network: Network
    dated: bool

    @cached_property
    def items(self) -> list[str]:
        """Names of the items, by number."""
        return self.network["items"]["item"].to_list()

    @cached_property
    def sites(self) -> list[str]:
        """Names of the sites, by number."""
        return self.network["sites"]["site"].to_list()

    @cached_property
    def kind(self) -> Integers:
        """Kind of each move."""
        return self.about["kind"].to_numpy()

    @cached_property
    def item(self) -> Integers:
        """Number of the item of each move."""
        return numbers(self.about["item"], self.items)

    @cached_property
    def start(self) -> Integers:
        """Day on which each move takes what it needs."""
        return self.about["start"].to_numpy()

    @cached_property
    def end(self) -> Integers:
        """Day from which what each move brings can be used."""
        return self.about["end"].to_numpy()

    @cached_property
    def quantity(self) -> Floats:
        """Units started, ordered, shipped or delivered."""
        return self.about["quantity"].to_numpy()

    @cached_property
    def good(self) -> Floats:
        """Units that each move brings."""
        good: Floats = self.quantity * self.about["gain"].to_numpy()
        return good

    @cached_property
    def into(self) -> Integers:
        """Node that each move supplies, -1 where none: item × sites + site."""
        place = numbers(self.about["place"], self.sites)
        return np.where(place < 0, -1, self.item * len(self.sites) + place)

    @cached_property
    def out_of(self) -> Integers:
        """Node that a shipment or a delivery takes its item from, -1 for the others."""
        site = numbers(self.about["site"], self.sites)
        takes = (self.kind == SHIP) | (self.kind == DELIVER)
        return np.where(takes, self.item * len(self.sites) + site, -1)

    def node(self, item: str, site: str) -> int:
        """Return the number of an item at a site."""
        return self.items.index(item) * len(self.sites) + self.sites.index(site)

    def place_of(self, node: int) -> tuple[str, str]:
        """Return item and site of a node."""
        item, site = divmod(node, len(self.sites))
        return self.items[item], self.sites[site]


def numbers(names: pl.Series, known: Sequence[str]) -> Integers:
    """Return the places of names in a list; -1 for a null."""
    return names.cast(pl.Enum(known)).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
