"""Contracts: volumes and shares that were agreed with a partner, over the contract's window.

    q = sum of builds at and buys from the partner's sites,  Q = the same of every partner
    q + shortfall[c] >= min[c]
    q + shortfall[c] >= min_share[c] Q
    q <= max[c]
    q <= max_share[c] Q

A contract without a shortfall cost has no shortfall: its minimum must be met.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.covered import contract_volumes, settlement
from boxbuild.model.flows import Flows
from boxbuild.model.model import Family

_INFINITY = float("inf")


def shortfall_columns(flows: Flows) -> pl.DataFrame:
    """Return one column per contract that has a minimum and a price for missing it."""
    priced = flows.network["contracts"].filter(
        pl.col("shortfall_cost").is_not_null() & (pl.col("min").is_not_null() | pl.col("min_share").is_not_null())
    )
    return priced.join(settlement(flows.network, "contracts", "contract"), on="contract", maintain_order="left")


def contracts(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return up to four rows per contract: ``min``, ``max``, ``min_share``, ``max_share``."""
    agreed = flows.network["contracts"].join(
        settlement(flows.network, "contracts", "contract"), on="contract", maintain_order="left"
    )
    keys = pl.concat([_limits(agreed, term) for term in ("min", "max", "min_share", "max_share")])
    rows = keys.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    flow = rows.join(contract_volumes(flows.network, columns), on="contract", maintain_order="left_right")
    share = pl.col("share").fill_null(0.0)
    value = pl.when(pl.col("own")).then(1.0 - share).otherwise(-share)
    terms = [
        flow.select("row", "column", value=value).filter(pl.col("value") != 0),
        rows.filter(pl.col("term").is_in(["min", "min_share"]))
        .join(columns["shortfall"].select("contract", "column"), on="contract", maintain_order="left")
        .select("row", "column", value=pl.lit(1.0)),
    ]
    return Family(keys, pl.concat(terms))


def _limits(agreed: pl.DataFrame, term: str) -> pl.DataFrame:
    is_share = term.endswith("share")
    least = term.startswith("min")
    amount = pl.lit(0.0) if is_share else pl.col(term).cast(pl.Float64)
    return agreed.filter(pl.col(term).is_not_null()).select(
        "contract",
        term=pl.lit(term),
        share=pl.col(term).cast(pl.Float64) if is_share else pl.lit(None, dtype=pl.Float64),
        lower=amount if least else pl.lit(-_INFINITY),
        upper=pl.lit(_INFINITY) if least else amount,
    )
