"""Cells of a workbook that have no value: errors such as #N/A, and formulas that were never computed.

The fast reader takes both for blank, so they are looked up in the XML of the sheets.
"""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path
from typing import Final

_ERROR: Final = re.compile(rb"<c\b(?=[^>]*\bt=\"e\")([^>]*)>(.*?)</c>", re.DOTALL)
# A formula whose stored text is empty (t="str") is a blank that the user means.
_UNCOMPUTED: Final = re.compile(
    rb"<c\b(?![^>]*\bt=\"(?:str|e)\")([^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>([^<]*)</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_FINE: Final = re.compile(rb"<v>(?:[^<]*\.\d{10}|[^<]*[eE]-)")
_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION: Final = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")

Cells = dict[tuple[int, int], str]
"""Line and place (0-based column of the sheet) of a cell, to what it shows."""


def failed_cells(path: Path) -> dict[str, Cells]:
    """Return for each sheet the cells that have no value."""
    with zipfile.ZipFile(path) as archive:
        return {name: cells for name, part in _parts(archive).items() if (cells := _failed(archive.read(part)))}


def has_fine_numbers(path: Path) -> bool:
    """Return whether a number has more decimals than the fast reader shows."""
    with zipfile.ZipFile(path) as archive:
        return any(_FINE.search(archive.read(part)) for part in _parts(archive).values())


def first_place(path: Path, sheet: str) -> int:
    """Return the place of the first column that has a cell with content: the fast reader leaves out those before."""
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(_parts(archive)[sheet])
    places = {
        _place(match[1].decode()) for match in re.finditer(rb"<c\b[^>]*\br=\"([A-Z]+)\d+\"[^>]*(?<!/)>(?!</c>)", xml)
    }
    return min(places, default=0)


def _failed(xml: bytes) -> Cells:
    cells: Cells = {}
    for match in _ERROR.finditer(xml):
        shown = re.search(rb"<v>([^<]*)</v>", match[2])
        _add(cells, match[1], shown[1] if shown else b"#N/A")
    for match in _UNCOMPUTED.finditer(xml):
        _add(cells, match[1], b"=" + (match[2] or b""))
    return cells


def _add(cells: Cells, attributes: bytes, shown: bytes) -> None:
    where = re.search(rb"\br=\"([A-Z]+)(\d+)\"", attributes)
    if where:
        cells[int(where[2]), _place(where[1].decode())] = unescape(shown.decode("utf-8", "replace"))


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive that holds each sheet."""
    targets = {}
    for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")):
        found = _attributes(tag)
        target = found.get("Target", "")
        targets[found.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    names = set(archive.namelist())
    parts = {}
    for tag in _SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8", "replace")):
        found = _attributes(tag)
        part = targets.get(found.get("id", ""), "")
        if part in names and "worksheets/" in part:
            parts[unescape(found.get("name", ""))] = part
    return parts


def _attributes(tag: str) -> dict[str, str]:
    return dict(re.findall(r"(\w+)=\"([^\"]*)\"", tag))
