"""The report of a plan: every chart that a planner reads, most urgent first, as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import polars as pl

from boxbuild.plan.pegging import pegging
from boxbuild.views.charts.behind import Behind
from boxbuild.views.charts.builds import builds
from boxbuild.views.charts.buying import markets, purchases
from boxbuild.views.charts.capacity import capacity
from boxbuild.views.charts.cash import cash
from boxbuild.views.charts.chart import Chart, Report, Section
from boxbuild.views.charts.cost import cost
from boxbuild.views.charts.decisions import contracts, incentives, roadmap, targets
from boxbuild.views.charts.exceptions import exceptions
from boxbuild.views.charts.head import head
from boxbuild.views.charts.landed_cost import landed_cost
from boxbuild.views.charts.network_map import network_map
from boxbuild.views.charts.proof import proof
from boxbuild.views.charts.sankey import sankey
from boxbuild.views.charts.stock import stock
from boxbuild.views.charts.value_added import value_added
from boxbuild.views.charts.why import why_charts
from boxbuild.views.pegging.chart import pegs_chart

if TYPE_CHECKING:
    from boxbuild.audit.result import Audit
    from boxbuild.plan.plan import Plan


def report(plan: Plan, audit: Audit | None = None, *, worst: int = 5) -> Report:
    """Return the report of a plan.

    Parameters
    ----------
    plan
        The plan.
    audit
        Its audit, where it was made.
    worst
        Demands of which the report says exactly why they are late or short, and what they are made of; 0: none.
        Exact reasons need the prices that a plan keeps (:attr:`boxbuild.plan.plan.Plan.prices`).

    Returns
    -------
    Report
        Sections of charts; those with nothing to show are left out. The same plan has the same report.
    """
    behind = Behind.of(plan)
    sections = [
        _section("head", "The plan in short", [head(plan, audit)]),
        _section("exceptions", "What needs attention", exceptions(plan, audit)),
        _section("why", "Why the worst demands wait", _why(plan, worst)),
        _section("network", "The network", [network_map(plan), sankey(plan, behind)]),
        _section("making", "Who builds what, and how full the lines are", [builds(plan), capacity(plan)]),
        _section("stock", "Stock", [stock(plan, behind)]),
        _section("cost", "Cost", [cost(plan), landed_cost(plan, behind), cash(plan)]),
        _section("value-added", "How local the products are", value_added(plan)),
        _section(
            "decisions", "Options and promises", [*roadmap(plan), contracts(plan), targets(plan), incentives(plan)]
        ),
        _section("buying", "Buying and selling", [*purchases(plan), *markets(plan)]),
        _section("proof", "How good the plan is, and why to trust it", proof(plan, audit)),
    ]
    return Report(
        title=plan.network.settings.title or plan.network.name,
        subtitle=_subtitle(plan),
        sections=tuple(section for section in sections if section.charts),
        origin=_origin(plan),
    )


def _why(plan: Plan, most: int) -> Iterator[Chart | None]:
    """Yield what binds the worst demands, and what they are made of; nothing where none is late or short."""
    if not most or (plan["shortages"].is_empty() and plan["deliveries"].filter(pl.col("late_days") > 0).is_empty()):
        return
    if plan.prices is not None:
        yield from why_charts(plan, most)
    yield pegs_chart(pegging(plan), most=most)


def _section(name: str, title: str, charts: Iterable[Chart | None]) -> Section:
    return Section(name, title, tuple(chart for chart in charts if chart is not None))


def _subtitle(plan: Plan) -> str:
    summary, network = plan.summary, plan.network
    calendar = network.calendar
    scenario = f"scenario {summary.scenario}" if summary.scenario else "base plan"
    return (
        f"{scenario}, {summary.start} to {calendar.end}, {summary.buckets} ({calendar.count} buckets); "
        f"{network['items'].height:,} items, {network['sites'].height:,} sites, {network['demand'].height:,} demands"
    )


def _origin(plan: Plan) -> dict[str, str]:
    summary = plan.summary
    return {
        "network": summary.network,
        "scenario": summary.scenario or "base",
        "start": summary.start.isoformat(),
        "input hash": summary.input_hash,
        **{f"version of {name}": version for name, version in sorted(summary.versions.items())},
    }
