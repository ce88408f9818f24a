"""A ``network.toml`` in which some settings change: the other lines stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from boxbuild.files.settings import NAME, quoted
from boxbuild.network import catalogue

_SECTION: Final = re.compile(r"\s*\[")


def revise_toml(file: Path, settings: Mapping[str, str]) -> None:
    """Set settings, given as texts, in a ``network.toml``; a blank one loses its line."""
    data = file.read_bytes().decode("utf-8")
    ending = "\r\n" if "\r\n" in data else "\n"
    lines = data.split(ending)
    for name, text in settings.items():
        line = f"{name} = {_written(name, text)}" if text else None
        place = _place(lines, name)
        if place is not None:
            lines[place : place + 1] = [] if line is None else [line]
        elif line is not None:
            lines.insert(_end(lines, name), line)
    file.write_bytes(ending.join(lines).encode())


def _written(name: str, text: str) -> str:
    if name == NAME:
        return quoted(text)
    kind = catalogue.table("settings").column(name).type
    return text if kind in ("date", "number", "whole") else quoted(text)


def _place(lines: list[str], name: str) -> int | None:
    """The line of a setting; the name of the network may stand above the settings."""
    inside = False
    for number, line in enumerate(lines):
        if _SECTION.match(line):
            inside = line.strip() == "[settings]"
        top = name == NAME and not any(_SECTION.match(above) for above in lines[:number])
        if (inside or top) and re.match(rf"\s*\"?{re.escape(name)}\"?\s*=", line):
            return number
    return None


def _end(lines: list[str], name: str) -> int:
    """Where a new line goes: at the top for a name, else below the head of the settings."""
    if name == NAME:
        return 0
    return next(number for number, line in enumerate(lines) if line.strip() == "[settings]") + 1
