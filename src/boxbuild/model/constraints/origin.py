"""Origin: every input that a claim counts was needed for it, was there, and counts once.

    need       Σ_class a[S,l,i,class] = Σ_p per_good_unit a[S,l−1,p,built] + use[S,l,i]     (l > 1)
               Σ_class a[S,1,i,class] = Σ_b per_unit build[p,b] + Σ_b use[p,i,b]            (the claim's own builds)
               Σ_site a[S,0,i,built] = Σ_l claim[l,i,b]                             (a claim of a preference)
    alternates Σ_c use[S,l,c] / per_good_unit = a[S,l−1,p,built]          for groups of alternates of assemblies
    supply     Σ_(S until b) a[S,i,class] <= what arrived of the class until b

``S`` is a claim's cell (:mod:`boxbuild.model.claims`), ``a`` the column ``attribute``
(:mod:`boxbuild.model.attribution`). What the ratio asks for is a row of the family ``targets`` or ``preferences``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from boxbuild.model.attribution import NEED, Structure, given_rows, pools, structure
from boxbuild.model.claims import cells
from boxbuild.model.flows import BUILD, Flows
from boxbuild.model.model import Family
from boxbuild.model.recipes import recipes

KEYS = pl.Schema(
    {
        "row": pl.String(),
        "claim": pl.String(),
        "period": pl.Int64(),
        "level": pl.Int64(),
        "item": pl.String(),
        "site": pl.String(),
        "kind": pl.String(),
        "key": pl.String(),
        "lower": pl.Float64(),
        "upper": pl.Float64(),
    }
)
TERMS = pl.Schema({"row": pl.Int64(), "column": pl.Int64(), "value": pl.Float64()})
CLASS = ["stage", "item", "site", "kind", "key"]


def origin(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Return the rows of needs, of alternates and of supply; none where nothing is claimed."""
    built = structure(flows)
    if not built.columns:
        return Family(KEYS.to_frame(), TERMS.to_frame())
    number = columns["attribute"]["column"]
    needs = _needs(flows, columns, built, number)
    groups = _groups(built, number)
    supplies = _supply(flows, columns)
    keys, terms, first = [], [], 0
    for part in (needs, groups, supplies):
        keys.append(part.keys.select(KEYS.names()).cast(KEYS))
        terms.append(part.terms.select(pl.col("row") + first, "column", "value").cast(TERMS))
        first += part.keys.height
    return Family(pl.concat(keys), pl.concat(terms).filter(pl.col("value") != 0))


def _needs(flows: Flows, columns: Mapping[str, pl.DataFrame], built: Structure, number: pl.Series) -> Family:
    inner = _terms(built.needs, NEED, number)
    place = pl.DataFrame(
        [(*node, pool) for node, pool in pools(flows).items()],
        schema={"component": pl.String, "site": pl.String, "pool": pl.String},
        orient="row",
    )
    own = cells(flows).join(columns["build"].select(*BUILD, "column"), on=BUILD, nulls_equal=True)
    fixed = own.join(flows.needs.filter(pl.col("group").is_null()), on=BUILD, nulls_equal=True).select(
        "claim", "period", "site", "component", "column", value=-pl.col("per_unit")
    )
    used = columns["use"].rename({"parent": "item"}).select(*BUILD, "component", "column")
    chosen = own.drop("column").join(used, on=BUILD, nulls_equal=True)
    outer = pl.concat([fixed, chosen.select("claim", "period", "site", "component", "column", value=pl.lit(-1.0))])
    direct = outer.join(place, on=["component", "site"]).select(
        "claim", "period", level=pl.lit(1, pl.Int64), item="component", site="pool", column="column", value="value"
    )
    shipped = (
        columns["claim"]
        .join(place.rename({"component": "item", "site": "origin"}), on=["item", "origin"])
        .select("claim", "period", level=pl.lit(0, pl.Int64), item="item", site="pool", column="column")
    )
    outer = pl.concat([direct, shipped.with_columns(value=pl.lit(-1.0))])
    return _family("need", NEED, pl.concat([inner, outer.select(inner.columns)]))


def _groups(built: Structure, number: pl.Series) -> Family:
    return _family("alternates", (*NEED, "kind", "key"), _terms(built.groups, (*NEED, "kind", "key"), number))


def _terms(rows: list[tuple[tuple[Any, ...], int, float]], key: tuple[str, ...], number: pl.Series) -> pl.DataFrame:
    types = {name: KEYS[name] for name in key}
    frame = pl.DataFrame([row for row, _, _ in rows], schema=types, orient="row")
    at = pl.Series([position for _, position, _ in rows], dtype=pl.Int64)
    values = pl.Series("value", [value for _, _, value in rows], dtype=pl.Float64)
    return frame.with_columns(number.gather(at).alias("column"), values)


def _family(name: str, key: tuple[str, ...], terms: pl.DataFrame) -> Family:
    """Rows of which the terms add up to 0."""
    summed = terms.group_by(*key, "column").agg(pl.col("value").sum())
    rows = summed.select(key).unique().sort(key).with_row_index("number").with_columns(pl.col("number").cast(pl.Int64))
    blank = [pl.lit(None, KEYS[column]).alias(column) for column in ("kind", "key") if column not in key]
    keys = rows.select(pl.lit(name).alias("row"), *key, *blank, lower=pl.lit(0.0), upper=pl.lit(0.0))
    joined = summed.join(rows, on=list(key)).select("column", "value", row="number").sort("row", "column")
    return Family(keys, joined)


def _supply(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> Family:
    """Rows by class and by the last bucket of a cell that may use it; the products of a stage share their supply."""
    stage = _stages(flows, columns)
    asked = columns["attribute"].filter(pl.col("kind") != "use").join(stage, on="claim")
    untils = asked.select(*CLASS, until="period").unique().sort(*CLASS, "until").with_row_index("row")
    untils = untils.with_columns(pl.col("row").cast(pl.Int64))
    taken = untils.join(asked, on=CLASS).filter(pl.col("period") <= pl.col("until"))
    arrived = supplied(flows, columns)
    there = untils.join(arrived, on=CLASS[1:]).filter(pl.col("arrival") <= pl.col("until"))
    limit = there.filter(pl.col("column").is_null()).group_by("row").agg(upper=pl.col("value").sum())
    keys = untils.join(limit, on="row", how="left", maintain_order="left").select(
        pl.lit("supply").alias("row"),
        claim="stage",
        period="until",
        level=pl.lit(None, pl.Int64),
        item="item",
        site="site",
        kind="kind",
        key="key",
        lower=pl.lit(float("-inf")),
        upper=pl.col("upper").fill_null(0.0),
    )
    moved = there.filter(pl.col("column").is_not_null()).group_by("row", "column").agg(value=-pl.col("value").sum())
    own = taken.group_by("row", "column").agg(value=pl.len().cast(pl.Float64))
    return Family(keys, pl.concat([own, moved.select(own.columns)]).sort("row", "column"))


def _stages(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """``claim`` and ``stage``: products share their supply with products, assemblies with assemblies.

    What is exported from a country at preferential rates shares it with all that is.
    """
    kinds = flows.network["items"].select("item", "kind")
    stage = pl.when((pl.col("kind") == "finished").any()).then(pl.lit("products")).otherwise(pl.lit("assemblies"))
    targets = cells(flows).join(kinds, on="item").group_by("claim").agg(stage=stage)
    exported = columns["claim"].select("claim", stage=pl.format("exports of {}", "left_country")).unique()
    return pl.concat([targets, exported])


def supplied(flows: Flows, columns: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return what arrives of each class of supply.

    Returns
    -------
    DataFrame
        ``item``, ``site`` (the pool), ``kind``, ``key``, ``column`` (null: it is given), ``arrival`` (bucket), and
        ``value``: units that arrive for one unit of the column, or units given.
    """
    buys = (
        columns["buy"]
        .join(flows.spread, on=["lead_days", "bucket"])
        .select("item", "column", "arrival", place="destination", kind=pl.lit("offer"), key="offer", value="fraction")
    )
    ways = recipes(flows).with_columns(among=pl.struct("option", "recipe").n_unique().over("site", "item"))
    name = pl.when(pl.col("option").is_null()).then("site").otherwise(pl.format("{}|{}", "site", "option"))
    key = pl.when(pl.col("among") == 1).then(name).otherwise(pl.format("{}@{}", name, "recipe"))
    builds = (
        columns["build"]
        .join(ways.with_columns(key=key), on=BUILD, nulls_equal=True)
        .join(flows.spread, on=["lead_days", "bucket"])
        .select(
            "item",
            "column",
            "arrival",
            place="site",
            kind=pl.lit("built"),
            key="key",
            value=pl.col("fraction") * pl.col("yield"),
        )
    )
    given = given_rows(flows).select(
        "item",
        pl.lit(None, pl.Int64).alias("column"),
        "arrival",
        place="site",
        kind=pl.lit("stock"),
        key=pl.col("origin").fill_null(""),
        value="quantity",
    )
    pool = pl.DataFrame(
        [(*node, label) for node, label in pools(flows).items()],
        schema={"item": pl.String, "place": pl.String, "site": pl.String},
        orient="row",
    )
    return pl.concat([buys, builds, given]).join(pool, on=["item", "place"]).drop("place")
