"""The summary of a plan for a terminal: a page of text that needs no colour."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from boxbuild.plan.kpis import key_figures
from boxbuild.views import sections
from boxbuild.views.text import WIDTH, heading, number, percent, short
from boxbuild.views.world import main_flows, world

if TYPE_CHECKING:
    from collections.abc import Iterable

    from boxbuild.audit.result import Audit
    from boxbuild.plan.plan import Plan


def summary_page(plan: Plan, audit: Audit | None = None, differences: Iterable[str] = ()) -> list[str]:
    """Return the summary of a plan as lines, headings among them.

    Parameters
    ----------
    plan
        The plan.
    audit
        Its audit, where it was made.
    differences
        What the folder of a stored plan says against it.
    """
    figures = key_figures(plan)
    currency = plan.summary.home_currency
    lines = _title(plan)
    lines += ["", *_verdict(plan), *audit_lines(audit, differences)]
    body: list[tuple[str, str, list[str]]] = [
        ("Map", "letters are sites", world(plan)),
        ("Main flows", "", main_flows(plan)),
        ("Cost", f"{currency}, discounted to {plan.summary.start}", sections.waterfall(figures)),
        ("Cost of a delivered unit", f"{currency}, average over the horizon", sections.products(figures)),
        ("Service", "of what is due in the horizon", sections.service(figures)),
        ("Short or late", _sure(figures), sections.shortages(figures)),
        ("Who builds what", "good units", sections.allocation(figures)),
        ("Where it goes", _export(figures), sections.destinations(figures)),
        ("Resources", "share of regular capacity used", sections.utilisation(figures)),
        ("Options", "", sections.options(figures)),
        ("Contracts", "", sections.contracts(figures)),
        ("Targets", "", sections.targets(figures)),
        ("Locks", "orders are whole lots on whole days", sections.locks(figures)),
        ("Value added", "share by definition, inputs by the average of their pools", sections.value_added(figures)),
        ("Incentives", f"{currency}, the brand's share", sections.incentives(figures)),
    ]
    for title, note, found in body:
        if found:
            lines += ["", heading(title, note), *found]
    return [*lines, "", *_notes(plan)]


def _sure(figures: dict[str, Any]) -> str:
    """Where the reasons come from."""
    sure = all(row["sure"] for row in figures["shortages"])
    return "reasons by the plan's prices; boxbuild explain says more" if sure else "what is most likely is not proven"


def audit_lines(audit: Audit | None, differences: Iterable[str] = ()) -> list[str]:
    """Return what the audit says in one line, and in one more for each thing that is wrong."""
    wrong = [f"  the folder: {sentence}" for sentence in differences]
    if audit is None:
        return ["audit    not made", *wrong]
    checked = sum(check.count for check in audit.checks)
    if audit.passed and not wrong:
        done = f"{len(audit.checks)} checks recomputed {number(checked)} figures without the solver"
        return [f"audit    passed: {done}"]
    failures = audit.failures
    head = f"audit    FAILED: {len(failures) + len(wrong)} failures among {number(checked)} figures"
    skipped = [f"  {check.name}: not checked" for check in audit.checks if check.skipped]
    shown = [f"  {failure}" for failure in failures[:5]]
    more = [f"  ... and {len(failures) - 5} more: boxbuild audit"] if len(failures) > 5 else []
    return [head, *wrong, *skipped, *shown, *more]


def _title(plan: Plan) -> list[str]:
    summary, network = plan.summary, plan.network
    calendar = network.calendar
    name = network.settings.title or network.name
    scenario = f"scenario {summary.scenario}" if summary.scenario else "base plan"
    head = f"{scenario} · {summary.start} to {calendar.end}, {summary.buckets} ({calendar.count} buckets)"
    sizes = ", ".join(f"{number(network[table].height)} {table}" for table in ("items", "sites"))
    return [name, f"{head} · {sizes}, {number(network['demand'].height)} demands"]


def _verdict(plan: Plan) -> list[str]:
    summary = plan.summary
    money = f"{summary.home_currency} "
    asked = percent(summary.tolerance, 2 if summary.tolerance >= 1e-3 else 4)
    if summary.status == "optimal":
        status = f"optimal: the gap is within the {asked} asked for"
    else:
        status = f"{summary.status}: it stopped before the gap of {asked} asked for was proven"
    lines = [
        f"status   {status}",
        f"cost     {money}{number(summary.cost, 2)}",
        f"bound    {money}{number(summary.bound, 2)}: no plan costs less",
        f"gap      {percent(summary.gap, 3)}",
    ]
    if summary.release_cost is not None:
        more = summary.release_cost - summary.bound
        share = more / abs(summary.release_cost) if summary.release_cost else 0.0
        lines.append(
            f"orders   {money}{number(summary.release_cost, 2)}: whole lots and whole days cost "
            f"{short(summary.release_cost - summary.cost)} more ({percent(share, 2)} over the bound)"
        )
    seconds = sum(summary.seconds.values())
    sizes = {name: number(size) for name, size in summary.sizes.items() if size}
    size = f": {', '.join(f'{size} {name}' for name, size in sizes.items())}" if sizes else ""
    return [*lines, f"model    in {seconds:.1f} s{size}", *wrap(f"solver   {summary.method}", WIDTH)]


def _export(figures: dict[str, Any]) -> str:
    share = figures["export_share"]
    return f"{percent(share)} is exported" if share is not None else ""


def _notes(plan: Plan) -> list[str]:
    return [line for note in plan.summary.notes for line in wrap(f"note: {note}", WIDTH)]
