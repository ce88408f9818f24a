"""Make a plan: tables to model, model to quantities, quantities to money and to dated orders."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version

import polars as pl

from boxbuild.law.law import Law
from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.network.network import Network
from boxbuild.plan.incentives import by_law, incentives
from boxbuild.plan.kept import kept
from boxbuild.plan.law_reads import law_reads
from boxbuild.plan.ledger import ledger
from boxbuild.plan.locks import lock_note
from boxbuild.plan.plan import Plan, Summary
from boxbuild.plan.quantities import quantities
from boxbuild.plan.value_added import value_added
from boxbuild.plan.warm import changes, remembered, start_from
from boxbuild.solve.near import solve_near
from boxbuild.solve.progress import Listener, Progress, silent
from boxbuild.solve.solution import Solution
from boxbuild.solve.solve import Way, solve

PACKAGES = ("boxbuild", "highspy", "numba", "numpy", "polars", "scipy")
"""Packages whose versions a plan depends on."""


@dataclass(frozen=True)
class Keep:
    """Flows of another plan that are held: all of them, or those of buckets that begin before a day."""

    tables: Mapping[str, pl.DataFrame]
    until: date | None = None

    @property
    def note(self) -> str:
        """What a reader of the plan should know."""
        span = f"before {self.until}" if self.until else "of the whole horizon"
        return f"the flows {span} are kept from another plan: the bound is that of plans with these flows"


def make_plan(
    network: Network,
    *,
    gap: float = 1e-4,
    time_limit: float | None = None,
    release: bool = True,
    scenario: str = "",
    keep: Keep | None = None,
    way: Way = "choose",
    start: Plan | None = None,
    change_price: float = 0.0,
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
    keep
        Flows of another plan that are held.
    way
        Way of solving (see :func:`boxbuild.solve.solve.solve`).
    start
        A plan of a similar network to begin from.
    change_price
        Price of leaving that plan, as a part of an item's value for each unit built, bought or shipped more or less
        than it has in a bucket. It steers and is in no account.
    progress
        Told where the work stands.

    Raises
    ------
    InfeasibleError
        No plan meets every hard contract, target and lock.
    LimitError
        The time limit was reached before any plan was found.
    """
    seconds: dict[str, float] = {}
    with _timed("model", seconds, progress):
        model = assemble(network)
        if keep is not None:
            model = kept(model, keep.tables, keep.until)
        first = start_from(model, start.tables, start.prices) if start else None
    with _timed("solve", seconds, progress):
        if first is not None and change_price > 0:
            solution = solve_near(model, first, change_price, gap, way=way, time_limit=time_limit, listen=progress)
        else:
            solution = solve(model, gap, way=way, time_limit=time_limit, start=first, listen=progress)
    with _timed("ledger", seconds, progress):
        tables = quantities(model, solution)
        tables["incentives"] = incentives(network, tables, model)
        solution = by_law(model, solution, tables["incentives"], gap)
        tables["ledger"] = ledger(network, tables, law=model.flows.law)
    with _timed("law", seconds, progress):
        tables["law_reads"] = law_reads(network, tables, model.flows.law)
    cost, notes = None, [solution.note, keep.note if keep else "", _begun(model, first, solution)]
    if release:
        with _timed("release", seconds, progress):
            orders, cost, note = _released(model.flows.law, tables, time_limit)
            tables |= orders
            notes += [note, lock_note(network, tables)]
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
        release_cost=cost,
        seconds=seconds,
        sizes=model.sizes,
        versions={"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        input_hash=network.digest,
        notes=tuple(filter(None, notes)),
    )
    plan = Plan(network, summary, tables, remembered(model, solution))
    with _timed("value", seconds, progress):
        added = value_added(plan)
    with _timed("why", seconds, progress):
        why = _reasons(plan, model)
    return replace(plan, tables={**plan.tables, "value_added": added, "reasons": why})


def _reasons(plan: Plan, model: Model) -> pl.DataFrame:
    """Why the worst demands are late or short."""
    # reasons ask about plans, so they stand above what makes one
    from boxbuild.plan.why.reasons import reasons

    return reasons(plan, model)


def _begun(model: Model, first: Solution | None, solution: Solution) -> str:
    """What a reader should know of the plan that this one began from."""
    if first is None:
        return ""
    moved = sum(model.columns[kind].height for kind in ("build", "buy", "ship"))
    changed = changes(model, first.values, solution.values)
    return f"begun from another plan: {changed:,} of {moved:,} builds, purchases and shipments changed"


def _released(
    law: Law, tables: Mapping[str, pl.DataFrame], time_limit: float | None
) -> tuple[dict[str, pl.DataFrame], float, str]:
    """Orders of the plan, what they cost by its accounts, and what there is to say of them."""
    # numba and the second model are loaded only where orders are wanted
    from boxbuild.plan.order_flows.exempt import exempt_shares
    from boxbuild.plan.order_flows.preferences import preference_shares
    from boxbuild.plan.refine import refined
    from boxbuild.plan.release.adapter import release_orders
    from boxbuild.plan.release_cost import release_cost

    network = law.network
    finer = refined(network, tables, time_limit)
    orders = dict(release_orders(finer.network, finer.tables).tables)
    cost = release_cost(
        network,
        orders["orders"],
        orders["order_alternates"],
        tables["options"],
        law,
        shares=exempt_shares(tables),
        preferences=preference_shares(tables),
    )
    return orders, float(cost), finer.note


@contextmanager
def _timed(phase: str, seconds: dict[str, float], listen: Listener) -> Iterator[None]:
    listen(Progress(phase, 0.0))
    began = time.perf_counter()
    yield
    seconds[phase] = round(time.perf_counter() - began, 3)
    listen(Progress(phase, seconds[phase], note="done"))
