"""Locks: what a planner has decided on builds, purchases or shipments, and the plan goes around.

    q = sum of the builds, buys or ships that lock l covers, in the buckets of its window
    lower[l] <= q <= upper[l]        fixed: both are the amount; min: upper is infinite; max: lower is minus infinity

A lock per week has such a row for every bucket of its window, with its amount times days[b] / 7. A build counts in
the bucket in which it starts, a purchase when it is ordered, a shipment when it leaves. Locks cost nothing and have no
slack: they hold, or there is no plan.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.flows import Flows
from boxbuild.model.model import TERMS, Family
from boxbuild.network.locked import SELECTORS, covered, limits


def locks(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one row per lock, or per lock and bucket (``first``) where the amount is per week."""
    asked = limits(flows.network)
    keys = asked.select(
        "lock", first=pl.when(pl.col("first") == pl.col("last")).then("first"), lower="lower", upper="upper"
    )
    rows = asked.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    terms = [TERMS.to_frame()]
    for kind, selectors in SELECTORS.items():
        if rows["kind"].is_in([kind]).any():
            names = dict.fromkeys([*selectors.values(), "bucket", "column"])
            found = covered(rows, kind, columns[kind].select(*names))
            terms.append(found.select("row", "column", value=pl.lit(1.0)))
    return Family(keys, pl.concat(terms))
