"""Needs: builds for export take no more exempt components than they need.

    exempt_use <= per_unit × exempt_build                        of a component without a group
    sum_members exempt_use / per_unit <= exempt_build            of a group of alternates

``per_unit`` is the quantity of the component in one unit started, scrap included.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.flows import Flows
from boxbuild.model.model import Family


def exempt_needs(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one row per exempt build and component or group of alternates that it may take exempt."""
    use = columns["exempt_use"].with_columns(
        item="parent", need=pl.coalesce(pl.format("group {}", "group"), "component")
    )
    build = ["scheme", "site", "item", "option", "bucket"]
    keys = use.select(*build, "need").unique(maintain_order=True)
    rows = keys.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    taken = use.join(rows, on=[*build, "need"], nulls_equal=True, maintain_order="left")
    built = rows.join(columns["exempt_build"], on=build, nulls_equal=True, maintain_order="left")
    terms = [
        taken.select("row", "column", value=1.0 / pl.col("per_unit")),
        built.select("row", "column", value=pl.lit(-1.0)),
    ]
    return Family(keys.with_columns(lower=pl.lit(float("-inf")), upper=pl.lit(0.0)), pl.concat(terms))
