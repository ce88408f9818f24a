"""``boxbuild show``: the summary of a stored plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from boxbuild.cli.face import Json, say, say_json


def show(
    folder: Annotated[Path, typer.Argument(metavar="PLAN", help="Plan folder, or a project with one plan.")],
    json: Json = False,
) -> None:
    """Print the summary of a stored plan."""
    from boxbuild.plan.folder import find_plan, read_plan, summary_dict
    from boxbuild.plan.kpis import key_figures
    from boxbuild.views.terminal import summary_page

    found = find_plan(folder)
    plan = read_plan(found)
    if json:
        say_json({"plan": str(found), "summary": summary_dict(plan.summary), "figures": key_figures(plan)})
    else:
        say(summary_page(plan))
