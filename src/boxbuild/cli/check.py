"""``boxbuild check``: everything that is wrong with the tables, at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from boxbuild.cli.face import Json, say, say_json


def check(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Project folder or workbook.")],
    json: Json = False,
    mark: Annotated[
        Path | None, typer.Option("--mark", metavar="OUT.xlsx", help="Write a copy with every bad cell marked.")
    ] = None,
) -> None:
    """Find everything that is wrong with the tables of a project, with file, row, column, reason and hint."""
    from boxbuild import files

    loaded = files.load(path)
    errors = len(loaded.errors)
    warnings = len(loaded.issues) - errors
    marked = files.mark(path, loaded.issues, mark) if mark else None
    if json:
        rows = {name: frame.height for name, frame in loaded.network.tables.items()} if loaded.network else {}
        say_json(
            {
                "project": str(path),
                "errors": errors,
                "warnings": warnings,
                "issues": [issue.as_dict() for issue in loaded.issues],
                "rows": rows,
                "marked": str(marked) if marked else None,
            }
        )
    else:
        say([*map(str, loaded.issues), f"{path}: {_count(errors, 'error')}, {_count(warnings, 'warning')}"])
        if marked:
            say(f"wrote {marked}")
    if errors:
        raise typer.Exit(1)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
