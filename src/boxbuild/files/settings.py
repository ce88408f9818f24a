"""Settings in files: ``network.toml``, or two columns (setting, value) on a sheet or in ``settings.csv``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import polars as pl

from boxbuild.errors import DataError, UsageError
from boxbuild.files.cells import read_column
from boxbuild.files.grid import PROBLEM, Form, Grid, closest
from boxbuild.files.place import Place
from boxbuild.files.texts import plain
from boxbuild.network import catalogue
from boxbuild.network.calendar import Calendar
from boxbuild.network.issues import Issue
from boxbuild.network.settings import Settings

NAME: Final = "name"


@dataclass(frozen=True)
class ReadSettings:
    """Settings that were read (``None`` where they are wrong), the name of the network, and what is wrong."""

    settings: Settings | None
    place: Place
    issues: tuple[Issue, ...] = ()
    name: str = ""


def from_toml(path: Path) -> ReadSettings | None:
    """Return the settings of a ``network.toml``; ``None`` where it has no table ``settings``."""
    try:
        text = path.read_text("utf-8-sig")
        content = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        issue = Issue("unreadable", f"is not a TOML file: {error}", table="settings", file=path.name)
        return ReadSettings(None, Place(path.name), (issue,))
    given = content.get("settings")
    if given is None:
        return None
    if not isinstance(given, dict):
        issue = Issue(
            "unreadable", "settings is not a table", table="settings", file=path.name, hint="write [settings]"
        )
        return ReadSettings(None, Place(path.name), (issue,))
    lines = _toml_lines(text)
    name = str(given.get(NAME, content.get(NAME, "")))
    texts = {key: _text(value) for key, value in given.items() if key != NAME}
    return replace(_read(texts, "csv", Place(path.name, columns=lines)), name=name)


def from_grid(grid: Grid) -> ReadSettings:
    """Return the settings that stand in two columns, setting and value."""
    place = Place(grid.file, grid.sheet)
    header = list(grid.header)
    if "setting" not in header or "value" not in header:
        issue = grid.issue("missing-column", "has not the columns setting and value", hint="one setting a row")
        return ReadSettings(None, place, (issue,))
    frame = grid.frame.select(
        pl.col(str(header.index("setting"))).cast(pl.String).str.strip_chars().alias("setting"),
        pl.col(str(header.index("value"))).cast(pl.String).alias("value"),
    )
    texts: dict[str, str] = {}
    lines: dict[str, int] = {}
    issues: list[Issue] = []
    name = ""
    for row, (setting, value) in enumerate(frame.iter_rows()):
        if not setting or setting.startswith("#") or setting == PROBLEM:
            continue
        if setting in texts:
            issues.append(replace(grid.issue("duplicate-setting", "stands twice", setting), line=grid.line(row)))
        if setting == NAME:
            name = value or ""
            continue
        texts[setting] = value or ""
        lines[setting] = grid.line(row) or row + 1
    found = _read(texts, grid.form, replace(place, columns=lines))
    return replace(found, issues=(*issues, *found.issues), name=name)


def raw_texts(path: Path) -> tuple[dict[str, str], str]:
    """Return what a ``network.toml`` gives for each setting, as text, and the name; nothing where it is not TOML."""
    try:
        content = tomllib.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}, ""
    given = content.get("settings")
    given = given if isinstance(given, dict) else {}
    texts = {key: _text(value) for key, value in given.items() if key != NAME}
    return texts, str(given.get(NAME, content.get(NAME, "")))


def to_texts(settings: Settings) -> dict[str, str]:
    """Return each setting as text, exactly, in the order of the catalogue."""
    return {column.name: _text(getattr(settings, column.name)) for column in catalogue.table("settings").columns}


def with_texts(settings: Settings, texts: Mapping[str, str]) -> Settings:
    """Return settings in which some are others, given as texts.

    Raises
    ------
    DataError
        A text is not a value of its setting; carries every issue.
    """
    read = _read({**to_texts(settings), **texts}, "csv", Place(""))
    if read.settings is None:
        raise DataError(f"{', '.join(texts)} cannot be set so", read.issues)
    return read.settings


def to_toml(settings: Settings, name: str) -> str:
    """Return a ``network.toml`` that holds the settings."""
    lines = [f"name = {quoted(name)}", "", "[settings]"]
    for column in catalogue.table("settings").columns:
        value = getattr(settings, column.name)
        if value is None:
            continue
        lines.append(f"{column.name} = {quoted(value) if isinstance(value, str) else _text(value)}")
    return "\n".join(lines) + "\n"


def _read(texts: Mapping[str, str], form: Form, place: Place) -> ReadSettings:
    table = catalogue.table("settings")
    issues: list[Issue] = []

    def add(code: str, reason: str, column: str, value: str = "", hint: str = "") -> None:
        issue = Issue(code, reason, "error", "settings", None, column, value, hint, place.file, place.sheet)
        issues.append(replace(issue, line=place.line(issue)))

    for key in texts:
        if key not in table.names:
            close = closest(key, table.names)
            add("unknown-setting", "is not a setting", key, hint=f"did you mean {close}?" if close else "")
    values: dict[str, object] = {}
    for column in table.columns:
        text = texts.get(column.name, "").strip() if column.type != "text" else texts.get(column.name, "")
        series, faults = read_column(column, pl.Series([text or None], dtype=pl.String), form)
        for fault in faults:
            if fault.severity == "error":
                add(fault.code, fault.reason, column.name, fault.value, fault.hint)
        if series[0] is not None:
            values[column.name] = Decimal(plain(Decimal(text))) if column.type == "number" else series[0]
    if isinstance(values.get("start"), date):
        _horizon(values, add)
    known = {field.name for field in fields(Settings)}
    settings = None if issues else Settings(**{key: value for key, value in values.items() if key in known})  # type: ignore[arg-type]
    return ReadSettings(settings, place, tuple(issues))


def _horizon(values: Mapping[str, object], add: object) -> None:
    buckets = str(values.get("buckets", Settings.buckets))
    start = values["start"]
    assert isinstance(start, date)  # noqa: S101
    try:
        Calendar.parse(start, buckets)
    except (UsageError, OverflowError, ValueError) as error:
        hint = error.hint if isinstance(error, UsageError) else "the calendar ends in the year 9999"
        add("bad-horizon", "is not a horizon", "buckets", buckets, hint)  # type: ignore[operator]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain(value)
    return str(value)


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda match: f"\\u{ord(match[0]):04x}", escaped) + '"'


def _toml_lines(text: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("["):
            inside = line.strip() == "[settings]"
        match = re.match(r"\s*\"?([A-Za-z_0-9-]+)\"?\s*=", line)
        if match and inside:
            lines.setdefault(match[1], number)
    return lines
