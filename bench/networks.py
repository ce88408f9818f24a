"""Networks of a real size, by seed: outsourced electronics manufacturing, in our own tables, all of it synthetic.

A brand sells finished goods in markets of several regions. Contract manufacturers pack, assemble and mount boards at
plants with a few lines of each kind; suppliers sell components. The bill of materials has four levels: finished goods,
assemblies, boards and modules over components; a few components are in very many parents. What makes such a plan
hard is there: lines with regular hours for 97–125 % of their mean load and too few in the season, a tenth of the
components scarce, products that come and go, sea lanes that are cheap and slow beside air that is dear and fast,
suppliers with quarterly quantities, stock and receipts that are short for a few parts.

Sizes are called by the non-zeros of the model that :func:`boxbuild.model.assemble.assemble` makes of them, within 30 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from boxbuild.errors import UsageError
from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

START: Final = date(2026, 1, 5)
"""First day of every network, a Monday."""

QUARTER: Final = 13
"""Weeks of a contract."""

LEVELS: Final = ("good", "assembly", "board", "module", "component")
LABOUR: Final = np.array([3.0, 4.0, 2.0, 0.8, 0.0])
"""Conversion cost of a unit by level, USD."""

HOURS: Final = np.array([0.02, 0.05, 0.03, 0.015])
"""Hours on the line of a unit by level."""

LINES: Final = ("pack", "assembly", "smt")
LINE_OF: Final = np.array([0, 1, 2, 2])
"""Kind of line that an item of each built level is made on."""

PLACES_TO_PACK: Final = 0.12
MECHANICAL: Final = 0.28
"""Shares of packaging and of mechanical parts among the components; the others are electronic."""

ODD_LEADS: Final = 0.12
"""Share of lead times that are no whole weeks."""


@dataclass(frozen=True)
class Shape:
    """How many of everything a network has.

    Parameters
    ----------
    weeks
        Weekly buckets of the horizon.
    plants, markets
        Sites that build, and sites that want.
    items
        Finished goods, assemblies, boards, modules and components.
    lines
        Lines of each kind at each plant.
    supply_weeks
        Longest lead time of a component, in whole weeks.
    sea_weeks
        Shortest and longest time at sea, in whole weeks.
    """

    weeks: int
    plants: int
    markets: int
    items: tuple[int, int, int, int, int]
    lines: int
    supply_weeks: int
    sea_weeks: tuple[int, int]

    @property
    def hubs(self) -> int:
        """Hubs; each serves two markets."""
        return -(-self.markets // 2)

    @property
    def suppliers(self) -> int:
        """Suppliers, each with one site."""
        return max(6, self.items[4] // 14)


SHAPES: Final[Mapping[float, Shape]] = {
    6e3: Shape(8, 2, 2, (6, 2, 3, 2, 30), 1, 2, (1, 2)),
    6e4: Shape(13, 3, 3, (30, 8, 9, 6, 150), 1, 4, (2, 3)),
    5e5: Shape(26, 4, 4, (90, 24, 28, 18, 480), 2, 6, (3, 4)),
    5e6: Shape(52, 7, 6, (360, 90, 108, 68, 1650), 3, 10, (4, 6)),
    2e7: Shape(52, 10, 8, (1250, 340, 420, 270, 5900), 5, 10, (4, 6)),
    1e8: Shape(52, 16, 12, (4000, 1100, 1350, 870, 19000), 8, 10, (4, 6)),
}
"""The shape of each size; a size is the number of non-zeros of its model."""


@dataclass(frozen=True)
class Products:
    """The items and what they are made of.

    Parameters
    ----------
    level, value, yields
        Of every item: its level, standard cost in USD, and good units per unit started. Shape ``(items,)``.
    used
        Whether a finished good contains the item, or it is one. Shape ``(items,)``.
    parent, child, quantity
        The rows of the bill of materials. Shape ``(rows,)``.
    """

    level: Ints
    value: Floats
    yields: Floats
    used: Flags
    parent: Ints
    child: Ints
    quantity: Floats


@dataclass(frozen=True)
class Wants:
    """What the markets want, and what follows for every item.

    Parameters
    ----------
    good, market
        Pairs that want something. Shape ``(pairs,)``.
    quantity
        Units by week. Shape ``(pairs, weeks)``.
    needed
        Units of every item to start or buy, without lead times. Shape ``(items, weeks)``.
    """

    good: Ints
    market: Ints
    quantity: Floats
    needed: Floats


@dataclass(frozen=True)
class Places:
    """Where items are made and used.

    Parameters
    ----------
    makes
        Whether a plant makes an item. Shape ``(items, plants)``.
    share
        Share of the item's need that each plant would make, were all alike. Shape ``(items, plants)``.
    uses
        Mean weekly units of an item that a plant would use. Shape ``(items, plants)``.
    """

    makes: Flags
    share: Floats
    uses: Floats


@dataclass(frozen=True)
class Offers:
    """The offers of suppliers.

    Parameters
    ----------
    item, supplier
        What is sold by whom. Shape ``(offers,)``.
    price, lead_days, per_week
        USD for one unit, days to any plant, and most units in seven days. Shape ``(offers,)``.
    """

    item: Ints
    supplier: Ints
    price: Floats
    lead_days: Ints
    per_week: Floats


def network(size: float, seed: int = 7, *, options: bool = False) -> Network:
    """Return a network of that size.

    Parameters
    ----------
    size
        One of :data:`SHAPES`: about the number of non-zeros of the model without options.
    seed
        Another seed gives another network of the same shape; the same one gives the same network, byte for byte.
    options
        Whether some lines may be added for money and some offers have ladders of prices, which makes the model a
        mixed-integer one. All else is the same with and without.

    Raises
    ------
    UsageError
        There is no such size.
    """
    shape = SHAPES.get(size)
    if shape is None:
        raise UsageError(f"there is no size {size:g}", f"sizes are {', '.join(f'{known:g}' for known in SHAPES)}")
    rng = np.random.default_rng([seed, int(size)])
    products = _products(rng, shape)
    wants = _wants(rng, shape, products)
    places = _places(rng, shape, products, wants)
    resources, uses = _lines(rng, shape, products, wants, places)
    offers = _offers(rng, shape, products, wants)
    tables = {
        **_sites(rng, shape),
        "items": _items(rng, products),
        "boms": _boms(products),
        "operations": _operations(rng, products, wants, places),
        "resources": resources,
        "uses": uses,
        "sources": _sources(rng, products, offers),
        "lanes": _lanes(rng, shape, products, places),
        "demand": _demand(rng, products, wants),
        **_lying(rng, shape, products, wants, places),
        "contracts": _contracts(rng, shape, offers, products, wants),
    }
    if options:
        tables |= _choices(rng, resources, offers, products, wants)
    settings = Settings(
        START, f"synthetic, {size:g} non-zeros", f"{shape.weeks}w", home_currency="USD", home_country="US", law="off"
    )
    synthetic = {name: frame.with_columns(source=pl.lit("synthetic")) for name, frame in tables.items()}
    return Network(settings, synthetic, f"synthetic-{size:g}")


# ---- items ----------------------------------------------------------------------------------------------------------


def _products(rng: np.random.Generator, shape: Shape) -> Products:
    level = np.repeat(np.arange(5), shape.items)
    first = np.cumsum([0, *shape.items])
    parent, child, quantity = _recipes(rng, shape, first)
    used = level == 0
    for above in range(4):
        used[child[(level[parent] == above) & used[parent]]] = True
    kept = used[parent]
    parent, child, quantity = parent[kept], child[kept], quantity[kept]
    value = _values(rng, level, (parent, child, quantity), first[4])
    return Products(level, value, np.round(rng.uniform(0.965, 0.998, level.size), 4), used, parent, child, quantity)


def _recipes(rng: np.random.Generator, shape: Shape, first: Ints) -> tuple[Ints, Ints, Floats]:
    """Return parent, child and quantity: every item above the components is in one parent at least."""
    goods, assemblies, boards, modules, components = shape.items
    packing, mechanical = int(components * PLACES_TO_PACK), int(components * MECHANICAL)
    cut = first[4] + np.array([0, packing, packing + mechanical, components])
    ones = np.array([1.0])
    rows = [
        # the same assembly goes into many goods, some into very many
        _one_each(rng, first[0], goods, first[1], assemblies),
        _draw(rng, np.arange(goods), (2, 6), (cut[0], cut[1]), ones),
        _one_each(rng, first[1], assemblies, first[2], boards),
        _draw(rng, first[1] + np.arange(assemblies), (0, 3), (first[2], first[3]), ones),
        _draw(rng, first[1] + np.arange(assemblies), (5, 13), (cut[1], cut[2]), np.array([1.0, 1, 1, 2, 4])),
        _one_each(rng, first[2], boards, first[3], modules),
        _draw(rng, first[2] + np.arange(boards), (0, 2), (first[3], first[4]), np.array([1.0, 1, 2])),
        _draw(rng, first[2] + np.arange(boards), (15, 41), (cut[2], cut[3]), np.array([1.0, 1, 1, 2, 2, 4, 8, 20, 40])),
        _draw(rng, first[3] + np.arange(modules), (6, 16), (cut[2], cut[3]), np.array([1.0, 1, 2, 2, 4, 10])),
    ]
    parent, child, quantity = (np.concatenate([row[part] for row in rows]) for part in range(3))
    _, once = np.unique(parent * first[5] + child, return_index=True)
    return parent[once].astype(np.int64), child[once].astype(np.int64), quantity[once]


def _one_each(
    rng: np.random.Generator, parents_at: int, parents: int, children_at: int, children: int
) -> tuple[Ints, Ints, Floats]:
    """Return rows that put every child into a parent; where there are more parents, each of those takes one child."""
    count = max(parents, children)
    child = np.concatenate([np.arange(children), _popular(rng, count - children, children)])
    parent = np.arange(count) % parents
    return parents_at + parent, children_at + child, np.ones(count)


def _draw(
    rng: np.random.Generator, parents: Ints, least_most: tuple[int, int], pool: tuple[int, int], quantities: Floats
) -> tuple[Ints, Ints, Floats]:
    """Return rows with a random number of children for each parent, the popular ones of a pool more often."""
    count = rng.integers(*least_most, parents.size)
    parent = np.repeat(parents, count)
    child = pool[0] + _popular(rng, parent.size, pool[1] - pool[0])
    return parent, child, rng.choice(quantities, parent.size)


def _popular(rng: np.random.Generator, count: int, of: int) -> Ints:
    """Return numbers below ``of``, the low ones more often: Zipf's law with a flattened head."""
    weight = np.cumsum((np.arange(of) + 8.0) ** -0.75)
    drawn: Ints = np.searchsorted(weight, rng.random(count) * weight[-1], side="right").clip(max=of - 1)
    return drawn


def _values(rng: np.random.Generator, level: Ints, recipe: tuple[Ints, Ints, Floats], component: int) -> Floats:
    """Return standard costs: prices of components, and what is built costs what it contains and its labour."""
    parent, child, quantity = recipe
    value = np.zeros(level.size)
    components = level.size - component
    packing, mechanical = int(components * PLACES_TO_PACK), int(components * MECHANICAL)
    centre = np.repeat([-0.5, 1.0, -1.2], [packing, mechanical, components - packing - mechanical])
    spread = np.repeat([0.8, 1.0, 1.4], [packing, mechanical, components - packing - mechanical])
    value[component:] = np.exp(rng.normal(centre, spread))
    for above in (3, 2, 1, 0):
        rows = level[parent] == above
        value += np.bincount(parent[rows], quantity[rows] * value[child[rows]], level.size)
        value[level == above] += LABOUR[above]
    return np.round(value, 4).clip(min=0.001)


def _items(rng: np.random.Generator, products: Products) -> pl.DataFrame:
    weight = np.array([0.6, 0.4, 0.08, 0.01, 0.002])[products.level] * rng.lognormal(0, 0.5, products.level.size)
    kind = np.array(["finished", "assembly", "assembly", "assembly", "component"])[products.level]
    return pl.DataFrame(
        {
            "item": _names(products),
            "kind": kind,
            "family": np.array(LEVELS)[products.level],
            "value": _money(products.value),
            "weight_kg": np.round(weight, 5),
        }
    ).filter(pl.Series(products.used))


def _boms(products: Products) -> pl.DataFrame:
    names = _names(products)
    return pl.DataFrame(
        {"parent": names[products.parent], "component": names[products.child], "quantity": products.quantity}
    )


# ---- demand ---------------------------------------------------------------------------------------------------------


def _wants(rng: np.random.Generator, shape: Shape, products: Products) -> Wants:
    goods, weeks = shape.items[0], shape.weeks
    at = _subsets(rng, goods, shape.markets, (max(1, shape.markets // 3), shape.markets))
    good, market = np.nonzero(at)
    weight = rng.dirichlet(np.full(shape.markets, 3.0)) * at
    share = (weight / weight.sum(1, keepdims=True))[good, market]
    base = 400 * np.exp(rng.normal(0, 1.0, goods))
    noise = rng.lognormal(0, 0.18, (good.size, weeks))
    quantity = np.round(
        (base[:, None] * _season(rng, goods, weeks) * _life(rng, goods, weeks))[good] * noise * share[:, None]
    )
    needed = np.zeros((products.level.size, weeks))
    np.add.at(needed, good, quantity)
    for above in range(4):
        needed /= np.where(products.level == above, products.yields, 1.0)[:, None]
        needed += _recipe(products, above).T @ needed
    return Wants(good, market, quantity, needed)


def _season(rng: np.random.Generator, goods: int, weeks: int) -> Floats:
    """Return the season of each good around 1: a peak in the second half. Shape ``(goods, weeks)``."""
    height = rng.uniform(0.15, 0.7, (goods, 1))
    peak = weeks * rng.normal(0.62, 0.08, (goods, 1))
    width = weeks * rng.uniform(0.08, 0.16, (goods, 1))
    return 1 + height * (np.exp(-0.5 * ((np.arange(weeks) - peak) / width) ** 2) - 0.35)


def _life(rng: np.random.Generator, goods: int, weeks: int) -> Floats:
    """Return how far each good is alive: an eighth is launched, an eighth ends. Shape ``(goods, weeks)``."""
    week = np.arange(weeks)
    ends = (1 - week / weeks * rng.uniform(0.8, 1.3, (goods, 1))).clip(0.02)
    launch = rng.integers(weeks // 8, max(weeks // 3, weeks // 8 + 1), (goods, 1))
    comes = ((week - launch) / (0.15 * weeks)).clip(0, 1.2)
    fate = rng.random((goods, 1))
    return np.where(fate < 0.12, ends, np.where(fate < 0.24, comes, 1.0))


def _demand(rng: np.random.Generator, products: Products, wants: Wants) -> pl.DataFrame:
    """Return a row for every good, market and week; it is due on the Sunday. Losing it costs its price."""
    value = products.value[wants.good]
    price = value * rng.uniform(1.4, 2.0, value.size)
    late = value * rng.uniform(0.05, 0.15, value.size) / 7
    pair, week = np.nonzero(wants.quantity)
    good, market = _names(products)[wants.good[pair]], _site("market", wants.market[pair])
    return pl.DataFrame(
        {
            "item": good,
            "market": market,
            "week": week,
            "quantity": wants.quantity[pair, week],
            "price": _money(price[pair]),
            "late_per_day": _money(late[pair]),
            "lost_cost": _money(price[pair]),
        }
    ).select(
        pl.format("{}-{}-w{}", "market", "item", pl.col("week").cast(pl.String).str.zfill(2)).alias("demand"),
        pl.exclude("week"),
        due=_day(7 * pl.col("week") + 6),
        max_late_days=pl.lit(28),
    )


# ---- plants ---------------------------------------------------------------------------------------------------------


def _places(rng: np.random.Generator, shape: Shape, products: Products, wants: Wants) -> Places:
    goods, assemblies, boards, modules, components = shape.items
    plants = shape.plants
    home = _subsets(rng, assemblies, plants, (1, min(3, plants)))
    contains = (products.level[products.parent] == 0) & (products.level[products.child] == 1)
    of = np.zeros(goods, np.int64)
    of[products.parent[contains]] = products.child[contains] - goods
    packed = home[of] & (rng.random((goods, plants)) < 0.8)
    also = ~packed.any(1) | (rng.random(goods) < 0.3)
    packed[np.flatnonzero(also), rng.integers(0, plants, goods)[also]] = True
    mounting = rng.permutation(plants)[: max(2, -(-plants * 6 // 10))]
    boarded, moduled = np.zeros((boards, plants), np.bool_), np.zeros((modules, plants), np.bool_)
    boarded[:, mounting] = _subsets(rng, boards, mounting.size, (1, min(3, mounting.size)))
    moduled[:, mounting] = _subsets(rng, modules, mounting.size, (1, min(2, mounting.size)))
    makes = np.concatenate([packed, home, boarded, moduled, np.zeros((components, plants), np.bool_)])
    makes &= products.used[:, None]
    share = makes / makes.sum(1, keepdims=True).clip(min=1)
    made = share * wants.needed.mean(1)[:, None]
    uses: Floats = np.stack([_recipe(products, above).T @ made for above in range(4)]).sum(0)
    return Places(makes, share, uses)


def _operations(rng: np.random.Generator, products: Products, wants: Wants, places: Places) -> pl.DataFrame:
    item, plant = np.nonzero(places.makes)
    level = products.level[item]
    dear = rng.uniform(0.75, 1.35, (places.makes.shape[1],))
    weeks = np.where(level == 0, 0, np.where(level == 1, rng.integers(0, 2, item.size), 1))
    weekly = (places.share * wants.needed.mean(1)[:, None])[item, plant]
    multiple = _round_lot(weekly / 8)
    return pl.DataFrame(
        {
            "site": _site("plant", plant),
            "item": _names(products)[item],
            "cost": _money(LABOUR[level] * dear[plant] * rng.uniform(0.9, 1.1, item.size)),
            "lead_days": _lead_days(rng, weeks),
            "yield": products.yields[item],
            "lot_min": multiple * rng.integers(1, 3, item.size),
            "lot_multiple": multiple,
        }
    )


def _lines(
    rng: np.random.Generator, shape: Shape, products: Products, wants: Wants, places: Places
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the tables ``resources`` and ``uses``: every operation has one line of its plant."""
    item, plant = np.nonzero(places.makes)
    level = products.level[item]
    line = (plant * len(LINES) + LINE_OF[level]) * shape.lines + rng.integers(0, shape.lines, item.size)
    hours = np.round(HOURS[level] * rng.uniform(0.6, 1.6, item.size), 5)
    weekly = (places.share * wants.needed.mean(1)[:, None])[item, plant]
    every = shape.plants * len(LINES) * shape.lines
    load = np.bincount(line, hours * weekly, every)
    regular = load * rng.uniform(0.97, 1.25, every)
    week = np.where(rng.random((every, shape.weeks)) < 0.06, 0.8, 1.0) * regular[:, None]
    begins = np.diff(week, axis=1, prepend=-1) != 0
    at, since = np.nonzero(begins & (load > 0)[:, None])
    last = np.r_[at[1:] != at[:-1], True]
    until = np.where(last, shape.weeks, np.r_[since[1:], 0])
    overtime = np.round(0.2 * week[at, since], 3)
    resources = pl.DataFrame(
        {
            "resource": _line(at, shape.lines),
            "site": _site("plant", at // (len(LINES) * shape.lines)),
            "per_week": np.round(week[at, since], 3),
            "overtime_per_week": overtime,
            "overtime_cost": _money(np.full(at.size, 45.0)),
            "since": since,
            "before": until,
        }
    ).select(
        pl.exclude("since", "before"),
        _day(7 * pl.col("since")).alias("from"),
        _day(7 * pl.col("before") - 1).alias("until"),
    )
    uses = pl.DataFrame(
        {
            "site": _site("plant", plant),
            "item": _names(products)[item],
            "resource": _line(line, shape.lines),
            "quantity": hours,
        }
    )
    return resources, uses


# ---- supply ---------------------------------------------------------------------------------------------------------


def _offers(rng: np.random.Generator, shape: Shape, products: Products, wants: Wants) -> Offers:
    """Return one to three offers for each component; a tenth of the components is scarce."""
    bought = np.flatnonzero(products.used & (products.level == 4))
    count = rng.choice([1, 2, 3], bought.size, p=[0.35, 0.4, 0.25])
    pairs = np.unique(np.repeat(bought, count) * shape.suppliers + _popular(rng, count.sum(), shape.suppliers))
    item, supplier = np.divmod(pairs, shape.suppliers)
    weeks_of = rng.integers(1, shape.supply_weeks + 1, shape.suppliers)
    weeks = (weeks_of[supplier] + rng.integers(-1, 2, item.size)).clip(1, shape.supply_weeks)
    size = products.level.size
    slack = np.where(rng.random(size) < 0.1, rng.uniform(0.97, 1.15, size), rng.uniform(1.5, 3.0, size))
    part = rng.gamma(4.0, size=item.size)
    part /= np.bincount(item, part, size)[item]
    return Offers(
        item,
        supplier,
        np.round(products.value[item] * rng.uniform(0.9, 1.15, item.size), 6),
        _lead_days(rng, weeks),
        np.round(wants.needed.mean(1)[item] * slack[item] * part, 2).clip(min=0.01),
    )


def _offer_names(products: Products, offers: Offers) -> pl.Series:
    return _joined(_names(products)[offers.item], _site("supplier", offers.supplier))


def _sources(rng: np.random.Generator, products: Products, offers: Offers) -> pl.DataFrame:
    multiple = _round_lot(offers.per_week / 4)
    return pl.DataFrame(
        {
            "offer": _offer_names(products, offers),
            "item": _names(products)[offers.item],
            "supplier": _site("supplier", offers.supplier),
            "price": _money(offers.price),
            "freight": _money(0.02 * offers.price * rng.uniform(0.3, 1.0, offers.item.size)),
            "lead_days": offers.lead_days,
            "lot_min": multiple * rng.integers(1, 3, offers.item.size),
            "lot_multiple": multiple,
            "per_week": offers.per_week,
        }
    ).with_columns(terms=pl.lit("consigned"))


def _contracts(
    rng: np.random.Generator, shape: Shape, offers: Offers, products: Products, wants: Wants
) -> pl.DataFrame:
    """Return quarterly quantities of each supplier around what would be ordered, were all offers of an item alike."""
    quarters = -(-shape.weeks // QUARTER)
    total = np.cumsum(np.pad(wants.needed, ((0, 0), (1, 0))), axis=1)
    edges = (np.arange(quarters + 1) * QUARTER + offers.lead_days[:, None] // 7).clip(max=shape.weeks)
    ordered = np.diff(total[offers.item[:, None], edges], axis=1)
    ordered /= np.bincount(offers.item, minlength=products.level.size)[offers.item][:, None]
    units = np.zeros((shape.suppliers, quarters))
    np.add.at(units, offers.supplier, ordered)
    paid = np.bincount(offers.supplier, ordered.sum(1) * offers.price, shape.suppliers)
    supplier, quarter = np.nonzero(np.round(units))
    likely = units[supplier, quarter]
    return pl.DataFrame(
        {
            "partner": _site("supplier", supplier),
            "quarter": quarter,
            "min": np.round(likely * rng.uniform(0.2, 0.5, likely.size)),
            "max": np.round(likely * rng.uniform(1.25, 1.9, likely.size)) + 1,
            "shortfall_cost": _money(0.08 * paid[supplier] / units.sum(1)[supplier]),
        }
    ).select(
        pl.format("{}-q{}", "partner", pl.col("quarter") + 1).alias("contract"),
        pl.exclude("quarter"),
        _day(7 * QUARTER * pl.col("quarter")).alias("from"),
        _day(pl.min_horizontal(7 * QUARTER * (pl.col("quarter") + 1), 7 * shape.weeks) - 1).alias("until"),
    )


# ---- sites, lanes, stock --------------------------------------------------------------------------------------------


def _sites(rng: np.random.Generator, shape: Shape) -> dict[str, pl.DataFrame]:
    """Return the tables ``partners`` and ``sites``: a manufacturer a plant, hubs and markets are the brand's."""
    counts = {"plant": shape.plants, "hub": shape.hubs, "market": shape.markets, "supplier": shape.suppliers}
    countries = np.array(["CN", "IN", "MX", "PL", "TW", "VN"])
    sites = pl.concat(
        pl.DataFrame({"site": _site(kind, np.arange(count))}).with_columns(
            kind=pl.lit(kind),
            partner=pl.lit("brand") if kind in ("hub", "market") else pl.col("site"),
            country=pl.lit("US") if kind in ("hub", "market") else pl.Series(rng.choice(countries, count)),
        )
        for kind, count in counts.items()
    )
    kinds = {"plant": "ems", "supplier": "supplier"}
    others = sites.filter(pl.col("kind").is_in(list(kinds))).select("partner", "country", pl.col("kind").replace(kinds))
    brand = pl.DataFrame({"partner": ["brand"], "country": ["US"], "kind": ["brand"]})
    return {"partners": pl.concat([brand, others]), "sites": sites}


def _lanes(rng: np.random.Generator, shape: Shape, products: Products, places: Places) -> pl.DataFrame:
    """Return sea lanes to the hubs, roads from there, air lanes to some markets, and lanes between plants."""
    plant, hub = (at.ravel() for at in np.indices((shape.plants, shape.hubs)))
    sea = pl.DataFrame({"origin": _site("plant", plant), "destination": _site("hub", hub)}).with_columns(
        mode=pl.lit("sea"),
        lead_days=_lead_days(rng, rng.integers(shape.sea_weeks[0], shape.sea_weeks[1] + 1, plant.size)),
        per_unit=_money(rng.uniform(0.2, 0.5, plant.size)),
        per_kg=_money(rng.uniform(0.2, 0.5, plant.size)),
        insurance=pl.lit(0.004),
    )
    market = np.arange(shape.markets)
    road = pl.DataFrame({"origin": _site("hub", market // 2), "destination": _site("market", market)}).with_columns(
        mode=pl.lit("road"),
        lead_days=_lead_days(rng, np.zeros(market.size, np.int64)),
        per_unit=_money(rng.uniform(0.05, 0.2, market.size)),
        per_kg=_money(rng.uniform(0.05, 0.2, market.size)),
    )
    flown, to = np.nonzero(rng.random((shape.plants, shape.markets)) < 0.6)
    air = pl.DataFrame({"origin": _site("plant", flown), "destination": _site("market", to)}).with_columns(
        mode=pl.lit("air"),
        lead_days=pl.lit(7),
        per_unit=_money(rng.uniform(1.0, 3.0, flown.size)),
        per_kg=_money(rng.uniform(4.0, 8.0, flown.size)),
        insurance=pl.lit(0.004),
    )
    return pl.concat([sea, road, air, _transfers(rng, products, places)], how="diagonal_relaxed")


def _transfers(rng: np.random.Generator, products: Products, places: Places) -> pl.DataFrame:
    """Return lanes between plants: what is built elsewhere, from everywhere where it must come; and a few parts."""
    used, makes = places.uses > 0, places.makes
    key = rng.random((*makes.shape, makes.shape[1]))  # item, origin, destination
    possible = makes[:, :, None] & used[:, None, :] & ~np.eye(makes.shape[1], dtype=np.bool_)
    chosen = possible & (key < 0.5)
    helpless = used & ~makes & ~chosen.any(1)
    item, to = np.nonzero(helpless)
    chosen[item, np.where(possible, key, 2.0).argmin(1)[item, to], to] = True
    shared = (products.level == 4) & (used.sum(1) > 1) & (rng.random(used.shape[0]) < 0.05)
    pair = np.where(used, rng.random(used.shape), 2.0).argsort(1)[:, :2]
    chosen[shared, pair[shared, 0], pair[shared, 1]] = True
    item, origin, destination = np.nonzero(chosen)
    distance = rng.uniform(0.3, 1.0, (makes.shape[1], makes.shape[1]))[origin, destination]
    share = np.where(products.level[item] == 4, 0.02, 0.004)
    return pl.DataFrame(
        {
            "origin": _site("plant", origin),
            "destination": _site("plant", destination),
            "item": _names(products)[item],
            "lead_days": _lead_days(rng, np.ones(item.size, np.int64)),
            "per_unit": _money(share * products.value[item] * distance + 0.002),
        }
    ).with_columns(mode=pl.lit("road"))


def _lying(
    rng: np.random.Generator, shape: Shape, products: Products, wants: Wants, places: Places
) -> dict[str, pl.DataFrame]:
    """Return the tables ``stock`` and ``receipts``: cover until the first order can arrive, short at 6 % of places."""
    item, plant = np.nonzero(places.uses)
    mean = wants.needed.mean(1)[item].clip(min=1e-9)
    at_plant = wants.needed[item] * (places.uses[item, plant] / mean)[:, None]
    bought = products.level[item] == 4
    cover = np.where(bought, rng.integers(1, shape.supply_weeks + 1, item.size), 1)
    sea = np.full(wants.good.size, shape.sea_weeks[1])
    need = np.concatenate([at_plant, wants.quantity])
    weeks = np.concatenate([cover, sea])
    name = _names(products)[np.concatenate([item, wants.good])]
    site = pl.concat([_site("plant", plant), _site("market", wants.market)])
    short = rng.random(weeks.size) < 0.06
    first = need[:, :2].mean(1) * rng.uniform(0.8, 2.2, weeks.size) * np.where(short, 0.4, 1.0)
    stock = pl.DataFrame({"item": name, "site": site, "quantity": np.round(first)})
    due = need * (np.arange(shape.weeks) < weeks[:, None]) * rng.uniform(0.75, 1.15, need.shape)
    due[:, 0] = 0.0
    due = np.round(due * np.where(short, 0.55, 1.0)[:, None])
    row, week = np.nonzero(due)
    receipts = pl.DataFrame({"item": name[row], "site": site[row], "quantity": due[row, week], "week": week}).select(
        pl.format("PO-{}", pl.int_range(pl.len()) + 1).alias("reference"),
        pl.exclude("week"),
        due=_day(7 * pl.col("week")),
    )
    return {"stock": stock.filter(pl.col("quantity") > 0), "receipts": receipts}


# ---- choices --------------------------------------------------------------------------------------------------------


def _choices(
    rng: np.random.Generator, resources: pl.DataFrame, offers: Offers, products: Products, wants: Wants
) -> dict[str, pl.DataFrame]:
    """Return ``options`` (a tenth of the lines), ``resources`` with what they add, ``tiers`` (a fiftieth of offers)."""
    lines = resources.unique("resource", keep="first", maintain_order=True)
    lines = lines[np.sort(rng.permutation(lines.height)[: max(2, lines.height // 10)])]
    more = np.round(0.3 * lines["per_week"].to_numpy(), 3)
    option = pl.format("more-{}", "resource").alias("option")
    options = lines.select(
        option,
        kind=pl.lit("line"),
        capex=_money(more * QUARTER * rng.uniform(10, 30, lines.height)),
        opex_per_week=_money(more * 2.0),
        ready_days=pl.lit(28),
        life_weeks=pl.lit(260),
    )
    added = lines.select("resource", "site", option, per_week=pl.Series(more))
    chosen = np.sort(rng.permutation(offers.item.size)[: max(3, offers.item.size // 50)])
    likely = offers.per_week[chosen] * wants.needed.shape[1] * 0.4
    steps, falls = np.array([0.0, 0.4, 0.8]), np.array([1.0, 0.96, 0.92])
    kind = rng.choice(["all_unit", "incremental"], chosen.size)
    tiers = pl.DataFrame(
        {
            "offer": _offer_names(products, offers)[np.repeat(chosen, 3)],
            "from_quantity": np.round(likely[:, None] * steps, 2).ravel(),
            "price": _money((offers.price[chosen, None] * falls).ravel()),
            "kind": np.repeat(kind, 3),
        }
    )
    return {"options": options, "resources": pl.concat([resources, added], how="diagonal_relaxed"), "tiers": tiers}


# ---- pieces ---------------------------------------------------------------------------------------------------------


def _recipe(products: Products, level: int) -> csr_matrix:
    """Return units of each child in one unit started of each parent of a level. Shape ``(items, items)``."""
    rows = products.level[products.parent] == level
    size = products.level.size
    entries = (products.quantity[rows], (products.parent[rows], products.child[rows]))
    return csr_matrix(entries, shape=(size, size))


def _subsets(rng: np.random.Generator, rows: int, of: int, least_most: tuple[int, int]) -> Flags:
    """Return a random subset for every row, with so many members. Shape ``(rows, of)``."""
    count = rng.integers(least_most[0], least_most[1] + 1, rows)
    rank = rng.random((rows, of)).argsort(1).argsort(1)
    return rank < count[:, None]


def _lead_days(rng: np.random.Generator, weeks: Ints) -> Ints:
    """Return whole weeks in days; some are up to four days longer."""
    odd = rng.random(weeks.size) < ODD_LEADS
    return 7 * weeks + np.where(odd, rng.integers(1, 5, weeks.size), 0)


def _round_lot(units: Floats) -> Floats:
    """Return the power of ten at or below; 0, any quantity, below one."""
    return np.where(units >= 1, 10.0 ** np.floor(np.log10(units.clip(min=1))), 0.0)


def _names(products: Products) -> pl.Series:
    """Return the name of every item, such as ``board-00012``."""
    return _joined(pl.Series(np.array(LEVELS)[products.level]), pl.Series(np.arange(products.level.size)), width=5)


def _site(kind: str, number: Ints) -> pl.Series:
    return _joined(pl.Series([kind]).new_from_index(0, number.size), pl.Series(number + 1))


def _line(number: Ints, lines: int) -> pl.Series:
    """Return the names of lines numbered by plant, kind and line, such as ``plant-1-smt-2``."""
    rest, line = np.divmod(number, lines)
    plant, kind = np.divmod(rest, len(LINES))
    return _joined(_joined(_site("plant", plant), pl.Series(np.array(LINES)[kind])), pl.Series(line + 1))


def _joined(first: pl.Series, second: pl.Series, width: int = 0) -> pl.Series:
    text = second.cast(pl.String).str.zfill(width)
    return pl.select(pl.format("{}-{}", first, text)).to_series()


def _day(days: pl.Expr) -> pl.Expr:
    return pl.lit(START) + pl.duration(days=days)


def _money(amount: Floats) -> pl.Series:
    return pl.Series(np.round(amount, 6)).cast(pl.Decimal(38, 9))
