"""Plan again: a network, its plan, a change of a few rows, and the plan after it, from that plan and from nothing.

Only the solve counts, in CPU seconds: what comes before it (tables to a model) and after it (a ledger, a release) is
the same for both.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

import polars as pl
from bench.job import Case

from boxbuild.model.assemble import assemble
from boxbuild.model.model import Model
from boxbuild.network.network import Network
from boxbuild.plan.quantities import quantities
from boxbuild.plan.warm import changes, remembered, start_from
from boxbuild.solve.solution import Solution
from boxbuild.solve.solve import Way, solve

Tables = Mapping[str, pl.DataFrame]

WEEKS_DOWN: Final = 2
"""Weeks for which a line is down."""


@dataclass(frozen=True)
class Again:
    """A plan after a change.

    Parameters
    ----------
    change
        What changed.
    warm, cold
        CPU seconds of the solve, from the plan before and from nothing: of every run.
    warm_gap, cold_gap
        Proven gaps of the two plans.
    warm_changed, cold_changed
        Builds, purchases and shipments that are not those of the plan before.
    moved
        Builds, purchases and shipments of the model.
    method
        What the solve says of the way that it took from the plan.
    """

    change: str
    warm: tuple[float, ...]
    cold: tuple[float, ...]
    warm_gap: float
    cold_gap: float
    warm_changed: int
    cold_changed: int
    moved: int
    method: str


def replan(case: Case, gap: float, repeat: int = 1) -> list[Again]:
    """Return what every change takes, from the plan before and from nothing."""
    network = case.network()
    warm_up(gap)
    model = assemble(network)
    before = solve(model, gap, way="structured")
    tables, prices = quantities(model, before), remembered(model, before)
    found = []
    for name, change in CHANGES.items():
        changed = change(network, tables)
        if changed is None:
            print(f"{case.name}: {name}: nothing to change", file=sys.stderr, flush=True)
            continue
        found.append(again(name, assemble(changed), tables, prices, gap, repeat))
        one = found[-1]
        print(
            f"{case.name}: {name}: {min(one.warm):.2f} CPU s from the plan, {min(one.cold):.2f} from nothing",
            file=sys.stderr,
            flush=True,
        )
    return found


def again(name: str, model: Model, tables: Tables, prices: pl.DataFrame, gap: float, repeat: int) -> Again:
    """Return what one changed model takes, from a plan and from nothing."""
    start = start_from(model, tables, prices)
    (warm, warm_cpu), (cold, cold_cpu) = (_timed(model, gap, one, repeat) for one in (start, None))
    return Again(
        name,
        warm_cpu,
        cold_cpu,
        warm.gap,
        cold.gap,
        changes(model, start.values, warm.values),
        changes(model, start.values, cold.values),
        sum(model.columns[kind].height for kind in ("build", "buy", "ship")),
        warm.method,
    )


def _timed(model: Model, gap: float, start: Solution | None, repeat: int, way: Way = "structured") -> Any:
    spent = []
    for _ in range(repeat):
        began = time.process_time()
        solution = solve(model, gap, way=way, start=start)
        spent.append(time.process_time() - began)
    return solution, tuple(spent)


def warm_up(gap: float) -> None:
    """Compile the kernels, which is done once in a machine's life."""
    small = Case(6e3).network()
    model = assemble(small)
    before = solve(model, gap, way="structured")
    start = start_from(model, quantities(model, before), remembered(model, before))
    solve(model, gap / 4, way="structured", start=start)


# ---- changes --------------------------------------------------------------------------------------------------------


def _none(network: Network, _: Tables) -> Network:
    return network


def _dearer(network: Network, _: Tables) -> Network:
    """Conversion is 5 % dearer at the plant with the most operations."""
    operations = network.tables["operations"]
    site = operations["site"].value_counts().sort("count", "site", descending=[True, False])["site"][0]
    cost = pl.when(pl.col("site") == site).then((pl.col("cost") * 1.05).cast(operations["cost"].dtype))
    return network.with_table("operations", operations.with_columns(cost=cost.otherwise("cost")))


def _more(network: Network, _: Tables) -> Network:
    """Demand for the product that is wanted most, by what it costs to lose it, grows by a fifth."""
    demand = network.tables["demand"]
    worth = pl.col("quantity") * pl.col("lost_cost").cast(pl.Float64).fill_null(1.0)
    most = demand.group_by("item").agg(worth=worth.sum()).sort("worth", "item", descending=[True, False])["item"][0]
    quantity = pl.when(pl.col("item") == most).then(pl.col("quantity") * 1.2).otherwise("quantity")
    return network.with_table("demand", demand.with_columns(quantity=quantity))


def _down(network: Network, tables: Tables) -> Network | None:
    """The line that is used most where lines are full is down for two weeks, in the first half of the horizon."""
    settings = network.settings
    half = settings.start + timedelta(days=7 * (network.calendar.count // 2 - WEEKS_DOWN))
    used = tables["capacity"].filter(pl.col("start") <= half, pl.col("used") > 0)
    full = used.filter(pl.col("used") >= 0.999 * pl.col("regular"))
    if not full.height:
        return None
    hours = full.group_by("resource").agg(weeks=pl.len(), hours=pl.col("used").sum())
    line = hours.sort("weeks", "hours", "resource", descending=[True, True, False])["resource"][0]
    mine = full.filter(pl.col("resource") == line).sort("start")
    begin: date = mine["start"][mine.height // 2]
    return network.with_table("resources", _without(network.tables["resources"], line, begin))


def _without(resources: pl.DataFrame, line: str, begin: date) -> pl.DataFrame:
    """Cut two weeks out of the days of a line."""
    end = begin + timedelta(days=7 * WEEKS_DOWN)
    mine, other = resources.filter(pl.col("resource") == line), resources.filter(pl.col("resource") != line)
    early = mine.filter(pl.col("from").is_null() | (pl.col("from") < begin)).with_columns(
        until=pl.min_horizontal(pl.col("until").fill_null(date.max), pl.lit(begin - timedelta(days=1)))
    )
    late = mine.filter(pl.col("until").is_null() | (pl.col("until") >= end)).with_columns(
        pl.max_horizontal(pl.col("from").fill_null(date.min), pl.lit(end)).alias("from")
    )
    down = mine.head(1).with_columns(
        pl.lit(begin).alias("from"), until=pl.lit(end - timedelta(days=1)), per_week=0.0, overtime_per_week=0.0
    )
    return pl.concat([other, early, down, late])


CHANGES: Final[Mapping[str, Callable[[Network, Tables], Network | None]]] = {
    "none": _none,
    "a rate: conversion 5 % dearer at one plant": _dearer,
    "demand for one product +20 %": _more,
    "a full line down for two weeks": _down,
}
"""What may happen between two plans."""


# ---- a table --------------------------------------------------------------------------------------------------------


def markdown(found: Sequence[Again]) -> str:
    """Return the table of a case."""
    lines = [
        "| change | CPU s from the plan | from nothing | ratio | changed from the plan | from nothing | gap | and |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.change} | {min(one.warm):.2f} | {min(one.cold):.2f} | {min(one.cold) / min(one.warm):.1f} "
        f"| {one.warm_changed:,} | {one.cold_changed:,} | {one.warm_gap:.2%} | {one.cold_gap:.2%} |"
        for one in found
    ]
    if found:
        lines += ["", f"Of {found[0].moved:,} builds, purchases and shipments."]
    return "\n".join(lines)


def as_json(found: Sequence[Again]) -> list[dict[str, Any]]:
    """Return the table as plain data."""
    return [asdict(one) for one in found]
