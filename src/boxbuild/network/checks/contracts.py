"""Contracts that contradict themselves, or that nothing can fulfil."""

from __future__ import annotations

from datetime import date

import polars as pl

from boxbuild.network.checks.report import issues, numbered
from boxbuild.network.issues import Issue
from boxbuild.network.network import Network


def check_for_contracts_on_item_and_family(network: Network) -> list[Issue]:
    """Find contracts that name both an item and a family."""
    return issues(
        numbered(network, "contracts").filter(pl.col("item").is_not_null() & pl.col("family").is_not_null()),
        "contracts.family",
        "contract-on-item-and-family",
        "the contract {contract} names the item {item} too",
        hint="clear one of the columns",
    )


def check_for_contracts_on_an_unknown_family(network: Network) -> list[Issue]:
    """Find contracts on a family that no item has."""
    known = network["items"]["family"].drop_nulls().unique(maintain_order=True)
    rows = numbered(network, "contracts").filter(~pl.col("family").is_in(known.implode()))
    shown = ", ".join(known.head(8).to_list())
    return issues(
        rows,
        "contracts.family",
        "contract-on-unknown-family",
        "is the family of no item",
        hint=f"families are {shown}",
    )


def check_for_contract_minima_above_maxima(network: Network) -> list[Issue]:
    """Find contracts whose least quantity or share is above the largest."""
    rows = numbered(network, "contracts")
    return [
        issue
        for least, most in (("min", "max"), ("min_share", "max_share"))
        for issue in issues(
            rows.filter(pl.col(least) > pl.col(most)),
            f"contracts.{least}",
            "contract-minimum-above-maximum",
            f"is above {most}, {{{most}}}",
            hint="swap them",
        )
    ]


def check_for_contract_shares_above_one(network: Network) -> list[Issue]:
    """Find contracts on the same thing whose least shares add up to more than everything on some day."""
    rows = (
        numbered(network, "contracts")
        .filter(pl.col("min_share") > 0)
        .with_columns(opened=pl.col("from").fill_null(date.min), closed=pl.col("until").fill_null(date.max))
    )
    pairs = rows.join(rows, on=["item", "family"], nulls_equal=True, suffix="_other", maintain_order="left")
    total = (
        pairs.filter(
            (pl.col("opened_other") <= pl.col("opened"))
            & (pl.col("closed_other") >= pl.col("opened"))
            & pl.col("shortfall_cost_other").is_null()
        )
        .group_by("row", maintain_order=True)
        .agg(pl.col("min_share_other").sum().alias("total"), pl.col("contract_other").sort())
        .filter(pl.col("total") > 1 + 1e-9)
        .with_columns(named=pl.col("contract_other").list.join(", "))
    )
    rows = rows.join(total, on="row", maintain_order="left").unique(
        ["item", "family"], maintain_order=True, keep="last"
    )
    return issues(
        rows,
        "contracts.min_share",
        "contract-shares-above-one",
        "the least shares of {named} add up to {total:g}",
        hint="lower one of them, or give one a shortfall_cost",
    )


def check_for_contracts_outside_the_horizon(network: Network) -> list[Issue]:
    """Find contracts that end before the plan or begin after it."""
    start, end = network.settings.start, network.calendar.end
    return issues(
        numbered(network, "contracts").filter((pl.col("until") < start) | (pl.col("from") >= end)),
        "contracts.from",
        "contract-outside-horizon",
        f"the contract {{contract}} does not hold on any day from {start} until {end}",
        severity="warning",
    )


def check_for_contracts_that_cover_nothing(network: Network) -> list[Issue]:
    """Find contracts with a partner whose sites neither build nor sell what they cover."""
    sites = network["sites"].select("site", "partner")
    supplied = pl.concat(
        [
            network["operations"].select("site", "item").join(sites, on="site"),
            network["sources"].select("item", site="supplier").join(sites, on="site").select("site", "item", "partner"),
        ]
    ).join(network["items"].select("item", "family"), on="item", how="left")
    rows = numbered(network, "contracts")
    covered = rows.join(supplied, on="partner", suffix="_supplied").filter(
        (pl.col("item").is_null() | (pl.col("item") == pl.col("item_supplied")))
        & (pl.col("family").is_null() | pl.col("family").eq_missing(pl.col("family_supplied")))
    )
    return issues(
        rows.join(covered, on="row", how="anti", maintain_order="left").with_columns(
            what=pl.coalesce("item", "family", pl.lit("anything"))
        ),
        "contracts.partner",
        "contract-covers-nothing",
        "no site of {partner} builds or sells {what}",
        hint="add the operation or the offer, or correct the contract",
    )
