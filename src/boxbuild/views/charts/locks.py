"""Locks: what a planner froze, what the plan and its orders make of it."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from boxbuild.views.charts.chart import Chart
from boxbuild.views.charts.head import fact
from boxbuild.views.charts.table import Column, table_chart
from boxbuild.views.charts.values import plural
from boxbuild.views.text import number

MOST: Final = 60
"""Locked amounts that are shown: those that the orders leave by most, then the largest."""


def locks_fact(figures: pl.DataFrame | None) -> dict[str, Any]:
    """Return how many locked amounts are held; ``None``: there are no locks."""
    if figures is None or figures.is_empty():
        return fact("locks", "nothing is locked", "none")
    left = figures.filter(~pl.col("held"))
    if left.is_empty():
        return fact("locks", f"all {figures.height:,} held", "good")
    worst = left.sort(pl.col("off").abs(), "lock", descending=[True, False], nulls_last=True).row(0, named=True)
    note = f"{worst['lock']}: {number(worst['ordered'])} ordered, {number(worst['planned'])} planned"
    return fact("locks", f"{left.height:,} left of {figures.height:,}", "warn", note)


def locks(figures: pl.DataFrame) -> Chart | None:
    """Return every locked amount with what is planned and ordered; ``None`` where nothing is locked.

    Parameters
    ----------
    figures
        Of :func:`boxbuild.plan.locks.lock_figures`.
    """
    if figures.is_empty():
        return None
    ranked = figures.sort(
        "held", pl.col("off").abs(), "planned", "lock", descending=[False, True, True, False], nulls_last=True
    )
    columns = [
        Column("lock", "lock"),
        Column("kind", "kind"),
        Column("start", "from", "date"),
        Column("end", "until", "date"),
        Column("min", "at least", "number"),
        Column("max", "at most", "number"),
        Column("planned", "planned", "number"),
        Column("ordered", "ordered", "number"),
        Column("off", "orders off by", "number"),
        Column("state", "", "status"),
    ]
    body = [
        [*(row[column.name] for column in columns[:-1]), "good: held" if row["held"] else "warn: left"]
        for row in ranked.head(MOST).iter_rows(named=True)
    ]
    left = figures.filter(~pl.col("held")).height
    says = f"{plural(left, 'locked amount')} of {figures.height:,} left by the orders"
    says += f"; {MOST} are shown." if figures.height > MOST else "."
    return table_chart("locks", "Locks", says, columns, body, "units")
