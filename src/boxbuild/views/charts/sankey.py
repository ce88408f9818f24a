"""From parts to markets: what goes into the goods, where they are built, what they are, where they go.

The widths are attributed: of everything delivered, what stands behind it (money, or pieces of parts), by the plant that
did the final assembly, the product and the market. So what comes into a node is what leaves it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.plan.pools import Inflow, Pool
from boxbuild.views.charts.behind import Behind, through
from boxbuild.views.charts.chart import Chart, Choice
from boxbuild.views.charts.values import OTHERS, largest, rounded
from boxbuild.views.text import percent, short

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

Floats = NDArray[np.float64]

MOST: Final = (11, 8, 8, 8)
"""Nodes of each layer, before those that are put together: parts, plants, products, markets."""

MAKING, MOVING, STOCK = "making", "moving, duty, credits", "stock and receipts"
_GOODS: Final = "goods"
Cell = tuple[str, str, str, str, float]
"""Part, plant, product, market, value."""

_CELLS: Final = {"part": pl.String, "plant": pl.String, "product": pl.String, "market": pl.String, "value": pl.Float64}
_MAKES: Final = frozenset({"conversion", "markup", "overtime"})
_PAID: Final = frozenset({"material", "standard", "tier"})


def sankey(plan: Plan, behind: Behind | None = None) -> Chart | None:
    """Return the flows from parts to markets in money, in units and in parts; ``None`` where nothing is delivered."""
    behind = behind or Behind.of(plan)
    if not behind.delivered():
        return None
    families = _families(plan, behind)
    money, said = _picture(behind, _money(behind, families), "cost")
    origins, came = _picture(behind, _origins(plan, behind), "cost")
    units, counted = _picture(behind, ([_GOODS], _goods(behind)), "units")
    pieces, held = _picture(behind, _pieces(behind, families), "pieces")
    home = plan.summary.home_currency
    choices = (
        Choice("money, by part", money, said.format(f"{home} "), home),
        Choice("money, by origin", origins, came.format(f"{home} "), home),
        Choice("units of goods", units, counted.format(""), "units"),
        Choice("pieces of parts", pieces, held.format(""), "pieces"),
    )
    title = "From parts to markets"
    return Chart("parts-to-markets", "sankey", title, choices[0].says, home, money, "in", choices)


def _families(plan: Plan, behind: Behind) -> dict[str, str]:
    """The label of each item: its family, or a group of the rest where there are many."""
    items = plan.network["items"].with_columns(label=pl.coalesce("family", "item")).select("item", "label")
    label = dict(items.iter_rows())
    sizes: dict[str, float] = defaultdict(float)
    for (item, _), ways in behind.pools.inflows.items():
        for inflow in ways:
            sizes[label[item]] += sum(float(amount) for name, amount in inflow.money.items() if name in _PAID)
    kept = set(largest({name: size for name, size in sizes.items() if size > 0}, MOST[0] - 2))
    return {item: name if name in kept else "other parts" for item, name in label.items()}


def _money(behind: Behind, families: Mapping[str, str]) -> tuple[list[str], Floats]:
    labels = [*sorted(set(families.values())), MAKING, MOVING]

    def label(pool: Pool, inflow: Inflow) -> Iterator[tuple[str, float]]:
        for account, amount in inflow.money.items():
            name = families[pool[0]] if account in _PAID else MAKING if account in _MAKES else MOVING
            yield name, float(amount)

    return labels, behind.brought(label, labels, holding=MAKING)


def _origins(plan: Plan, behind: Behind) -> tuple[list[str], Floats]:
    """Money by the country that bought parts come from."""
    countries = plan.network["sites"].select("country", supplier="site")
    offers = plan.network["sources"].join(countries, on="supplier", how="left")
    origin = dict(offers.select("offer", pl.coalesce("origin", "country").fill_null("unknown")).iter_rows())
    labels = [*sorted({f"parts from {name}" for name in origin.values()}), STOCK, MAKING, MOVING]

    def label(_: Pool, inflow: Inflow) -> Iterator[tuple[str, float]]:
        bought = f"parts from {origin[inflow.key.split('|')[0]]}" if inflow.kind == "buy" else STOCK
        for account, amount in inflow.money.items():
            name = bought if account in _PAID else MAKING if account in _MAKES else MOVING
            yield name, float(amount)

    return labels, behind.brought(label, labels, holding=MAKING)


def _pieces(behind: Behind, families: Mapping[str, str]) -> tuple[list[str], Floats]:
    labels = sorted(set(families.values()))

    def label(pool: Pool, inflow: Inflow) -> Iterator[tuple[str, float]]:
        if inflow.kind in ("buy", "opening", "receipt"):
            yield families[pool[0]], float(inflow.units)

    return labels, behind.brought(label, labels)


def _goods(behind: Behind) -> Floats:
    """Nothing comes from below: a unit of goods counts where it is built, bought or taken from stock."""
    return np.zeros((len(behind.place), 1))


def _picture(behind: Behind, labelled: tuple[list[str], Floats], what: str) -> tuple[dict[str, Any], str]:
    """Flows of one measure, with the sentence about them (``{}`` where the currency goes)."""
    labels, brought = labelled
    rows = list(_attributed(behind, labels, brought, units=what == "units"))
    cells = pl.DataFrame(rows, schema=_CELLS, orient="row")
    cells = _without_credits(cells.filter(pl.col("value") != 0.0))
    for layer, most in zip(("part", "plant", "product", "market"), MOST, strict=True):
        cells = _grouped(cells, layer, most + 1)
    layers = ["plant", "product", "market"] if what == "units" else ["part", "plant", "product", "market"]
    nodes = [
        {"name": f"{layer}:{name}", "title": name, "layer": depth}
        for depth, layer in enumerate(layers)
        for name in _ranked(cells, layer)
    ]
    links = [
        {"source": f"{left}:{one}", "target": f"{right}:{two}", "value": rounded(value, 9)}
        for left, right in pairwise(layers)
        for one, two, value in cells.group_by(left, right).agg(pl.col("value").sum()).sort(left, right).iter_rows()
    ]
    return {"nodes": nodes, "links": links}, _says(cells, layers, what)


def _attributed(behind: Behind, labels: list[str], brought: Floats, *, units: bool) -> Iterator[Cell]:
    """Cells of everything delivered."""
    below = brought if units else through(behind.taken(), brought)
    delivered: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (item, market), _, quantity in behind.delivered():
        delivered[item].append((market, quantity))
    places: dict[str, list[Pool]] = defaultdict(list)
    for pool in behind.place:
        if pool[0] in delivered:
            places[pool[0]].append(pool)
    for item, markets in delivered.items():
        plants, tensor = _by_plant(behind, places[item], below, brought, units=units)
        for market, quantity in markets:
            values = tensor[places[item].index((item, market))] * quantity
            for plant, part in np.argwhere(values).tolist():
                yield labels[part], plants[plant], item, market, float(values[plant, part])


def _by_plant(
    behind: Behind, pools: list[Pool], below: Floats, brought: Floats, *, units: bool
) -> tuple[list[str], Floats]:
    """What stands behind one unit of each pool of a product, by the plant that built it and label.

    Returns
    -------
    tuple
        Names of the plants, and an array of shape ``(pools, plants, labels)``.
    """
    row = {pool: place for place, pool in enumerate(pools)}
    plants = sorted({_made(pool, inflow) for pool in pools for inflow in behind.pools.inflows.get(pool, ())} - {""})
    column = {name: place for place, name in enumerate(plants)}
    moved = np.zeros((len(pools), len(pools)))
    origin = np.zeros((len(pools), len(plants)))
    for pool, place in row.items():
        out = behind.out[behind.place[pool]]
        for inflow in behind.pools.inflows.get(pool, ()):
            if inflow.kind == "ship":
                for source, quantity in inflow.taken.items():
                    if source in row:
                        moved[place, row[source]] += float(quantity) / out
            else:
                origin[place, column[_made(pool, inflow)]] += float(inflow.units) / out
    inverse = np.linalg.inv(np.eye(len(pools)) - moved)
    shares: Floats = inverse @ origin
    if units:
        return plants, shares[:, :, None]
    # what a pool adds itself goes to the plants by their units; what builds take from below, to their plant
    rows = [behind.place[pool] for pool in pools]
    own = brought[rows]
    taken = below[rows] - own - moved @ below[rows]
    at_plant = np.zeros((len(pools), len(plants), brought.shape[1]))
    for pool, place in row.items():
        builds = [inflow for inflow in behind.pools.inflows.get(pool, ()) if inflow.kind == "build"]
        if builds:
            at_plant[place, column[pool[1]]] += taken[place]
    added = at_plant + shares[:, :, None] * own[:, None, :]
    flat = inverse @ added.reshape(len(pools), -1)
    return plants, flat.reshape(added.shape)


def _made(pool: Pool, inflow: Inflow) -> str:
    """Where the units of an inflow were made, as far as the plan knows."""
    return {"build": pool[1], "buy": "bought finished", "ship": ""}.get(inflow.kind, STOCK)


def _without_credits(cells: pl.DataFrame) -> pl.DataFrame:
    """Put what is moved, taxed and credited together with the making, where credits are more than the rest."""
    below = cells.group_by("part", "plant").agg(pl.col("value").sum()).filter(pl.col("value") < 0)
    if below.is_empty():
        return cells
    return cells.with_columns(part=pl.col("part").replace(dict.fromkeys((MAKING, MOVING), "making, less credits")))


def _grouped(cells: pl.DataFrame, layer: str, most: int) -> pl.DataFrame:
    """Put the smaller names of a layer together where there are more than so many."""
    sizes = dict(cells.group_by(layer).agg(pl.col("value").sum()).iter_rows())
    if len(sizes) <= most:
        return cells
    kept = largest(sizes, most - 1)
    name = f"{OTHERS} ({len(sizes) - len(kept)})"
    return cells.with_columns(
        pl.when(pl.col(layer).is_in(kept)).then(pl.col(layer)).otherwise(pl.lit(name)).alias(layer)
    )


def _ranked(cells: pl.DataFrame, layer: str) -> list[str]:
    sums = cells.group_by(layer).agg(pl.col("value").sum()).sort("value", layer, descending=[True, False])
    found: list[str] = sums[layer].to_list()
    return found


def _says(cells: pl.DataFrame, layers: list[str], what: str) -> str:
    total = float(cells["value"].sum())
    tops = []
    for layer in layers:
        ranked = _ranked(cells, layer)
        name = next((one for one in ranked if not one.startswith((OTHERS, "other parts"))), ranked[0])
        tops.append(f"{name} {percent(float(cells.filter(pl.col(layer) == name)['value'].sum()) / total)}")
    noun = {"cost": "{}" + f"{short(total)} of landed cost", "units": f"{short(total)} units"}
    return (
        f"{noun.get(what, f'{short(total)} pieces of parts')} of what is delivered; most by layer: {', '.join(tops)}."
    )
