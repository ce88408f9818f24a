"""Writing a project: beside its place first, then moved there, so that nothing is ever half-written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from boxbuild.errors import UsageError
from boxbuild.files import comma, parquet
from boxbuild.files.project import FOLDER, LAW, TOML, WORKBOOK
from boxbuild.files.settings import from_toml, to_toml
from boxbuild.files.texts import to_texts
from boxbuild.network import catalogue
from boxbuild.network.network import Network


def write(network: Network, path: str | Path, form: Literal["csv", "xlsx", "parquet"] = "csv") -> Path:
    """Write a network; reading it back gives the same network.

    Parameters
    ----------
    network
        What to write.
    path
        Project folder, made where it is missing; or, for ``xlsx``, a file that ends in ``.xlsx``. What else
        stands in the folder (scenarios, plans) stays.
    form
        ``csv`` or ``parquet`` write ``network.toml`` and ``tables/``; ``xlsx`` writes one workbook.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    UsageError
        The form is unknown, or the folder holds the tables in another form already.
    """
    path = Path(path)
    if form == "xlsx":
        from boxbuild.files.workbook import write_workbook

        file = path if path.suffix == ".xlsx" else path / WORKBOOK
        if file != path:
            _refuse_other_form(path, form)
        file.parent.mkdir(parents=True, exist_ok=True)
        with beside(file) as temporary:
            write_workbook(network, temporary / file.name)
            (temporary / file.name).replace(file)
        return file
    if form not in ("csv", "parquet"):
        raise UsageError(f"{form!r} is not a form", "csv, xlsx or parquet")
    if path.suffix in (".xlsx", ".csv", ".parquet") or path.is_file():
        raise UsageError(f"{path.name} is not a folder", f"{form} is written into a folder")
    _refuse_other_form(path, form)
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path) as temporary:
        fresh = temporary / path.name
        fresh.mkdir()
        _fill(network, fresh, form)
        if path.exists():
            _move(fresh, path, network)
        else:
            fresh.rename(path)
    return path


def _fill(network: Network, folder: Path, form: str) -> None:
    (folder / TOML).write_text(to_toml(network.settings, network.name), "utf-8", newline="\n")
    (folder / FOLDER).mkdir()
    filled = [name for name in catalogue.TABLES if network.tables[name].height]
    for name in filled or catalogue.TABLES:
        table, frame = catalogue.table(name), network.tables[name]
        if form == "csv":
            comma.write_table(to_texts(table, frame), folder / FOLDER / f"{name}.csv")
        else:
            parquet.write_table(frame, folder / FOLDER / f"{name}.parquet")
    if network.law_files:
        (folder / LAW).mkdir()
    for name, text in network.law_files.items():
        (folder / LAW / name).write_text(text, "utf-8", newline="\n")


def _move(fresh: Path, path: Path, network: Network) -> None:
    if (path / FOLDER).is_dir():
        (path / FOLDER).rename(fresh / "old")
    (fresh / FOLDER).rename(path / FOLDER)
    _move_law(fresh, path)
    kept = from_toml(path / TOML) if (path / TOML).is_file() else None
    if kept is None or kept.issues or (kept.settings, kept.name) != (network.settings, network.name):
        (fresh / TOML).replace(path / TOML)


def _move_law(fresh: Path, path: Path) -> None:
    if (path / LAW).is_dir():
        (path / LAW).rename(fresh / "old-law")
    if (fresh / LAW).is_dir():
        (fresh / LAW).rename(path / LAW)


def _refuse_other_form(path: Path, form: str) -> None:
    """Two forms in one folder could not be read back."""
    for other, found in (
        ("xlsx", (path / WORKBOOK).exists()),
        ("csv", any((path / FOLDER).glob("*.csv"))),
        ("parquet", any((path / FOLDER).glob("*.parquet"))),
    ):
        if found and other != form:
            raise UsageError(
                f"{path.name} holds its tables as {other} already", "choose another folder, or remove them"
            )


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a folder beside a path to write into; it is gone afterwards."""
    """Give a folder beside a path to write into; it is gone afterwards."""
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
