"""What the tests of the command line share: a project to work on, and ways to run a command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from boxbuild.cli.main import app

ROOT = Path(__file__).parents[2]


@dataclass
class Done:
    """What a command left: exit status, stdout, stderr."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Run = Callable[..., Done]


@pytest.fixture
def run() -> Run:
    """Run a command in this process."""

    def one(*words: str | Path) -> Done:
        done = CliRunner().invoke(app, [str(word) for word in words])
        return Done(done.exit_code, done.stdout, done.stderr)

    return one


@pytest.fixture
def shell() -> Run:
    """Run a command in a process of its own, with the locale that is given."""

    def one(*words: str | Path, **environment: str) -> Done:
        command = [sys.executable, "-m", "boxbuild.cli", *map(str, words)]
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", env={**os.environ, **environment}, check=False, timeout=300
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return one


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    """The tiny example, copied."""
    folder = tmp_path / "project"
    assert run("init", folder, "--example", "tiny").status == 0
    return folder


def edit(folder: Path, table: str, old: str, new: str) -> None:
    """Replace a text in a table of a project."""
    file = folder / "tables" / f"{table}.csv"
    text = file.read_text("utf-8")
    assert old in text, f"{old!r} is not in {table}"
    file.write_text(text.replace(old, new, 1), "utf-8")
