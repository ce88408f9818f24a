"""Alternates: what was taken from groups, given to the build orders that need the groups."""

from __future__ import annotations

import numpy as np
import polars as pl
from numba import njit

from boxbuild.plan.release.pieces import NODE, Pieces
from boxbuild.plan.release.problem import PICK, Floats, Integers
from boxbuild.plan.schemas import conform

DECIMALS = 6


def order_alternates(
    pieces: Pieces, order: pl.Series, build: Integers, started: Floats, pick: Integers, units: Floats
) -> pl.DataFrame:
    """Return schema ``order_alternates``: first come, first served.

    A pick lies on or before the day of its build: taking it on that day leaves more, not less, in stock.

    Parameters
    ----------
    order, build, started
        Names, rows of ``pieces`` and units of the build orders, by day.
    pick, units
        Rows of ``pieces`` and units of the component of what was taken, by day.
    """
    names = list(NODE)
    numbered = pieces.outputs.filter(pieces.rows["kind"] == PICK).unique(maintain_order=True)
    numbered = numbered.with_columns(number=pl.int_range(pl.len(), dtype=pl.Int64))
    taken = pieces.outputs[pick].join(numbered, on=names, how="left", nulls_equal=True, maintain_order="left")
    groups = pieces.inputs.filter(pl.col("group").is_not_null()).join(
        numbered, on=names, nulls_equal=True, maintain_order="left"
    )
    orders = pl.DataFrame({"row": build, "order": order, "started": started})
    needs = orders.join(groups.select("row", "group", "number"), on="row", maintain_order="left_right")
    queue = taken["number"].to_numpy()
    first = np.argsort(queue, kind="stable")
    need, place, share = shared_out(
        needs["number"].to_numpy(),
        needs["started"].to_numpy(),
        np.searchsorted(queue[first], np.arange(numbered.height + 1)),
        units[first],
        pieces.rows["gain"].to_numpy()[pick[first]],
    )
    found = needs[need].with_columns(
        component=pieces.rows["component"][pick[first][place]], quantity=pl.Series(share, dtype=pl.Float64)
    )
    summed = found.group_by("order", "group", "component", maintain_order=True).agg(
        pl.col("quantity").sum().round(DECIMALS)
    )
    return conform("order_alternates", summed.filter(pl.col("quantity") > 0))


@njit(cache=True)
def shared_out(
    group: Integers, started: Floats, first: Integers, units: Floats, gain: Floats
) -> tuple[Integers, Integers, Floats]:
    """Return which need takes how many units of which pick.

    Parameters
    ----------
    group, started
        Group and units started of each need, first served first.
    first
        Picks of each group: entries ``first[group]`` to ``first[group + 1]``, first taken first.
    units, gain
        Units of the component that a pick took, and units started that one of them is enough for.
    """
    size = group.size + units.size
    need, place, share = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.float64)
    here, left = first[:-1].copy(), units.copy()
    count = 0
    for one in range(group.size):
        queue = group[one]
        rest = started[one]
        while rest > 0.0 and here[queue] < first[queue + 1]:
            pick = here[queue]
            part = min(rest, left[pick] * gain[pick])
            last = pick == first[queue + 1] - 1 and rest - part < 1e-5
            need[count], place[count], share[count] = one, pick, (rest if last else part) / gain[pick]
            count += 1
            rest = 0.0 if last else rest - part
            left[pick] -= part / gain[pick]
            if left[pick] * gain[pick] <= 1e-9 and not last:
                here[queue] += 1
    return need[:count], place[:count], share[:count]
