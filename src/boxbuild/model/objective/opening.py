"""Options: what investments cost to take and to run, and what they are worth at the end of the plan."""

from __future__ import annotations

import polars as pl

from boxbuild.model.flows import Flows
from boxbuild.model.objective.money import Columns, Money, amount


def options(flows: Flows, columns: Columns, money: Money) -> list[pl.DataFrame]:
    """Cost of taking an option in a bucket: capex, opex from the day it is ready, and what is left of it at the end."""
    terms = flows.network["options"].select("option", "capex", "currency", "opex_per_week", "life_weeks")
    take = columns["take"].join(terms, on="option", maintain_order="left")
    calendar = flows.calendar
    last = pl.lit(calendar.count - 1, dtype=pl.Int64)
    capex = money.present(take, amount("capex"))
    used = (calendar.horizon - pl.col("ready")) / (7.0 * pl.col("life_weeks"))
    left = (1.0 - used).clip(lower_bound=0.0).fill_null(0.0)
    # The capex was converted when it was paid: what is left of it is credited at the same rate, in the last bucket.
    at_cost = money.home_units(take, "currency", "bucket", "paid").with_columns(end=last, home=pl.lit(money.home))
    residual = money.present(at_cost, -amount("capex") * pl.col("paid") * left, currency="home", bucket="end")
    edges = pl.DataFrame(
        {"week": range(calendar.count), "left": list(calendar.edges[:-1]), "right": list(calendar.edges[1:])},
        schema={"week": pl.Int64, "left": pl.Int64, "right": pl.Int64},
    )
    running = take.join(edges, how="cross", maintain_order="left_right").with_columns(
        weeks=(pl.col("right") - pl.max_horizontal("left", "ready")).clip(lower_bound=0) / 7.0
    )
    opex = money.present(running, amount("opex_per_week") * pl.col("weeks"), bucket="week")
    return [capex, residual, opex]
