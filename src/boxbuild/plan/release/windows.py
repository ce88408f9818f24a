"""Terms that change over time: the row of the next window takes over what the last one owes."""

from __future__ import annotations

import numpy as np

from boxbuild.plan.release.problem import Activities, Integers


def heirs(activities: Activities) -> Integers:
    """Return, for each row, the row of the same kind and node that can be started next after its window, or -1."""
    rows = activities.output.size
    heir = np.full(rows, -1, dtype=np.int64)
    order = np.lexsort((activities.last_day, activities.kind, activities.output))
    same = (activities.output[order][1:] == activities.output[order][:-1]) & (
        activities.kind[order][1:] == activities.kind[order][:-1]
    )
    later = activities.last_day[order][1:] > activities.last_day[order][:-1]
    follows = np.flatnonzero(same)
    for place in follows[::-1]:
        row, following = order[place], order[place + 1]
        heir[row] = following if later[place] else heir[following]
    return heir
