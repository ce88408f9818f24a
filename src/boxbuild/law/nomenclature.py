"""The classification of goods changes: which codes began and ended when (``nomenclature.csv``)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources


@cache
def _changes() -> Mapping[str, tuple[date, date]]:
    """Code to first and last day, of codes that did not always exist or no longer do."""
    text = resources.files("boxbuild.law").joinpath("nomenclature.csv").read_text("utf-8")
    return {
        row["code"]: (
            date.fromisoformat(row["from"]) if row["from"] else date.min,
            date.fromisoformat(row["until"]) if row["until"] else date.max,
        )
        for row in csv.DictReader(text.splitlines())
    }


def start_of_code(code: str) -> date:
    """Return the first day of a classification; ``date.min`` where it is not known to have begun."""
    return max((first for prefix, (first, _) in _changes().items() if code.startswith(prefix)), default=date.min)


def end_of_code(code: str) -> date:
    """Return the last day of a classification; ``date.max`` where it is not known to have ended."""
    return min((last for prefix, (_, last) in _changes().items() if code.startswith(prefix)), default=date.max)
