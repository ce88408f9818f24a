"""The public functions of boxbuild, in one place; ``import boxbuild`` gives them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from boxbuild import files
from boxbuild.audit import Audit
from boxbuild.audit import audit as recompute
from boxbuild.law.checks import find as find_law_issues
from boxbuild.network.checks import check as find_issues
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network
from boxbuild.plan.plan import Plan
from boxbuild.solve.progress import Listener, silent

if TYPE_CHECKING:
    from boxbuild.network.scenario import Scenario
    from boxbuild.plan.pegging import Pegging
    from boxbuild.plan.questions import Document
    from boxbuild.solve.solve import Way
    from boxbuild.study.compare import Comparison
    from boxbuild.views.page import Page


def read(path: str | Path) -> Network:
    """Return the network of a project folder or a workbook.

    Parameters
    ----------
    path
        A project folder (``network.toml`` with ``tables/`` or ``network.xlsx``) or a workbook.

    Returns
    -------
    Network
        Settings and tables, checked.

    Raises
    ------
    DataError
        Something is wrong with the tables; carries every issue with file, row and column.
    """
    return files.read(path)


def check(network: Network) -> Sequence[Issue]:
    """Return everything that the checks between tables find, and then those of the law.

    Parameters
    ----------
    network
        The network to check.

    Returns
    -------
    sequence of Issue
        Errors, which stop a plan, and warnings, which do not; each with its place, reason and hint.
    """
    issues = find_issues(network)
    if any(issue.severity == "error" for issue in issues):
        return issues
    return [*issues, *find_law_issues(network)]


def plan(
    network: Network,
    scenario: Scenario | str | Path | None = None,
    *,
    gap: float = 1e-4,
    time_limit: float | None = None,
    release: bool = True,
    way: Way = "choose",
    start: Plan | None = None,
    change_price: float = 0.0,
    progress: Listener | None = None,
) -> Plan:
    """Return a plan of a network.

    Parameters
    ----------
    network
        What is true.
    scenario
        Changes to plan with: a scenario, or the file of one.
    gap
        Relative gap between cost and proven bound at which to stop.
    time_limit
        Wall seconds for the solve; the best plan found by then is returned and says so.
    release
        Whether to turn the quantities into lot-sized, dated orders.
    way
        Way of solving: ``choose`` (by size), ``exact``, ``priced`` or ``structured``.
    start
        A plan to begin from: of the same network before a change, or of last week.
    change_price
        Price of leaving that plan, as a part of an item's value for each unit built, bought or shipped more or less.
    progress
        Called with where the work stands.

    Returns
    -------
    Plan
        Quantities per bucket, dated orders and the ledger, with cost, proven bound and gap.

    Raises
    ------
    DataError
        The network, with the changes, has errors; carries every one.
    InfeasibleError
        No plan meets every hard contract and target.
    LimitError
        The time limit was reached before any plan was found.
    """
    from boxbuild.errors import DataError
    from boxbuild.plan.make import make_plan

    name = ""
    if scenario is not None:
        from boxbuild.network.changes import apply
        from boxbuild.network.scenario import read_scenario

        if isinstance(scenario, (str, Path)):
            scenario = read_scenario(Path(scenario))
        network, name = apply(network, scenario), scenario.name
    errors = [issue for issue in check(network) if issue.severity == "error"]
    if errors:
        raise DataError(f"{network.name} cannot be planned", errors)
    return make_plan(
        network,
        gap=gap,
        time_limit=time_limit,
        release=release,
        scenario=name,
        way=way,
        start=start,
        change_price=change_price,
        progress=progress or silent,
    )


def audit(plan: Plan) -> Audit:
    """Recompute a plan from its tables and its network alone, never from the model.

    Parameters
    ----------
    plan
        The plan to recompute.

    Returns
    -------
    Audit
        What was checked, how much of it, the largest deviation, and every failure in words.
    """
    return recompute(plan)


def explain(plan: Plan, question: str, subject: str) -> Document:
    """Return how a figure of a plan was computed, down to the rows, the rates and their instruments.

    Parameters
    ----------
    plan
        The plan that is asked.
    question
        ``cost`` (of ``ITEM@MARKET``), ``duty`` (``OFFER`` or ``ITEM[@SITE]``), ``incentive`` (``PARTNER[/YEAR]``) or
        ``origin`` (``ITEM[@SITE|@MARKET]``).
    subject
        What it is asked about.

    Returns
    -------
    Document
        ``trace``, a tree of steps with formula, inputs and readings of the law, under a head with the plan's hash.

    Raises
    ------
    UsageError
        There is no such question, or nothing of that name in the plan.
    """
    from boxbuild.plan.questions import explain as answer

    return answer(plan, question, subject)


def peg(plan: Plan) -> Pegging:
    """Return who feeds whom in a plan, both ways: demands, orders, lots of parts, suppliers, resources.

    Parameters
    ----------
    plan
        The plan that is asked: its orders or, where it has none, its flows by bucket.

    Returns
    -------
    Pegging
        ``demand``, ``part``, ``order``, ``supplier`` and ``resource`` return trees; ``orders`` and ``demands`` the
        tables that belong to them.
    """
    from boxbuild.plan.pegging import pegging

    return pegging(plan)


def compare(*plans: Plan, names: Sequence[str] | None = None) -> Comparison:
    """Return plans side by side: cost, service, who builds what, money, orders moved, and the inputs behind it.

    Parameters
    ----------
    plans
        Two plans or more, in one home currency; the first is the base.
    names
        What to call them; their scenarios where left out.

    Returns
    -------
    Comparison
        ``aspects`` (by name: figures of every plan, and what each changes), ``claims`` (what the gaps allow one to say
        about the optima), ``inputs``, ``orders``; it shows itself in a notebook.

    Raises
    ------
    UsageError
        There are fewer than two plans, or their home currencies differ.
    """
    from boxbuild.study.compare import compare as side_by_side

    return side_by_side(plans, names)


def report(plan: Plan, *, audit: bool = True) -> Page:
    """Return the report of a plan: a page that shows itself in a notebook.

    Parameters
    ----------
    plan
        The plan to show.
    audit
        Whether to audit the plan first, and to say on the page what came of it.

    Returns
    -------
    Page
        ``html()`` is the page, ``write(path)`` writes it; ``report`` is what it shows, as data.
    """
    from boxbuild.views.page import Page
    from boxbuild.views.report import report as made

    return Page(made(plan, recompute(plan) if audit else None))
