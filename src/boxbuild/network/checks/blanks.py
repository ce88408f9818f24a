"""Cells that may not be blank."""

from __future__ import annotations

import polars as pl

from boxbuild.network import catalogue
from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_missing_values(network: Network) -> list[Issue]:
    """Find blanks in columns that need a value."""
    found: list[Issue] = []
    for table in catalogue.tables():
        for column in table.columns:
            if column.required and network.tables[table.name][column.name].null_count():
                found += issues(
                    numbered(network, table.name).filter(pl.col(column.name).is_null()),
                    f"{table.name}.{column.name}",
                    "missing-value",
                    "must not be blank",
                    hint=f"for example {column.example}",
                )
    return found
