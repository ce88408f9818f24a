"""Obligations: what the exports of a plant must earn, over the horizon.

    sum fob exempt_export - (1 + least) sum cif (exempt_buy + exempt_ship) >= 0     Advance Authorisation, export
                                                                                    oriented unit (least = 0)
    sum fob ship (leaves the country) - sum cif (buy + ship from abroad) >= 0       special economic zone

What one plant's stream sends to another's is an export of the one and an import of the other, at the value of the item.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.law.schemes import SCHEMES, SURPLUS, least_value_addition
from boxbuild.model.constraints.exempt import worth
from boxbuild.model.constraints.exempt.territory import abroad_sites
from boxbuild.model.flows import Flows
from boxbuild.model.model import Family

STREAM = ["scheme", "site"]
AMOUNTS = pl.Schema(
    {"scheme": pl.String(), "site": pl.String(), "column": pl.Int64(), "fob": pl.Float64(), "cif": pl.Float64()}
)


def obligations(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return one row per plant and scheme that asks its exports to earn something."""
    amounts = pl.concat([_streams(columns), *_zones(flows, columns)])
    least = pl.DataFrame(
        {"scheme": list(SCHEMES), "least": [_least(flows, name) for name in SCHEMES]},
        schema={"scheme": pl.String, "least": pl.Float64},
    )
    zones = pl.DataFrame({"scheme": ["sez"], "least": [0.0]})
    asked = amounts.join(pl.concat([least, zones]), on="scheme", maintain_order="left")
    asked = asked.filter(pl.col("least").is_not_null())
    keys = asked.select(STREAM).unique(maintain_order=True).sort(STREAM)
    rows = keys.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    terms = asked.join(rows, on=STREAM, maintain_order="left").select("row", "column", value=SURPLUS.linear())
    return Family(keys.with_columns(lower=pl.lit(0.0), upper=pl.lit(float("inf"))), terms)


def _least(flows: Flows, scheme: str) -> float | None:
    found = least_value_addition(flows.law, SCHEMES[scheme])
    return None if found is None else float(found)


def _amounts(frame: pl.DataFrame, site: str, fob: pl.Expr, cif: pl.Expr) -> pl.DataFrame:
    values = {"scheme": pl.col("scheme"), "site": pl.col(site), "column": pl.col("column"), "fob": fob, "cif": cif}
    return frame.select(values[name].cast(dtype).alias(name) for name, dtype in AMOUNTS.items())


def _streams(columns: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    nothing = pl.lit(0.0)
    moved = columns["exempt_ship"].filter(~pl.col("imported"))
    return pl.concat(
        [
            _amounts(columns["exempt_export"], "site", pl.col("fob"), nothing),
            _amounts(moved, "origin", pl.col("fob"), nothing),
            _amounts(columns["exempt_buy"], "destination", nothing, pl.col("cif")),
            _amounts(columns["exempt_ship"], "destination", nothing, pl.col("cif")),
        ]
    )


def _zones(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> list[pl.DataFrame]:
    """What zones of the home country ship abroad and bring in from abroad."""
    network = flows.network
    home = network.settings.home_country
    zones = network["sites"].filter((pl.col("regime") == "sez") & (pl.col("country") == home))["site"].to_list()
    if flows.law.off or not zones:
        return []
    abroad = abroad_sites(network)
    suppliers = network["sites"].select(supplier="site", supplier_country="country")
    foreign = pl.coalesce("origin", "supplier_country") != home
    buy = columns["buy"].filter(pl.col("destination").is_in(zones)).join(suppliers, on="supplier").filter(foreign)
    ship = columns["ship"]
    leaves = ship.filter(pl.col("origin").is_in(zones) & pl.col("destination").is_in(abroad))
    enters = ship.filter(pl.col("destination").is_in(zones) & pl.col("origin").is_in(abroad))
    zone, nothing = pl.lit("sez").alias("scheme"), pl.lit(0.0)
    cif = worth.cif(flows, columns).rename({"flow": "column"})
    fob = worth.fob(flows, columns).rename({"flow": "column"})
    return [
        _amounts(leaves.join(fob, on="column").with_columns(zone), "origin", pl.col("fob"), nothing),
        _amounts(buy.join(cif, on="column").with_columns(zone), "destination", nothing, pl.col("cif")),
        _amounts(enters.join(cif, on="column").with_columns(zone), "destination", nothing, pl.col("cif")),
    ]
