"""Worth: what each build and each attributed input adds to the two sides of a value-added target."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.law.value_added import COMPONENTS, DEFINITIONS, LEAF, levels
from boxbuild.model.claims import cells, counted, value_added_targets
from boxbuild.model.flows import BUILD, Flows
from boxbuild.network.currency import exchange_frame

WORTH = pl.Schema({"target": pl.String(), "column": pl.Int64(), "numerator": pl.Float64(), "denominator": pl.Float64()})


def worth(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return ``target``, ``column``, ``numerator`` and ``denominator`` per unit, of value-added targets.

    Notes
    -----
    A product that is built counts with what the plant invoices, its standard value and its conversion; an attributed
    input as a leaf, or, where it is looked through, with its conversion. Without columns ``attribute`` (orders have
    none) nothing is measured.
    """
    asked = value_added_targets(flows.network)
    if not asked.height or "attribute" not in columns:
        return WORTH.to_frame()
    made, inputs = _made(flows, columns), _inputs(flows, columns)
    builds = counted(flows, columns["build"].select(*BUILD, "column")).select("target", "column")
    claims = cells(flows).select("claim").unique().with_columns(target=pl.col("claim").str.split("+")).explode("target")
    parts = [WORTH.to_frame()]
    for row in asked.iter_rows(named=True):
        definition = DEFINITIONS[row["metric"]]
        depth = levels(definition, row["depth"])
        own = builds.filter(pl.col("target") == row["target"]).join(made, on="column", maintain_order="left")
        mine = inputs.join(claims.filter(pl.col("target") == row["target"]), on="claim", maintain_order="left")
        sides = pl.concat([own.select("target", "column", *COMPONENTS), leaves(mine, depth)])
        parts.append(
            sides.select(
                "target", "column", numerator=definition.numerator.linear(), denominator=definition.denominator.linear()
            )
        )
    return pl.concat(parts).filter((pl.col("numerator") != 0) | (pl.col("denominator") != 0))


def _made(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Components of one unit started."""
    home = flows.network.settings.home_currency
    rates = exchange_frame(flows.network)
    items = flows.network["items"].select("item", "value", value_currency=pl.col("currency").fill_null(home))
    rated = (
        columns["build"]
        .with_columns(pl.col("currency").fill_null(home))
        .join(rates, on=["currency", "bucket"], maintain_order="left")
        .join(items, on="item", maintain_order="left")
        .join(
            rates.rename({"currency": "value_currency", "exchange": "value_exchange"}),
            on=["value_currency", "bucket"],
            maintain_order="left",
        )
    )
    value = pl.col("value").cast(pl.Float64) * pl.col("value_exchange")
    invoiced = pl.col("invoice_price").cast(pl.Float64) * pl.col("exchange")
    return rated.select(
        "column",
        sales=pl.coalesce(invoiced, value) * pl.col("yield"),
        fob=value * pl.col("yield"),
        conversion=pl.col("cost").cast(pl.Float64) * pl.col("exchange"),
        **{name: pl.lit(0.0) for name in LEAF},
    )


def _inputs(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return columns["attribute"].filter(pl.col("kind") != "use")


def leaves(inputs: pl.DataFrame, depth: int | None) -> pl.DataFrame:
    """Components of attributed inputs at a depth."""
    level = pl.col("level")
    inside = inputs if depth is None else inputs.filter(level <= depth)
    through = pl.col("through") if depth is None else pl.col("through") & (level < depth)
    leaf = (~through).cast(pl.Float64)
    return inside.select(
        "target",
        "column",
        sales=pl.lit(0.0),
        fob=pl.lit(0.0),
        conversion=through.cast(pl.Float64) * pl.col("conversion"),
        **{name: formula.linear() * leaf for name, formula in LEAF.items()},
    )
