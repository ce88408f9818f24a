"""What limits the demands that are short or late: by the plan's reasons, else by a rule of thumb read off the plan.

A plan keeps the reasons of its worst demands, which are those of its prices (:mod:`boxbuild.plan.why.reasons`). Where
it has none the rule says what is most likely.

An item is limited when every way to get it (build it somewhere, buy it from someone) is full: its
resources, or its supplier's week. Of the items that a product needs, the one whose ways are fullest is named.
Before that the rule asks whether lead times alone forbid it. Exact reasons need the prices of the model; this
rule needs the plan's tables only, and its answer is worded as likely.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.plan.consumption import bom_rows
from boxbuild.plan.service import planned_demand

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

FULL: Final = 0.99
"""Used share from which a way counts as full."""

WINDOW_DAYS: Final = 56
"""How far back from the last useful day the use of a way is looked at."""

_SCHEMA: Final = {
    "demand": pl.String,
    "item": pl.String,
    "market": pl.String,
    "due": pl.Date,
    "wanted": pl.Float64,
    "short": pl.Float64,
    "late": pl.Float64,
    "limit": pl.String,
    "thing": pl.String,
    "reason": pl.String,
    "sure": pl.Boolean,
}


def limiting(plan: Plan, most: int = 10) -> pl.DataFrame:
    """Return the demands with the most units short or late, and what limits each.

    Returns
    -------
    DataFrame
        ``demand``, ``item``, ``market``, ``due``, ``wanted``, ``short`` and ``late`` units, ``limit`` (the
        kind: as in the table ``reasons``; by the rule: lead time, resource, offer, no way, cost), ``thing`` (its
        name), ``reason`` (one sentence) and ``sure`` (whether it is by prices; else it is most likely).
    """
    worst = missed(plan).head(most)
    known = {row[0]: row[1:] for row in plan["reasons"].select("demand", "kind", "thing", "reason").iter_rows()}
    rules = _Rules(plan)
    rows = []
    for row in worst.iter_rows(named=True):
        head = [row[name] for name in list(_SCHEMA)[:7]]
        if row["demand"] in known:
            rows.append((*head, *known[row["demand"]], True))
            continue
        # what is late asks why it was not on time; what is short, why not even late
        late_days = row["max_late_days"] if row["short"] > 1e-6 else 0
        kind, thing, reason = rules.why(row["item"], row["market"], row["due"], late_days)
        if kind == "cost":
            reason = f"{reason}: {'to deliver it' if row['short'] > 1e-6 else 'being on time'} {rules.not_worth_it}"
        rows.append((*head, kind, thing, f"most likely: {reason}", False))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def missed(plan: Plan) -> pl.DataFrame:
    """Return the demands that are short or late: those of most units first."""
    late = plan["deliveries"].filter(pl.col("late_days") > 0).group_by("demand").agg(late=pl.col("quantity").sum())
    short = plan["shortages"].group_by("demand").agg(short=pl.col("quantity").sum())
    return (
        planned_demand(plan)
        .rename({"quantity": "wanted"})
        .join(short, on="demand", how="left")
        .join(late, on="demand", how="left")
        .with_columns(pl.col("short", "late").fill_null(0.0))
        .filter((pl.col("short") > 1e-6) | (pl.col("late") > 1e-6))
        .sort("short", "late", "demand", descending=[True, True, False])
    )


@dataclass(frozen=True)
class _Way:
    """One way to get an item: a build at a site or an offer, with what may be full."""

    kind: str
    lead_days: int
    things: tuple[str, ...] = ()


@dataclass
class _Rules:
    plan: Plan
    _earliest: dict[str, float] = field(default_factory=dict)

    def why(self, item: str, market: str, due: date, max_late: int) -> tuple[str, str, str]:
        calendar = self.plan.network.calendar
        bucket = max(calendar.bucket(calendar.day(due)), 0)
        final = min(calendar.bucket(calendar.edges[bucket] + max_late), calendar.count - 1)
        last = calendar.edges[final + 1] - 1
        way_out = self._way_out(item, market)
        if way_out is None:
            return "no way", market, f"nothing carries {item} to {market}"
        earliest = self.earliest(item) + way_out
        if earliest == inf:
            return "no way", item, f"nothing makes or sells {item}, or a part of it, in this plan"
        if earliest > last:
            ready = calendar.start + timedelta(days=int(earliest))
            return (
                "lead time",
                item,
                f"lead times: beyond stock and open orders, the first unit can be there on {ready}",
            )
        return self._fullest(item, last - way_out)

    def earliest(self, item: str) -> float:
        """Day on which a unit can be had from nothing by the quickest way, transport not counted."""
        if item not in self._earliest:
            self._earliest[item] = inf
            ways = [
                way.lead_days + (self._components_earliest(item) if way.kind == "build" else 0.0)
                for way in self.ways.get(item, ())
            ]
            self._earliest[item] = min(ways, default=inf)
        return self._earliest[item]

    def _components_earliest(self, item: str) -> float:
        return max((min(map(self.earliest, group)) for group in self.groups.get(item, ())), default=0.0)

    def _fullest(self, item: str, last: float) -> tuple[str, str, str]:
        """Walk down the bill of materials; a group of alternates is as full as its emptiest member."""
        best = (0.0, "", "", "")
        for part, needed in self._parts(item, last).items():
            found = self._stage(part, needed)
            if found[0] > best[0] + 1e-9:
                best = found
        if best[0] >= FULL:
            return best[1:]
        nearest = f" ({best[2]} comes nearest, {best[0]:.0%})" if best[2] else ""
        return "cost", best[2] or item, f"nothing is full{nearest}"

    @property
    def not_worth_it(self) -> str:
        """Why something is not done although nothing is full."""
        within = ", or the plan's gap covers it" if self.plan.summary.gap > 1e-6 else ""
        return f"costs more than it saves{within}"

    def _parts(self, item: str, last: float) -> dict[str, float]:
        """The item and what it cannot do without, each with the last day on which starting it still helps."""
        found: dict[str, float] = {}
        queue = [(item, last)]
        while queue:
            part, needed = queue.pop(0)
            if part in found:
                continue
            ways = self.ways.get(part, ())
            found[part] = needed - min((way.lead_days for way in ways), default=0)
            if any(way.kind == "build" for way in ways):
                queue += [(group[0], found[part]) for group in self.groups.get(part, ()) if len(group) == 1]
        return found

    def _stage(self, item: str, last: float) -> tuple[float, str, str, str]:
        """How full the emptiest way to an item is, and what fills it."""
        ways = [self._fill(way, last) for way in self.ways.get(item, ())]
        if not ways:
            return 0.0, "", "", ""
        share, emptiest = min(ways)
        things = sorted({thing for found, thing in ways if thing})
        kind = "resource" if any(way.kind == "build" for way in self.ways[item]) else "offer"
        names = ", ".join(things[:3]) + (" and others" if len(things) > 3 else "")
        verb = "is full" if len(things) == 1 else "are full"
        what = "" if kind == "resource" else ": all that can be bought a week is bought"
        return share, kind, emptiest, f"{names} {verb} in the weeks before ({item}){what}"

    def _fill(self, way: _Way, last: float) -> tuple[float, str]:
        """The fullest thing a way needs, in the weeks up to the last useful day, from its first use on."""
        best = (0.0, "")
        for thing in way.things:
            rows = [row for row in self.use.get(thing, ()) if row[0] <= last]
            first = next((start for start, used, _ in rows if used > 0), inf)
            rows = [row for row in rows if row[0] >= max(first, last - WINDOW_DAYS)]
            limit = sum(row[2] for row in rows)
            share = sum(row[1] for row in rows) / limit if limit > 0 else 0.0
            if share > best[0]:
                best = (share, thing)
        return best

    def _way_out(self, item: str, market: str) -> float | None:
        network = self.plan.network
        made = network["operations"].filter((pl.col("item") == item) & (pl.col("site") == market)).height
        bought = network["sources"].filter((pl.col("item") == item) & (pl.col("destination") == market)).height
        lanes = network["lanes"].filter(
            (pl.col("destination") == market) & (pl.col("item").is_null() | (pl.col("item") == item))
        )
        if made or bought:
            return 0.0
        return float(lanes["lead_days"].min()) if lanes.height else None  # type: ignore[arg-type]

    @cached_property
    def ways(self) -> dict[str, list[_Way]]:
        """Every way to get each item; what waits for an option that is not taken is not a way."""
        network = self.plan.network
        taken = self.plan["options"]["option"].to_list()
        usable = pl.col("option").is_null() | pl.col("option").is_in(taken)
        resources: dict[tuple[str, str], list[str]] = defaultdict(list)
        for site, item, resource in network["uses"].select("site", "item", "resource").iter_rows():
            resources[site, item].append(resource)
        found: dict[str, list[_Way]] = defaultdict(list)
        operations = network["operations"].filter(usable)
        for site, item, lead in operations.select("site", "item", "lead_days").iter_rows():
            found[item].append(_Way("build", lead, tuple(resources[site, item])))
        offers = network["sources"].filter(usable).select("item", "lead_days", "offer")
        for item, lead, offer in offers.unique(maintain_order=True).iter_rows():
            found[item].append(_Way("buy", lead, (offer,)))
        return found

    @cached_property
    def groups(self) -> dict[str, list[list[str]]]:
        """What each parent needs: one list a need, of the components that can cover it."""
        grouped = (
            bom_rows(self.plan)
            .with_columns(pl.coalesce("alternate_group", "component").alias("need"))
            .unique(["parent", "need", "component"])
            .sort("parent", "need", "component")
            .group_by("parent", "need", maintain_order=True)
            .agg("component")
        )
        found: dict[str, list[list[str]]] = defaultdict(list)
        for parent, _, components in grouped.iter_rows():
            found[parent].append(components)
        return found

    @cached_property
    def use(self) -> dict[str, list[tuple[float, float, float]]]:
        """Start day, use and limit by bucket of every resource and of every offer with a weekly limit."""
        calendar = self.plan.network.calendar
        found: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        table = self.plan["capacity"].sort("resource", "bucket")
        for resource, bucket, used, regular, extra in table.select(
            "resource", "bucket", "used", "regular", "overtime_limit"
        ).iter_rows():
            found[resource].append((float(calendar.edges[bucket]), used, regular + extra))
        bought = self.plan["buys"].group_by("offer", "bucket").agg(pl.col("quantity").sum())
        ordered = {(offer, bucket): quantity for offer, bucket, quantity in bought.iter_rows()}
        limited = self.plan.network["sources"].filter(pl.col("per_week").is_not_null())
        for offer, per_week, start, until in limited.select("offer", "per_week", "from", "until").iter_rows():
            for bucket in _holds(calendar.first_days, start, until):
                limit = per_week * int(calendar.lengths[bucket]) / 7
                found[offer].append((float(calendar.edges[bucket]), ordered.get((offer, bucket), 0.0), limit))
        return {thing: sorted(rows) for thing, rows in found.items()}


def _holds(days: Iterable[date], start: date | None, until: date | None) -> list[int]:
    return [
        bucket for bucket, day in enumerate(days) if (start is None or start <= day) and (until is None or day <= until)
    ]
