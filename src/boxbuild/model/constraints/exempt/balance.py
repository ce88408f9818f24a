"""Balance of a stream: what comes in without duty is used for exports, exported, or still there.

exempt_keep[b-1] + sum_b' arrive(L,b',b) (exempt_buy[b'] + exempt_ship[b'] + yield exempt_build[b'])
= exempt_keep[b] + sum exempt_use[b] + sum exempt_export[b] + sum exempt_ship[b]  (to another plant's stream)
exempt_keep = 0 in the last bucket
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.constraints.exempt.layer import NODE
from boxbuild.model.flows import Flows
from boxbuild.model.model import Family


def exempt_balance(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one equality per scheme, plant, item and bucket."""
    keep = columns["exempt_keep"]
    keys = keep.select(*NODE, "bucket", lower=pl.lit(0.0), upper=pl.lit(0.0))
    rows = keys.select(*NODE, "bucket").with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    carried = keep.filter(pl.col("bucket") < flows.calendar.count - 1).with_columns(pl.col("bucket") + 1)
    moved = columns["exempt_ship"].filter(~pl.col("imported"))
    arriving = {kind: spread(flows, columns[kind]) for kind in ("exempt_buy", "exempt_ship", "exempt_build")}
    share = pl.col("fraction")
    terms = pl.concat(
        [
            _term(keep, pl.lit(-1.0)),
            _term(carried, pl.lit(1.0)),
            _term(arriving["exempt_buy"], share, site="destination"),
            _term(arriving["exempt_ship"], share, site="destination"),
            _term(arriving["exempt_build"], share * pl.col("yield")),
            _term(columns["exempt_use"], pl.lit(-1.0), item="component"),
            _term(columns["exempt_export"], pl.lit(-1.0)),
            _term(moved, pl.lit(-1.0), site="origin"),
        ]
    )
    placed = terms.join(rows, on=[*NODE, "bucket"], maintain_order="left")
    return Family(keys, placed.select("row", "column", "value"))


def spread(flows: Flows, frame: pl.DataFrame) -> pl.DataFrame:
    """Return flows once for each bucket in which a part arrives, which becomes their ``bucket``."""
    arriving = frame.join(flows.spread, on=["lead_days", "bucket"], maintain_order="left_right")
    return arriving.with_columns(bucket="arrival")


def _term(frame: pl.DataFrame, value: pl.Expr, site: str = "site", item: str = "item") -> pl.DataFrame:
    return frame.select(
        "scheme",
        pl.col(site).alias("site"),
        pl.col(item).alias("item"),
        "bucket",
        "column",
        value.cast(pl.Float64).alias("value"),
    )
