"""Why demands are late or short, and what a part is worth, as charts."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from boxbuild.plan.why import why_demands
from boxbuild.plan.why.answer import worst
from boxbuild.views.charts.chart import Chart, Choice, Report, Section
from boxbuild.views.charts.table import Column, table_data
from boxbuild.views.explain.why import parts
from boxbuild.views.text import number

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan
    from boxbuild.plan.why import PartWhy, Why
    from boxbuild.plan.why.binding import Binding

MOST: Final = 12
"""Rows of a table of what binds, and of what it would take."""


def why_charts(plan: Plan, most: int = 5) -> tuple[Chart, ...]:
    """Return why the worst demands of a plan are late or short: one picture a demand; none where all are on time.

    Parameters
    ----------
    plan
        The plan; its model is assembled once.
    most
        Demands that are explained: those with the most money in units that are late or lost.

    Returns
    -------
    tuple
        What binds (``why-binds``, a table), what a unit on time costs (``why-cost``, a waterfall) and what it would
        take (``why-takes``, a table), each with a choice for every demand.
    """
    answers = why_demands(plan, worst(plan, most))
    return tuple(chart for chart in charts(answers) if chart.choices) if answers else ()


def charts(answers: list[Why]) -> tuple[Chart, ...]:
    """Return the three charts of some answers, with a choice for each of them."""
    currency = answers[0].currency
    bound = [Choice(one.demand, _binds(one.binding, one.currency), _says(one)) for one in answers]
    costs = [Choice(one.demand, _cost(one), _cost_says(one)) for one in answers if one.cost is not None]
    takes = [Choice(one.demand, _takes(one), _takes_says(one)) for one in answers if one.levers]
    return (
        _chosen("why-binds", "table", "Why the worst demands are late or short", "", bound),
        _chosen("why-cost", "waterfall", "What one more unit on time costs", currency, costs),
        _chosen("why-takes", "table", "What it would take", currency, takes),
    )


def why_report(plan: Plan, answer: Why) -> Report:
    """Return the answer about one demand as a page."""
    found = tuple(replace(chart, by="", choices=()) for chart in charts([answer]) if chart.choices)
    return Report(
        title=f"{answer.demand}: {answer.status}",
        subtitle=answer.sentences[0],
        sections=(Section("why", "Why, and what it would take", found),),
        origin=_origin(plan),
    )


def part_report(plan: Plan, answer: PartWhy) -> Report:
    """Return the answer about a part as a page."""
    currency = answer.currency
    flows = [Column("how", "how"), Column("what", "what"), Column("site", "at"), Column("units", "units", "number")]
    said = answer.sentences[0] if answer.sentences else ""
    found = [
        Chart(
            name,
            "table",
            title,
            said,
            "units",
            table_data(flows, [(one.how, one.what, one.site, one.quantity) for one in rows]),
        )
        for name, title, rows in (("gets", "Where it comes from", answer.gets), ("needs", "Who needs it", answer.needs))
        if rows
    ]
    if answer.demands.height:
        columns = [
            *(Column(name, name) for name in ("demand", "item", "market")),
            Column("due", "due", "date"),
            Column("late", "days late", "number"),
            Column("units", "units of the part", "number"),
        ]
        names = ("demand", "item", "market", "due", "late_days", "quantity")
        rows = answer.demands.select(names).head(500).rows()
        says = f"{answer.demands.height:,} demands have some of it."
        found.append(Chart("demands", "table", "Who gets it", says, "units", table_data(columns, rows)))
    if answer.weeks:
        found.append(_weeks(answer))
    if answer.binding:
        says = f"{answer.binding[0].sentence}."
        data = _binds(answer.binding, currency)
        found.append(Chart("binds", "table", "What binds where it is worth most", says, currency, data))
    section = Section("part", "Who needs it, who gets it, what more is worth", tuple(found))
    place = f"{answer.item} at {answer.site}" if answer.site else answer.item
    return Report(place, " ".join(answer.sentences), (section,), _origin(plan))


def _origin(plan: Plan) -> dict[str, str]:
    return {"network": plan.network.name, "tables": plan.network.digest, "scenario": plan.summary.scenario or "base"}


def _chosen(name: str, kind: Any, title: str, unit: str, choices: list[Choice]) -> Chart:
    first = choices[0] if choices else Choice("", {})
    return Chart(name, kind, title, first.says, unit, first.data, "demand", tuple(choices))


def _says(answer: Why) -> str:
    return " ".join(answer.sentences)


def _cost_says(answer: Why) -> str:
    scarce = sum(one.scarce for one in answer.binding)
    said = f"{answer.currency} {number(answer.cost, 2)} a unit, of which {number(scarce, 2)} is for what binds"
    if answer.premium > 0 and isfinite(answer.premium):
        return f"{said}: {number(answer.premium, 2)} more than the plan."
    return f"{said}: as much as what the plan does."


def _takes_says(answer: Why) -> str:
    inside = [one for one in answer.levers if one.inside]
    if not inside:
        return "Nothing in the network brings it on time: it takes relief from outside."
    return f"The cheapest is {inside[0].kind}: {inside[0].what}, {number(inside[0].price, 2)} a unit above the plan."


def _binds(binding: tuple[Binding, ...], currency: str) -> dict[str, Any]:
    columns = [
        Column("kind", "kind"),
        Column("thing", "what binds"),
        Column("when", "when"),
        Column("used", "used", "number"),
        Column("limit", "of", "number"),
        Column("scarce", f"adds to a unit, {currency}", "money", 2),
        Column("price", f"one more saves up to, {currency}", "money", 2),
        Column("per", "per"),
        Column("path", "on the way to"),
    ]
    rows = [
        (one.kind, one.thing, one.when, one.used, one.limit, one.scarce, one.price, one.unit, " ← ".join(one.path[:1]))
        for one in binding[:MOST]
    ]
    return table_data(columns, rows)


def _cost(answer: Why) -> dict[str, Any]:
    steps = [{"name": name, "value": amount, "kind": "step"} for name, amount in parts(answer)]
    return {"steps": [*steps, {"name": "one unit on time", "value": answer.cost, "kind": "total"}]}


def _takes(answer: Why) -> dict[str, Any]:
    columns = [
        Column("kind", "kind"),
        Column("what", "what"),
        Column("price", f"{answer.currency} above the plan", "money", 2),
        Column("per", "per"),
        Column("from", "from"),
    ]
    rows = [
        (one.kind, one.what, one.price or None, one.unit, "the network" if one.inside else "outside")
        for one in answer.levers[:MOST]
    ]
    return table_data(columns, rows)


def _weeks(answer: PartWhy) -> Chart:
    starts = sorted({week.start for week in answer.weeks})
    sites = sorted({week.site for week in answer.weeks})
    place = {start: at for at, start in enumerate(starts)}
    values = [[place[week.start], sites.index(week.site), week.scarce] for week in answer.weeks]
    data = {"across": [str(start) for start in starts], "down": sites, "values": values, "kind": "number"}
    best = answer.best
    says = (
        f"Most at {best.site} in {best.when}: {answer.currency} {number(best.scarce, 2)} a unit."
        if best is not None and best.scarce > 0
        else "Nowhere is it worth more than it costs."
    )
    return Chart("worth", "heat", "What one more unit is worth beyond its cost", says, answer.currency, data)
