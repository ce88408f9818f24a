"""``boxbuild audit``: a stored plan, recomputed without the solver."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from boxbuild.cli.face import Json, say, say_json
from boxbuild.errors import AuditError


def audit(
    folder: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan folder, or a project with one plan.")],
    json: Json = False,
) -> None:
    """Recompute a stored plan from its tables alone, and compare the folder with what was written."""
    from boxbuild.audit import audit as recompute
    from boxbuild.plan.folder import differences, find_plan, read_plan

    found = find_plan(folder)
    changed = differences(found)
    result = recompute(read_plan(found))
    passed = result.passed and not changed
    if json:
        say_json({**result.as_dict(), "plan": str(found), "passed": passed, "folder": changed})
    else:
        say(str(result))
        kept = "as it was written: hashes, CSV twins and network agree"
        say([f"the folder is {kept}"] if not changed else [f"the folder FAILED: {text}" for text in changed])
    if not passed:
        raise typer.Exit(AuditError.exit_status)
