"""Tiers: ladders of prices by the volume of a contract or an offer over its window.

    sum_k step[k] = q
All units at the price of the step that is reached:
    from[k] reach[k] <= step[k] <= from[k+1] reach[k],   sum_k reach[k] = 1
Units above each step at its price (only binding where prices fall):
    width[k] reach[k+1] <= step[k] <= width[k] reach[k],   reach[0] = 1
``reach`` is 0 or 1. The last step ends at a quantity that no sensible plan exceeds.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.covered import contract_volumes, settlement
from boxbuild.model.flows import Flows
from boxbuild.model.ladders import LADDER, ladders
from boxbuild.model.model import TERMS, Family

_INFINITY = float("inf")
_KEYS = pl.Schema(
    {
        **dict.fromkeys((*LADDER, "rule"), pl.String()),
        **dict.fromkeys(("from_quantity", "lower", "upper"), pl.Float64()),
    }
)


def step_columns(flows: Flows) -> pl.DataFrame:
    """Return the quantity on every step."""
    return ladders(flows)


def reach_columns(flows: Flows) -> pl.DataFrame:
    """Return one 0-1 column per step."""
    return ladders(flows).select(
        *LADDER,
        "from_quantity",
        upper=pl.lit(1.0),
        integer=pl.lit(True),
    )


def tiers(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return the rows of every ladder, named by ``rule``: ``quantity``, ``least``, ``most``, ``one``."""
    if columns["step"].is_empty():
        return Family(_KEYS.to_frame(), TERMS.to_frame())
    step = columns["step"].join(
        columns["reach"].select(*LADDER, "from_quantity", reach="column"),
        on=[*LADDER, "from_quantity"],
        nulls_equal=True,
        maintain_order="left",
    )
    parts = [_quantity(flows, columns, step), _least(step), _most(step), _one(step)]
    keys, terms, first = [], [], 0
    for part in parts:
        keys.append(part.keys.select(*LADDER, "rule", "from_quantity", "lower", "upper"))
        terms.append(part.terms.select(pl.col("row") + first, "column", "value"))
        first += part.keys.height
    return Family(pl.concat(keys), pl.concat(terms))


def _numbered(keys: pl.DataFrame) -> pl.DataFrame:
    return keys.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))


def _quantity(flows: Flows, columns: Mapping[str, pl.DataFrame], step: pl.DataFrame) -> Family:
    ladder = step.select(LADDER).unique(maintain_order=True)
    keys = ladder.with_columns(
        rule=pl.lit("quantity"),
        from_quantity=pl.lit(None, dtype=pl.Float64),
        lower=pl.lit(0.0),
        upper=pl.lit(0.0),
    )
    rows = _numbered(ladder)
    own = contract_volumes(flows.network, columns).filter(pl.col("own"))
    terms = [
        rows.join(step, on=LADDER, nulls_equal=True, maintain_order="left").select("row", "column", value=pl.lit(1.0)),
        rows.join(own, on="contract", maintain_order="left").select("row", "column", value=pl.lit(-1.0)),
        rows.join(columns["buy"].select("offer", "column"), on="offer", maintain_order="left").select(
            "row", "column", value=pl.lit(-1.0)
        ),
    ]
    return Family(keys, pl.concat(terms))


def _least(step: pl.DataFrame) -> Family:
    """A step is filled: from its own start (all units), or wholly before the next is reached (incremental)."""
    all_units = pl.col("kind") == "all_unit"
    least = step.with_columns(
        amount=pl.when(all_units).then(pl.col("from_quantity")).otherwise(pl.col("width")),
        gate=pl.when(all_units).then(pl.col("reach")).otherwise(pl.col("reach").shift(-1).over(LADDER)),
    ).filter(pl.col("gate").is_not_null() & (pl.col("amount") > 0))
    keys = least.select(*LADDER, "from_quantity", rule=pl.lit("least"), lower=pl.lit(0.0), upper=pl.lit(_INFINITY))
    rows = _numbered(least)
    terms = [
        rows.select("row", "column", value=pl.lit(1.0)),
        rows.select("row", column="gate", value=-pl.col("amount")),
    ]
    return Family(keys, pl.concat(terms))


def _most(step: pl.DataFrame) -> Family:
    """A step holds no more than its end (all units) or its width (incremental), and nothing before it is reached."""
    amount = pl.when(pl.col("kind") == "all_unit").then(pl.col("end")).otherwise(pl.col("width"))
    keys = step.select(*LADDER, "from_quantity", rule=pl.lit("most"), lower=pl.lit(-_INFINITY), upper=pl.lit(0.0))
    rows = _numbered(step)
    terms = [
        rows.select("row", "column", value=pl.lit(1.0)),
        rows.select("row", column="reach", value=-amount),
    ]
    return Family(keys, pl.concat(terms))


def _one(step: pl.DataFrame) -> Family:
    """Exactly one step is reached (all units); the first is always reached (incremental)."""
    counted = step.filter((pl.col("kind") == "all_unit") | (pl.col("from_quantity") == 0))
    keys = counted.select(LADDER).unique(maintain_order=True)
    rows = _numbered(keys)
    terms = rows.join(counted, on=LADDER, nulls_equal=True, maintain_order="left")
    return Family(
        keys.with_columns(
            rule=pl.lit("one"),
            from_quantity=pl.lit(None, dtype=pl.Float64),
            lower=pl.lit(1.0),
            upper=pl.lit(1.0),
        ),
        terms.select("row", column="reach", value=pl.lit(1.0)),
    )


def settled(flows: Flows) -> pl.DataFrame:
    """Return ``contract``, ``offer`` and ``settled``: the bucket in which each ladder's rebate is paid."""
    network = flows.network
    by_contract = settlement(network, "contracts", "contract")
    by_offer = (
        settlement(network, "sources", "offer").group_by("offer", maintain_order=True).agg(pl.col("settled").max())
    )
    found = network["tiers"].select(LADDER).unique(maintain_order=True)
    return (
        found.join(by_contract, on="contract", how="left", maintain_order="left")
        .join(by_offer.rename({"settled": "settled_offer"}), on="offer", how="left", maintain_order="left")
        .select(*LADDER, settled=pl.coalesce("settled", "settled_offer"))
    )
