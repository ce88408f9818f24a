"""The idle plan: builds nothing, buys nothing and ships nothing. It exists for every network without hard minima."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from boxbuild.model.model import Model
from boxbuild.solve.session import Options, run


def idle_values(model: Model) -> NDArray[np.float64] | None:
    """Return the quantities of the plan that starts nothing and delivers what stock allows; ``None`` without one.

    It is what a limit of time leaves when the solver has nothing better.
    """
    upper = model.upper.copy()
    for kind in ("build", "use", "buy", "ship", "overtime", "take"):
        upper[model.columns[kind]["column"].to_numpy()] = 0.0
    return run(replace(model, upper=upper), Options()).values
