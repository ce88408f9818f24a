"""What a page carries: its style, its scripts, and the libraries with their licences; each read once."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Final

STYLES: Final = ("page.css", "grid.css", "print.css")
SCRIPTS: Final = (
    "numbers.js",
    "tables.js",
    "markup.js",
    "look.js",
    "series.js",
    "waterfall.js",
    "sankey.js",
    "map.js",
    "grid.js",
    "figure.js",
    "page.js",
)
LIBRARIES: Final = ("echarts.min.js", "tabulator.min.js")


@cache
def style() -> str:
    """Return the style sheet of a page."""
    return "\n".join(_read("style", name) for name in STYLES)


@cache
def scripts() -> tuple[str, ...]:
    """Return the scripts of a page in the order in which they run: the libraries, and the page's own."""
    own = "\n".join(_read("script", name) for name in SCRIPTS)
    return (*(_read("vendor", name) for name in LIBRARIES), f'(() => {{\n"use strict";\n{own}\n}})();')


@cache
def manifest() -> tuple[dict[str, Any], ...]:
    """Return the libraries: name, version, file, hash, licence and home."""
    return tuple(json.loads(_read("vendor", "manifest.json")))


@cache
def licences() -> tuple[tuple[str, str], ...]:
    """Return a line about each library and the text of its licence."""
    found = []
    for row in manifest():
        texts = [_read("vendor", term["file"]).strip() for term in row["terms"]]
        line = f"{row['name']} {row['version']} ({row['licence']}, {row['home']})"
        found.append((line, "\n\n".join(reversed(texts))))
    return tuple(found)


def _read(folder: str, name: str) -> str:
    return resources.files("boxbuild.views.page").joinpath(folder, name).read_text("utf-8")
