"""Ladders of prices with a missing foot or mixed steps."""

from __future__ import annotations

import polars as pl

from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network

LADDER = ["contract", "offer"]


def check_for_tiers_of_no_ladder(network: Network) -> list[Issue]:
    """Find steps that name neither a contract nor an offer, or both."""
    rows = numbered(network, "tiers")
    both = pl.col("contract").is_not_null() & pl.col("offer").is_not_null()
    neither = pl.col("contract").is_null() & pl.col("offer").is_null()
    return issues(
        rows.filter(both),
        "tiers.offer",
        "tier-of-two",
        "the step names the contract {contract} too",
        hint="clear one",
    ) + issues(
        rows.filter(neither),
        "tiers.contract",
        "tier-of-none",
        "the step names neither a contract nor an offer",
        hint="name one",
    )


def check_for_ladders_without_foot(network: Network) -> list[Issue]:
    """Find ladders of which no step starts at 0."""
    rows = numbered(network, "tiers").filter(pl.col("from_quantity").min().over(LADDER) > 0)
    return issues(
        _first(rows),
        "tiers.from_quantity",
        "ladder-without-foot",
        "is the lowest step: what is bought below it has no price",
        hint="add a row with from_quantity 0",
    )


def check_for_ladders_of_two_kinds(network: Network) -> list[Issue]:
    """Find ladders with all-unit and incremental steps."""
    rows = numbered(network, "tiers").filter(pl.col("kind").n_unique().over(LADDER) > 1)
    return issues(
        _first(rows),
        "tiers.kind",
        "ladder-of-two-kinds",
        "the ladder mixes all_unit and incremental steps",
        hint="give all its rows one kind",
    )


def check_for_ladders_in_two_currencies(network: Network) -> list[Issue]:
    """Find ladders whose steps are priced in different currencies."""
    currency = pl.col("currency").fill_null(network.settings.home_currency)
    rows = numbered(network, "tiers").filter(currency.n_unique().over(LADDER) > 1)
    return issues(
        _first(rows),
        "tiers.currency",
        "ladder-in-two-currencies",
        "the ladder mixes currencies",
        hint="give all its rows one currency",
    )


def check_for_ladders_that_rise(network: Network) -> list[Issue]:
    """Find ladders on which more costs more per unit."""
    before = pl.col("price").shift(1).over(LADDER, order_by="from_quantity")
    rows = numbered(network, "tiers").with_columns(before=before).filter(pl.col("price") > pl.col("before"))
    return issues(
        rows,
        "tiers.price",
        "ladder-rises",
        "is above the price of the step below, {before}",
        hint="is it a rebate rather than a price?",
        severity="warning",
    )


def _first(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("from_quantity", "row").unique(LADDER, keep="first", maintain_order=True).sort("row")
