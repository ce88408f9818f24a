"""Make a plan: tables to model, model to quantities, quantities to money and to dated orders."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from boxbuild.model.assemble import assemble
from boxbuild.network.network import Network
from boxbuild.plan.ledger import ledger
from boxbuild.plan.plan import Plan, Summary
from boxbuild.plan.quantities import quantities
from boxbuild.solve.progress import Listener, Progress, silent
from boxbuild.solve.solve import solve

PACKAGES = ("boxbuild", "highspy", "numba", "numpy", "polars", "scipy")
"""Packages whose versions a plan depends on."""


def make_plan(
    network: Network,
    *,
    gap: float = 1e-4,
    time_limit: float | None = None,
    release: bool = True,
    scenario: str = "",
    progress: Listener = silent,
) -> Plan:
    """Return a plan of a network.

    Parameters
    ----------
    network
        A network that has passed :func:`boxbuild.network.checks.check`, with changes applied.
    gap
        Relative gap between cost and proven bound at which the solve stops.
    time_limit
        Wall seconds for the solve; the best plan found by then is returned and says so.
    release
        Whether to turn the quantities into lot-sized, dated orders.
    scenario
        Name of the scenario that was applied, for the summary.
    progress
        Told where the work stands.

    Raises
    ------
    InfeasibleError
        No plan meets every hard contract and target.
    LimitError
        The time limit was reached before any plan was found.
    """
    seconds: dict[str, float] = {}
    with _timed("model", seconds, progress):
        model = assemble(network)
    with _timed("solve", seconds, progress):
        solution = solve(model, gap, time_limit=time_limit, listen=progress)
    with _timed("ledger", seconds, progress):
        tables = quantities(model, solution)
        tables["ledger"] = ledger(network, tables)
    release_cost = None
    if release:
        from boxbuild.plan.release.adapter import release_orders  # numba is loaded only where it is needed

        with _timed("release", seconds, progress):
            orders = release_orders(network, tables)
            tables |= orders.tables
            release_cost = orders.cost
    summary = Summary(
        network=network.name,
        scenario=scenario,
        status=solution.status,
        cost=solution.cost,
        bound=solution.bound,
        gap=solution.gap,
        tolerance=gap,
        method=solution.method,
        start=network.settings.start,
        buckets=network.settings.buckets,
        home_currency=network.settings.home_currency,
        release_cost=release_cost,
        seconds=seconds,
        sizes=model.sizes,
        versions={"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        input_hash=network.digest,
        notes=(solution.note,) if solution.note else (),
    )
    return Plan(network, summary, tables)


@contextmanager
def _timed(phase: str, seconds: dict[str, float], listen: Listener) -> Iterator[None]:
    listen(Progress(phase, 0.0))
    began = time.perf_counter()
    yield
    seconds[phase] = round(time.perf_counter() - began, 3)
    listen(Progress(phase, seconds[phase], note="done"))
