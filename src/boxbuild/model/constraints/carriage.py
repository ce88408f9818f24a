"""Carriage: what leaves on a lane in a bucket, of all items, is no more than its weeks allow.

sum_i ship[l,i,b] <= per_week[l] days[b] / 7
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.flows import Flows
from boxbuild.model.model import Family
from boxbuild.model.weekly import weekly_limit


def carriage(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one row per limited lane and bucket."""
    return weekly_limit(columns["ship"], ["origin", "destination", "mode", "lane_item", "bucket"])
