"""Commitments: shortfall of contracts, price ladders, short targets, settled when their window ends."""

from __future__ import annotations

import polars as pl

from boxbuild.model.constraints.tiers import settled
from boxbuild.model.covered import settlement
from boxbuild.model.flows import Flows
from boxbuild.model.objective.money import Columns, Money, amount


def shortfall(columns: Columns, money: Money) -> pl.DataFrame:
    """Cost of a unit below a contract's minimum, in the last bucket of its window."""
    return money.present(columns["shortfall"], amount("shortfall_cost"), bucket="settled")


def tier(flows: Flows, columns: Columns, money: Money) -> pl.DataFrame:
    """What a step of a ladder changes in the price, in the last bucket of the ladder's window."""
    keys = ["contract", "offer"]
    steps = columns["step"].join(settled(flows), on=keys, nulls_equal=True, maintain_order="left")
    return money.present(steps.filter(pl.col("settled").is_not_null()), pl.col("adjustment"), bucket="settled")


def target(flows: Flows, columns: Columns, money: Money) -> pl.DataFrame:
    """Cost of missing a target, in the last bucket of its window."""
    terms = flows.network["targets"].select("target", "penalty", "currency")
    miss = (
        columns["miss"]
        .join(terms, on="target", maintain_order="left")
        .join(settlement(flows.network, "targets", "target"), on="target", maintain_order="left")
    )
    return money.present(miss, amount("penalty"), bucket="settled")
