"""A project on disk: where its settings and tables stand, and how they become a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from boxbuild.errors import DataError
from boxbuild.files import comma, excel, parquet
from boxbuild.files.beyond import beyond_cells
from boxbuild.files.grid import Form, Grid
from boxbuild.files.place import Place, in_order, place
from boxbuild.files.settings import ReadSettings, from_grid, from_toml
from boxbuild.files.tables import Read, read_table
from boxbuild.network.catalogue import TABLES
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network

TOML = "network.toml"
WORKBOOK = "network.xlsx"
FOLDER = "tables"
LAW = "law"


@dataclass(frozen=True)
class Loaded:
    """What a project holds.

    Parameters
    ----------
    network
        The network; a bad cell is null in it. ``None`` where the settings are wrong.
    issues
        Everything that is wrong, in the order of tables, rows and columns.
    places
        Where each table came from.
    """

    network: Network | None
    issues: tuple[Issue, ...]
    places: Mapping[str, Place]

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The issues that stop a plan."""
        return tuple(issue for issue in self.issues if issue.severity == "error")


@dataclass
class Sources:
    """The files of a project, read but not yet understood."""

    name: str
    form: Form
    grids: list[Grid] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    toml: Path | None = None
    workbook: Path | None = None
    law: Mapping[str, str] = field(default_factory=dict)

    @property
    def tables(self) -> frozenset[str]:
        """Names of the tables that were found, ``settings`` among them."""
        return frozenset((*(grid.table for grid in self.grids), *(("settings",) if self.toml else ())))


def read(path: str | Path) -> Network:
    """Return the network of a project.

    Parameters
    ----------
    path
        A project folder (``network.toml`` with ``tables/*.csv``, ``tables/*.parquet`` or ``network.xlsx``), a
        folder of tables, or a workbook.

    Raises
    ------
    DataError
        Something is wrong; carries every issue, of cells and of checks between tables.
    """
    loaded = load(path)
    errors = loaded.errors
    if errors or loaded.network is None:
        count = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
        raise DataError(f"{Path(path).name} has {count}", errors)
    return loaded.network


def load(path: str | Path) -> Loaded:
    """Return the network of a project with everything that is wrong in it; never raises for bad cells.

    Raises
    ------
    DataError
        There is no project at the path, or two in one place.
    """
    sources = open_project(Path(path))
    issues = list(sources.issues)
    tables: dict[str, Read] = {}
    settings = _settings(sources)
    for grid in sources.grids:
        if grid.table != "settings":
            tables[grid.table] = read_table(grid)
            issues += tables[grid.table].issues
    issues += settings.issues
    places = {"settings": settings.place} | {name: table.place for name, table in tables.items()}
    network = None
    if settings.settings is not None:
        frames = {name: table.frame for name, table in tables.items()}
        network = Network(settings.settings, frames, settings.name or sources.name, sources.law)
        if not _structural(sources.issues, tables):
            issues += place(beyond_cells(network, issues, tables), places)
    return Loaded(network, tuple(in_order(issues)), places)


def open_project(path: Path) -> Sources:
    """Return the files of a project as grids, with what is wrong with the files as such."""
    if not path.exists():
        raise DataError(f"there is nothing at {path}", hint="give a project folder or a workbook")
    if path.is_file():
        if path.name == TOML:
            return _with_law(path.resolve().parent)
        if path.suffix.lower() not in (".xlsx", ".xlsm"):
            hint = "give the folder" if path.suffix.lower() in (".csv", ".parquet") else "save it as .xlsx"
            raise DataError(f"{path.name} is not a project folder or a workbook", hint=hint)
        grids, issues = excel.read_grids(path)
        return Sources(path.stem, "xlsx", grids, issues, workbook=path)
    return _with_law(path.resolve())


def _with_law(path: Path) -> Sources:
    """Return the files of a folder with its own law, ``law/*.yaml``; what it says is read by the law."""
    sources = _folder(path)
    for file in sorted((path / LAW).glob("*.yaml")):
        try:
            sources.law = {**sources.law, file.name: file.read_text("utf-8-sig")}
        except UnicodeDecodeError as error:
            sources.issues.append(Issue("unreadable", f"is not a UTF-8 text: {error}", file=f"{LAW}/{file.name}"))
    return sources


def _folder(path: Path) -> Sources:
    toml = path / TOML if (path / TOML).is_file() else None
    folder = path / FOLDER if (path / FOLDER).is_dir() else path
    tables = {form: sorted(folder.glob(f"*.{form}")) for form in ("csv", "parquet")}
    present: list[Form] = [form for form in ("csv", "parquet") if tables[form]]
    if (path / WORKBOOK).is_file():
        present.append("xlsx")
    if not present:
        others = [file.name for file in path.glob("*.xlsx") if not file.name.startswith("~$")]
        hint = (
            f"give {others[0]} itself"
            if others
            else f"put CSV files into {path.name}/{FOLDER}, or {WORKBOOK} beside it"
        )
        raise DataError(f"{path.name} has no tables", hint=hint)
    if len(present) > 1:
        names = {"csv": "CSV files", "parquet": "Parquet files", "xlsx": WORKBOOK}
        raise DataError(
            f"{path.name} has its tables twice, as {' and as '.join(names[form] for form in present)}",
            hint="keep one of them",
        )
    if present[0] == "xlsx":
        grids, issues = excel.read_grids(path / WORKBOOK)
        return Sources(path.name, "xlsx", grids, issues, toml, path / WORKBOOK)
    return _tables(tables[present[0]], present[0], path.name, toml)


def _tables(files: list[Path], form: Form, name: str, toml: Path | None) -> Sources:
    sources = Sources(name, form, toml=toml)
    reader = comma.read_grid if form == "csv" else parquet.read_grid
    for file in files:
        if file.stem in TABLES or file.stem == "settings":
            grid, issues = reader(file, file.stem)
            sources.issues += issues
            if grid is not None:
                sources.grids.append(grid)
        elif not file.name.startswith(("#", "~", ".")):
            sources.issues.append(excel.unknown_table(file.stem, file.name))
    return sources


def _settings(sources: Sources) -> ReadSettings:
    grid = next((grid for grid in sources.grids if grid.table == "settings"), None)
    given = from_toml(sources.toml) if sources.toml else None
    if grid is not None and given is not None:
        where = f"sheet {grid.sheet}" if grid.sheet else grid.file
        issue = Issue(
            "settings-twice",
            f"settings stand here and in {TOML}",
            table="settings",
            file=grid.file,
            sheet=grid.sheet,
            hint=f"delete {where}",
        )
        return ReadSettings(given.settings, given.place, (*given.issues, issue), given.name)
    if given is not None:
        return given
    if grid is not None:
        return from_grid(grid)
    if any(issue.table == "settings" for issue in sources.issues):
        return ReadSettings(None, Place(TOML))
    if sources.form == "xlsx" and sources.toml is None:
        file, hint = WORKBOOK, "add a sheet settings with the columns setting and value"
    else:
        file, hint = TOML, "add it, with a line [settings] and a line such as start = 2023-06-05"
    missing = Issue("no-settings", "there are no settings", table="settings", file=file, hint=hint)
    return ReadSettings(None, Place(file), (missing,))


def _structural(issues: list[Issue], tables: Mapping[str, Read]) -> bool:
    """Return whether tables or needed columns are missing: checks between tables would only repeat that."""
    return any(issue.severity == "error" and issue.code != "ragged" for issue in issues) or any(
        table.broken for table in tables.values()
    )
