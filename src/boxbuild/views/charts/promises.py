"""Promises: contracts, targets and thresholds of the law: asked, reached, how far apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from boxbuild.law.schemes import SCHEMES
from boxbuild.plan import kpis
from boxbuild.views.charts.chart import Chart
from boxbuild.views.charts.obligations import obligations
from boxbuild.views.charts.table import Column, table_chart
from boxbuild.views.charts.values import plural
from boxbuild.views.text import percent, short

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

NEAR: Final = 0.02
"""A promise that is kept by less than this part of it is close to being missed."""

ALMOST: Final = 0.1
"""A threshold of the law that is missed by less than this part of it is nearly reached."""


@dataclass(frozen=True)
class Promise:
    """Something asked for and what the plan reaches.

    Parameters
    ----------
    kind
        ``contract``, ``target`` or ``law``.
    name, what
        Whose it is, and what is asked.
    asked, reached
        In the same unit; ``most``: it is an upper limit.
    share
        Whether both are fractions.
    """

    kind: str
    name: str
    what: str
    asked: float
    reached: float
    most: bool = False
    share: bool = False

    @property
    def distance(self) -> float:
        """How much more than asked is reached, as a part of what is asked; negative: it is missed."""
        apart = self.asked - self.reached if self.most else self.reached - self.asked
        return round(apart / abs(self.asked), 9) if self.asked else (0.0 if apart >= 0 else -1.0)

    @property
    def state(self) -> str:
        """The verdict: a status and the word for it."""
        if self.distance < -1e-6:
            nearly = self.kind == "law" and self.distance > -ALMOST
            return "warn: nearly reached" if nearly else "bad: missed"
        if self.distance <= NEAR:
            return "warn: at its limit" if abs(self.distance) <= 1e-6 else "warn: close"
        return "good: kept"

    def shown(self, value: float) -> str:
        """Return a value as text in the unit of the promise."""
        return percent(value) if self.share else short(value)


def promises(plan: Plan) -> list[Promise]:
    """Return every promise of the plan, the worst first."""
    found = [*_contracts(plan), *_targets(plan), *_incentives(plan), *_schemes(plan)]
    return sorted(found, key=lambda one: (one.distance, one.kind, one.name, one.what))


def promises_chart(every: list[Promise]) -> Chart:
    """Return the promises that are missed or close to it; those that are kept with room are counted."""
    rows = [one for one in every if one.state != "good: kept"]
    columns = [
        Column("kind", "kind"),
        Column("name", "name"),
        Column("what", "asked for"),
        Column("asked", "asked"),
        Column("reached", "reached"),
        Column("distance", "room", "percent", 1),
        Column("state", "", "status"),
    ]
    body = [
        [one.kind, one.name, one.what, one.shown(one.asked), one.shown(one.reached), one.distance, one.state]
        for one in rows
    ]
    missed = [one for one in rows if one.state == "bad: missed"]
    says = f"{plural(len(missed), 'promise')} missed, {len(rows) - len(missed)} close to their limit, of {len(every)}"
    if not every:
        says = "The network has no contracts, targets or claims of incentives"
    elif missed:
        one = missed[0]
        says += f"; furthest from it {one.name}: {one.shown(one.reached)} of {one.shown(one.asked)} ({one.what})"
    return table_chart("promises", "Contracts, targets and thresholds of the law", f"{says}.", columns, body)


def _contracts(plan: Plan) -> Iterator[Promise]:
    for row in kpis.contracts(plan).iter_rows(named=True):
        quantity, share, name = row["quantity"] or 0.0, row["share"], row["contract"]
        if row["min"] is not None:
            yield Promise("contract", name, "units at least", row["min"], quantity)
        if row["max"] is not None:
            yield Promise("contract", name, "units at most", row["max"], quantity, most=True)
        if share is not None and row["min_share"] is not None:
            yield Promise("contract", name, "share at least", row["min_share"], share, share=True)
        if share is not None and row["max_share"] is not None:
            yield Promise("contract", name, "share at most", row["max_share"], share, most=True, share=True)


def _targets(plan: Plan) -> Iterator[Promise]:
    for row in kpis.targets(plan).iter_rows(named=True):
        if row["reached"] is not None:
            what = f"{row['metric'].replace('_', ' ')} at least" + (f" ({row['scope']})" if row["scope"] else "")
            share = not row["metric"].startswith("units_")
            yield Promise("target", row["target"], what, row["at_least"], row["reached"], share=share)


def _incentives(plan: Plan) -> Iterator[Promise]:
    for row in kpis.incentives(plan).iter_rows(named=True):
        name = f"{row['partner']} {row['segment']} {row['year']}"
        for what, asked, reached in (
            ("sales over the base year", "min_sales", "incremental"),
            ("investment", "min_investment", "investment"),
        ):
            yield Promise("law", name, f"{row['scheme']}: {what}", row[asked], row[reached])


def _schemes(plan: Plan) -> Iterator[Promise]:
    for row in obligations(plan).iter_rows(named=True):
        title = SCHEMES[row["scheme"]].title if row["scheme"] in SCHEMES else "special economic zone"
        yield Promise("law", f"{row['site']}, {title}", "exports against imports for them", row["asked"], row["fob"])
