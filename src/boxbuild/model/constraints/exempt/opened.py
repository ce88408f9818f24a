"""Opened: a scheme that waits for an option is open once the option is ready.

    x[b] <= most[x] sum_b' take[o,b']        for every exempt_buy, exempt_ship and exempt_build x of such a scheme,
                                              b' such that an option o of it is ready by the first day of b

``most[x]`` is the least of a quantity that no sensible plan exceeds (:mod:`boxbuild.model.most`), of what the offer or
lane allows in the bucket, and of what the lines can build in it.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.constraints.exempt.layer import open_streams
from boxbuild.model.constraints.options import line_limits
from boxbuild.model.flows import Flows
from boxbuild.model.model import Family

KINDS = {"exempt_buy": "destination", "exempt_ship": "destination", "exempt_build": "site"}
"""What a scheme opens, and where the plant stands in it."""


def exempt_opened(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one row per column that waits for the option of a scheme."""
    empty = Family(
        pl.DataFrame(schema=dict.fromkeys(("kind", "scheme", "site", "item"), pl.String)).with_columns(
            bucket=pl.lit(0), flow=pl.lit(0), lower=pl.lit(0.0), upper=pl.lit(0.0)
        ),
        pl.DataFrame(schema={"row": pl.Int64, "column": pl.Int64, "value": pl.Float64}),
    )
    if not any(columns[kind].height for kind in KINDS):
        return empty
    gated = open_streams(flows).filter(pl.col("option").is_not_null())
    build = columns["build"]
    lines = build.select(flow="column", limit=line_limits(flows, build))
    frames = {
        **{kind: columns[kind] for kind in ("exempt_buy", "exempt_ship")},
        "exempt_build": columns["exempt_build"].join(lines, on="flow", how="left", maintain_order="left"),
    }
    parts = [
        frames[kind].select(
            "scheme", "item", "bucket", kind=pl.lit(kind), site=site, flow="column", limit=pl.col("limit")
        )
        for kind, site in KINDS.items()
    ]
    waits = pl.concat(parts).join(gated, on=["scheme", "site", "bucket"], how="semi", maintain_order="left")
    if waits.is_empty():
        return empty
    waits = waits.join(flows.most, on="item", how="left", maintain_order="left")
    rows = waits.with_columns(most=pl.min_horizontal(pl.col("most").fill_null(0.0), "limit")).with_row_index("row")
    rows = rows.with_columns(pl.col("row").cast(pl.Int64))
    days = pl.DataFrame({"bucket": range(flows.calendar.count), "day": flows.calendar.starts})
    active = (
        rows.join(gated, on=["scheme", "site", "bucket"], maintain_order="left")
        .join(days, on="bucket", maintain_order="left")
        .join(columns["take"].select("option", "ready", take="column"), on="option", maintain_order="left_right")
        .filter(pl.col("ready") <= pl.col("day"))
    )
    terms = [
        rows.select("row", column="flow", value=pl.lit(1.0)),
        active.select("row", column="take", value=-pl.col("most")),
    ]
    keys = waits.select(
        "kind", "scheme", "site", "item", "bucket", "flow", lower=pl.lit(float("-inf")), upper=pl.lit(0.0)
    )
    return Family(keys, pl.concat(terms))
