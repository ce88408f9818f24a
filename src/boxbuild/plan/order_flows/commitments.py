"""Commitments: how far flows by bucket meet contracts, ladders of prices and targets.

What counts for a contract or a target is defined once, by the model; here it is applied to given flows.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from boxbuild.law.law import Law
from boxbuild.model.covered import contract_totals, volumes
from boxbuild.model.flows import Flows
from boxbuild.model.metrics import measures
from boxbuild.network.windows import bucket_of, effective_or_begun
from boxbuild.plan.schemas import SCHEMAS

if TYPE_CHECKING:
    from boxbuild.network.network import Network

Tables = Mapping[str, pl.DataFrame]


def contract_quantities(network: Network, tables: Tables) -> pl.DataFrame:
    """Return schema ``contracts``: what counts for each contract, and what is short of its minimum.

    shortfall = max(0, min - quantity, min_share × total - quantity) where there is a ``shortfall_cost``
    """
    if network["contracts"].is_empty():
        return SCHEMAS["contracts"].to_frame()
    flows = _numbered(tables, "builds", "buys")
    counted = volumes(network, {"build": flows["builds"], "buy": flows["buys"]})
    moved = pl.concat([flow.select("column", moved="quantity") for flow in flows.values()])
    totals = contract_totals(network, counted.join(moved, on="column"))
    agreed = network["contracts"].select("contract", "min", "min_share", "shortfall_cost")
    least = pl.max_horizontal("min", pl.col("min_share") * pl.col("total")).fill_null(0.0)
    short = (least - pl.col("quantity")).clip(lower_bound=0.0)
    return (
        agreed.join(totals, on="contract", how="left", maintain_order="left")
        .with_columns(pl.col("quantity", "total").fill_null(0.0))
        .with_columns(shortfall=pl.when(pl.col("shortfall_cost").is_null()).then(0.0).otherwise(short))
        .with_columns(pl.col("quantity", "total", "shortfall").round(6))
    )


def ladder_steps(network: Network, tables: Tables) -> pl.DataFrame:
    """Return schema ``tiers``: the units on each step of every ladder of prices.

    Of ``all_unit`` ladders all units are on the step that they reach; of ``incremental`` ones each step has
    those between its start and the next one's.
    """
    if network["tiers"].is_empty():
        return SCHEMAS["tiers"].to_frame()
    under = dict(tables["contracts"].select("contract", "quantity").iter_rows())
    bought = dict(tables["buys"].group_by("offer").agg(pl.col("quantity").sum()).iter_rows())
    rows: list[tuple[str | None, str | None, float, float]] = []
    ladders = network["tiers"].sort("contract", "offer", "from_quantity", nulls_last=True)
    for (contract, offer), steps in ladders.group_by("contract", "offer", maintain_order=True):
        volume = under.get(contract, 0.0) if contract is not None else bought.get(offer, 0.0)
        starts = steps["from_quantity"].to_list()
        units = _on_steps(volume, starts, steps["kind"][0])
        rows.extend((contract, offer, *step) for step in zip(starts, units, strict=True) if step[1] > 0)
    columns = {
        "contract": pl.String,
        "offer": pl.String,
        "from_quantity": pl.Float64,
        "quantity": pl.Float64,
    }
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(pl.col("quantity").round(6))


def target_figures(network: Network, tables: Tables) -> pl.DataFrame:
    """Return schema ``targets``: what each target measures, and what is short of it at a price.

    short = max(0, at_least × denominator - numerator) where there is a ``penalty``
    """
    if network["targets"].is_empty():
        return SCHEMAS["targets"].to_frame()
    flows = _numbered(tables, "builds", "buys", "deliveries")
    offers = effective_or_begun(network["sources"], network.calendar, ["offer"]).select(
        "offer", "bucket", "price", "currency", "origin"
    )
    demand = network["demand"].filter(pl.col("due") < network.calendar.end)
    due = demand.select("demand", "item", "market", "quantity", due_bucket=bucket_of(network.calendar, demand["due"]))
    columns = {
        "build": flows["builds"],
        "buy": flows["buys"].join(offers, on=["offer", "bucket"], how="left", maintain_order="left"),
        "deliver": flows["deliveries"].join(
            due.select("demand", "due_bucket"), on="demand", how="left", maintain_order="left"
        ),
        "short": due,
    }
    moved = pl.concat([flow.select("column", "quantity") for flow in flows.values()])
    measured = measures(_only(network), columns).join(moved, on="column", how="left", maintain_order="left")
    sides = ("numerator", "denominator")
    amount = pl.when(pl.col("column").is_null()).then(1.0).otherwise("quantity")
    figures = measured.group_by("target").agg((pl.col(side) * amount).sum() for side in sides)
    short = (pl.col("at_least") * pl.col("denominator") - pl.col("numerator")).clip(lower_bound=0.0)
    return (
        network["targets"]
        .select("target", "at_least", "penalty")
        .join(figures, on="target", how="left", maintain_order="left")
        .with_columns(pl.col(sides).fill_null(0.0))
        .with_columns(short=pl.when(pl.col("penalty").is_null()).then(0.0).otherwise(short))
        .with_columns(pl.col(*sides, "short").round(6))
    )


def _numbered(tables: Tables, *names: str) -> dict[str, pl.DataFrame]:
    """Number the rows of several tables through, as the model numbers its columns."""
    found, first = {}, 0
    for name in names:
        found[name] = tables[name].with_columns(column=pl.int_range(pl.len(), dtype=pl.Int64) + first)
        first += found[name].height
    return found


def _only(network: Network) -> Flows:
    """Return flows of which only the network is read."""
    return Flows(network, Law.of(network), pl.DataFrame(), pl.DataFrame(), pl.DataFrame(), {})


def _on_steps(volume: float, starts: list[float], kind: str) -> list[float]:
    if kind == "incremental":
        return [max(0.0, min(volume, end) - start) for start, end in pairwise([*starts, float("inf")])]
    reached = max((place for place, start in enumerate(starts) if start <= volume), default=0)
    return [volume if place == reached else 0.0 for place in range(len(starts))]
