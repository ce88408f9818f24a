"""Average attribution: what is in a product when every unit in a pool is like the average of the pool.

A pool is an item at the sites between which it moves. In an accounting period it holds what was left of the period
before and what arrived in it; whatever leaves it in the period is made up alike. This is the average method of the
inventory-management rules of origin law (for example USMCA Article 4.14 and its uniform regulations, fungible
materials). Numbers are decimals; nothing is rounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, NamedTuple

from boxbuild.law.value_added import COMPONENTS, parts_of_leaf

ZERO: Final = Decimal(0)

Pool = tuple[str, str]
"""Item and the name of its pool."""

Sums = dict[str, Decimal]


class Source(NamedTuple):
    """What arrived in a pool in a period from one class of supply: sums, not amounts of one unit.

    Parameters
    ----------
    item, pool, period
        Where and when.
    kind, key
        ``offer`` and its name, ``built`` and the site, ``stock`` and its origin.
    country
        Of origin; ``None`` where it is not known.
    units, value, content, paid, licence
        Units, and what is known of them in home currency (:data:`boxbuild.law.value_added.GIVEN`).
    """

    item: str
    pool: str
    period: int
    kind: str
    key: str
    country: str | None
    units: Decimal
    value: Decimal
    content: Decimal = ZERO
    paid: Decimal = ZERO
    licence: Decimal = ZERO


class Made(NamedTuple):
    """What a site made of an item in a period: good units, and sums of sales, standard value and conversion."""

    item: str
    site: str
    period: int
    units: Decimal
    sales: Decimal
    fob: Decimal
    conversion: Decimal


class Taken(NamedTuple):
    """Units of a component, by pool, that a site took in a period for what it made of an item."""

    item: str
    site: str
    period: int
    component: str
    pool: str
    units: Decimal


@dataclass(frozen=True, slots=True)
class Input:
    """What a site took in a period for what it made of an item, of one class of supply: sums.

    Parameters
    ----------
    item
        What was taken.
    kind, key, country
        As of :class:`Source`.
    units, value
        Units, and their value in home currency.
    """

    item: str
    kind: str
    key: str
    country: str | None
    units: Decimal
    value: Decimal


class _Content(NamedTuple):
    """What a pool holds of one class of supply: sums."""

    units: Decimal
    value: Decimal
    content: Decimal
    paid: Decimal
    licence: Decimal

    @classmethod
    def of(cls, source: Source) -> _Content:
        return cls(source.units, source.value, source.content, source.paid, source.licence)

    def plus(self, source: Source) -> _Content:
        return _Content(
            self.units + source.units,
            self.value + source.value,
            self.content + source.content,
            self.paid + source.paid,
            self.licence + source.licence,
        )

    def scaled(self, part: Decimal) -> _Content:
        units, value, content, paid, licence = self
        return _Content(
            units * part if units else ZERO,
            value * part if value else ZERO,
            content * part if content else ZERO,
            paid * part if paid else ZERO,
            licence * part if licence else ZERO,
        )


Class = tuple[str, str, str | None]

Contents = Mapping[Class, _Content]


class Average:
    """The average content of every pool in every period, and what products are made of.

    Parameters
    ----------
    sources, made, taken
        What arrived, was made and was taken.
    out
        Units that left each pool in each period.
    countries
        Country of each site that makes something.
    semiconductors
        Items that are semiconductors.
    """

    def __init__(
        self,
        sources: Iterable[Source],
        made: Iterable[Made],
        taken: Iterable[Taken],
        out: Mapping[tuple[str, str, int], Decimal],
        countries: Mapping[str, str],
        semiconductors: Collection[str],
    ) -> None:
        self.made = {(row.item, row.site, row.period): row for row in made}
        self._taken: dict[tuple[str, str, int], dict[Pool, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for row in taken:
            self._taken[row.item, row.site, row.period][row.component, row.pool] += row.units
        self._arrived: dict[Pool, list[Source]] = defaultdict(list)
        for source in sources:
            self._arrived[source.item, source.pool].append(source)
        self._out = out
        last = max((source.period for each in self._arrived.values() for source in each), default=0)
        self._periods = 1 + max([last, *(period for _, _, period in out)])
        self._contents: dict[Pool, list[Contents]] = {}
        self._countries, self._semiconductors = countries, frozenset(semiconductors)
        self._known: dict[tuple[object, ...], Sums] = {}

    def components(self, item: str, site: str, period: int, own: frozenset[str], depth: int | None) -> Sums:
        """Return the sums of all components of what a site made of an item in a period.

        Parameters
        ----------
        own
            Countries whose goods count as local.
        depth
            Levels to look through; ``None``: all.

        Raises
        ------
        KeyError
            The site made nothing of it in the period.
        """
        row = self.made[item, site, period]
        total = dict.fromkeys(COMPONENTS, ZERO) | {
            "sales": row.sales,
            "fob": row.fob,
            "conversion": row.conversion,
        }
        for pool, units in self._taken.get((item, site, period), {}).items():
            _add(total, self._unit(pool, period, own, depth), units)
        return total

    def inputs(self, item: str, site: str, period: int) -> list[Input]:
        """Return what a site took in a period for what it made of an item, by class of supply, in order of names."""
        found = []
        for pool, units in sorted(self._taken.get((item, site, period), {}).items()):
            contents = self._content(pool, period)
            total = sum((content.units for content in contents.values()), ZERO)
            for (kind, key, country), content in sorted(contents.items(), key=lambda pair: str(pair[0])):
                if content.units:
                    part = units / total
                    value = content.value * part
                    found.append(Input(pool[0], kind, key, country, content.units * part, value))
        return found

    def leaves(self, item: str, site: str, period: int, country: str) -> list[Input]:
        """Return what went into what a site made, looked through what its country made: sums by class of supply."""
        found = []
        for one in self.inputs(item, site, period):
            built = one.kind == "built" and one.country == country
            when = self._when(one.item, one.key, period) if built else None
            if when is None:
                found.append(one)
                continue
            part = one.units / self.made[one.item, one.key, when].units
            below = self.leaves(one.item, one.key, when, country)
            found.extend(replace(each, units=each.units * part, value=each.value * part) for each in below)
        return found

    def _unit(self, pool: Pool, period: int, own: frozenset[str], depth: int | None) -> Sums:
        """Components of one unit from a pool."""
        name = (pool, period, own, depth)
        known = self._known.get(name)
        if known is not None:
            return known
        contents = self._content(pool, period)
        # what is not made has no levels: the same whatever the depth
        if depth is not None and not any(kind == "built" for kind, _, _ in contents):
            return self._known.setdefault(name, self._unit(pool, period, own, None))
        total: Sums = {}
        units = sum((content.units for content in contents.values()), ZERO)
        for one, content in contents.items():
            if content.units:
                self._add_class(total, pool[0], period, own, depth, one, content)
        return self._known.setdefault(name, {component: amount / units for component, amount in total.items()})

    def _add_class(
        self,
        total: Sums,
        item: str,
        period: int,
        own: frozenset[str],
        depth: int | None,
        name: Class,
        content: _Content,
    ) -> None:
        """Add the components of a class: looked through where it was made in an own country, else those of a leaf."""
        kind, key, country = name
        local = country in own
        when = self._when(item, key, period) if kind == "built" and local and depth != 1 else None
        if when is None:
            for component, given in parts_of_leaf(local=local, semiconductor=item in self._semiconductors):
                amount = getattr(content, given)
                if amount:
                    total[component] = total.get(component, ZERO) + amount
            return
        row = self.made[item, key, when]
        part = content.units / row.units
        _add(total, {"conversion": row.conversion}, part)
        below = None if depth is None else depth - 1
        for pool, units in self._taken.get((item, key, when), {}).items():
            _add(total, self._unit(pool, when, own, below), units * part)

    def _when(self, item: str, site: str, period: int) -> int | None:
        """The period itself, else the latest before it, in which a site made good units of an item."""
        for earlier in range(period, -1, -1):
            row = self.made.get((item, site, earlier))
            if row is not None and row.units:
                return earlier
        return None

    def _content(self, pool: Pool, period: int) -> Contents:
        """What a pool holds in a period; where that is nothing, in the latest before it that holds something."""
        if pool not in self._contents:
            out = [self._out.get((*pool, earlier), ZERO) for earlier in range(self._periods)]
            self._contents[pool] = _filled(_contents(self._arrived.get(pool, ()), out))
        return self._contents[pool][min(period, self._periods - 1)]


def pool_names(links: Iterable[tuple[str, str, str]], places: Iterable[Pool]) -> dict[Pool, str]:
    """Return the name of the pool of each item and site: the first site, by name, of those that are linked.

    Parameters
    ----------
    links
        Item and two sites between which it moves.
    places
        Items and sites that are asked for beside the linked ones.
    """
    parent: dict[Pool, Pool] = {}

    def root(place: Pool) -> Pool:
        while parent.setdefault(place, place) != place:
            place = parent[place]
        return place

    for place in places:
        root(place)
    for item, origin, destination in links:
        one, other = sorted((root((item, origin)), root((item, destination))))
        parent[other] = one
    return {place: root(place)[1] for place in list(parent)}


def _contents(sources: Iterable[Source], out: Sequence[Decimal]) -> list[Contents]:
    """Content of a pool in each period, before anything leaves it."""
    arrived: list[list[Source]] = [[] for _ in out]
    for source in sources:
        arrived[source.period].append(source)
    found: list[Contents] = []
    held: dict[Class, _Content] = {}
    for period, new in enumerate(arrived):
        if period:
            held = _left(held, out[period - 1])
        for source in new:
            name = (source.kind, source.key, source.country)
            held[name] = held[name].plus(source) if name in held else _Content.of(source)
        found.append(held)
    return found


def _filled(periods: Iterable[Contents]) -> list[Contents]:
    """Content of each period; where that is nothing, that of the latest before it that holds something, else none."""
    found: list[Contents] = []
    latest: Contents = {}
    for contents in periods:
        if any(content.units for content in contents.values()):
            latest = contents
        found.append(latest)
    return found


def _left(contents: Contents, out: Decimal) -> dict[Class, _Content]:
    """What is in a pool after units have left it."""
    units = sum((content.units for content in contents.values()), ZERO)
    part = max(ZERO, units - out) / units if units else ZERO
    return {name: content.scaled(part) for name, content in contents.items()} if part else {}


def _add(total: Sums, each: Mapping[str, Decimal], units: Decimal) -> None:
    for name, amount in each.items():
        if amount:
            total[name] = total.get(name, ZERO) + amount * units
