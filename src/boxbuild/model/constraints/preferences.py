"""Preferences: what enters at the rate of an agreement is shipped, and originates by the agreement's rule.

    within     Σ_g claim[g,l,i,b] <= ship[l,i,b]                                    every agreement g
    content    Σ (numerator − least · denominator) weights · (claim, a[S]) >= 0      build-down: Σ (fob − VNM) >= ..
    shift      Σ value · a[S, not originating, same first digits] <= de_minimis Σ fob · claim

``S`` is what is claimed under one agreement for one item between two countries in one financial year
(:mod:`boxbuild.model.preferences`); ``a`` are its inputs, looked through to what the country bought
(:mod:`boxbuild.model.constraints.origin`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.law.value_added import COMPONENTS, DEFINITIONS
from boxbuild.model.flows import Flows
from boxbuild.model.model import Family
from boxbuild.model.preferences import LANE
from boxbuild.model.worth import leaves

KEYS = pl.Schema(
    {
        "row": pl.String(),
        **dict.fromkeys(LANE[:-1], pl.String()),
        "bucket": pl.Int64(),
        "claim": pl.String(),
        "period": pl.Int64(),
        "lower": pl.Float64(),
        "upper": pl.Float64(),
    }
)
TERMS = pl.Schema({"row": pl.Int64(), "column": pl.Int64(), "value": pl.Float64()})
CELL = ["claim", "period"]


def preferences(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return the rows of what is shipped, of value content and of the tariff shift; none where nothing is claimed."""
    claim = columns["claim"]
    if claim.is_empty():
        return Family(KEYS.to_frame(), TERMS.to_frame())
    inputs = columns["attribute"].filter(pl.col("kind") != "use").join(claim.select(CELL).unique(), on=CELL, how="semi")
    parts = [_within(claim), _content(claim, inputs), _shift(flows, claim, inputs)]
    keys, terms, first = [], [], 0
    for part in parts:
        keys.append(part.keys)
        terms.append(part.terms.with_columns(pl.col("row") + first))
        first += part.keys.height
    return Family(pl.concat(keys), pl.concat(terms).filter(pl.col("value") != 0))


def _within(claim: pl.DataFrame) -> Family:
    flow = claim.select(*LANE, "flow").unique().sort("flow")
    claimed = claim.select(*LANE, "flow", "column", value=pl.lit(1.0))
    shipped = flow.with_columns(column="flow", value=pl.lit(-1.0))
    return _family("within", flow, pl.concat([claimed, shipped]), [*LANE, "flow"], 0.0, upper=True)


def _content(claim: pl.DataFrame, inputs: pl.DataFrame) -> Family:
    """``numerator - share × denominator`` of the definition that the rule asks for."""
    asked = claim.filter(pl.col("method").is_not_null())
    cells = asked.select(*CELL, "method", "share").unique().sort(CELL)
    made = asked.with_columns(
        (pl.col("fob") if name in ("sales", "fob") else pl.lit(0.0)).alias(name) for name in COMPONENTS
    )
    parts = leaves(inputs.with_columns(target="claim"), None)
    every = pl.concat(
        [
            made.select(*CELL, "column", *COMPONENTS),
            parts.join(inputs.select(*CELL, "column"), on="column").select(*CELL, "column", *COMPONENTS),
        ]
    ).join(cells, on=CELL)
    terms = [every.select(*CELL, "column", value=pl.lit(0.0)).clear()]
    for method in cells["method"].unique().sort():
        definition = DEFINITIONS[method]
        value = definition.numerator.linear() - pl.col("share") * definition.denominator.linear()
        terms.append(every.filter(method=method).select(*CELL, "column", value=value))
    return _family("content", cells, pl.concat(terms), CELL, 0.0, upper=False)


def _shift(flows: Flows, claim: pl.DataFrame, inputs: pl.DataFrame) -> Family:
    asked = claim.filter(pl.col("digits").is_not_null())
    cells = asked.select(*CELL, "digits", product="item").unique().sort(CELL)
    codes = flows.network["items"].select("item", "hs")
    of_product = codes.rename({"item": "product", "hs": "made"})
    spared = asked.select(*CELL, "column", value=-pl.col("de_minimis") * pl.col("fob"))
    held = (
        inputs.filter(~pl.col("through"), pl.col("local") == 0)
        .join(cells, on=CELL)
        .join(codes, on="item", how="left")
        .join(of_product, on="product", how="left")
    )
    stays = pl.col("hs").str.slice(0, pl.col("digits")) == pl.col("made").str.slice(0, pl.col("digits"))
    kept = held.filter(stays.fill_null(value=True)).select(*CELL, "column", "value")
    return _family("shift", cells, pl.concat([spared, kept]), CELL, 0.0, upper=True)


def _family(name: str, rows: pl.DataFrame, terms: pl.DataFrame, key: list[str], side: float, *, upper: bool) -> Family:
    """Rows whose terms add up to at most, or at least, a side."""
    numbered = rows.with_columns(number=pl.int_range(pl.len(), dtype=pl.Int64))
    infinite = float("inf")
    limits = {"lower": -infinite, "upper": side} if upper else {"lower": side, "upper": infinite}
    given = {"row": pl.lit(name), **{one: pl.lit(number) for one, number in limits.items()}}
    keys = numbered.select(
        (given.get(one, pl.col(one) if one in key else pl.lit(None))).cast(dtype).alias(one)
        for one, dtype in KEYS.items()
    )
    joined = terms.join(numbered.select(*key, "number"), on=key, nulls_equal=True)
    summed = joined.group_by("number", "column").agg(pl.col("value").sum()).sort("number", "column")
    return Family(keys, summed.select(pl.col("number").alias("row"), "column", "value").cast(TERMS))
