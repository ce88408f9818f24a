"""Grounds: what differs between two plans, asked move by move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

import polars as pl

from boxbuild.network import catalogue
from boxbuild.plan.plan import Plan
from boxbuild.study.change_why.limits import LANE, limits
from boxbuild.study.change_why.moves import Move
from boxbuild.study.change_why.needs import demand_changes, need_changes
from boxbuild.study.change_why.rates import rates
from boxbuild.study.change_why.reason import Ground, Reason
from boxbuild.study.compare.inputs import row_name

MOST: Final = 3
"""Reasons of one kind that are told of a move."""

PART: Final = 0.02
"""Part of a move from which what is counted is worth a sentence."""

DEARER: Final = 0.1
"""Part by which what a limit is worth must differ."""


@dataclass(frozen=True)
class Grounds:
    """What differs between two plans.

    Parameters
    ----------
    first, other
        The plans.
    inputs
        In which rows their networks differ.
    moves
        What moved of the items that are asked for.
    months
        Whether periods are months.
    before, after
        What limits are worth in each plan; ``None`` where it keeps no prices.
    """

    first: Plan
    other: Plan
    inputs: pl.DataFrame
    moves: Sequence[Move]
    before: pl.DataFrame | None
    after: pl.DataFrame | None
    months: bool

    @classmethod
    def of(cls, first: Plan, other: Plan, inputs: pl.DataFrame, moves: Sequence[Move], *, months: bool) -> Grounds:
        """Return what differs between two plans."""
        return cls(first, other, inputs, moves, limits(first, months=months), limits(other, months=months), months)

    @property
    def priced(self) -> bool:
        """Whether both plans say what their limits are worth."""
        return self.before is not None and self.after is not None

    def inputs_of(self, move: Move) -> Iterator[Reason]:
        """Rows that name the way, or a limit of it, and differ."""
        named = self._rows_of(move)
        if self.inputs.is_empty():
            return
        hits = self.inputs.filter(
            pl.any_horizontal(
                [(pl.col("table") == table) & pl.col("row").is_in(sorted(rows)) for table, rows in named.items()]
            )
        )
        meant = [row for row in hits.iter_rows(named=True) if self._holds(row, move)]
        for row in meant[:MOST]:
            yield Reason("input", f"an input of it differs: {_input(row)}")
        if len(meant) > MOST:
            yield Reason("input", f"{len(meant) - MOST} more inputs of it differ")

    def _holds(self, row: dict[str, Any], move: Move) -> bool:
        """Whether the days on which an input differs meet a period in which the move happens."""
        if not self.months:
            first_days = self.other.network.calendar.first_days
            ends = {day: (*first_days[1:], date.max)[at] for at, day in enumerate(first_days)}
        else:
            ends = {day: (day + timedelta(days=31)).replace(day=1) for day in move.periods}
        first, last = row["from"] or date.min, row["until"] or date.max
        return any(first < ends[day] and last >= day for day in move.periods)

    def options_of(self, move: Move) -> Iterator[Reason]:
        """Options that the way depends on, and that are taken in one plan only or on another day."""
        for option in sorted(self._options_of(move)):
            one, two = (self._taken(plan).get(option) for plan in (self.first, self.other))
            if one == two:
                continue
            said = f"option {option} is taken on {two}" if two else f"option {option} is not taken"
            yield Reason("option", f"{said}, before {f'on {one}' if one else 'it was not'}")

    def rates_of(self, move: Move) -> Iterator[Reason]:
        """What a unit pays in the same bucket, where that differs."""
        if move.kind == "deliver":
            return
        for row in self._rates.get(_ledger_key(move), [])[:MOST]:
            account, before, after = row
            yield Reason("rate", f"a unit pays {after:,.2f} of {account} instead of {before:,.2f}")

    def needs_of(self, move: Move) -> Iterator[Reason]:
        """What takes more or less of the item, and what other ways give instead: counted."""
        if move.kind == "deliver":
            yield from self._demand_of(move)
            return
        if abs(move.change) <= PART * move.shifted:
            return
        here = move.site if move.kind == "ship" else None
        needs = self._needs.get(move.item, [])
        if here is not None:
            needs = [row for row in needs if row[0] == here]
        same = [row for row in needs if row[3] * move.change > 0 and abs(row[3]) >= PART * abs(move.change)]
        for _, what, by, units in sorted(same, key=lambda row: -abs(row[3]))[:MOST]:
            yield Reason("need", _need(move, what, by, units), units)
        for other in self._instead(move):
            less = "less" if other.change < 0 else "more"
            says = f"it stands against {abs(other.change):,.0f} {less} {_way(other)}"
            yield Reason("instead", says, -other.change)

    def limits_of(self, move: Move) -> Iterator[Reason]:
        """Limits of the way that are worth more or less, then those of other ways to the same item."""
        if not self.priced or move.kind == "deliver":
            return
        told: set[tuple[str, str]] = set()
        for way in (move, *sorted(self._others(move), key=lambda other: -other.money)):
            ground: Ground = "limit" if way is move else "other way"
            for family, thing in sorted(self._limits_of(way) - told):
                said = self._limit_change(move, way, family, thing)
                if said and len(told) < MOST:
                    told.add((family, thing))
                    yield Reason(ground, said)

    def _demand_of(self, move: Move) -> Iterator[Reason]:
        wanted = self._demand.get((move.item, move.site), 0.0)
        if wanted:
            less = "less" if wanted < 0 else "more"
            yield Reason("need", f"{abs(wanted):,.0f} {less} are wanted there in the horizon", wanted)
        rest = move.change - wanted
        if abs(rest) > max(PART * abs(move.change), 1e-6):
            yield Reason("need", f"{abs(rest):,.0f} {'fewer' if rest > 0 else 'more'} are lost", rest)
        made = [other for other in self.moves if other.kind in ("build", "buy") and other.item == move.item]
        shifted = [other for other in made if other.shifted + abs(other.change) >= PART * move.shifted > 0]
        if move.shifted > abs(move.change):
            for other in shifted[:MOST]:
                yield Reason("need", f"its supply moved: {_shift(other)} {_way(other)}")

    def _instead(self, move: Move) -> list[Move]:
        """Other ways of the same item that change the other way round."""
        against = [
            other
            for other in self._others(move)
            if other.change * move.change < 0 and abs(other.change) >= PART * abs(move.change)
        ]
        return sorted(against, key=lambda other: -abs(other.change))[:MOST]

    def _others(self, move: Move) -> list[Move]:
        """Other ways to the same item; of a shipment, to the same place."""
        if move.kind == "ship":
            return [
                other
                for other in self._of_item.get(move.item, [])
                if other != move and other.site == move.site and other.kind != "deliver"
            ]
        return [other for other in self._of_item.get(move.item, []) if other != move and other.kind in ("build", "buy")]

    def _limit_change(self, move: Move, way: Move, family: str, thing: str) -> str:
        """Say how the worth of a limit goes with the move, in the period in which that moves most; nothing if not."""
        own = 1 if way is move else -1
        found = []
        for day, units in move.periods.items():
            before, after = (self._worth(known, family, thing, day) for known in (self._before, self._after))
            if before is None or after is None or before == after == 0.0:
                continue
            # less is made where a limit is worth more, and more where it is worth less
            if (after - before) * units * own < 0 and abs(after - before) > DEARER * max(before, after):
                found.append((abs(units), day, before, after))
        if not found:
            return ""
        _, day, before, after = max(found)
        of = "" if way is move else f" ({_way(way)})"
        return f"{_limit(family, thing, self._when(day), before, after)}{of}"

    def _when(self, day: date) -> str:
        return f"in {day:%Y-%m}" if self.months else f"in the bucket of {day}"

    @staticmethod
    def _worth(known: Mapping[tuple[str, str, date], float], family: str, thing: str, day: date) -> float | None:
        found = known.get((family, thing, day))
        return None if found is None else (found if found > 1e-6 else 0.0)

    def _limits_of(self, way: Move) -> set[tuple[str, str]]:
        if way.kind == "build":
            return {("capacity", resource) for resource in self._resources(way)}
        if way.kind == "buy":
            return {("supply", str(way.reference))}
        if way.kind == "ship":
            return {("carriage", f"{way.origin} {LANE} {way.site} {way.reference}")}
        return set()

    def _resources(self, way: Move) -> list[str]:
        uses = pl.concat([plan.network["uses"] for plan in (self.first, self.other)])
        return uses.filter((pl.col("site") == way.site) & (pl.col("item") == way.item))["resource"].unique().to_list()

    def _rows_of(self, move: Move) -> dict[str, set[str]]:
        """Names of the rows that a way, or a limit of it, rests on, by table."""
        item, site = pl.col("item") == move.item, pl.col("site") == move.site
        if move.kind == "build":
            chosen = {
                "operations": item & site,
                "uses": item & site,
                "resources": pl.col("resource").is_in(self._resources(move)),
                "boms": (pl.col("parent") == move.item) & (pl.col("site").is_null() | site),
            }
        elif move.kind == "buy":
            chosen = {"sources": pl.col("offer") == move.reference, "tiers": pl.col("offer") == move.reference}
        elif move.kind == "ship":
            lane = (pl.col("origin") == move.origin) & (pl.col("destination") == move.site)
            chosen = {"lanes": lane & (pl.col("item").is_null() | item) & (pl.col("mode") == move.reference)}
        else:
            chosen = {"demand": item & (pl.col("market") == move.site)}
        return {table: self._names(table, rows) for table, rows in chosen.items()}

    def _names(self, table: str, rows: pl.Expr) -> set[str]:
        key = [name for name in catalogue.table(table).key if name != "from"]
        return {
            row_name(found)
            for plan in (self.first, self.other)
            for found in plan.network[table].filter(rows).select(key).unique().rows()
        }

    def _options_of(self, move: Move) -> set[str]:
        """Options of the rows that a way rests on."""
        found: set[str] = set()
        for plan in (self.first, self.other):
            network = plan.network
            if move.kind == "build":
                own = (pl.col("item") == move.item) & (pl.col("site") == move.site)
                rows = [
                    network["operations"].filter(own)["option"],
                    network["resources"].filter(pl.col("resource").is_in(self._resources(move)))["option"],
                ]
            elif move.kind == "buy":
                rows = [network["sources"].filter(pl.col("offer") == move.reference)["option"]]
            else:
                rows = []
            found |= {option for series in rows for option in series.drop_nulls()}
        return found

    @staticmethod
    def _taken(plan: Plan) -> dict[str, date]:
        return dict(plan["options"].select("option", "start").iter_rows())

    @cached_property
    def _of_item(self) -> dict[str, list[Move]]:
        found: dict[str, list[Move]] = {}
        for move in self.moves:
            found.setdefault(move.item, []).append(move)
        return found

    @cached_property
    def _needs(self) -> dict[str, list[tuple[str, str, str, float]]]:
        found: dict[str, list[tuple[str, str, str, float]]] = {}
        for item, site, what, by, units in need_changes(self.first, self.other, self._of_item).iter_rows():
            found.setdefault(item, []).append((site, what, by, units))
        return found

    @cached_property
    def _demand(self) -> dict[tuple[str, str], float]:
        return demand_changes(self.first, self.other)

    @cached_property
    def _rates(self) -> dict[str, list[tuple[str, float, float]]]:
        keys = {_ledger_key(move) for move in self.moves if move.kind != "deliver"}
        found: dict[str, list[tuple[str, float, float]]] = {}
        for key, account, before, after in rates(self.first, self.other, keys).iter_rows():
            found.setdefault(key, []).append((account, before, after))
        return found

    @cached_property
    def _before(self) -> dict[tuple[str, str, date], float]:
        return _worths(self.before)

    @cached_property
    def _after(self) -> dict[tuple[str, str, date], float]:
        return _worths(self.after)


def _worths(frame: pl.DataFrame | None) -> dict[tuple[str, str, date], float]:
    if frame is None:
        return {}
    return {(family, thing, day): worth for family, thing, day, worth in frame.iter_rows()}


def _ledger_key(move: Move) -> str:
    """The key of a way in the ledger."""
    if move.kind == "build":
        return f"{move.site}|{move.item}|{move.reference or ''}"
    if move.kind == "buy":
        return f"{move.reference}|{move.site}"
    return f"{move.origin}|{move.site}|{move.reference}||{move.item}"


def _need(move: Move, what: str, by: str, units: float) -> str:
    less = "less" if units < 0 else "more"
    amount = f"{abs(units):,.0f} {less}"
    if what == "delivered":
        return f"{amount} are delivered to {by}"
    if what == "taken":
        return f"{by} takes {amount} {move.item}"
    return f"{amount} are left at {by} at the end"


def _limit(family: str, thing: str, when: str, before: float, after: float) -> str:
    what = {"capacity": "a unit more of its time", "supply": "a unit more a week", "carriage": "a unit more a week"}
    if not before:
        return f"{thing} became full {when}: {what[family]} is worth {after:,.2f}"
    if not after:
        return f"{thing} is no longer full {when}: {what[family]} was worth {before:,.2f}"
    more = "scarcer" if after > before else "less scarce"
    return f"{thing} is {more} {when}: {what[family]} is worth {after:,.2f}, before {before:,.2f}"


def _way(move: Move) -> str:
    """What a move is, in words."""
    if move.kind == "build":
        return f"built at {move.site}"
    if move.kind == "buy":
        return f"bought from {move.origin} for {move.site} ({move.reference})"
    if move.kind == "ship":
        return f"shipped from {move.origin} to {move.site} by {move.reference}"
    return f"delivered to {move.site}"


def _shift(move: Move) -> str:
    if abs(move.change) > move.shifted:
        return f"{abs(move.change):,.0f} {'more' if move.change > 0 else 'less'}"
    return f"{move.shifted:,.0f} in another period"


def _input(row: dict[str, Any]) -> str:
    days = f", {row['from'] or '…'} to {row['until'] or '…'}" if row["from"] or row["until"] else ""
    where = f"{row['table']} {row['row']}"
    if row["column"]:
        return f"{where}, {row['column']} {row['before'] or 'blank'} → {row['after'] or 'blank'}{days}"
    return f"{where} is {'new' if row['change'] == 'added' else row['change']}{days}"
