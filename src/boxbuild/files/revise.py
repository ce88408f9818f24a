"""Revising: some cells and rows of a project change in its own files; every other line stays as it is, byte for byte.

The files are written beside their places and read back there. Only when they hold exactly the network that is wanted do
they take the places of the old ones; when one cannot, the old ones come back.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from boxbuild.errors import DataError
from boxbuild.files import comma, parquet
from boxbuild.files.project import FOLDER, LAW, TOML, Sources, load, open_project
from boxbuild.files.revise_csv import revise_csv
from boxbuild.files.revise_settings import revise_toml
from boxbuild.files.revise_workbook import revise_workbook
from boxbuild.files.settings import with_texts
from boxbuild.files.texts import to_texts
from boxbuild.files.write import beside
from boxbuild.network import catalogue
from boxbuild.network.network import Network


@dataclass
class Revision:
    """What changes in one table.

    Parameters
    ----------
    cells
        Row of the table's frame (0-based) and column, to the new value.
    removed
        Rows that go.
    added
        Rows that come, below the others: column to value; what is not named is blank.
    """

    cells: dict[tuple[int, str], Any] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    added: list[dict[str, Any]] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Return whether anything changes."""
        return bool(self.cells or self.removed or self.added)


def revised(network: Network, revisions: Mapping[str, Revision], settings: Mapping[str, str]) -> Network:
    """Return a network after revisions of its tables and of its settings (as texts; ``name`` is its name)."""
    tables = {**network.tables, **{name: _frame(network, name, change) for name, change in revisions.items()}}
    texts = {name: text for name, text in settings.items() if name != "name"}
    given = with_texts(network.settings, texts) if texts else network.settings
    return Network(given, tables, settings.get("name") or network.name, network.law_files)


def revise(
    path: Path, network: Network, revisions: Mapping[str, Revision], settings: Mapping[str, str]
) -> tuple[Path, ...]:
    """Revise the files of a project, all of them or none.

    Parameters
    ----------
    path
        The project.
    network
        What it holds now.
    revisions, settings
        What changes; settings as texts by name.

    Returns
    -------
    tuple of Path
        The files that have changed.

    Raises
    ------
    DataError
        The files would not hold what is wanted: nothing has changed.
    """
    wanted = revised(network, revisions, settings)
    sources = open_project(path)
    home = sources.workbook or (path if path.is_dir() else path.parent)
    with beside(home.resolve()) as desk:
        fresh = _staged(path, sources, desk / "fresh", network, revisions, settings)
        found = load(desk / "fresh" / path.name if path.is_file() and path.name != TOML else desk / "fresh")
        if found.network is None or found.errors or found.network.digest != wanted.digest:
            first = f": {found.errors[0]}" if found.errors else ""
            hint = "open the project's own workbook in Excel, or take the changes as a scenario: --scenario NAME"
            raise DataError(
                f"{path.name} cannot take these changes as it is written{first}; nothing has changed", hint=hint
            )
        _take_places(fresh, desk / "old")
    return tuple(fresh)


def _frame(network: Network, name: str, revision: Revision) -> pl.DataFrame:
    table, frame = catalogue.table(name), network.tables[name]
    changed: dict[str, dict[int, Any]] = {}
    for (row, column), value in revision.cells.items():
        changed.setdefault(column, {})[row] = value
    for column, values in changed.items():
        cells = frame[column].to_list()
        for row, value in values.items():
            cells[row] = value
        frame = frame.with_columns(pl.Series(column, cells, dtype=table.column(column).dtype))
    if revision.removed:
        frame = frame.filter(~pl.int_range(pl.len()).is_in(sorted(revision.removed)))
    rows = [{column.name: row.get(column.name) for column in table.columns} for row in revision.added]
    return pl.concat([frame, pl.DataFrame(rows, schema=table.schema, orient="row")]) if rows else frame


def _staged(
    path: Path,
    sources: Sources,
    desk: Path,
    network: Network,
    revisions: Mapping[str, Revision],
    settings: Mapping[str, str],
) -> dict[Path, Path]:
    """Write the project as it will be; return its changed files, by the places that they are to take."""
    desk.mkdir()
    places = load(path).places
    if sources.workbook is not None and path.is_file() and path.name != TOML:
        revise_workbook(path, desk / path.name, revisions, settings, places)
        return {path: desk / path.name}
    root = path if path.is_dir() else path.parent
    _copy(root, desk)
    fresh: dict[Path, Path] = {}
    if settings and (root / TOML).is_file():
        revise_toml(desk / TOML, settings)
        fresh[root / TOML] = desk / TOML
        settings = {}
    if sources.workbook is not None:
        book = desk / sources.workbook.name
        revise_workbook(sources.workbook, book, revisions, settings, places)
        return {**fresh, **({sources.workbook: book} if revisions or settings else {})}
    for name in (*revisions, *(["settings"] if settings else [])):
        file = Path(FOLDER if (root / FOLDER).is_dir() else ".") / f"{name}.{sources.form}"
        fresh[root / file] = desk / file
        if sources.form == "csv" and (desk / file).is_file():
            revise_csv(desk / file, name, revisions.get(name), settings, places[name])
        elif sources.form == "csv":
            comma.write_table(to_texts(catalogue.table(name), _frame(network, name, revisions[name])), desk / file)
        else:
            parquet.write_table(_frame(network, name, revisions[name]), desk / file)
    return fresh


def _copy(root: Path, desk: Path) -> None:
    """Copy what makes the network of a folder, without its workbook."""
    for part in (LAW, FOLDER):
        if (root / part).is_dir():
            shutil.copytree(root / part, desk / part)
    loose = [] if (root / FOLDER).is_dir() else [*root.glob("*.csv"), *root.glob("*.parquet")]
    for file in (root / TOML, *loose):
        if file.is_file():
            shutil.copy2(file, desk / file.name)


def _take_places(fresh: Mapping[Path, Path], old: Path) -> None:
    """Move files to their places; when one cannot be moved, bring back those that were there."""
    old.mkdir()
    kept: dict[Path, Path] = {}
    for number, place in enumerate(fresh):
        if place.exists():
            kept[place] = old / str(number)
            shutil.copy2(place, kept[place])
    moved: list[Path] = []
    try:
        for place, file in fresh.items():
            file.replace(place)
            moved.append(place)
    except OSError:
        for place in moved:
            if place in kept:
                kept[place].replace(place)
            else:
                place.unlink()
        raise
