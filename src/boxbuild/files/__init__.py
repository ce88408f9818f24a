"""Files: project folders, CSV, Excel and Parquet in and out; templates; issues marked where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from boxbuild.files.project import Loaded, load, read
from boxbuild.files.template import template
from boxbuild.files.write import write
from boxbuild.network.issues import Issue

__all__ = ["Loaded", "load", "mark", "read", "template", "write"]


def mark(path: str | Path, issues: Iterable[Issue], out: str | Path) -> Path:
    """Write a workbook in which every issue is marked where it stands; see `boxbuild.files.marking.mark`."""
    from boxbuild.files.marking import mark

    return mark(path, issues, out)
