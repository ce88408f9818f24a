"""Carrying: freight and insurance of what is shipped."""

from __future__ import annotations

import polars as pl

from boxbuild.model.objective.money import Columns, Money, amount


def lane_freight(columns: Columns, money: Money, values: pl.DataFrame) -> pl.DataFrame:
    """Freight of what is shipped, by unit and by kilogram, in the bucket in which it leaves."""
    ship = columns["ship"].join(values, on="item", maintain_order="left")
    return money.present(ship, amount("per_unit") + amount("per_kg") * pl.col("weight_kg"))


def insurance(columns: Columns, money: Money, values: pl.DataFrame) -> pl.DataFrame:
    """Insurance of what is shipped, on its standard value."""
    ship = columns["ship"].join(values, on="item", maintain_order="left")
    return money.present(ship, pl.col("insurance") * pl.col("value"), currency="value_currency")
