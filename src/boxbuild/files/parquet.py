"""Parquet files: a grid whose columns have types already."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from boxbuild.files.grid import Grid
from boxbuild.network.issues import Issue


def read_grid(path: Path, table: str) -> tuple[Grid | None, list[Issue]]:
    """Return the grid of a Parquet file."""
    try:
        frame = pl.read_parquet(path)
        nested = [name for name, dtype in frame.schema.items() if dtype.is_nested() or dtype == pl.Binary]
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return None, [Issue("unreadable", f"is not a Parquet file: {reason}", table=table, file=path.name)]
    if nested:
        reason = "holds lists or records, not values"
        return None, [Issue("unreadable", reason, table=table, column=name, file=path.name) for name in nested]
    columns = {name: str(place) for place, name in enumerate(frame.columns)}
    return Grid(table, tuple(frame.columns), frame.rename(columns), "parquet", path.name), []


def write_table(frame: pl.DataFrame, path: Path) -> None:
    """Write a table as Parquet."""
    frame.write_parquet(path)
