"""``boxbuild report``: a stored plan as one page that opens without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boxbuild.cli.face import Json, say_json, talk
from boxbuild.errors import UsageError

if TYPE_CHECKING:
    from boxbuild.views.charts import Report


def report(
    folder: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan folder, or a project with one plan.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.html", help="Where it goes; default: beside the plan folder.")
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    audited: Annotated[
        bool, typer.Option("--audit/--no-audit", help="Audit the plan, and say what came of it.")
    ] = True,
    json: Json = False,
) -> None:
    """Write a stored plan as one HTML file: exceptions first, then map, flows, builds, stock, cost, options, proof."""
    from boxbuild.plan.folder import find_plan, read_plan
    from boxbuild.views.page import Page
    from boxbuild.views.report import report as made

    found = find_plan(folder)
    target = out or found.parent / f"{found.resolve().name}.html"
    _check(target, found)
    plan = read_plan(found)
    page = Page(made(plan, plan.audit() if audited else None))
    page.write(target)
    if json:
        say_json({"file": str(target), "bytes": target.stat().st_size, "plan": str(found), **_contents(page.report)})
    else:
        typer.echo(str(target))
        talk(f"{target.stat().st_size / 1e6:.1f} MB; it opens in any browser, without a network")
    if show:
        import webbrowser

        webbrowser.open(target.resolve().as_uri())


def _check(target: Path, plan: Path) -> None:
    if target.is_dir():
        raise UsageError(f"{target} is a folder", f"give a file: --out {target / 'report.html'}")
    if target.resolve().is_relative_to(plan.resolve()):
        hint = f"a plan folder holds its plan and nothing else: --out {plan.parent / f'{plan.name}.html'}"
        raise UsageError(f"{target} is inside the plan {plan}", hint)


def _contents(report: Report) -> dict[str, Any]:
    sections = [
        {
            "name": section.name,
            "title": section.title,
            "charts": [
                {"name": one.name, "kind": one.kind, "title": one.title, "says": one.says, "choices": len(one.choices)}
                for one in section.charts
            ],
        }
        for section in report.sections
    ]
    return {"title": report.title, "sections": sections, "origin": dict(report.origin)}
