"""Quantities: the tables of a plan from the values of a solution."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.model.capacity_days import capacity_rows
from boxbuild.model.covered import contract_totals, volumes
from boxbuild.model.metrics import measures
from boxbuild.model.model import Model
from boxbuild.network.windows import buckets_frame
from boxbuild.plan.exempt import exempt
from boxbuild.plan.schemas import SCHEMAS, conform
from boxbuild.solve.solution import Solution

Floats = NDArray[np.float64]

DECIMALS = 8
"""Quantities are rounded to a hundred-millionth of a unit: many small flows may meet in one stock."""


def quantities(model: Model, solution: Solution) -> dict[str, pl.DataFrame]:
    """Return the tables of the plan that a solution is, without ledger and orders.

    Rows with no quantity are left out; ``capacity`` has every resource and bucket.
    """
    values = _rounded(model, solution.values)
    value = {kind: values[frame["column"].to_numpy()] for kind, frame in model.columns.items()}
    flow = {
        kind: frame.with_columns(moved=pl.Series(value[kind], dtype=pl.Float64))
        for kind, frame in model.columns.items()
    }
    whole = {kind: frame.filter(pl.Series(value[kind] > 0, dtype=pl.Boolean)) for kind, frame in flow.items()}
    tables = {
        "builds": whole["build"].with_columns(
            quantity="moved", good=(pl.col("moved") * pl.col("yield")).round(DECIMALS)
        ),
        "alternates": _alternates(model, whole),
        "buys": whole["buy"].with_columns(quantity="moved"),
        "shipments": whole["ship"].with_columns(quantity="moved"),
        "stock": whole["keep"].with_columns(quantity="moved"),
        "deliveries": whole["deliver"].with_columns(quantity="moved"),
        "shortages": whole["short"].with_columns(quantity="moved"),
        "capacity": capacity_used(model, flow),
        "contracts": _contracts(model, values, flow),
        "tiers": whole["step"].with_columns(quantity="moved"),
        "targets": _targets(model, values, flow),
        "options": _options(model, flow["take"]),
        "exempt": exempt(model, whole),
        "preferences": _started(model, whole["claim"]),
        "attributions": whole["attribute"].with_columns(quantity="moved"),
    }
    return {name: conform(name, frame) for name, frame in tables.items()}


def _rounded(model: Model, solved: Floats) -> Floats:
    """Round the quantities; what is kept follows from the rounded flows, so that rounding does not pile up in stock."""
    values = np.round(solved, DECIMALS) + 0.0
    buckets = model.flows.calendar.count
    keep = model.columns["keep"]["column"].to_numpy().reshape(-1, buckets)
    values[keep] = 0.0
    first = model.first_row("balance")
    rows = slice(first, first + keep.size)
    net = ((model.matrix @ values)[rows] - model.row_lower[rows]).reshape(keep.shape)
    stock = np.zeros(keep.shape[0])
    for bucket in range(buckets):
        stock = np.maximum(stock + net[:, bucket], 0.0)
        values[keep[:, bucket]] = np.round(stock, DECIMALS)
    return values


def _alternates(model: Model, whole: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return _started(model, whole["use"])


def _started(model: Model, moved: pl.DataFrame) -> pl.DataFrame:
    starts = buckets_frame(model.flows.calendar).select("bucket", "start")
    return moved.join(starts, on="bucket", maintain_order="left").with_columns(quantity="moved")


def capacity_used(model: Model, flow: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return what every resource gives in every bucket, options that were taken included, and what is used of it."""
    network = model.flows.network
    key = ["resource", "bucket"]
    taken = flow["take"].filter(pl.col("moved") > 0.5).select("option", taken="bucket")
    rows = capacity_rows(network)
    opened = rows.join(taken, on=["option", "taken"], how="semi")
    given = (
        pl.concat([rows.filter(pl.col("option").is_null()), opened])
        .group_by(key)
        .agg(regular=pl.col("regular").sum(), overtime_limit=pl.col("overtime").sum())
    )
    load = (
        flow["build"]
        .filter(pl.col("moved") > 0)
        .join(network["uses"].select("site", "item", "resource", each="quantity"), on=["site", "item"])
        .group_by(key)
        .agg(used=(pl.col("moved") * pl.col("each")).sum())
    )
    every = (
        network["resources"]
        .select("resource")
        .unique()
        .sort("resource")
        .join(
            buckets_frame(network.calendar).select("bucket", "start"),
            how="cross",
            maintain_order="left_right",
        )
    )
    for frame in (given, load, flow["overtime"].select(*key, overtime="moved")):
        every = every.join(frame, on=key, how="left", maintain_order="left")
    return every.with_columns(pl.col("used", "regular", "overtime", "overtime_limit").fill_null(0.0).round(DECIMALS))


def _contracts(model: Model, values: Floats, flow: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    if model.flows.network["contracts"].is_empty():
        return SCHEMAS["contracts"].to_frame()
    moving = volumes(model.flows.network, model.columns)
    moved = moving.with_columns(moved=pl.Series(values[moving["column"].to_numpy()], dtype=pl.Float64))
    volumes_of = contract_totals(model.flows.network, moved.filter(pl.col("moved") > 0))
    every = model.flows.network["contracts"].select("contract")
    for frame in (volumes_of, flow["shortfall"].select("contract", shortfall="moved")):
        every = every.join(frame, on="contract", how="left", maintain_order="left")
    return every.with_columns(pl.col("quantity", "total", "shortfall").fill_null(0.0).round(DECIMALS))


def _targets(model: Model, values: Floats, flow: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    if model.flows.network["targets"].is_empty():
        return SCHEMAS["targets"].to_frame()
    measured = measures(model.flows, model.columns)
    moved = pl.Series(values[measured["column"].fill_null(0).to_numpy()], dtype=pl.Float64)
    weighed = measured.with_columns(moved=moved).with_columns(
        pl.when(pl.col("column").is_null()).then(1.0).otherwise("moved").alias("moved")
    )
    totals = weighed.group_by("target").agg(
        (pl.col(side) * pl.col("moved")).sum() for side in ("numerator", "denominator")
    )
    every = model.flows.network["targets"].select("target").join(totals, on="target", maintain_order="left")
    short = flow["miss"].select("target", short="moved")
    return every.join(short, on="target", how="left", maintain_order="left").with_columns(
        pl.col("numerator", "denominator", "short").fill_null(0.0).round(DECIMALS)
    )


def _options(model: Model, take: pl.DataFrame) -> pl.DataFrame:
    calendar = model.flows.calendar
    taken = take.filter(pl.col("moved") > 0.5)
    return taken.with_columns(
        start=pl.Series([calendar.first_days[bucket] for bucket in taken["bucket"]], dtype=pl.Date),
        ready=pl.Series([calendar.start + timedelta(days=day) for day in taken["ready"]], dtype=pl.Date),
    )
