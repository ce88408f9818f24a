"""Rows that say the same thing twice, or a name that stands for two things."""

from __future__ import annotations

import polars as pl

from boxbuild.network import catalogue
from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_duplicate_keys(network: Network) -> list[Issue]:
    """Find rows whose key an earlier row has; a blank in a key equals a blank."""
    found: list[Issue] = []
    for table in catalogue.tables():
        key = list(table.key)
        again = (
            numbered(network, table.name)
            .with_columns(first=pl.col("row").min().over(key))
            .filter(pl.col("row") > pl.col("first"))
            .with_columns(earlier=pl.col("first") + 1)
        )
        named = ", ".join(f"{name} {{{name}!r}}" for name in key)
        found += issues(
            again,
            f"{table.name}.{key[0]}",
            "duplicate-key",
            f"the row repeats record {{earlier}}: {named}",
            hint="remove one of them, or give them different keys",
        )
    return found


def check_for_offers_with_two_items(network: Network) -> list[Issue]:
    """Find offers that name another item or supplier in a later row: one offer is one thing from one site."""
    return _check_for_two_things(network, "sources", "offer", "item") + _check_for_two_things(
        network, "sources", "offer", "supplier"
    )


def check_for_resources_at_two_sites(network: Network) -> list[Issue]:
    """Find resources that stand at another site in a later row."""
    return _check_for_two_things(network, "resources", "resource", "site")


def _check_for_two_things(network: Network, table: str, name: str, thing: str) -> list[Issue]:
    other = (
        numbered(network, table)
        .with_columns(first=pl.col(thing).first().over(name))
        .filter(pl.col(thing) != pl.col("first"))
    )
    return issues(
        other,
        f"{table}.{thing}",
        f"{name}-with-two-{thing}s",
        f"{name} {{{name}}} has the {thing} {{first}} in an earlier row",
        hint=f"give it another name in the column {name}",
    )
