"""What obeying the law inside the plan, or knowing it earlier, is worth.

Three plans of one network:

- *without*: made without the law, or with the law as it was known on an earlier day;
- *assessed*: the same flows under the law as it is. Where knowledge is asked for, only the flows that begin before the
  day on which the change was published are held; from then on everybody may re-plan. Claims under schemes, thresholds
  and drawback are made as well as these flows allow, as a good adviser would make them afterwards;
- *with*: made with the law inside.

What it is worth is the cost of *assessed* less that of *with*. Each cost carries its own proven bound, so the
statement is honest about the gaps: the worth lies between ``least`` and ``most``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from boxbuild.errors import UsageError
from boxbuild.law.law import Law
from boxbuild.network.network import Network
from boxbuild.plan.make import Keep, make_plan
from boxbuild.plan.plan import Plan
from boxbuild.solve.progress import Listener, silent


@dataclass(frozen=True)
class LawWorth:
    """The three plans of a question about law, and what they say.

    Parameters
    ----------
    without, assessed, informed
        The plan made without (or with earlier) law, the same flows under the law, and the plan made with it.
    kept_until
        First day from which the flows were free again; ``None``: none were.
    """

    without: Plan
    assessed: Plan
    informed: Plan
    kept_until: date | None = None

    @property
    def worth(self) -> float:
        """Cost of the assessed plan less that of the plan made with the law, home currency."""
        return self.assessed.summary.cost - self.informed.summary.cost

    @property
    def least(self) -> float:
        """What it is worth at least: by the bound of the assessed plan."""
        return self.assessed.summary.bound - self.informed.summary.cost

    @property
    def most(self) -> float:
        """What it is worth at most: by the bound of the plan made with the law."""
        return self.assessed.summary.cost - self.informed.summary.bound

    def accounts(self) -> pl.DataFrame:
        """Return ``account`` with the discounted cost in each plan, and the difference of the last two."""
        frames = [
            plan["ledger"].group_by("account").agg(pl.col("present").cast(pl.Float64).sum().alias(name))
            for name, plan in (("without", self.without), ("assessed", self.assessed), ("informed", self.informed))
        ]
        table = frames[0]
        for frame in frames[1:]:
            table = table.join(frame, on="account", how="full", coalesce=True)
        return (
            table.fill_null(0.0)
            .with_columns(difference=pl.col("assessed") - pl.col("informed"))
            .sort(pl.col("difference").abs(), "account", descending=[True, False])
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        plans = {"without": self.without, "assessed": self.assessed, "informed": self.informed}
        return {
            "worth": self.worth,
            "least": self.least,
            "most": self.most,
            "kept_until": self.kept_until.isoformat() if self.kept_until else None,
            "plans": {
                name: {"cost": plan.summary.cost, "bound": plan.summary.bound, "gap": plan.summary.gap}
                for name, plan in plans.items()
            },
            "accounts": self.accounts().to_dicts(),
        }


def law_worth(
    network: Network,
    *,
    known_on: date | None = None,
    until: date | None = None,
    gap: float = 1e-3,
    time_limit: float | None = None,
    progress: Listener = silent,
) -> LawWorth:
    """Return what the law inside the plan, or knowing it earlier, is worth.

    Parameters
    ----------
    network
        A network whose setting ``law`` is not ``off``.
    known_on
        Plan first with the law as known on this day, and keep its flows until the next publication inside the horizon;
        without it, plan first without any law, and keep all its flows.
    until
        First day on which flows are free again, where it is another than that of the next publication.
    gap
        Gap between cost and bound at which each solve stops.
    time_limit
        Wall seconds for each solve.

    Raises
    ------
    UsageError
        The network obeys no law, or nothing is published between the day and the end of the horizon.
    """
    if network.settings.law == "off":
        raise UsageError("the project obeys no law", 'set law = "book" or "tables" in its settings')
    if known_on is None:
        blind = replace(network, settings=replace(network.settings, law="off"))
    else:
        blind = replace(network, settings=replace(network.settings, known_on=known_on))
        until = until or _published_after(Law.of(network), known_on)
    options: dict[str, Any] = {"gap": gap, "time_limit": time_limit, "release": False, "progress": progress}
    without = make_plan(blind, **options)
    assessed = make_plan(network, keep=Keep(without.tables, until), **options)
    informed = make_plan(network, **options)
    return LawWorth(without, assessed, informed, until)


def _published_after(law: Law, day: date) -> date:
    """Return the first day after ``day`` on which a value was published that holds inside the horizon."""
    settings = law.network.settings
    end = settings.calendar.end
    days = sorted(
        value.published
        for parameter in law.book.parameters.values()
        for value in parameter.values
        if day < value.published and value.since < end and (law.known_on is None or value.published <= law.known_on)
    )
    inside = [found for found in days if found < end]
    if not inside:
        raise UsageError(
            f"nothing is published after {day} that holds before {end}",
            "give an earlier day: boxbuild law history shows when values were published",
        )
    return inside[0]
