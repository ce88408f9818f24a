"""Demand: what is delivered, on time or late, and what is lost make up the quantity.

sum_b deliver[d,b] + short[d] = quantity[d]
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.flows import Flows
from boxbuild.model.model import Family


def demand(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one equality per demand."""
    keys = columns["short"].select("demand", lower="quantity", upper="quantity")
    rows = keys.select("demand").with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    parts = [
        rows.join(columns[kind].select("demand", "column"), on="demand", maintain_order="left_right")
        for kind in ("deliver", "short")
    ]
    return Family(keys, pl.concat(parts).select("row", "column", value=pl.lit(1.0)))
