"""Pieces: the rows of a network that orders can be written for, each with the days on which its terms hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from boxbuild.network.network import Network
from boxbuild.plan.release.problem import BUILD, BUY, PICK, SHIP

Key = tuple[str | None, ...]
"""What names a row apart from its dates, or a node: (item, site), and longer for a group of alternates."""


@dataclass(frozen=True)
class Piece:
    """One way to obtain an item, while its terms hold.

    Parameters
    ----------
    key
        build: site, item, option; buy: offer, destination; ship: origin, destination, mode, lane's item, item;
        pick: site, parent, option, group, component.
    inputs, uses
        Units of each node, and of each weekly limit, for one unit started.
    """

    kind: int
    key: Key
    output: Key
    lead_days: int
    first_day: int
    last_day: int
    gain: float = 1.0
    lot_min: float = 0.0
    lot_multiple: float = 0.0
    unit_cost: float = 0.0
    inputs: Mapping[Key, float] = field(default_factory=dict)
    uses: Mapping[Key, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Days:
    """Turns windows of dates into windows of day numbers, in which the options that are taken count."""

    start: date
    horizon: int
    ready: Mapping[str, int]

    def window(self, row: Mapping[str, Any]) -> tuple[int, int]:
        """Return the first and the last day on which a row can be used; none where the last is the smaller."""
        first = 0 if row["from"] is None else max(0, (row["from"] - self.start).days)
        last = self.horizon - 1
        if row["until"] is not None:
            last = min(last, (row["until"] - self.start).days)
        if row.get("option") is not None:
            first = max(first, self.ready.get(row["option"], self.horizon))
        return first, last


def merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Put pieces of one key together that follow each other on the same terms."""
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: (p.kind, tuple(part or "" for part in p.key), p.output, p.first_day)):
        last = found[-1] if found else None
        if last is not None and last.last_day == piece.first_day - 1:
            again = replace(piece, first_day=last.first_day, last_day=last.last_day, unit_cost=last.unit_cost)
            if again == last:
                found[-1] = replace(last, last_day=piece.last_day)
                continue
        if piece.first_day <= piece.last_day:
            found.append(piece)
    return found


def recipes(network: Network, days: Days) -> Mapping[tuple[str, str], list[tuple[int, int, list[dict[str, Any]]]]]:
    """Return, for each site and item built there, the rows of its bill of materials by window of days."""
    by_parent: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in network["boms"].iter_rows(named=True):
        first, last = days.window(row)
        if first <= last:
            by_parent[row["parent"]].append({**row, "first": first, "last": last})
    found = {}
    for site, item in network["operations"].select("site", "item").unique().iter_rows():
        rows = [row for row in by_parent.get(item, ()) if row["site"] in (None, site)]
        edges = sorted({0, *(row["first"] for row in rows), *(row["last"] + 1 for row in rows)} - {days.horizon})
        found[site, item] = [
            (first, end - 1, _in_force(rows, first))
            for first, end in zip(edges, [*edges[1:], days.horizon], strict=True)
        ]
    return found


def _in_force(rows: list[dict[str, Any]], day: int) -> list[dict[str, Any]]:
    held = [row for row in rows if row["first"] <= day <= row["last"]]
    named = {row["component"] for row in held if row["site"] is not None}
    own = [row for row in held if row["site"] is not None or row["component"] not in named]
    return [row for row in own if row["quantity"] > 0]


def builds(network: Network, days: Days, money: Mapping[str, float]) -> Iterator[Piece]:
    """Yield the operations, cut where their bill of materials changes, and the picks from their groups."""
    recipe = recipes(network, days)
    uses: dict[tuple[str, str], dict[Key, float]] = defaultdict(dict)
    for site, item, resource, quantity in (
        network["uses"]
        .filter(network["uses"]["quantity"] > 0)
        .select("site", "item", "resource", "quantity")
        .iter_rows()
    ):
        uses[site, item]["resource", resource] = quantity
    for row in network["operations"].iter_rows(named=True):
        site, item, option = row["site"], row["item"], row["option"]
        first, last = days.window(row)
        for start, end, lines in recipe[site, item]:
            inputs: dict[Key, float] = defaultdict(float)
            window = max(first, start), min(last, end)
            if window[0] > window[1]:
                continue
            for line in lines:
                per_unit = line["quantity"] * (1 + line["scrap"])
                group = line["alternate_group"]
                if group is None:
                    inputs[line["component"], site] += per_unit
                    continue
                needed: Key = (site, item, option, group, str(start))
                inputs[needed] = 1.0
                yield Piece(
                    PICK,
                    (site, item, option, group, line["component"]),
                    needed,
                    0,
                    *window,
                    gain=1 / per_unit,
                    inputs={(line["component"], site): 1.0},
                )
            yield Piece(
                BUILD,
                (site, item, option),
                (item, site),
                int(row["lead_days"]),
                *window,
                gain=row["yield"],
                lot_min=row["lot_min"],
                lot_multiple=row["lot_multiple"],
                unit_cost=float(row["cost"]) * money.get(row["currency"], 1.0),
                inputs=dict(inputs),
                uses=uses[site, item],
            )


def buys(
    network: Network, days: Days, money: Mapping[str, float], destinations: Mapping[str, list[str]]
) -> Iterator[Piece]:
    """Yield the offers, once for each destination."""
    for row, limit in _limited(network["sources"].rows(named=True), ("offer",), days):
        for destination in destinations.get(row["offer"], ()):
            yield Piece(
                BUY,
                (row["offer"], destination),
                (row["item"], destination),
                int(row["lead_days"]),
                *days.window(row),
                lot_min=row["lot_min"],
                lot_multiple=row["lot_multiple"],
                unit_cost=float(row["price"] + row["freight"]) * money.get(row["currency"], 1.0),
                uses=limit,
            )


def ships(network: Network, days: Days, carried: Mapping[Key, list[str]], whole: set[str]) -> Iterator[Piece]:
    """Yield the lanes, once for each item that the plan carries on them; whole units where there are no others."""
    for row, limit in _limited(network["lanes"].rows(named=True), ("origin", "destination", "mode", "item"), days):
        lane = row["origin"], row["destination"], row["mode"], row["item"]
        for item in carried.get(lane, ()):
            yield Piece(
                SHIP,
                (*lane, item),
                (item, row["destination"]),
                int(row["lead_days"]),
                *days.window(row),
                lot_multiple=1.0 if item in whole else 0.0,
                inputs={(item, row["origin"]): 1.0},
                uses=limit,
            )


def limit_key(row: Mapping[str, Any], names: tuple[str, ...]) -> Key:
    """Return the name of the weekly limit of an offer or a lane."""
    return ("per_week", *(row[name] for name in names))


def _limited(
    rows: list[dict[str, Any]], names: tuple[str, ...], days: Days
) -> Iterator[tuple[dict[str, Any], dict[Key, float]]]:
    """Yield rows with the weekly limit that they use; rows of one key share it while they change with the weeks."""
    shared: dict[Key, bool] = defaultdict(lambda: True)
    limited: set[Key] = set()
    for row in rows:
        key = limit_key(row, names)
        first, last = days.window(row)
        shared[key] &= first > last or first % 7 == 0
        if row["per_week"] is not None:
            limited.add(key)
    for row in rows:
        key = limit_key(row, names)
        own = key if shared[key] else (*key, str(days.window(row)[0]))
        yield row, {own: 1.0} if key in limited else {}
