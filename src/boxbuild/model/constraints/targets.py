"""Targets: a count or a share over a window is at least so much, or what is missing is paid for.

    numerator + miss[t] >= at_least[t]                    for counts
    numerator + miss[t] >= at_least[t] denominator        for shares, multiplied out so that they stay linear

A target without a penalty has no ``miss``: it must be met. See :mod:`boxbuild.model.metrics` for the metrics.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.covered import settlement
from boxbuild.model.flows import Flows
from boxbuild.model.metrics import measures
from boxbuild.model.model import Family


def miss_columns(flows: Flows) -> pl.DataFrame:
    """Return one column per target that has a penalty and a bucket in its window."""
    priced = flows.network["targets"].filter(pl.col("penalty").is_not_null()).select("target")
    return priced.join(settlement(flows.network, "targets", "target"), on="target").select("target").sort("target")


def targets(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one row per target."""
    measured = measures(flows, columns)
    wanted = flows.network["targets"].join(
        settlement(flows.network, "targets", "target"), on="target", maintain_order="left"
    )
    fixed = measured.filter(pl.col("column").is_null()).group_by("target").agg(fixed=pl.col("denominator").sum())
    keys = wanted.join(fixed, on="target", how="left", maintain_order="left").select(
        "target",
        "at_least",
        lower=pl.col("at_least") * pl.col("fixed").fill_null(0.0),
        upper=pl.lit(float("inf")),
    )
    rows = keys.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    flow = rows.join(measured.filter(pl.col("column").is_not_null()), on="target", maintain_order="left_right")
    terms = [
        flow.select("row", "column", value=pl.col("numerator") - pl.col("at_least") * pl.col("denominator")),
        rows.join(columns["miss"].select("target", "column"), on="target", maintain_order="left").select(
            "row", "column", value=pl.lit(1.0)
        ),
    ]
    return Family(keys.drop("at_least"), pl.concat(terms).filter(pl.col("value") != 0))
