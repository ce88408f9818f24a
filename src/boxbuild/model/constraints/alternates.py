"""Alternates: the members of a group together cover what builds need.

    sum_members use[s,p,g,c,b] / per_unit[s,p,c] = build[s,p,b]

``per_unit`` is the quantity of the member in one unit started, scrap included.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.flows import BUILD, Flows
from boxbuild.model.model import Family


def alternates(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one equality per build column and group of alternates."""
    use = columns["use"].rename({"parent": "item"})
    group = [*BUILD, "group"]
    keys = use.select(group).unique(maintain_order=True).with_columns(lower=pl.lit(0.0), upper=pl.lit(0.0))
    rows = keys.select(group).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    covered = use.join(rows, on=group, nulls_equal=True, maintain_order="left").select(
        "row", "column", value=1.0 / pl.col("per_unit")
    )
    built = rows.join(columns["build"], on=BUILD, nulls_equal=True, maintain_order="left").select(
        "row", "column", value=pl.lit(-1.0)
    )
    return Family(keys, pl.concat([covered, built]))
