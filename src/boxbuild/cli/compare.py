"""``boxbuild compare``: stored plans side by side; the first is the base."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boxbuild.cli.face import Json, say, say_json, talk
from boxbuild.errors import UsageError

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan


def compare(
    plans: Annotated[
        list[Path],
        typer.Argument(metavar="PLAN...", help="Plan folders, or projects with one plan; the first is the base."),
    ],
    scenarios: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            metavar="FILE|NAME",
            help="With one project: compare with its plan of this scenario, made where it is not there.",
        ),
    ] = None,
    differences_only: Annotated[bool, typer.Option("--differences-only", help="Leave out what is equal.")] = False,
    threshold: Annotated[
        float, typer.Option("--threshold", min=0.0, metavar="PART", help="Differences below this part count as none.")
    ] = 0.0,
    window_days: Annotated[
        int, typer.Option("--window", min=0, metavar="DAYS", help="Most days by which an order moves.")
    ] = 35,
    whole: Annotated[bool, typer.Option("--all", help="Every row of every table.")] = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page that stands alone.")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Write a workbook.")] = None,
    json: Json = False,
) -> None:
    """Compare plans: cost, service, who builds what, purchases, exports, orders moved, and the inputs behind it."""
    from boxbuild.study.compare import Tolerance
    from boxbuild.study.compare import compare as side_by_side
    from boxbuild.views.compare import MOST, compare_page

    read, names = _plans(plans, scenarios or [])
    found = side_by_side(read, names, tolerance=Tolerance(relative=threshold), window_days=window_days)
    if html is not None:
        from boxbuild.views.charts.compare import compare_report
        from boxbuild.views.page import render

        html.write_text(render(compare_report(found, differences_only=differences_only)), "utf-8")
        talk(f"wrote {html}")
    if xlsx is not None:
        from boxbuild.views.compare_workbook import write_comparison

        write_comparison(found, xlsx, differences_only=differences_only)
        talk(f"wrote {xlsx}")
    if json:
        say_json(found.as_dict(differences_only=differences_only, most=None if whole else 1000))
    elif html is None and xlsx is None:
        say(compare_page(found, differences_only=differences_only, most=10**9 if whole else MOST))


def _plans(paths: list[Path], scenarios: list[str]) -> tuple[list[Plan], tuple[str, ...]]:
    """Return the plans that are meant, and what to call them: their folders' names."""
    from boxbuild.plan.folder import find_plan, read_plan
    from boxbuild.study.compare import plan_names

    if scenarios:
        if len(paths) != 1:
            raise UsageError("--scenario compares the plans of one project", "give one project")
        folders = _of_project(paths[0], scenarios)
    else:
        if len(paths) < 2:
            raise UsageError("two plans are needed at least", "boxbuild compare PLAN OTHER, or PROJECT --scenario NAME")
        folders = [find_plan(path) for path in paths]
    read = [read_plan(folder) for folder in folders]
    wanted = [folder.resolve().name for folder in folders]
    return read, plan_names(read, wanted)


def _of_project(project: Path, scenarios: list[str]) -> list[Path]:
    """Return the folders of a project's base plan and of its scenarios' plans; what is not there is planned."""
    from boxbuild.cli.plan import read_network
    from boxbuild.plan.folder import is_plan_folder, plan_folder, read_plan, write_plan
    from boxbuild.plan.make import make_plan

    base = plan_folder(project)
    if not is_plan_folder(base):
        raise UsageError(f"{project} has no base plan", f"boxbuild plan {project}")
    start = read_plan(base)
    folders = [base]
    for scenario in scenarios:
        network, name = read_network(project, scenario, [], {})
        folder = plan_folder(project, name)
        if not is_plan_folder(folder) or read_plan(folder).network.digest != network.digest:
            talk(f"planning {name}, from the base plan")
            made = make_plan(
                network,
                gap=start.summary.tolerance,
                release=start.summary.release_cost is not None,
                scenario=name,
                start=start,
            )
            _audited(write_plan(made, folder))
        folders.append(folder)
    return folders


def _audited(folder: Path) -> None:
    """Stop where a plan that was made here fails its audit."""
    from boxbuild.audit import audit
    from boxbuild.errors import AuditError
    from boxbuild.plan.folder import read_plan

    if not audit(read_plan(folder)).passed:
        raise AuditError(f"the plan in {folder} FAILED its audit: do not use it", "boxbuild audit shows where")
