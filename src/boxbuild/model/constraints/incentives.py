"""Incentives: what is paid on eligible sales of a year, if the year reaches both thresholds.

With P the eligible sales, I the investment, k = other_sales - base_sales, z = ``qualify`` (0 or 1) and w = ``counted``:

    w <= k + P + max(0, -k) (1 - z)                   what is counted is incremental
    w <= P                                            and of this plan
    w <= limit z                                      nothing in a year that does not qualify
    k + P >= min_sales z - max(0, -k) (1 - z)
    invested + I >= min_investment z

``limit`` is the least of the cap and of what can be counted of a quantity that no sensible plan exceeds (see
:mod:`boxbuild.model.most`). Constants and slopes are those of the law's formulas (:mod:`boxbuild.law.incentives`).
Rows and ``counted`` are in units of a power of ten near the dearest invoice price, so that thresholds in crores stand
beside single phones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from boxbuild.law.applications import claims
from boxbuild.law.incentives import Claim, limits, per_counted, thresholds
from boxbuild.model.eligible import Claimed, claimed, eligible, invested
from boxbuild.model.flows import Flows
from boxbuild.model.model import Family

Columns = Mapping[str, pl.DataFrame]

CLAIM = ("partner", "scheme", "segment", "year")
_INFINITY = float("inf")
_KEYS = pl.Schema({**dict.fromkeys((*CLAIM, "rule"), pl.String()), "lower": pl.Float64(), "upper": pl.Float64()})
_COUNTED = pl.Schema(
    {
        **dict.fromkeys(CLAIM, pl.String()),
        "unit": pl.Float64(),
        "reward": pl.Float64(),
        "bucket": pl.Int64(),
        "upper": pl.Float64(),
    }
)
_TERMS = pl.Schema({"row": pl.Int64(), "column": pl.Int64(), "value": pl.Float64()})


@dataclass(frozen=True)
class _Row:
    """A row: its rule, its bounds and its terms, in units of the claim."""

    rule: str
    lower: float
    upper: float
    terms: Mapping[int, float]


def incentive_columns(flows: Flows) -> dict[str, pl.DataFrame]:
    """Return the columns of every claim that can pay.

    Returns
    -------
    dict
        ``qualify``: 0 or 1. ``counted``: the sales that are paid on, in ``unit`` home currency, no more than ``upper``;
        ``reward`` (home currency) for each, received in ``bucket``.
    """
    rows = [
        (*_names(one.claim), one.unit, float(per_counted(one.claim)) * one.unit, one.claim.bucket, one.limit)
        for one in claimed(flows)
    ]
    frame = pl.DataFrame(rows, schema=_COUNTED, orient="row")
    return {"qualify": frame.select(*CLAIM, upper=pl.lit(1.0), integer=pl.lit(True)), "counted": frame}


def incentives(flows: Flows, columns: Columns) -> Family:
    """Return up to five rows per claim, named by ``rule``."""
    found = {_names(claim): claim for claim in claims(flows.law)}
    keys: list[tuple[object, ...]] = []
    terms: list[tuple[int, int, float]] = []
    decided = zip(
        columns["qualify"]["column"], columns["counted"].select(*CLAIM, "unit", "upper", "column").rows(), strict=True
    )
    for z, (*names, unit, limit, w) in decided:
        for row in _rows(flows, columns, Claimed(found[tuple(names)], unit, limit), z, w):
            terms += [(len(keys), column, value) for column, value in row.terms.items() if value]
            keys.append((*names, row.rule, row.lower, row.upper))
    return Family(pl.DataFrame(keys, schema=_KEYS, orient="row"), pl.DataFrame(terms, schema=_TERMS, orient="row"))


def _rows(flows: Flows, columns: Columns, one: Claimed, z: int, w: int) -> Iterator[_Row]:
    unit, claim = one.unit, one.claim
    sold, spent = eligible(flows, claim, columns["build"]), invested(flows, claim, columns["take"])
    moved = {"min_sales": _terms(sold, unit), "min_investment": _terms(spent, unit)}
    for rule, line in limits(claim).items():
        if rule != "cap":
            constant, slope = float(line.constant) / unit, float(line.slope)
            slack = max(0.0, -constant)
            sales = {column: -slope * value for column, value in moved["min_sales"].items()}
            yield _Row(rule, -_INFINITY, constant + slack, {w: 1.0, z: slack, **sales})
    yield _Row("limit", -_INFINITY, 0.0, {w: 1.0, z: -one.limit})
    for rule, line in thresholds(claim).items():
        constant, slope, least = float(line.constant) / unit, float(line.slope), float(claim.terms[rule]) / unit
        if constant < least:
            slack = max(0.0, -constant)
            flow = {column: slope * value for column, value in moved[rule].items()}
            yield _Row(rule, -constant - slack, _INFINITY, {z: -least - slack, **flow})


def _terms(flow: pl.DataFrame, unit: float) -> dict[int, float]:
    return {column: value / unit for column, value in flow.select("column", "value").iter_rows()}


def _names(claim: Claim) -> tuple[str, ...]:
    return claim.partner, claim.scheme, claim.segment, claim.year
