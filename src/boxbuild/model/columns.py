"""Columns: the variables of the model, a frame per kind, numbered from 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "build": ("site", "item", "option", "bucket"),
    "use": ("site", "parent", "option", "group", "component", "bucket"),
    "buy": ("offer", "destination", "bucket"),
    "ship": ("origin", "destination", "mode", "lane_item", "item", "bucket"),
    "keep": ("item", "site", "bucket"),
    "deliver": ("demand", "bucket"),
    "short": ("demand",),
    "overtime": ("resource", "bucket"),
    "take": ("option", "bucket"),
    "shortfall": ("contract",),
    "step": ("contract", "offer", "from_quantity"),
    "reach": ("contract", "offer", "from_quantity"),
    "miss": ("target",),
    "qualify": ("partner", "scheme", "segment", "year"),
    "counted": ("partner", "scheme", "segment", "year"),
    "attribute": ("claim", "period", "level", "item", "site", "kind", "key"),
    "claim": ("agreement", "origin", "destination", "mode", "lane_item", "item", "bucket"),
    "exempt_buy": ("scheme", "offer", "destination", "bucket"),
    "exempt_ship": ("scheme", "origin", "destination", "mode", "lane_item", "item", "bucket"),
    "exempt_build": ("scheme", "site", "item", "option", "bucket"),
    "exempt_use": ("scheme", "site", "parent", "option", "group", "component", "bucket"),
    "exempt_keep": ("scheme", "item", "site", "bucket"),
    "exempt_export": ("scheme", "site", "origin", "destination", "mode", "lane_item", "item", "bucket"),
    "duty_paid": ("item", "bucket"),
}
"""The kinds of columns, in the order in which they are numbered, and what names one of each.

build
    Units started by an operation in a bucket.
use
    Units of a component that a build takes, for the members of a group of alternates only.
buy, ship
    Units ordered under an offer; units that leave on a lane.
keep
    Units in stock at the end of a bucket.
deliver, short
    Units delivered to a demand in a bucket; units never delivered.
overtime
    Capacity of a resource beyond its regular hours.
take
    1 where an option is taken at the start of a bucket.
shortfall, miss
    Units below the minimum of a contract; amount below a target.
step, reach
    Units on a step of a price ladder; 1 where that step is reached.
qualify, counted
    1 where an applicant's year reaches the thresholds of its scheme; sales that the incentive is paid on.
attribute
    Units of an input that a claim of value added or of a preference counts.
claim
    Units of a shipment that enter at the rate of a trade agreement.
exempt_buy, exempt_ship, exempt_build, exempt_use, exempt_keep, exempt_export
    The part of a flow, or of what is kept, that is under an export scheme.
duty_paid
    Units of an item in the home country that are under no scheme.
"""


def number(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Give every column of every kind its number.

    Parameters
    ----------
    frames
        A frame per kind with its key columns, and optionally ``upper`` (largest value) and ``integer``.

    Returns
    -------
    dict
        The same frames, in the order of :data:`KEYS`, with ``column`` (Int64), ``upper`` and ``integer`` in each.
    """
    numbered = {}
    offset = 0
    for kind in KEYS:
        if kind not in frames:
            continue
        frame = frames[kind]
        if "upper" not in frame.columns:
            frame = frame.with_columns(upper=pl.lit(float("inf")))
        if "integer" not in frame.columns:
            frame = frame.with_columns(integer=pl.lit(False))
        numbered[kind] = frame.with_columns(column=pl.int_range(frame.height, dtype=pl.Int64) + offset)
        offset += frame.height
    return numbered


def names(columns: Mapping[str, pl.DataFrame]) -> list[str]:
    """Return a readable name for every column, such as ``build[noida,phone-a,,3]``."""
    found: list[str] = []
    for kind, frame in columns.items():
        if frame.height:
            found.extend(
                frame.select(
                    pl.format(
                        f"{kind}[{{}}]",
                        pl.concat_str([pl.col(key).cast(pl.String).fill_null("") for key in KEYS[kind]], separator=","),
                    )
                )
                .to_series()
                .to_list()
            )
    return found
