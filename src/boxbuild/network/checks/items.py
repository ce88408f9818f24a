"""Items that are worth nothing."""

from __future__ import annotations

import polars as pl

from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_items_without_value(network: Network) -> list[Issue]:
    """Find items of value 0: holding, insuring and losing them costs nothing."""
    return issues(
        numbered(network, "items").filter(pl.col("value") == 0),
        "items.value",
        "item-without-value",
        "keeping, insuring and paying duty on {item} costs nothing",
        hint="write its standard cost",
        severity="warning",
    )
