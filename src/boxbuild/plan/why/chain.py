"""The chain: from one unit of an item down the BOM and back in time to whatever its price is made of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import isinf
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boxbuild.plan.why.ways import Found, Way, Ways


POOLED: Final = frozenset({"duty_paid"})
"""Families that count what balances count once more, country by country: what is paid to them comes back in them."""


@dataclass(frozen=True)
class Chain:
    """What one unit of a way costs, and everything that it takes.

    Parameters
    ----------
    root
        The way.
    cost
        Cost of the unit, discounted home currency.
    links
        The balances that it takes units of, each after those that it is taken for.
    units
        Units of each of them, per unit of the root.
    above
        The balance that each is mostly taken for; none for those that the root takes.
    limits
        What the unit pays at every other row: negative where it earns.
    lying
        What the unit pays for what lies somewhere, is on order, or cannot be had more of, by balance: beyond what it
        costs to have it again, where that is possible.
    own
        Costs of the columns on the way, by kind.
    timing
        What it pays for having units in one bucket that arrive spread over more, and in pools.
    """

    root: Way
    cost: float
    links: Mapping[int, Found]
    units: Mapping[int, float]
    above: Mapping[int, int]
    limits: Mapping[int, float]
    lying: Mapping[int, float]
    own: Mapping[str, float]
    timing: float

    def path(self, row: int) -> list[int]:
        """Return the balances from the root to one of them."""
        found = [row]
        while found[-1] in self.above:
            found.append(self.above[found[-1]])
        return found[::-1]

    def users(self, limit: int) -> list[int]:
        """Return the balances whose ways pay at a limit, those that pay most first."""
        paid = {}
        for row, found in self.links.items():
            for at, amount in found.way.limits if found.way else ():
                if at == limit:
                    paid[row] = abs(amount) * self.units[row]
        return sorted(paid, key=lambda row: -paid[row])


def chain(ways: Ways, root: Way) -> Chain | None:
    """Return the chain of one unit of a way; ``None`` where it cannot be had."""
    tops = [ways.find(row) for row, _ in root.inputs]
    if any(isinf(found.cost) for found in tops):
        return None
    links = {row: ways.find(row) for row in _order(ways, [row for row, _ in root.inputs])}
    units: dict[int, float] = defaultdict(float, root.inputs)
    most: dict[int, float] = defaultdict(float)
    above: dict[int, int] = {}
    limits: dict[int, float] = defaultdict(float, root.limits)
    own: dict[str, float] = defaultdict(float)
    if root.own:
        own[ways.priced.kind(root.column)] = root.own
    lying: dict[int, float] = {}
    again_at: dict[int, int] = {}
    place = {row: at for at, row in enumerate(links)}
    for row, found in links.items():
        here = units[row]
        if found.way is None:
            lying[row] = here * found.cost
            again = ways.replaced(row)
            if again is not None and place.get(again, -1) > place[row]:
                again_at[row] = again
                lying[row] -= here * ways.find(again).cost
                units[again] += here
                if here >= most[again]:
                    most[again], above[again] = here, row
            continue
        own[ways.priced.kind(found.way.column)] += here * found.way.own
        for at, amount in found.way.limits:
            limits[at] += here * amount
        for at, each in _onward(found.way, row, place):
            units[at] += here * each
            if here * each >= most[at]:
                most[at], above[at] = here * each, row
    for row in lying:
        pool = ways.pool(row)
        if pool is not None:
            again = ways.pool(again_at[row]) if row in again_at else None
            more = units[row] * float(ways.priced.price[pool])
            more -= units[row] * float(ways.priced.price[again]) if again is not None else 0.0
            lying[row], limits[pool] = lying[row] + more, limits[pool] - more
    cost = root.own + sum(amount for _, amount in root.limits)
    cost += sum(each * found.cost for (_, each), found in zip(root.inputs, tops, strict=True))
    bound = {at: amount for at, amount in limits.items() if ways.priced.family(at) not in POOLED}
    timing = cost - sum(own.values()) - sum(bound.values()) - sum(lying.values())
    return Chain(root, cost, links, dict(units), above, bound, lying, dict(own), timing)


def _onward(way: Way, row: int, place: Mapping[int, int]) -> list[tuple[int, float]]:
    """Inputs of a way that come after its balance.

    Where sites may send each other what costs nothing, prices tie and a way may lead back to where it came from.
    """
    return [(at, each) for at, each in way.inputs if place[at] > place[row]]


def _order(ways: Ways, roots: list[int]) -> list[int]:
    """Balances of a chain, each before those that its way draws on."""
    done: dict[int, None] = {}
    stack = [(root, False) for root in roots]
    seen: set[int] = set()
    while stack:
        row, ended = stack.pop()
        if ended:
            done[row] = None
            continue
        if row in seen:
            continue
        seen.add(row)
        stack.append((row, True))
        way = ways.find(row).way
        if way is not None:
            stack.extend((at, False) for at, _ in way.inputs if at not in seen)
        elif (again := ways.replaced(row)) is not None and again not in seen:
            stack.append((again, False))
    return list(done)[::-1]
