"""Buying: what suppliers are paid, and what assemblers charge for handling."""

from __future__ import annotations

import polars as pl

from boxbuild.model.objective.money import Columns, Money, amount


def material(columns: Columns, money: Money) -> pl.DataFrame:
    """Price of what is bought, in the bucket of the order."""
    return money.present(columns["buy"], amount("price"))


def markup(columns: Columns, money: Money) -> pl.DataFrame:
    """Handling that the assembler charges on turnkey and buy-sell material."""
    charged = columns["buy"].filter(pl.col("terms") != "consigned")
    return money.present(charged, amount("price") * pl.col("markup"))


def supply_freight(columns: Columns, money: Money) -> pl.DataFrame:
    """Freight of what is bought, in the bucket of the order."""
    return money.present(columns["buy"], amount("freight"))
