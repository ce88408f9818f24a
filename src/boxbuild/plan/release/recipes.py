"""Recipes: the bill of materials of each item that is built at a site, by window of days."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from boxbuild.network.network import Network
from boxbuild.plan.release.days import Days

PLACE = ("site", "item")
RECIPE = (*PLACE, "since")
"""What names a recipe: where what is built, and the first day on which it holds."""


class Recipes(NamedTuple):
    """What is consumed where something is built.

    Parameters
    ----------
    windows
        ``site``, ``item``, ``since`` and ``until``: every day of the horizon lies in one window of each operation.
    lines
        ``site``, ``item``, ``since``, ``component``, ``group`` (of alternates, or null) and ``per_unit``: units of
        the component for one unit started, scrap included.
    """

    windows: pl.DataFrame
    lines: pl.DataFrame


def recipes(network: Network, days: Days) -> Recipes:
    """Return the recipes of all operations. A row that names the site replaces the general one of its component."""
    built = network["operations"].select(PLACE).unique(maintain_order=True)
    boms = days.windows(network["boms"]).filter(pl.col("first_day") <= pl.col("last_day"))
    rows = built.join(
        boms.select(
            "component",
            "first_day",
            "last_day",
            "quantity",
            own="site",
            item="parent",
            group="alternate_group",
            per_unit=pl.col("quantity") * (1 + pl.col("scrap")),
        ),
        on="item",
        maintain_order="left_right",
    ).filter(pl.col("own").is_null() | (pl.col("own") == pl.col("site")))
    windows = _windows(built, rows, days.horizon)
    held = windows.join(rows, on=PLACE, maintain_order="left_right").filter(
        (pl.col("first_day") <= pl.col("since")) & (pl.col("since") <= pl.col("last_day"))
    )
    named = held.filter(pl.col("own").is_not_null()).select(*RECIPE, "component")
    replaced = held.filter(pl.col("own").is_null()).join(named, on=[*RECIPE, "component"], how="semi")
    lines = held.join(replaced, on=[*RECIPE, "component", "own"], how="anti", nulls_equal=True, maintain_order="left")
    return Recipes(windows, lines.filter(pl.col("quantity") > 0).select(*RECIPE, "component", "group", "per_unit"))


def _windows(built: pl.DataFrame, rows: pl.DataFrame, horizon: int) -> pl.DataFrame:
    """Cut the horizon of each operation where a row of its bill of materials begins or ends."""
    edges = pl.concat(
        [
            built.with_columns(since=pl.lit(0, dtype=pl.Int64)),
            rows.select(*PLACE, since="first_day"),
            rows.select(*PLACE, since=pl.col("last_day") + 1),
        ]
    )
    ordered = edges.filter(pl.col("since") < horizon).unique().sort(RECIPE)
    following = pl.col("since").shift(-1).over(PLACE).fill_null(horizon)
    return ordered.with_columns(until=following - 1)
