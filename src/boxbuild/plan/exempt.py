"""Exempt: the table of a plan that says which part of its flows is under an export scheme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from boxbuild.model.model import Model
from boxbuild.network.windows import buckets_frame

LANE: Final = ("origin", "destination", "mode", "lane_item")
PARTS: Final[Mapping[str, tuple[str, str, str, tuple[str, ...]]]] = {
    "exempt_buy": ("buy", "destination", "item", ("offer",)),
    "exempt_ship": ("ship", "destination", "item", LANE),
    "exempt_build": ("build", "site", "item", ("option",)),
    "exempt_use": ("use", "site", "component", ("parent", "option")),
    "exempt_export": ("export", "site", "item", LANE),
}
"""Kind of column to flow, site, item and key in the table ``exempt``."""

ROW: Final = ("scheme", "site", "flow", "item", "key", "bucket")
"""What names a row."""


def exempt(model: Model, whole: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return schema ``exempt``: what is imported, taken, built and exported under each scheme.

    Parameters
    ----------
    model
        The model that was solved.
    whole
        Its columns by kind, those that are not 0, with ``moved``, their value.
    """
    parts = [
        _inside(whole, kind)
        .select(
            "scheme",
            pl.col(site).alias("site"),
            pl.lit(flow).alias("flow"),
            pl.col(item).alias("item"),
            joined(key).alias("key"),
            "bucket",
            "moved",
        )
        .filter(pl.col("moved") > 0)
        for kind, (flow, site, item, key) in PARTS.items()
    ]
    starts = buckets_frame(model.flows.calendar).select("bucket", "start")
    summed = pl.concat(parts).group_by(ROW, maintain_order=True).agg(quantity=pl.col("moved").sum())
    return summed.join(starts, on="bucket", maintain_order="left").sort(ROW)


def _inside(whole: Mapping[str, pl.DataFrame], kind: str) -> pl.DataFrame:
    """Hold parts to their flows: by the solver's tolerance, a part may be a little more than the flow is."""
    if "flow" not in whole[kind].columns or whole[kind].is_empty():
        return whole[kind]
    flows = pl.concat([whole[one].select(flow="column", all_of_it="moved") for one in ("build", "buy", "ship")])
    return (
        whole[kind]
        .join(flows, on="flow", how="left", maintain_order="left")
        .with_columns(moved=pl.min_horizontal("moved", pl.col("all_of_it").fill_null(0.0)))
    )


def joined(columns: tuple[str, ...]) -> pl.Expr:
    """Return the parts of a key joined by ``|``; a blank part is empty."""
    return pl.concat_str([pl.col(column).fill_null("") for column in columns], separator="|")


def by_lane(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows of flow ``ship`` or ``export`` with the columns of a lane in place of ``key``."""
    parts = pl.col("key").str.split_exact("|", len(LANE) - 1).struct.rename_fields(LANE).struct.unnest()
    return rows.with_columns(parts).with_columns(pl.col("lane_item").replace("", None)).drop("key")
