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
    """Return every build and buy column that counts towards the limits of each contract.

    What others build and sell counts towards a contract only where it agrees on a share.

    Returns
    -------
    DataFrame
        ``contract``, ``column`` and ``own``: whether it is the contract's partner who builds or sells.
    """
    if network["contracts"].is_empty():
        return _COVERED.to_frame()
    terms = _terms(network)
    moved = volumes(network, columns)
    found = []
    for keys, these in _scopes(terms):
        shared = pl.col("shares")
        found += [
            these.filter(shared).join(moved, on=keys, maintain_order="left_right"),
            these.filter(~shared).join(
                moved, left_on=[*keys, "with"], right_on=[*keys, "partner"], maintain_order="left_right", coalesce=False
            ),
        ]
    covered = pl.concat(part.select("contract", "column", own=pl.col("partner") == pl.col("with")) for part in found)
    return covered.sort("contract", "column")


def contract_totals(network: Network, moved: pl.DataFrame) -> pl.DataFrame:
    """Return what every contract's partner moved, and what everybody did, of what the contract covers.

    Parameters
    ----------
    network
        The network.
    moved
        As from :func:`volumes`, with ``moved``, in units.

    Returns
    -------
    DataFrame
        ``contract``, ``quantity`` and ``total``; contracts that cover nothing that moved are left out.
    """
    found = []
    for keys, these in _scopes(_terms(network)):
        every = moved.group_by(keys).agg(total=pl.col("moved").sum())
        own = moved.group_by([*keys, "partner"]).agg(quantity=pl.col("moved").sum())
        both = these.join(every, on=keys, maintain_order="left").join(
            own, left_on=[*keys, "with"], right_on=[*keys, "partner"], how="left", maintain_order="left"
        )
        found.append(both.select("contract", "quantity", "total"))
    return pl.concat(found).group_by("contract", maintain_order=True).agg(pl.col("quantity", "total").sum())


def _terms(network: Network) -> pl.DataFrame:
    """Every contract in every bucket in which it holds, and whether it agrees on shares."""
    shares = pl.col("min_share").is_not_null() | pl.col("max_share").is_not_null()
    agreed = network["contracts"].select("contract", "partner", "item", "family", "from", "until", shares=shares)
    return effective(agreed, network.calendar).rename({"partner": "with"}).drop("start", "days")


def _scopes(terms: pl.DataFrame) -> list[tuple[list[str], pl.DataFrame]]:
    """The contracts by what they name: an item, a family, both, or nothing."""
    scopes = []
    for names in ((), ("item",), ("family",), ("item", "family")):
        named = pl.all_horizontal(
            pl.col(name).is_not_null() if name in names else pl.col(name).is_null() for name in ("item", "family")
        )
        unnamed = [name for name in ("item", "family") if name not in names]
        scopes.append((["bucket", *names], terms.filter(named).drop(unnamed)))
    return scopes
