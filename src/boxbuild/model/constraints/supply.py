"""Supply: what is ordered under an offer in a bucket, for all its destinations, is no more than its weeks allow.

sum_s buy[o,s,b] <= per_week[o] days[b] / 7
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.flows import Flows
from boxbuild.model.model import Family
from boxbuild.model.weekly import weekly_limit


def supply(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one row per limited offer and bucket."""
    return weekly_limit(columns["buy"], ["offer", "bucket"])
