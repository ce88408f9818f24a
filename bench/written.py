"""The linear program of a network, written from its tables by someone who has no planner, only a modelling language.

It is the same program as :func:`boxbuild.model.assemble.assemble` makes, written a second time and for less: weekly
buckets, one currency, no law, no alternates, options, ladders or targets. Another network is refused. PuLP and linopy
get the sets, costs and terms below, turn them into their own variables and rows, and pass these to their solver.

    min   cost of builds, buys, shipments, stock, overtime, late and lost units, shortfalls
    keep[i,s,t-1] + given[i,s,t] + arrivals[i,s,t] = keep[i,s,t] + builds' components + shipments + deliveries
    sum_t deliver[d,t] + short[d] = quantity[d]
    sum_i hours[i,r] build[s,i,t] - overtime[r,t] <= hours[r,t]
    sum_s buy[o,s,t] <= per_week[o]
    min[c] - shortfall[c] <= sum buy[o,s,t] of the partner <= max[c]

What leaves in week t with a lead time of 7 w + r days arrives in t + w, and r / 7 of it a week later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from boxbuild.errors import UsageError
from boxbuild.network.network import Network

NODE = ["item", "site", "week"]
INFINITE = float("inf")


@dataclass(frozen=True)
class Rows:
    """Rows of one kind: ``lower <= sum of value × column <= upper``.

    Parameters
    ----------
    limits
        ``lower`` and ``upper``, one row each.
    terms
        ``row`` (position in ``limits``), ``column`` and ``value``, in the order of the rows.
    """

    limits: pl.DataFrame
    terms: pl.DataFrame


@dataclass(frozen=True)
class Written:
    """A linear program: minimise ``cost @ x`` over ``0 <= x <= upper`` and the rows.

    Parameters
    ----------
    columns
        ``cost`` and ``upper``, one row per variable.
    rows
        The rows by kind.
    """

    columns: pl.DataFrame
    rows: Mapping[str, Rows]


def written(network: Network) -> Written:
    """Return the linear program of a network.

    Raises
    ------
    UsageError
        The network has something that this program has no place for.
    """
    _refuse_what_is_not_written(network)
    flows = _numbered(_flows(network))
    rows = {
        "balance": _balance(network, flows),
        "demand": _demand(flows),
        "capacity": _capacity(network, flows),
        "supply": _supply(flows),
        "contracts": _contracts(network, flows),
    }
    return Written(pl.concat(flow.select("cost", "upper") for flow in flows.values()), rows)


def _refuse_what_is_not_written(network: Network) -> None:
    settings = network.settings
    named = {
        "buckets that are no weeks": set(network.calendar.lengths.tolist()) != {7},
        "a law": settings.law != "off" and network["duties"].height > 0,
        "a discount rate": settings.discount_rate != 0,
        "foreign currencies": network["rates"].height > 0,
        "alternates": network["boms"]["alternate_group"].is_not_null().any(),
        "options": network["options"].height > 0,
        "ladders of prices": network["tiers"].height > 0,
        "targets": network["targets"].height > 0,
        "shares in contracts": any(
            network["contracts"][name].is_not_null().any() for name in ("min_share", "max_share")
        ),
        "offers to one destination": network["sources"]["destination"].is_not_null().any(),
        "limited lanes": network["lanes"]["per_week"].is_not_null().any(),
        "contracts on items": network["contracts"]
        .select(pl.any_horizontal(pl.col("item", "family").is_not_null()).any())
        .item(),
        "handling charges": (network["sources"]["markup"] > 0).any(),
        "windows of routes": any(network[name]["from"].is_not_null().any() for name in ("boms", "operations", "lanes")),
    }
    found = [name for name, there in named.items() if there]
    if found:
        raise UsageError(f"the program is not written for {', '.join(found)}", "take a network of bench/networks.py")


# ---- columns --------------------------------------------------------------------------------------------------------


def _flows(network: Network) -> dict[str, pl.DataFrame]:
    """Return what can flow in every week, with ``cost`` and ``upper``."""
    weeks = pl.DataFrame({"week": range(network.calendar.count)})
    values = network["items"].select("item", value=_real("value"), weight="weight_kg")
    build = network["operations"].select("site", "item", "yield", "lead_days", cost=_real("cost"))
    used = _recipe(network).select("site", item="component").unique()
    buy = _windows(network, "sources", weeks).join(used, on="item", maintain_order="left_right")
    ship = (
        _lanes(network, used)
        .join(values, on="item")
        .with_columns(
            cost=_real("per_unit") + _real("per_kg") * pl.col("weight") + pl.col("insurance") * pl.col("value")
        )
    )
    places = _places(network, used, ship).join(values, on="item")
    holding = pl.col("value") * float(network.settings.holding_rate) * 7 / 365
    crossed = {
        "build": build.join(weeks, how="cross"),
        "buy": buy.with_columns(cost=_real("price") + _real("freight")),
        "ship": ship.join(weeks, how="cross"),
    }
    last = pl.col("week") + pl.col("lead_days") // 7 < weeks.height
    return {
        **{kind: flow.filter(last).with_columns(upper=pl.lit(INFINITE)) for kind, flow in crossed.items()},
        "keep": places.join(weeks, how="cross").with_columns(cost=holding, upper=pl.lit(INFINITE)),
        **_service(network, weeks),
        "overtime": _hours(network, weeks)
        .filter(pl.col("overtime") > 0)
        .with_columns(cost=_real("overtime_cost"), upper="overtime"),
        "shortfall": network["contracts"]
        .filter(pl.col("min").is_not_null())
        .with_columns(cost=_real("shortfall_cost"), upper=pl.lit(INFINITE)),
    }


def _numbered(flows: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    numbered, first = {}, 0
    for kind, flow in flows.items():
        numbered[kind] = flow.with_columns(column=pl.int_range(pl.len()) + first)
        first += flow.height
    return numbered


def _recipe(network: Network) -> pl.DataFrame:
    """Return ``site``, ``item`` (built), ``component`` and ``per_unit``: a row of a site replaces the others."""
    boms = network["boms"].select(
        "component", item="parent", own="site", per_unit=pl.col("quantity") * (1 + pl.col("scrap"))
    )
    rows = network["operations"].select("site", "item").join(boms, on="item", maintain_order="left_right")
    here = rows.filter(pl.col("own").is_null() | (pl.col("own") == pl.col("site")))
    replaced = pl.col("own").is_null() & pl.col("own").is_not_null().any().over("site", "item", "component")
    return here.filter(~replaced).drop("own")


def _lanes(network: Network, used: pl.DataFrame) -> pl.DataFrame:
    """Return the lanes with the items that they carry: what can be at their origin and is wanted where they lead."""
    items = network["items"].select("item")
    lanes = network["lanes"].rename({"item": "only"})
    named = lanes.filter(pl.col("only").is_not_null()).with_columns(item="only")
    ship = pl.concat([named, lanes.filter(pl.col("only").is_null()).join(items, how="cross")])
    made = pl.concat([network["operations"].select("item", "site"), used.select("item", "site")])
    wanted = pl.concat([network["demand"].select("item", site="market"), used.select("item", "site")])
    for places, start, end in ((made, "origin", "destination"), (wanted, "destination", "origin")):
        reached = _along(ship, places, start, end)
        ship = ship.join(reached, left_on=["item", start], right_on=["item", "site"], how="semi")
    return ship.sort("origin", "destination", "item", "mode")


def _along(ship: pl.DataFrame, places: pl.DataFrame, start: str, end: str) -> pl.DataFrame:
    """Return ``item`` and ``site`` of the places and of all that shipments lead to from there."""
    places = places.unique()
    while True:
        led = ship.join(places, left_on=["item", start], right_on=["item", "site"], how="semi")
        grown = pl.concat([places, led.select("item", site=end)]).unique()
        if grown.height == places.height:
            return places
        places = grown


def _places(network: Network, used: pl.DataFrame, ship: pl.DataFrame) -> pl.DataFrame:
    there = [
        used.select("item", "site"),
        network["operations"].select("item", "site"),
        ship.select("item", site="origin"),
        ship.select("item", site="destination"),
        network["demand"].select("item", site="market"),
        network["stock"].select("item", "site"),
        network["receipts"].select("item", "site"),
    ]
    return pl.concat(there).unique().sort("item", "site")


def _service(network: Network, weeks: pl.DataFrame) -> dict[str, pl.DataFrame]:
    wanted = (
        network["demand"]
        .join(network["items"].select("item", "value"), on="item", maintain_order="left")
        .with_columns(due_week=_week("due", network).clip(lower_bound=0))
        .filter(pl.col("due_week") < weeks.height)
        .with_columns(late=pl.col("max_late_days") // 7, upper="quantity")
    )
    after = pl.int_ranges(0, pl.col("late") + 1).alias("after")
    deliver = (
        wanted.with_columns(after)
        .explode("after")
        .with_columns(
            week=pl.col("due_week") + pl.col("after"),
            cost=_real("late_per_day").fill_null(_real("price") * float(network.settings.late_rate)).fill_null(0.0)
            * 7
            * pl.col("after"),
        )
    )
    lost = pl.coalesce(_real("lost_cost"), _real("price"), _real("value"))
    return {
        "deliver": deliver.filter(pl.col("week") < weeks.height).sort("demand", "week"),
        "short": wanted.with_columns(cost=lost),
    }


def _hours(network: Network, weeks: pl.DataFrame) -> pl.DataFrame:
    """Return ``resource``, ``week``, ``regular``, ``overtime`` and ``overtime_cost``."""
    return (
        _windows(network, "resources", weeks)
        .join(network["uses"].select("resource").unique(), on="resource", how="semi")
        .group_by("resource", "week")
        .agg(
            regular=pl.col("per_week").sum(),
            overtime=pl.col("overtime_per_week").sum(),
            overtime_cost=pl.col("overtime_cost").first(),
        )
        .sort("resource", "week")
    )


def _windows(network: Network, table: str, weeks: pl.DataFrame) -> pl.DataFrame:
    """Return each row of a table once for every week whose Monday lies in its window."""
    monday = pl.lit(network.settings.start) + pl.duration(days=7 * pl.col("week"))
    begun = pl.col("from").is_null() | (pl.col("from") <= monday)
    going = pl.col("until").is_null() | (pl.col("until") >= monday)
    return network[table].join(weeks, how="cross", maintain_order="left_right").filter(begun & going)


def _week(column: str, network: Network) -> pl.Expr:
    """Return the week of a date; the days before the start are in week -1 and before."""
    return (pl.col(column) - pl.lit(network.settings.start)).dt.total_days().floordiv(7)


def _real(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64)


# ---- rows -----------------------------------------------------------------------------------------------------------


def _balance(network: Network, flows: Mapping[str, pl.DataFrame]) -> Rows:
    keep, build, buy, ship = (flows[kind] for kind in ("keep", "build", "buy", "ship"))
    weeks = network.calendar.count
    later = keep.filter(pl.col("week") < weeks - 1).with_columns(week=pl.col("week") + 1)
    takes = build.join(_recipe(network), on=["site", "item"], maintain_order="left_right")
    terms = [
        _node(later, 1.0),
        _node(keep, -1.0),
        _node(_arriving(build, weeks), pl.col("share") * pl.col("yield"), week="arrival"),
        _node(_arriving(buy, weeks), pl.col("share"), site="site", week="arrival"),
        _node(_arriving(ship, weeks), pl.col("share"), site="destination", week="arrival"),
        _node(takes, -pl.col("per_unit"), item="component"),
        _node(ship, -1.0, site="origin"),
        _node(flows["deliver"], -1.0, site="market"),
    ]
    stock = network["stock"].select("item", "site", "quantity", week=pl.lit(0, dtype=pl.Int64))
    due = network["receipts"].filter("firm").select("item", "site", "quantity", week=_week("due", network))
    given = pl.concat([stock, due]).group_by(NODE).agg(given=pl.col("quantity").sum())
    keys = keep.select(NODE).join(given, on=NODE, how="left", maintain_order="left")
    side = -pl.col("given").fill_null(0.0)
    return _rows(keys.select(*NODE, lower=side, upper=side), pl.concat(terms), NODE)


def _arriving(flow: pl.DataFrame, weeks: int) -> pl.DataFrame:
    """Return the arrivals of a flow: ``arrival`` and ``share``; what would come after the end is not started."""
    first = pl.col("week") + pl.col("lead_days") // 7
    late = pl.when(first + 1 < weeks).then(pl.col("lead_days") % 7 / 7).otherwise(0.0)
    now = flow.with_columns(arrival=first, share=1 - late)
    return pl.concat([now, flow.with_columns(arrival=first + 1, share=late).filter(pl.col("share") > 0)])


def _node(
    flow: pl.DataFrame, value: pl.Expr | float, item: str = "item", site: str = "site", week: str = "week"
) -> pl.DataFrame:
    coefficient = pl.lit(value) if isinstance(value, float) else value
    return flow.select(
        pl.col(item).alias("item"),
        pl.col(site).alias("site"),
        pl.col(week).cast(pl.Int64).alias("week"),
        "column",
        coefficient.alias("value"),
    )


def _demand(flows: Mapping[str, pl.DataFrame]) -> Rows:
    keys = flows["short"].select("demand", lower="quantity", upper="quantity")
    terms = [flows[kind].select("demand", "column", value=pl.lit(1.0)) for kind in ("deliver", "short")]
    return _rows(keys, pl.concat(terms), ["demand"])


def _capacity(network: Network, flows: Mapping[str, pl.DataFrame]) -> Rows:
    key = ["resource", "week"]
    uses = network["uses"].select("site", "item", "resource", value="quantity")
    load = flows["build"].join(uses, on=["site", "item"], maintain_order="left_right")
    weeks = pl.DataFrame({"week": range(network.calendar.count)})
    keys = load.select(key).unique(maintain_order=True)
    hours = _hours(network, weeks).select(*key, upper="regular")
    limits = keys.join(hours, on=key, how="left", maintain_order="left").with_columns(pl.col("upper").fill_null(0.0))
    more = flows["overtime"].join(keys, on=key, how="semi", maintain_order="left")
    terms = [load.select(*key, "column", "value"), more.select(*key, "column", value=pl.lit(-1.0))]
    return _rows(limits.select(*key, pl.lit(-INFINITE).alias("lower"), "upper"), pl.concat(terms), key)


def _supply(flows: Mapping[str, pl.DataFrame]) -> Rows:
    key = ["offer", "week"]
    limited = flows["buy"].filter(pl.col("per_week").is_not_null())
    keys = limited.group_by(key, maintain_order=True).agg(lower=pl.lit(-INFINITE), upper=pl.col("per_week").first())
    return _rows(keys, limited.select(*key, "column", value=pl.lit(1.0)), key)


def _contracts(network: Network, flows: Mapping[str, pl.DataFrame]) -> Rows:
    """Return the minima and then the maxima; a partner's builds count as well as what it sells."""
    weeks = pl.DataFrame({"week": range(network.calendar.count)})
    partners = network["sites"].select("site", "partner")
    moved = [flows["build"].select("column", "week", "site"), flows["buy"].select("column", "week", site="supplier")]
    counted = (
        _windows(network, "contracts", weeks)
        .select("contract", "partner", "week")
        .join(pl.concat(moved).join(partners, on="site"), on=["partner", "week"], maintain_order="left_right")
        .select("contract", "column", value=pl.lit(1.0))
    )
    missed = flows["shortfall"].select("contract", "column", value=pl.lit(1.0))
    agreed = network["contracts"]
    least = agreed.filter(pl.col("min").is_not_null()).select(
        "contract", end=pl.lit("min"), lower="min", upper=pl.lit(INFINITE)
    )
    most = agreed.filter(pl.col("max").is_not_null()).select(
        "contract", end=pl.lit("max"), lower=-pl.lit(INFINITE), upper="max"
    )
    keys = pl.concat([least, most])
    both = counted.join(keys.select("contract", "end"), on="contract", maintain_order="left_right")
    terms = [
        both.select("contract", "end", "column", "value"),
        missed.select("contract", "column", "value", end=pl.lit("min")).select("contract", "end", "column", "value"),
    ]
    return _rows(keys, pl.concat(terms), ["contract", "end"])


def _rows(keys: pl.DataFrame, terms: pl.DataFrame, key: list[str]) -> Rows:
    named = keys.select(key).with_row_index("row")
    placed = terms.join(named, on=key).sort("row", "column")
    return Rows(keys.select("lower", "upper"), placed.select("row", "column", "value"))
