"""Pieces: the rows of a network that orders can be written for, each with the days on which its terms hold."""

from __future__ import annotations

from typing import Final, NamedTuple

import polars as pl

from boxbuild.bom.rows import recipe_rows
from boxbuild.model import reach
from boxbuild.network.network import Network
from boxbuild.plan.release.days import Days
from boxbuild.plan.release.limits import Limits
from boxbuild.plan.release.problem import BUILD, BUY, PICK, SHIP
from boxbuild.plan.release.recipes import RECIPE, Recipes, recipes

NODE: Final = ("item", "site", "option", "group", "since")
"""What names a node: an item at a site; or, with all five, a group of alternates of an operation's recipe."""

KEY: Final = ("kind", "site", "item", "destination", "reference", "lane_item", "group", "component")
"""What names a piece apart from its days. ``site`` builds, sells, or is where a lane begins; ``reference`` is the
option of an operation, the offer, or the mode. Of a pick: the operation, its group and the component."""

_TERMS: Final = {
    "lead_days": pl.Int64(),
    "gain": pl.Float64(),
    "lot_min": pl.Float64(),
    "lot_multiple": pl.Float64(),
    "limit": pl.Int64(),
    "recipe": pl.String(),
}

SCHEMA: Final = pl.Schema(
    {
        **{name: pl.Int64() if name == "kind" else pl.String() for name in KEY},
        "since": pl.Int64(),
        **_TERMS,
        "first_day": pl.Int64(),
        "last_day": pl.Int64(),
        "unit_cost": pl.Float64(),
    }
)


class Pieces(NamedTuple):
    """Everything that an order can be written for.

    Parameters
    ----------
    rows
        One way to obtain an item while its terms hold, one a row: :data:`SCHEMA`. ``since`` is the first day of the
        recipe that a build or a pick goes by, ``limit`` the number of the offer's or the lane's weekly limit.
    inputs
        ``row``, the columns of :data:`NODE` and ``quantity``: units of each node for one unit started.
    outputs
        The columns of :data:`NODE`: where the result of each row arrives.
    """

    rows: pl.DataFrame
    inputs: pl.DataFrame
    outputs: pl.DataFrame


def pieces(network: Network, shipments: pl.DataFrame, days: Days, limits: Limits, money: pl.DataFrame) -> Pieces:
    """Return the pieces of a network.

    Parameters
    ----------
    shipments
        The plan's table of that name: lanes are taken for the items that the plan carries on them.
    limits
        The weekly limits that offers and lanes have.
    money
        ``currency`` and ``rate``: home currency of one unit.
    """
    recipe = recipes(network, days)
    found = pl.concat(
        [
            _conform(BUILD, _builds(network, days, recipe, money), ("site", "item", "reference")),
            _conform(BUY, _buys(network, limits, money), ("reference", "destination")),
            _conform(
                SHIP, _ships(network, shipments, limits), ("site", "destination", "reference", "lane_item", "item")
            ),
            _conform(PICK, _picks(network, days, recipe), ("site", "item", "reference", "group", "component", "since")),
        ]
    )
    rows = merged(found)
    return Pieces(rows, _inputs(rows, recipe), _outputs(rows))


def merged(rows: pl.DataFrame) -> pl.DataFrame:
    """Put rows of one key together that follow each other on the same terms; those without a day are left out.

    Parameters
    ----------
    rows
        :data:`SCHEMA`, sorted by key and first day.
    """
    usable = rows.filter(pl.col("first_day") <= pl.col("last_day"))
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in (*KEY, *_TERMS))
    one_group = (pl.col("kind") != PICK) | (pl.col("since") == pl.col("since").shift())
    follows = pl.col("first_day") == pl.col("last_day").shift() + 1
    runs = usable.with_columns(run=(~(same & one_group & follows).fill_null(value=False)).cum_sum())
    last = runs.group_by("run", maintain_order=True).agg(pl.col("last_day").last())
    return runs.unique("run", keep="first", maintain_order=True).with_columns(last["last_day"]).drop("run")


def whole_items(network: Network) -> pl.Series:
    """Return the items of which there are only whole units, because every lot and every stock of them is whole."""
    multiple = pl.col("lot_multiple")
    whole_lots = (multiple > 0) & (multiple == multiple.floor())
    broken = pl.concat(
        [
            network["operations"].filter(~whole_lots | (pl.col("yield") != 1)).select("item"),
            network["sources"].filter(~whole_lots).select("item"),
            *(
                network[name].filter(pl.col("quantity") != pl.col("quantity").floor()).select("item")
                for name in ("stock", "receipts")
            ),
        ]
    )
    return network["items"].join(broken, on="item", how="anti", maintain_order="left")["item"]


def _conform(kind: int, rows: pl.DataFrame, order: tuple[str, ...]) -> pl.DataFrame:
    """Bring rows of one kind to the schema, sorted by what names them and the first day."""
    full = rows.with_columns(kind=pl.lit(kind)).select(
        (pl.col(name) if name in rows.columns or name == "kind" else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in SCHEMA.items()
    )
    terms = full.with_columns(
        pl.col("gain").fill_null(1.0),
        pl.col("lead_days").fill_null(0),
        pl.col("lot_min", "lot_multiple", "unit_cost").fill_null(0.0),
    )
    return terms.sort(*order, "first_day", maintain_order=True)


def _builds(network: Network, days: Days, recipe: Recipes, money: pl.DataFrame) -> pl.DataFrame:
    """Return the operations, cut where their bill of materials changes."""
    cut = _cut(network, days, recipe)
    signature = recipe.windows.filter(pl.len().over("site", "item") > 1).select(RECIPE)
    texts = (
        recipe.lines.join(signature, on=RECIPE, how="semi")
        .sort(*RECIPE, "component")
        .group_by(RECIPE, maintain_order=True)
        .agg(
            recipe=pl.when(pl.col("group").is_null())
            .then(pl.format("{} {}", "component", "per_unit"))
            .otherwise(pl.format("{} since {}", "group", "since"))
            .str.join(";")
        )
    )
    return cut.join(texts, on=RECIPE, how="left", maintain_order="left").with_columns(
        gain="yield", reference="option", unit_cost=_in_home("cost", cut, money)
    )


def _cut(network: Network, days: Days, recipe: Recipes) -> pl.DataFrame:
    operations = days.windows(network["operations"]).drop("from", "until", "source", "note")
    return (
        operations.join(recipe.windows, on=["site", "item"], maintain_order="left_right")
        .with_columns(
            first_day=pl.max_horizontal("first_day", "since"),
            last_day=pl.min_horizontal("last_day", "until"),
        )
        .filter(pl.col("first_day") <= pl.col("last_day"))
    )


def _picks(network: Network, days: Days, recipe: Recipes) -> pl.DataFrame:
    """Return one row for each alternate of each group that an operation's recipe needs."""
    alternates = recipe.lines.filter(pl.col("group").is_not_null())
    cut = _cut(network, days, recipe).select(*RECIPE, "first_day", "last_day", reference="option")
    return cut.join(alternates, on=RECIPE, maintain_order="left_right").with_columns(gain=1 / pl.col("per_unit"))


def _buys(network: Network, limits: Limits, money: pl.DataFrame) -> pl.DataFrame:
    """Return the offers, once for each destination."""
    destinations = reach.offer_destinations(network, recipe_rows(network))
    offers = limits.sources.with_columns(unit_cost=_in_home(pl.col("price") + pl.col("freight"), limits.sources, money))
    return (
        offers.drop("destination")
        .join(destinations.select("offer", destination="site"), on="offer", maintain_order="left_right")
        .rename({"supplier": "site", "offer": "reference"})
    )


def _ships(network: Network, shipments: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Return the lanes, once for each item that the plan carries on them; whole units where there are no others."""
    lane = ["origin", "destination", "mode", "lane_item"]
    carried = shipments.select(*lane, "item").unique()
    whole = pl.col("item").is_in(whole_items(network).implode())
    return (
        limits.lanes.rename({"item": "lane_item"})
        .join(carried, on=lane, nulls_equal=True, maintain_order="left_right")
        .with_columns(lot_multiple=whole.cast(pl.Float64))
        .rename({"origin": "site", "mode": "reference"})
    )


def _in_home(amount: str | pl.Expr, rows: pl.DataFrame, money: pl.DataFrame) -> pl.Series:
    """Return amounts in home currency; a currency without a rate counts as home currency."""
    value = pl.col(amount) if isinstance(amount, str) else amount
    joined = rows.join(money, on="currency", how="left", maintain_order="left")
    return joined.select((value.cast(pl.Float64) * pl.col("rate").fill_null(1.0)).alias("value"))["value"]


def _outputs(rows: pl.DataFrame) -> pl.DataFrame:
    pick = pl.col("kind") == PICK
    return rows.select(
        "item",
        site=pl.when((pl.col("kind") == BUY) | (pl.col("kind") == SHIP)).then("destination").otherwise("site"),
        option=pl.when(pick).then("reference"),
        group=pl.when(pick).then("group"),
        since=pl.when(pick).then("since"),
    )


def _inputs(rows: pl.DataFrame, recipe: Recipes) -> pl.DataFrame:
    """Return what each row takes, in the order of the rows and of the bill of materials."""
    numbered = rows.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    taken = (
        numbered.filter(pl.col("kind") == BUILD)
        .select("row", *RECIPE, option="reference")
        .join(recipe.lines, on=RECIPE, maintain_order="left_right")
    )
    grouped = pl.col("group").is_not_null()
    built = taken.select(
        "row",
        "site",
        "group",
        item=pl.when(grouped).then("item").otherwise("component"),
        option=pl.when(grouped).then("option"),
        since=pl.when(grouped).then("since"),
        quantity=pl.when(grouped).then(pl.lit(1.0)).otherwise("per_unit"),
    )
    blank = pl.lit(None, dtype=pl.String)
    nothing = {"option": blank, "group": blank, "since": pl.lit(None, dtype=pl.Int64), "quantity": pl.lit(1.0)}
    columns = ["row", *NODE, "quantity"]
    moved = numbered.filter(pl.col("kind") == SHIP).select("row", "item", "site", **nothing)
    picked = numbered.filter(pl.col("kind") == PICK).select("row", "site", item="component", **nothing)
    summed = built.group_by("row", *NODE, maintain_order=True).agg(pl.col("quantity").sum())
    one = pl.when(pl.col("group").is_null()).then("quantity").otherwise(pl.lit(1.0))  # however many alternates it has
    built = summed.with_columns(quantity=one)
    return pl.concat([frame.select(columns) for frame in (built, moved, picked)])
