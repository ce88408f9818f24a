"""Within: what is under a scheme is a part of its flow.

    sum_schemes exempt_buy  <= buy          sum_schemes exempt_ship   <= ship
    sum_schemes exempt_build <= build       sum_streams exempt_export <= ship
    sum_schemes exempt_use  <= use          for the members of groups of alternates
    sum_schemes exempt_keep <= keep         for items that are only bought in the home country

What is made in the home country is counted country-wide instead (see :mod:`boxbuild.model.constraints.exempt.paid`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.constraints.exempt.layer import SCHEMAS
from boxbuild.model.flows import Flows
from boxbuild.model.model import Family


def exempt_within(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one row per flow that has a part under a scheme."""
    parts = pl.concat(
        [
            *(_part(columns[kind], kind) for kind in SCHEMAS if "flow" in SCHEMAS[kind]),
            _part(_using(columns), "exempt_use", "component"),
            _part(_keeping(columns), "exempt_keep"),
        ]
    )
    # a lane's column may be a part of imports or of exports: never of both
    keys = parts.select("part", "item", "bucket", "flow").unique(maintain_order=True)
    rows = keys.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    terms = [
        parts.join(rows, on=["part", "flow"], maintain_order="left").select("row", "column", value=pl.lit(1.0)),
        rows.select("row", column="flow", value=pl.lit(-1.0)),
    ]
    return Family(keys.with_columns(lower=pl.lit(float("-inf")), upper=pl.lit(0.0)), pl.concat(terms))


def _part(frame: pl.DataFrame, kind: str, item: str = "item") -> pl.DataFrame:
    return frame.select("column", "flow", "bucket", part=pl.lit(kind), item=item)


def _using(columns: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    key = ["site", "parent", "option", "group", "component", "bucket"]
    return (
        columns["exempt_use"]
        .filter(pl.col("group").is_not_null())
        .join(columns["use"].select(*key, flow="column"), on=key, nulls_equal=True, maintain_order="left")
    )


def _keeping(columns: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    key = ["item", "site", "bucket"]
    kept = columns["exempt_keep"].filter(~pl.col("made") & (pl.col("upper") > 0))
    return kept.join(columns["keep"].select(*key, flow="column"), on=key, maintain_order="left")
