"""Duty paid: what is made for export without duty is not sold or used at home.

For every item that a stream makes, over all sites of the home territory together:

    duty_paid[b] = duty_paid[b-1] + stock + receipts
      + sum_b' arrive(L,b',b) (yield (build - exempt_build)[b'] + (buy - exempt_buy)[b'] + (ship - exempt_ship)[b'])
      - sum (used by builds - exempt_use)[b] - sum deliver[b] - sum (ship - exempt_export)[b]
    duty_paid >= 0

``ship`` comes in from outside the home territory in the first line and leaves it in the second.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.constraints.exempt.balance import spread
from boxbuild.model.constraints.exempt.territory import home_sites
from boxbuild.model.flows import BUILD, Flows
from boxbuild.model.model import TERMS, Family
from boxbuild.network.windows import bucket_of

PLACE = ["item", "bucket"]
_KEYS = pl.Schema({"item": pl.String(), "bucket": pl.Int64(), "lower": pl.Float64(), "upper": pl.Float64()})


def duty_paid(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one equality per item that a stream makes and bucket."""
    paid = columns["duty_paid"]
    if paid.is_empty():
        return Family(_KEYS.to_frame(), TERMS.to_frame())
    keys = paid.select(PLACE).join(_given(flows), on=PLACE, how="left", maintain_order="left")
    keys = keys.select(*PLACE, lower=-pl.col("given").fill_null(0.0), upper=-pl.col("given").fill_null(0.0))
    rows = keys.select(PLACE).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    carried = paid.filter(pl.col("bucket") < flows.calendar.count - 1).with_columns(pl.col("bucket") + 1)
    terms = pl.concat(
        [
            _term(paid, pl.lit(-1.0)),
            _term(carried, pl.lit(1.0)),
            *_whole(flows, columns),
            *_exempt(flows, columns),
        ]
    )
    placed = terms.join(rows, on=PLACE, maintain_order="left")
    return Family(keys, placed.select("row", "column", "value"))


def _whole(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> list[pl.DataFrame]:
    """What comes into the home territory and leaves it, under a scheme or not."""
    home = home_sites(flows.network)
    items = columns["duty_paid"]["item"].unique().to_list()
    here, from_here, at = (pl.col(name).is_in(home) for name in ("destination", "origin", "site"))
    of = {kind: columns[kind].filter(pl.col("item").is_in(items)) for kind in ("build", "buy", "ship", "deliver")}
    needed = flows.needs.filter(pl.col("group").is_null() & at & pl.col("component").is_in(items))
    fixed = needed.join(columns["build"].select(*BUILD, "column"), on=BUILD, nulls_equal=True, maintain_order="left")
    used = columns["use"].filter(at & pl.col("component").is_in(items))
    share = pl.col("fraction")
    return [
        _term(spread(flows, of["build"].filter(at)), share * pl.col("yield")),
        _term(spread(flows, of["buy"].filter(here)), share),
        _term(spread(flows, of["ship"].filter(here & ~from_here)), share),
        _term(of["ship"].filter(from_here & ~here), pl.lit(-1.0)),
        _term(of["deliver"].filter(pl.col("market").is_in(home)), pl.lit(-1.0)),
        _term(fixed, -pl.col("per_unit"), "component"),
        _term(used, pl.lit(-1.0), "component"),
    ]


def _exempt(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> list[pl.DataFrame]:
    """The part of it that is under a scheme."""
    items = columns["duty_paid"]["item"].unique().to_list()
    mine = pl.col("item").is_in(items)
    imported = columns["exempt_ship"].filter(mine & pl.col("imported"))
    used = columns["exempt_use"].filter(pl.col("component").is_in(items))
    share = pl.col("fraction")
    return [
        _term(spread(flows, columns["exempt_build"].filter(mine)), -share * pl.col("yield")),
        _term(spread(flows, columns["exempt_buy"].filter(mine)), -share),
        _term(spread(flows, imported), -share),
        _term(columns["exempt_export"].filter(mine), pl.lit(1.0)),
        _term(used, pl.lit(1.0), "component"),
    ]


def _given(flows: Flows) -> pl.DataFrame:
    network, calendar = flows.network, flows.calendar
    firm = network["receipts"].filter(pl.col("firm") & (pl.col("due") < calendar.end))
    lying = [
        network["stock"].select("item", "site", "quantity", bucket=pl.lit(0, dtype=pl.Int64)),
        firm.select("item", "site", "quantity", bucket=bucket_of(calendar, firm["due"])),
    ]
    here = pl.concat(lying).filter(pl.col("site").is_in(home_sites(network)))
    return here.group_by(PLACE).agg(given=pl.col("quantity").sum())


def _term(frame: pl.DataFrame, value: pl.Expr, item: str = "item") -> pl.DataFrame:
    return frame.select(pl.col(item).alias("item"), "bucket", "column", value.cast(pl.Float64).alias("value"))
