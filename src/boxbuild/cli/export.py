"""``boxbuild export``: a plan for others: CSV files, a workbook, or the format of another tool."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from boxbuild.cli.face import Json, say, say_json
from boxbuild.errors import UsageError


def export(
    folder: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan folder, or a project with one plan.")],
    ems_case: Annotated[
        Path | None, typer.Option("--ems-case", metavar="FILE", help="Dated orders for the EMS case's verifier.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="DIR", help="One CSV file a table, in a new folder.")
    ] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="One workbook.")] = None,
    json: Json = False,
) -> None:
    """Write a stored plan for others to read."""
    from boxbuild.plan.folder import find_plan, read_plan

    given = [target for target in (ems_case, csv, xlsx) if target is not None]
    if len(given) != 1:
        raise UsageError("one target is needed", "give one of --ems-case FILE, --csv DIR, --xlsx FILE")
    target = given[0]
    found = find_plan(folder)
    plan = read_plan(found)
    if csv is not None:
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
