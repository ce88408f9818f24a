"""``boxbuild init``: a project to start from, copied from an example."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from boxbuild.cli.examples import example, example_names
from boxbuild.cli.face import Json, say, say_json
from boxbuild.errors import UsageError


def init(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Folder to make.")] = None,
    name: Annotated[str | None, typer.Option("--example", metavar="NAME", help="Example to copy.")] = None,
    json: Json = False,
) -> None:
    """Copy an example to start from; without a name, list the examples."""
    if name is None or folder is None:
        names = example_names()
        if json:
            say_json({"examples": names})
        else:
            say(["examples:", *(f"  {each}" for each in names), "copy one: boxbuild init DIR --example NAME"])
        return
    source = example(name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already and is not empty", "choose another folder")
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("plans", "*.py", ".*"), dirs_exist_ok=True)
    if json:
        say_json({"example": name, "project": str(folder)})
    else:
        say([f"copied {name} to {folder}", f"next: boxbuild check {folder}", f"      boxbuild plan {folder}"])
