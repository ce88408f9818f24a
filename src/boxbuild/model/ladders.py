"""Ladders: the steps of every price ladder, with their widths and what they change in the price."""

from __future__ import annotations

from typing import Final

import polars as pl

from boxbuild.model.flows import Flows

LADDER: Final = ["contract", "offer"]
"""What names a ladder: one of the two is null."""

LADDERS: Final = pl.Schema(
    {
        **dict.fromkeys(LADDER, pl.String()),
        "from_quantity": pl.Float64(),
        "kind": pl.String(),
        "currency": pl.String(),
        **dict.fromkeys(("end", "width", "adjustment"), pl.Float64()),
    }
)
"""Columns of the steps of ladders."""


def ladders(flows: Flows) -> pl.DataFrame:
    """Return the steps of every ladder whose contract or offer has volume to count.

    Returns
    -------
    DataFrame
        ``contract``, ``offer``, ``from_quantity``, ``kind``, ``currency``, ``end`` (where the next step starts),
        ``width`` and
        ``adjustment`` (price of the step less the price of the step at 0, in the ladder's currency).
    """
    steps = flows.network["tiers"].sort(*LADDER, "from_quantity", nulls_last=True)
    if steps.is_empty():
        return LADDERS.to_frame()
    steps = steps.join(_ceiling(flows), on=LADDER, how="left", nulls_equal=True, maintain_order="left")
    end = pl.max_horizontal(
        pl.col("from_quantity").shift(-1).over(LADDER).fill_null(pl.col("ceiling").fill_null(0.0)),
        "from_quantity",
    )
    price = pl.col("price").cast(pl.Float64)
    return steps.select(
        *LADDER,
        "from_quantity",
        "kind",
        "currency",
        end=end,
        width=end - pl.col("from_quantity"),
        adjustment=price - price.first().over(LADDER),
    )


def _ceiling(flows: Flows) -> pl.DataFrame:
    """A volume that no sensible plan exceeds, for every ladder."""
    network = flows.network
    bounds = flows.most.join(network["items"].select("item", "family"), on="item", maintain_order="left")
    offers = network["sources"].select("offer", "item").unique().join(bounds, on="item")
    terms = network["contracts"].select("contract", only_item="item", only_family="family")
    covered = terms.join(bounds, how="cross").filter(
        (pl.col("only_item").is_null() | (pl.col("only_item") == pl.col("item")))
        & (pl.col("only_family").is_null() | (pl.col("only_family") == pl.col("family")).fill_null(value=False))
    )
    blank = pl.lit(None, dtype=pl.String)
    return pl.concat(
        [
            offers.group_by("offer")
            .agg(ceiling=pl.col("most").sum())
            .select(contract=blank, offer="offer", ceiling="ceiling"),
            covered.group_by("contract")
            .agg(ceiling=2 * pl.col("most").sum())  # an item may be bought and built
            .select(contract="contract", offer=blank, ceiling="ceiling"),
        ]
    )
