"""Capacity: builds use no more of a resource than its hours, its overtime and the options that were taken give.

sum_builds uses[s,i,r] build[s,i,b] <= regular[r,b] + overtime[r,b]
                                        + sum_o,b' regular[r,b | o taken in b'] take[o,b']
overtime[r,b] <= limit[r,b] + sum_o,b' limit[r,b | o taken in b'] take[o,b']
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.capacity_days import capacity_rows
from boxbuild.model.flows import Flows
from boxbuild.model.model import Family

_KEY = ["resource", "bucket"]


def overtime_columns(flows: Flows) -> pl.DataFrame:
    """Return one column per resource and bucket that has overtime, with what the options may add as its limit."""
    limits = capacity_rows(flows.network).group_by(_KEY).agg(upper=pl.col("overtime").sum())
    used = flows.network["uses"].select("resource").unique()
    return limits.filter(pl.col("upper") > 0).join(used, on="resource", how="semi").sort(_KEY)


def capacity(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one row per resource and bucket in which it is used."""
    given = capacity_rows(flows.network)
    load = columns["build"].join(
        flows.network["uses"].select("site", "item", "resource", used="quantity"),
        on=["site", "item"],
        maintain_order="left_right",
    )
    keys = load.select(_KEY).unique().sort(_KEY)
    base = given.filter(pl.col("option").is_null()).select(*_KEY, "regular")
    keys = keys.join(base, on=_KEY, how="left", maintain_order="left").select(
        *_KEY, lower=pl.lit(float("-inf")), upper=pl.col("regular").fill_null(0.0)
    )
    terms = [
        load.select(*_KEY, "column", value=pl.col("used")),
        columns["overtime"].select(*_KEY, "column", value=pl.lit(-1.0)),
        _opened(given, columns).select(*_KEY, "column", value=-pl.col("regular")),
    ]
    return _family(keys, terms)


def overtime(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one row per resource and bucket whose overtime depends on an option."""
    given = capacity_rows(flows.network)
    opened = _opened(given, columns).filter(pl.col("overtime") > 0)
    keys = opened.select(_KEY).unique().sort(_KEY)
    base = given.filter(pl.col("option").is_null()).select(*_KEY, upper="overtime")
    keys = keys.join(base, on=_KEY, how="left", maintain_order="left").select(
        *_KEY, lower=pl.lit(float("-inf")), upper=pl.col("upper").fill_null(0.0)
    )
    terms = [
        columns["overtime"].select(*_KEY, "column", value=pl.lit(1.0)),
        opened.select(*_KEY, "column", value=-pl.col("overtime")),
    ]
    return _family(keys, terms)


def _opened(given: pl.DataFrame, columns: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    take = columns["take"].select("option", "column", taken="bucket")
    return given.join(take, on=["option", "taken"], maintain_order="left")


def _family(keys: pl.DataFrame, terms: list[pl.DataFrame]) -> Family:
    rows = keys.select(_KEY).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    joined = pl.concat(terms).join(rows, on=_KEY, maintain_order="left")
    return Family(keys, joined.select("row", "column", "value"))
