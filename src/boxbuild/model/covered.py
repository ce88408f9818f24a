"""Covered: which flows count towards each contract and target, bucket by bucket."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.network.network import Network
from boxbuild.network.windows import effective, spans

_COVERED = pl.Schema({"contract": pl.String(), "column": pl.Int64(), "own": pl.Boolean()})


def volumes(network: Network, columns: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return every build and buy column with what it is and whose.

    Returns
    -------
    DataFrame
        ``column``, ``flow`` (build or buy), ``bucket``, ``item``, ``family``, ``site`` (that builds or sells),
        ``partner``, ``country``.
    """
    build = columns["build"].select("column", "bucket", "item", "site", flow=pl.lit("build"))
    buy = columns["buy"].select("column", "bucket", "item", site="supplier", flow=pl.lit("buy"))
    sites = network["sites"].select("site", "partner", "country")
    return (
        pl.concat([build, buy])
        .join(network["items"].select("item", "family"), on="item", maintain_order="left")
        .join(sites, on="site", maintain_order="left")
    )


def settlement(network: Network, table: str, key: str) -> pl.DataFrame:
    """Return ``key`` and ``settled``, the last bucket of each row's window; rows without a bucket are left out."""
    rows = network[table].select(key, "from", "until")
    first, last = spans(rows, network.calendar)
    held = rows.with_columns(first=first, settled=last).filter(pl.col("first") <= pl.col("settled"))
    return held.group_by(key, maintain_order=True).agg(pl.col("settled").max())


def contract_volumes(network: Network, columns: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return every build and buy column that counts towards the total of each contract.

    Returns
    -------
    DataFrame
        ``contract``, ``column`` and ``own``: whether it is the contract's partner who builds or sells.
    """
    if network["contracts"].is_empty():
        return _COVERED.to_frame()
    terms = effective(
        network["contracts"].select("contract", "partner", "item", "family", "from", "until"),
        network.calendar,
    ).rename({"partner": "with", "item": "only_item", "family": "only_family"})
    crossed = terms.drop("start", "days").join(volumes(network, columns), on="bucket", maintain_order="left_right")
    covered = crossed.filter(
        (pl.col("only_item").is_null() | (pl.col("only_item") == pl.col("item")))
        & (pl.col("only_family").is_null() | (pl.col("only_family") == pl.col("family")).fill_null(value=False))
    )
    return covered.select("contract", "column", own=pl.col("partner") == pl.col("with")).sort("contract", "column")
