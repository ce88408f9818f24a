"""Options: each is taken at most once, at most one of a group, and what needs it waits until it is ready.

    sum_b take[o,b] <= 1
    sum_o,b take[o,b] <= 1                                      for the options o of an exclusive group
    flow[x,b] <= most[x] sum_b' take[o,b']                      for every build, buy and ship x that names o,
                                                                 b' such that o is ready by the first day of b

``most[x]`` is a quantity that no sensible plan exceeds (see :mod:`boxbuild.model.most`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.flows import Flows
from boxbuild.model.model import Family
from boxbuild.model.most import most
from boxbuild.model.openings import openings


def take_columns(flows: Flows) -> pl.DataFrame:
    """Return one 0-1 column per option and bucket in which it can be taken."""
    return openings(flows.network).select(
        "option",
        "ready",
        bucket="taken",
        upper=pl.lit(1.0),
        integer=pl.lit(True),
    )


def once(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one row per option and one per exclusive group."""
    take = columns["take"].join(
        flows.network["options"].select("option", "exclusive_group"), on="option", maintain_order="left"
    )
    named = pl.concat(
        [
            take.select("column", name=pl.format("option {}", "option")),
            take.filter(pl.col("exclusive_group").is_not_null()).select(
                "column", name=pl.format("group {}", "exclusive_group")
            ),
        ]
    )
    keys = named.select("name").unique(maintain_order=True)
    rows = keys.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    terms = named.join(rows, on="name", maintain_order="left").select("row", "column", value=pl.lit(1.0))
    return Family(keys.with_columns(lower=pl.lit(float("-inf")), upper=pl.lit(1.0)), terms)


def opened(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one row per build, buy and ship column that names an option."""
    bounds = most(flows)
    parts = [
        columns[kind]
        .filter(pl.col("option").is_not_null())
        .select("option", "bucket", "item", flow="column", start=pl.lit(kind))
        for kind in ("build", "buy", "ship")
    ]
    needed = pl.concat(parts).join(bounds, on="item", how="left", maintain_order="left")
    keys = needed.select("option", "bucket", "flow", kind="start", lower=pl.lit(float("-inf")), upper=pl.lit(0.0))
    rows = needed.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    first_day = pl.DataFrame({"bucket": range(flows.calendar.count), "day": list(flows.calendar.edges[:-1])})
    ready = rows.join(first_day, on="bucket", maintain_order="left").join(
        columns["take"].select("option", "ready", take="column"), on="option", maintain_order="left_right"
    )
    active = ready.filter(pl.col("ready") <= pl.col("day"))
    terms = [
        rows.select("row", column="flow", value=pl.lit(1.0)),
        active.select("row", column="take", value=-pl.col("most").fill_null(0.0)),
    ]
    return Family(keys, pl.concat(terms))
