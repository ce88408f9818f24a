"""Relief: other ways to the same unit, and what each costs more than what the plan does."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from boxbuild.plan.why.chain import chain as chain_of
from boxbuild.plan.why.words import amount, done, named, when

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from boxbuild.plan.why.binding import Binding
    from boxbuild.plan.why.chain import Chain
    from boxbuild.plan.why.ways import Way, Ways

MOST: Final = 6
"""Levers that are named."""

HEAVY: Final = 0.1
"""Part of the heaviest weight from which it is asked what goes around."""

HALF: Final = 0.5
"""Part of what the heaviest thing costs now that a way around it may still pay there."""

FAST: Final = frozenset({"air", "courier", "express"})
"""Modes of lanes that one pays for their speed."""


@dataclass(frozen=True)
class Lever:
    """One way to a unit on time.

    Parameters
    ----------
    kind
        ``as planned`` (the cheapest way, at the prices of what binds), ``overtime``, ``air freight``, ``other lane``,
        ``second source``, ``earlier order``, ``build elsewhere``, ``earlier``, ``alternate part``; from outside
        ``capacity``, ``supply``, ``stock``, ``contract``, ``law``, ``option``.
    what
        The same in words.
    price
        What it costs above the plan, discounted home currency per unit of the demand; of what comes from outside,
        what a unit of relief may cost at most.
    unit
        What ``price`` is paid for.
    inside
        Whether the network has it.
    """

    kind: str
    what: str
    price: float
    unit: str
    inside: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Return the lever as JSON values."""
        return asdict(self)


def levers(ways: Ways, chain: Chain, bound: Iterable[Binding], premium: float) -> list[Lever]:
    """Return what would bring one more unit, cheapest first: by other ways of the network, and from outside.

    Parameters
    ----------
    bound
        What binds, the heaviest first.
    premium
        What a unit by the cheapest way costs above the plan.
    """
    known = list(bound)
    heavy = [one for one in known if one.scarce >= HEAVY * known[0].scarce][:MOST]
    cheapest: dict[tuple[str, str], Lever] = {}
    least = ways.priced.tolerance * (1.0 + abs(chain.cost))
    for item, lever in (*_ways(ways, chain, heavy, premium), *_overtime(ways, chain, heavy, premium)):
        key = (lever.kind, item)
        if lever.price > least and (key not in cheapest or lever.price < cheapest[key].price):
            cheapest[key] = lever
    inside = sorted(cheapest.values(), key=lambda lever: lever.price)[:MOST]
    return [*inside, *_outside(heavy)]


def _ways(ways: Ways, chain: Chain, bound: list[Binding], premium: float) -> Iterator[tuple[str, Lever]]:
    """Other ways at the balances between the demand and what binds."""
    tops = [row for row, _ in chain.root.inputs]
    seen: dict[int, None] = dict.fromkeys(tops)
    for one in bound:
        above = chain.users(one.row)[:1] if one.row not in chain.links else [one.row]
        for row in above:
            seen.update(dict.fromkeys(chain.path(row)))
    for row in seen:
        taken, keys = chain.links[row].way, ways.priced.row(row)
        for way in ways.others(row):
            if not _goes_around(ways, way, bound, chain.units[row]):
                continue
            kind, what = _called(ways, row, way, taken)
            price = premium + max(way.extra, 0.0) * chain.units[row]
            yield str(keys.get("item") or keys.get("parent")), Lever(kind, what, price, "unit of the demand")


def _goes_around(ways: Ways, way: Way, bound: list[Binding], units: float) -> bool:
    """Whether a way pays less than half of what the heaviest thing costs now, in whatever bucket."""
    if not bound:
        return True
    top = bound[0]
    found = chain_of(ways, way)
    if found is None:
        return False
    known = {ways.priced.family(one.row) for one in bound}
    paid = 0.0
    for row, amount_paid in (*found.limits.items(), *found.lying.items()):
        family = ways.priced.family(row)
        if family in known and named(family, ways.priced.row(row))[1] == top.thing:
            paid += amount_paid
    return units * paid < HALF * top.scarce


def _called(ways: Ways, row: int, way: Way, taken: Way | None) -> tuple[str, str]:
    """Kind and words of a way beside the one that is taken."""
    priced = ways.priced
    kind, column, keys = priced.kind(way.column), priced.column(way.column), priced.row(row)
    item = column.get("item") or keys.get("item") or column.get("component")
    calendar = priced.model.flows.calendar
    start = when(calendar, column["bucket"])
    text = f"{item} {done(kind, column)}, {start}"
    if kind == "ship":
        other = taken is None or priced.kind(taken.column) != "ship" or _lane(ways, taken) != _lane(ways, way)
        return ("air freight" if column["mode"] in FAST else "other lane") if other else "earlier", text
    if kind == "buy":
        same = taken is not None and priced.column(taken.column).get("offer") == column["offer"]
        return "earlier order" if same else "second source", text
    if kind == "keep":
        return "earlier", f"{item} at {column['site']}: there by {start}, and kept"
    if kind == "use":
        return "alternate part", f"{column['parent']} with {column['component']} at {column['site']}"
    same = taken is not None and priced.kind(taken.column) == "build"
    return "earlier" if same else "build elsewhere", text


def _lane(ways: Ways, way: Way) -> tuple[object, ...]:
    column = ways.priced.column(way.column)
    return tuple(column[name] for name in ("origin", "destination", "mode"))


def _overtime(ways: Ways, chain: Chain, bound: list[Binding], premium: float) -> Iterator[tuple[str, Lever]]:
    """Overtime that is not used up, on the lines that bind."""
    priced = ways.priced
    for one in bound:
        if priced.family(one.row) != "capacity":
            continue
        columns, _ = priced.in_row(one.row)
        for column in columns.tolist():
            if priced.kind(column) != "overtime":
                continue
            room = float(priced.model.upper[column] - priced.values[column])
            if room > 1e-6:
                extra = max(float(priced.reduced[column]), 0.0) * one.per_unit
                hour = amount(float(priced.model.cost[column]))
                what = f"overtime on {one.thing} in {one.when}: {amount(room)} {one.unit}s are left at {hour}"
                yield one.thing, Lever("overtime", what, premium + extra, "unit of the demand")


_OUTSIDE: Final = {"line": "capacity", "supplier": "supply", "lane": "capacity", "part": "stock"}


def _outside(bound: list[Binding]) -> Iterator[Lever]:
    for one in bound:
        kind = _OUTSIDE.get(one.kind, one.kind)
        unit = one.unit or "unit of relief"
        by = f" by {one.when}" if one.kind == "part" else f" in {one.when}" if one.when else ""
        yield Lever(kind, f"one more {unit} of {one.thing}{by}", one.price, unit, inside=False)
