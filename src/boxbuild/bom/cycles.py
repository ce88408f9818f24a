"""Cycles: items that contain themselves."""

from __future__ import annotations

import polars as pl

from boxbuild.errors import DataError
from boxbuild.network.graph import cycles


def find_cycle(rows: pl.DataFrame) -> tuple[str, ...]:
    """Return one cycle of BOM rows (``parent``, ``component``), from parent to component; empty where there is none."""
    found = cycles(rows)
    return found[0] if found else ()


def require_no_cycle(rows: pl.DataFrame) -> None:
    """Raise ``DataError`` that names a cycle, if there is one."""
    cycle = find_cycle(rows)
    if cycle:
        raise DataError(f"an item contains itself: {' → '.join([*cycle, cycle[0]])}", hint="remove one of these rows")
