"""Pegs as a chart: the trees of the demands that are late with the most units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from boxbuild.plan.pegging import Peg, Pegging
from boxbuild.views.charts import Chart
from boxbuild.views.pegging.tree import LEAST
from boxbuild.views.pegging.words import amount, days, named, units
from boxbuild.views.text import number

DEPTH: Final = 8
"""Levels of a tree in a report."""

MOST: Final = 6
"""Branches of a node in a report; the others are drawn together."""

NODES: Final = 400
"""Nodes of a tree in a report: a deeper level is left out where there would be more."""


def pegs_chart(pegging: Pegging, demands: Sequence[str] | None = None, most: int = 5) -> Chart | None:
    """Return the trees of some demands.

    Parameters
    ----------
    demands
        The demands; ``None``: those with the most units late or short.
    most
        How many to choose.

    Returns
    -------
    Chart or None
        Of kind ``tree``; ``None`` where no demand is late or short.
    """
    chosen = list(demands) if demands is not None else late_demands(pegging)["demand"].head(most).to_list()
    if not chosen:
        return None
    pegs = [pegging.demand(demand) for demand in chosen]
    roots = [_fitting(peg) for peg in pegs]
    first = pegs[0]
    last = first.chain()[-1]
    said = f"{first.key}: {units(first.whole)} {first.item} due {first.end}"
    says = f"{said}; what came last: {named(last)}." if last is not first else f"{said}; nothing is delivered."
    return Chart("pegs", "tree", "What late demand waited for", says, "units", {"roots": roots})


def late_demands(pegging: Pegging) -> pl.DataFrame:
    """Return ``demand``, ``late`` and ``short`` (units) of the demands that are not met on time, the worst first."""
    late = pegging.deliveries().filter(pl.col("late_days") > 0)
    sums = late.group_by("demand").agg(late=pl.col("quantity").sum())
    return (
        sums.join(pegging.shortages(), on="demand", how="full", coalesce=True)
        .with_columns(pl.col("late", "short").fill_null(0.0))
        .sort(pl.col("late") + pl.col("short"), "demand", descending=[True, False])
    )


def _fitting(peg: Peg) -> dict[str, Any]:
    """Return the deepest tree that has no more than the nodes of a report."""
    found = _node(peg, 2)
    for depth in range(3, DEPTH + 1):
        if _count(peg, depth) > NODES:
            break
        found = _node(peg, depth)
    return found


def _count(peg: Peg, depth: int) -> int:
    if depth == 0:
        return 1
    return 1 + sum(_count(child, depth - 1) for child in peg.folded(MOST, LEAST)[0])


def _node(peg: Peg, depth: int) -> dict[str, Any]:
    note = f"{days(peg.late_days)} late" if peg.late_days else ""
    if peg.whole > peg.quantity * (1 + 1e-9):
        note = f"{note}, " * bool(note) + f"of {units(peg.whole)}"
    children = []
    if depth:
        shown, more, rest = peg.folded(MOST, LEAST)
        children = [_node(child, depth - 1) for child in sorted(shown, key=lambda child: -child.quantity)]
        if more:
            one = len({child.unit_of for child in peg.children}) == 1
            value = f"{units(rest)} {peg.children[0].unit_of}" if one else ""
            children.append({"name": f"and {number(more)} more", "value": value, "note": "", "children": []})
    return {"name": named(peg), "value": amount(peg), "note": note, "children": children}
