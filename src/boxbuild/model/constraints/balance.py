"""Balance: at every item, site and bucket, what comes in is what goes out and what is kept.

    keep[i,s,b-1] + stock[i,s] (b = 0) + receipts[i,s,b]
      + sum_b' arrive(L,b',b) (yield build[s,i,b'] + buy[o,s,b'] + ship[l,i,b'])
      = keep[i,s,b] + sum_parent per_unit build[s,parent,b] + sum_parent use[s,parent,i,b]
      + sum_lanes ship[l,i,b] + sum_demands deliver[d,b]

``arrive(L,b',b)`` is the share of what leaves in b' that arrives in b after the lead time L.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.flows import BUILD, Flows
from boxbuild.model.model import Family
from boxbuild.network.windows import bucket_of


def balance(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one equality per node and bucket."""
    supply = _given(flows)
    keys = (
        columns["keep"]
        .select("item", "site", "bucket")
        .join(supply, on=["item", "site", "bucket"], how="left", maintain_order="left")
    )
    keys = keys.with_columns(lower=-pl.col("given").fill_null(0.0), upper=-pl.col("given").fill_null(0.0))
    terms = pl.concat([*_kept(columns, flows), *_arrivals(columns, flows), *_taken(columns, flows)])
    rows = keys.select("item", "site", "bucket").with_row_index("row")
    placed = terms.join(rows, on=["item", "site", "bucket"], maintain_order="left")
    return Family(keys.drop("given"), placed.select(pl.col("row").cast(pl.Int64), "column", "value"))


def _term(frame: pl.DataFrame, value: pl.Expr, **names: str) -> pl.DataFrame:
    return frame.select(
        pl.col(names.get("item", "item")).alias("item"),
        pl.col(names.get("site", "site")).alias("site"),
        pl.col(names.get("bucket", "bucket")).alias("bucket"),
        "column",
        value.cast(pl.Float64).alias("value"),
    )


def _kept(columns: Mapping[str, pl.DataFrame], flows: Flows) -> list[pl.DataFrame]:
    keep = columns["keep"]
    carried = keep.filter(pl.col("bucket") < flows.calendar.count - 1).with_columns(pl.col("bucket") + 1)
    return [_term(keep, pl.lit(-1.0)), _term(carried, pl.lit(1.0))]


def _arrivals(columns: Mapping[str, pl.DataFrame], flows: Flows) -> list[pl.DataFrame]:
    def spread(kind: str) -> pl.DataFrame:
        return columns[kind].join(flows.spread, on=["lead_days", "bucket"], maintain_order="left_right")

    share = pl.col("fraction")
    return [
        _term(spread("build"), share * pl.col("yield"), bucket="arrival"),
        _term(spread("buy"), share, site="destination", bucket="arrival"),
        _term(spread("ship"), share, site="destination", bucket="arrival"),
    ]


def _taken(columns: Mapping[str, pl.DataFrame], flows: Flows) -> list[pl.DataFrame]:
    fixed = flows.needs.filter(pl.col("group").is_null()).join(
        columns["build"].select(*BUILD, "column"), on=BUILD, nulls_equal=True, maintain_order="left"
    )
    return [
        _term(fixed, -pl.col("per_unit"), item="component"),
        _term(columns["use"], pl.lit(-1.0), item="component"),
        _term(columns["ship"], pl.lit(-1.0), site="origin"),
        _term(columns["deliver"], pl.lit(-1.0), site="market"),
    ]


def _given(flows: Flows) -> pl.DataFrame:
    """Units that are there without the plan: stock in the first bucket, firm receipts in the bucket of their day."""
    network, calendar = flows.network, flows.calendar
    stock = network["stock"].select("item", "site", "quantity", bucket=pl.lit(0, dtype=pl.Int64))
    firm = network["receipts"].filter(pl.col("firm") & (pl.col("due") < calendar.end))
    arriving = firm.select("item", "site", "quantity", bucket=bucket_of(calendar, firm["due"]))
    return pl.concat([stock, arriving]).group_by("item", "site", "bucket").agg(given=pl.col("quantity").sum())
