"""Options: each is taken at most once, at most one of a group, and what needs it waits until it is ready.

    sum_b take[o,b] <= 1
    sum_o,b take[o,b] <= 1                                      for the options o of an exclusive group
    flow[x,b] <= most[x] sum_b' take[o,b']                      for every build, buy and ship x that names o,
                                                                 b' such that o is ready by the first day of b

``most[x]`` is the least of a quantity that no sensible plan exceeds (see :mod:`boxbuild.model.most`), of what the offer
or lane allows in the bucket, and of what the lines can build in it. The smaller it is, the less of an option the
relaxation takes.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.capacity_days import capacity_rows
from boxbuild.model.flows import Flows
from boxbuild.model.model import Family
from boxbuild.model.most import MOST
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
    weekly = pl.col("per_week") * pl.col("days") / 7
    gated = {kind: columns[kind].filter(pl.col("option").is_not_null()) for kind in ("build", "buy", "ship")}
    lines = line_limits(flows, gated["build"])
    limited: dict[str, pl.Series | pl.Expr] = {"build": lines, "buy": weekly, "ship": weekly}
    parts = [
        gated[kind]
        .with_columns(limit=limit)
        .select("option", "bucket", "item", "limit", flow="column", start=pl.lit(kind))
        for kind, limit in limited.items()
    ]
    most = flows.most if any(part.height for part in parts) else MOST.to_frame()
    needed = pl.concat(parts).join(most, on="item", how="left", maintain_order="left")
    needed = needed.with_columns(most=pl.min_horizontal(pl.col("most").fill_null(0.0), "limit"))
    keys = needed.select("option", "bucket", "flow", kind="start", lower=pl.lit(float("-inf")), upper=pl.lit(0.0))
    rows = needed.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    first_day = pl.DataFrame({"bucket": range(flows.calendar.count), "day": list(flows.calendar.edges[:-1])})
    ready = rows.join(first_day, on="bucket", maintain_order="left").join(
        columns["take"].select("option", "ready", take="column"), on="option", maintain_order="left_right"
    )
    active = ready.filter(pl.col("ready") <= pl.col("day"))
    terms = [
        rows.select("row", column="flow", value=pl.lit(1.0)),
        active.select("row", column="take", value=-pl.col("most")),
    ]
    return Family(keys, pl.concat(terms))


def line_limits(flows: Flows, build: pl.DataFrame) -> pl.Series:
    """Return what the lines can start of each build column in its bucket, with every option taken; null without one."""
    key = ["resource", "bucket"]
    given = (
        capacity_rows(flows.network).group_by(*key, "option").agg(most=(pl.col("regular") + pl.col("overtime")).max())
    )
    hours = given.group_by(key).agg(hours=pl.col("most").sum())
    uses = flows.network["uses"].select("site", "item", "resource", each="quantity").filter(pl.col("each") > 0)
    limits = (
        build.select("column", "site", "item", "bucket")
        .join(uses, on=["site", "item"])
        .join(hours, on=key, how="left")
        .group_by("column")
        .agg(limit=(pl.col("hours").fill_null(0.0) / pl.col("each")).min())
    )
    return build.select("column").join(limits, on="column", how="left", maintain_order="left")["limit"]
