"""``boxbuild export``: a plan for others: the planner's workbook, CSV files, or the format of another tool."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boxbuild.cli.face import Json, say, say_json
from boxbuild.errors import UsageError

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan


def export(
    folder: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan folder, or a project with one plan.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE.xlsx]", help="The planner's workbook: results and inputs to edit."),
    ] = None,
    ems_case: Annotated[
        Path | None, typer.Option("--ems-case", metavar="FILE", help="Dated orders for the EMS case's verifier.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="DIR", help="One CSV file a table, in a new folder.")
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Every table of the plan in a workbook, row by row.")
    ] = None,
    audit: Annotated[
        bool, typer.Option("--audit", help="Audit the plan first; the workbook's cover tells the verdict.")
    ] = False,
    json: Json = False,
) -> None:
    """Write a stored plan for others to read."""
    from boxbuild.plan.folder import find_plan, read_plan

    given = [target for target in (file, ems_case, csv, xlsx) if target is not None]
    if len(given) != 1:
        raise UsageError("one target is needed", "give one of FILE.xlsx, --ems-case FILE, --csv DIR, --xlsx FILE")
    if audit and file is None:
        raise UsageError("--audit is for the planner's workbook", "write boxbuild audit PLAN")
    target = given[0]
    if file is not None and file.suffix.lower() != ".xlsx":
        raise UsageError(f"{file.name} is not a workbook", "give a name that ends in .xlsx, or --csv DIR")
    found = find_plan(folder)
    plan = read_plan(found)
    if file is not None:
        _planner(plan, file, audit=audit)
    elif csv is not None:
        if csv.exists() and (not csv.is_dir() or any(csv.iterdir())):
            raise UsageError(f"{csv} is there already and is not empty", "choose another folder")
        csv.mkdir(parents=True, exist_ok=True)
        for name, frame in plan.tables.items():
            frame.write_csv(csv / f"{name}.csv")
    elif xlsx is not None:
        from boxbuild.views.workbook import write_workbook

        write_workbook(plan, xlsx)
    else:
        from boxbuild.exchange import FORMATS

        write = FORMATS["ems-case"].write
        if write is None:
            raise UsageError("the format ems-case is read only")
        write(plan, target)
    if json:
        say_json({"plan": str(found), "written": str(target)})
    else:
        say(f"wrote {target}")


def _planner(plan: Plan, file: Path, *, audit: bool) -> None:
    from datetime import date

    from boxbuild.views.planner import write_planner_workbook

    today = date.today()  # noqa: DTZ011 - the user's day
    if not audit:
        write_planner_workbook(plan, file, written=today)
        return
    done = plan.audit()
    figures = sum(check.count for check in done.checks)
    says = f"{len(done.checks)} checks recomputed {figures:,} figures without the solver"
    write_planner_workbook(plan, file, verdict=f"{'passed' if done.passed else 'failed'}\t{says}", written=today)
