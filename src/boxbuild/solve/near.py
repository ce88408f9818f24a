"""Near: the best plan where leaving another one has a price."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from boxbuild.model.model import Model
from boxbuild.model.steady import steady
from boxbuild.solve.bound import dual_bound
from boxbuild.solve.progress import Listener, silent
from boxbuild.solve.session import Options, run
from boxbuild.solve.solution import Solution, Status, relative_gap
from boxbuild.solve.solve import STRUCTURED_FROM, Way, solve


def solve_near(
    model: Model,
    start: Solution,
    price: float,
    gap: float = 1e-4,
    *,
    way: Way = "choose",
    time_limit: float | None = None,
    listen: Listener = silent,
) -> Solution:
    """Return a plan within a gap of the best, with a price on leaving another plan.

    The gap asked for is that of cost and price together. Cost and bound of what is returned are without the price: the
    bound holds for every plan, near or far.

    Parameters
    ----------
    model
        What to solve.
    start
        The plan to stay near to: its quantities, and the prices of its rows.
    price
        Price of one unit of change, as a part of the value of the item (:mod:`boxbuild.model.steady`).
    gap, way, time_limit, listen
        As for :func:`boxbuild.solve.solve.solve`.
    """
    near = steady(model, start.values, price)
    begun = replace(start, values=near.cut(start.values))
    found = solve(near.model, gap, way=way, time_limit=time_limit, start=begun, listen=listen)
    values = near.whole(found.values)
    cost, charge = float(model.cost @ values), near.charge(values)
    bound = min(cost, _bound(model, start, found))
    note = (
        f"leaving the other plan was priced at {price:.2%} of an item's value: {charge:,.0f} was charged beside the "
        f"cost, and both together are within {relative_gap(found.cost, found.bound):.2%} of the least"
    )
    status: Status = "optimal" if relative_gap(cost, bound) <= gap else "feasible"
    notes = "; ".join(filter(None, [found.note, note]))
    return replace(found, values=values, cost=cost, bound=bound, status=status, note=notes)


def _bound(model: Model, start: Solution, found: Solution) -> float:
    """A bound on the cost of every plan, from the prices of both plans where the model is large, else solved for."""
    if model.matrix.nnz < STRUCTURED_FROM:
        prices = run(model, Options(), relaxed=True).prices
        return -np.inf if prices is None else dual_bound(model, prices)
    from boxbuild.solve.structured.bounds import Bounder
    from boxbuild.solve.structured.problem import problem

    laid = problem(model)
    bounder = Bounder(model, laid)
    known = [one for one in (start.prices, found.prices) if one is not None]
    return max((bounder(*laid.on_chains(np.nan_to_num(one)))[0] for one in known), default=-np.inf)
