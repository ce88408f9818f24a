"""``boxbuild template``: an empty workbook that explains itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from boxbuild.cli.face import Json, say, say_json


def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Workbook to write.")],
    json: Json = False,
) -> None:
    """Write an empty workbook with a sheet for each table, to fill in with Excel."""
    from boxbuild import files

    written = files.template(file)
    if json:
        say_json({"template": str(written)})
    else:
        say([f"wrote {written}", f"next: fill it in, then boxbuild check {written}"])
