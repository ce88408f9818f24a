"""A scenario: a named list of changes, and the TOML file that it is written in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from boxbuild.errors import DataError
from boxbuild.network.changes.change import VERBS, Change
from boxbuild.network.changes.problems import problems
from boxbuild.network.issues import Issue, did_you_mean

TOP: Final = ("name", "because", "change")
WORDS: Final = ("table", "where", *VERBS, "from", "until", "because", "source")


@dataclass(frozen=True)
class Scenario:
    """A named list of changes, applied in order."""

    name: str
    because: str = ""
    changes: tuple[Change, ...] = ()


def read_scenario(path: str | Path) -> Scenario:
    """Return the scenario that a TOML file describes.

    Raises
    ------
    DataError
        The file is missing or wrong; carries everything that is, each with its line.
    """
    path = Path(path)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read the scenario {path.name}: {error}") from None
    return parse_scenario(text, path.name)


def parse_scenario(text: str, file: str = "scenario.toml") -> Scenario:
    """Return the scenario that a TOML text describes; ``file`` is named in the issues. See `read_scenario`."""
    try:
        top = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        issue = Issue("toml", f"is not TOML: {error}", file=file, line=int(line[1]) if line else None)
        raise DataError(f"{file} cannot be read", [issue]) from None
    lines = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*change\s*\]\]", line)]
    found = [replace(issue, file=file) for issue in _top(top)]
    changes = []
    for index, raw in enumerate(_list(top.get("change"))):
        change, wrong = _change(raw, str(top.get("because", "")))
        line_number = lines[index] if index < len(lines) else None
        wrong += problems(change)
        found += [replace(issue, file=file, line=line_number, row=index) for issue in wrong]
        changes.append(change)
    if found:
        raise DataError(f"{file} is not a scenario that can be applied", found)
    return Scenario(str(top["name"]), str(top.get("because", "")), tuple(changes))


def _top(top: Mapping[str, Any]) -> Iterator[Issue]:
    for word in top:
        if word not in TOP:
            yield Issue("scenario", "is not a word of a scenario", value=word, hint=did_you_mean(word, TOP))
    if not isinstance(top.get("name"), str) or not top["name"].strip():
        yield Issue("scenario", "the scenario has no name", column="name", hint='write name = "noida-down"')
    if not _list(top.get("change")):
        yield Issue("scenario", "the scenario has no change", column="change", hint="write [[change]]")


def _list(value: object) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _change(raw: Mapping[str, Any], because: str) -> tuple[Change, list[Issue]]:
    """Return a change as far as its words have the right form, and what is wrong with them."""
    found = [
        Issue("scenario", "is not a word of a change", value=word, hint=did_you_mean(word, WORDS))
        for word in raw
        if word not in WORDS
    ]
    because = str(raw.get("because", because))
    if not because.strip():
        found.append(Issue("scenario", "the change has no reason", column="because", hint='write because = "..."'))
    change = Change(
        table=str(raw.get("table", "")),
        where=_mapping(raw, "where", found),
        set=_mapping(raw, "set", found),
        scale=_mapping(raw, "scale", found),
        plus=_mapping(raw, "plus", found),
        add=_added(raw, found),
        remove=raw.get("remove") is True,
        from_=_day(raw, "from", found),
        until=_day(raw, "until", found),
        because=because,
        source=str(raw.get("source", "")),
    )
    if raw.get("remove", True) is not True:
        found.append(Issue("scenario", "is not true", column="remove", value=str(raw["remove"])))
    return change, found


def _mapping(raw: Mapping[str, Any], word: str, found: list[Issue]) -> Mapping[str, object]:
    value = raw.get(word, {})
    if isinstance(value, Mapping):
        return dict(value)
    found.append(Issue("scenario", "is not a table", column=word, value=str(value), hint=f"write {word} = {{ ... }}"))
    return {}


def _added(raw: Mapping[str, Any], found: list[Issue]) -> tuple[Mapping[str, object], ...]:
    value = raw.get("add", [])
    rows = [value] if isinstance(value, Mapping) else value
    if isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows):
        return tuple(dict(row) for row in rows)
    found.append(Issue("scenario", "is not a list of rows", column="add", hint="write add = [{ ... }, { ... }]"))
    return ()


def _day(raw: Mapping[str, Any], word: str, found: list[Issue]) -> date | None:
    value = raw.get(word)
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        found.append(Issue("scenario", "is not a date", column=word, value=str(value), hint="write 2023-08-07"))
        return None
