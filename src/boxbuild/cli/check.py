"""``boxbuild check``: everything that is wrong with the tables, at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boxbuild.cli.face import Json, say, say_json

if TYPE_CHECKING:
    from boxbuild.files import Loaded
    from boxbuild.network.issues import Issue


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
    issues = (*loaded.issues, *_law_issues(loaded))
    errors = sum(issue.severity == "error" for issue in issues)
    warnings = len(issues) - errors
    in_tables = [issue for issue in issues if not issue.file.endswith(".yaml")]
    marked = files.mark(path, in_tables, mark) if mark else None
    if json:
        rows = {name: frame.height for name, frame in loaded.network.tables.items()} if loaded.network else {}
        say_json(
            {
                "project": str(path),
                "errors": errors,
                "warnings": warnings,
                "issues": [issue.as_dict() for issue in issues],
                "rows": rows,
                "marked": str(marked) if marked else None,
            }
        )
    else:
        say([*map(str, issues), f"{path}: {_count(errors, 'error')}, {_count(warnings, 'warning')}"])
        if marked:
            say(f"wrote {marked}")
    if errors:
        raise typer.Exit(1)


def _law_issues(loaded: Loaded) -> list[Issue]:
    """What is wrong with the project's own law and what it asks of the law, placed where it stands."""
    from boxbuild.errors import DataError
    from boxbuild.files.place import place
    from boxbuild.law.book import Book
    from boxbuild.law.checks import find

    if loaded.network is None:
        return []
    if not loaded.errors:
        return place(find(loaded.network), loaded.places)
    try:
        Book.package().overlaid(loaded.network.law_files, loaded.network["law"])
    except DataError as error:
        return place(error.issues, loaded.places)
    return []


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
