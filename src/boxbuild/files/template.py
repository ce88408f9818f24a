"""The template: an empty workbook that says how to fill it in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from boxbuild.errors import UsageError
from boxbuild.files.grid import closest
from boxbuild.files.workbook import write_workbook
from boxbuild.files.write import beside
from boxbuild.network.catalogue import TABLES


def template(path: str | Path, tables: Sequence[str] | None = None) -> Path:
    """Write an empty workbook with a sheet for each table, units, examples and notes.

    Parameters
    ----------
    path
        File to write; ends in ``.xlsx``.
    tables
        Tables to have a sheet for; all of them by default.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    UsageError
        A table is unknown, or the path is not a workbook.
    """
    path = Path(path)
    if path.suffix != ".xlsx":
        raise UsageError(f"{path.name} is not the name of a workbook", "end it in .xlsx")
    for name in tables or ():
        if name not in TABLES:
            close = closest(name, TABLES)
            raise UsageError(f"{name!r} is not a table", f"did you mean {close}?" if close else "")
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path) as temporary:
        chosen = tuple(name for name in TABLES if tables is None or name in tables)
        write_workbook(None, temporary / path.name, chosen)
        (temporary / path.name).replace(path)
    return path
