"""A network and its plan as a release problem, and the orders of the release as tables of the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl

from boxbuild.model import reach
from boxbuild.network.currency import exchange_rates
from boxbuild.network.network import Network
from boxbuild.plan.order_flows.exempt import exempt_shares
from boxbuild.plan.release.limits import weekly_limits
from boxbuild.plan.release.pieces import Days, Key, Piece, builds, buys, merged, ships
from boxbuild.plan.release.problem import (
    BUILD,
    BUY,
    PICK,
    SHIP,
    Activities,
    Demands,
    Floats,
    Guide,
    Integers,
    Receipts,
    ReleaseProblem,
)
from boxbuild.plan.release.release import release
from boxbuild.plan.release.tables import order_tables
from boxbuild.plan.release_cost import release_cost

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Released:
    """The orders of a plan.

    Parameters
    ----------
    tables
        ``orders`` and ``order_alternates`` (:mod:`boxbuild.plan.schemas`).
    cost
        What they cost, by the accounts of the plan, discounted.
    """

    tables: Tables
    cost: float


def release_orders(network: Network, tables: Tables) -> Released:
    """Return the orders that a plan is released as.

    Parameters
    ----------
    network
        The network of the plan, changes applied.
    tables
        The plan's tables of quantities.
    """
    pieces = pieces_of(network, tables)
    demand = asked(network)
    orders = release(problem_of(network, tables, pieces, demand))
    found = order_tables(network, pieces, demand["demand"].to_list(), orders)
    shares = exempt_shares(tables) if "exempt" in tables else None
    cost: Decimal = release_cost(network, found["orders"], found["order_alternates"], tables["options"], shares=shares)
    return Released(found, float(cost))


def asked(network: Network) -> pl.DataFrame:
    """Return the demands of the horizon, in the order of the release's rows."""
    return network["demand"].filter(pl.col("due") < network.calendar.end).sort("demand")


def pieces_of(network: Network, tables: Tables) -> list[Piece]:
    """Return everything that an order can be written for, with the options that the plan takes."""
    days = days_of(network, tables)
    money = {currency: float(rates[0]) for currency, rates in exchange_rates(network).items()}
    destinations: dict[str, list[str]] = defaultdict(list)
    for offer, _, site in reach.offer_destinations(network, reach.recipe_rows(network)).iter_rows():
        destinations[offer].append(site)
    carried: dict[Key, list[str]] = defaultdict(list)
    lanes = ["origin", "destination", "mode", "lane_item", "item"]
    for *lane, item in tables["shipments"].select(lanes).unique().sort(lanes).iter_rows():
        carried[tuple(lane)].append(item)
    return merged(
        [
            *builds(network, days, money),
            *buys(network, days, money, destinations),
            *ships(network, days, carried, whole_items(network)),
        ]
    )


def days_of(network: Network, tables: Tables) -> Days:
    """Return the days of a plan."""
    start = network.settings.start
    ready = {option: (day - start).days for option, day in tables["options"].select("option", "ready").iter_rows()}
    return Days(start, network.calendar.horizon, ready)


def whole_items(network: Network) -> set[str]:
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
    return set(network["items"]["item"].to_list()) - set(broken["item"].to_list())


def problem_of(network: Network, tables: Tables, pieces: list[Piece], demand: pl.DataFrame) -> ReleaseProblem:
    """Return the release problem of a plan."""
    days = days_of(network, tables)
    stock = network["stock"].select("item", "site", "quantity").rows()
    firm = network["receipts"].filter(pl.col("firm"))
    arriving = firm.select("item", "site", (pl.col("due") - days.start).dt.total_days(), "quantity").rows()
    markets = demand.select("item", "market").rows()
    nodes = _numbered(
        [
            *(node for piece in pieces for node in (piece.output, *piece.inputs)),
            *((item, site) for item, site, *_ in [*stock, *arriving, *markets]),
        ]
    )
    held = np.zeros(len(nodes))
    for item, site, quantity in stock:
        held[nodes[item, site]] += quantity
    limits = weekly_limits(network, tables["capacity"], days)
    names = _numbered([name for piece in pieces for name in piece.uses])
    weeks = -(-days.horizon // 7)
    return ReleaseProblem(
        horizon_days=days.horizon,
        stock=held,
        receipts=Receipts(
            _whole([nodes[item, site] for item, site, _, _ in arriving]),
            _whole([day for _, _, day, _ in arriving]),
            np.array([quantity for *_, quantity in arriving], dtype=np.float64),
        ),
        activities=_activities(pieces, nodes, names),
        capacity=np.array([limits.get(name, np.zeros(weeks)) for name in names]).reshape(len(names), weeks),
        demands=_demands(network, demand, nodes),
        guide=_guide(network, tables, pieces, demand["demand"].to_list()),
    )


def _numbered(names: list[Key]) -> dict[Key, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _whole(values: list[int]) -> Integers:
    return np.array(values, dtype=np.int64)


def _real(values: list[float]) -> Floats:
    return np.array(values, dtype=np.float64)


def _flat(entries: list[Mapping[Key, float]], number: Mapping[Key, int]) -> tuple[Integers, Integers, Floats]:
    start = np.cumsum([0, *(len(entry) for entry in entries)]).astype(np.int64)
    return (
        start,
        _whole([number[name] for entry in entries for name in entry]),
        _real([quantity for entry in entries for quantity in entry.values()]),
    )


def _activities(pieces: list[Piece], nodes: Mapping[Key, int], limits: Mapping[Key, int]) -> Activities:
    return Activities(
        _whole([piece.kind for piece in pieces]),
        _whole([nodes[piece.output] for piece in pieces]),
        _real([piece.gain for piece in pieces]),
        _whole([piece.lead_days for piece in pieces]),
        _real([piece.lot_min for piece in pieces]),
        _real([piece.lot_multiple for piece in pieces]),
        _whole([piece.first_day for piece in pieces]),
        _whole([piece.last_day for piece in pieces]),
        _real([piece.unit_cost for piece in pieces]),
        *_flat([piece.inputs for piece in pieces], nodes),
        *_flat([piece.uses for piece in pieces], limits),
    )


def _demands(network: Network, demand: pl.DataFrame, nodes: Mapping[Key, int]) -> Demands:
    """Return the demands; one that was due before the start is due on day 0, and none is lost in its due bucket.

    Each is on time until its ``grace_days`` are over, and late from then on.
    """
    calendar = network.calendar
    due = np.maximum(0, (demand["due"] - calendar.start).dt.total_days().to_numpy()).astype(np.int64)
    edges = np.asarray(calendar.edges)
    bucket_end = edges[np.searchsorted(edges, due, side="right")] - 1
    good_until = due + demand["grace_days"].to_numpy()
    last = np.maximum(good_until + demand["max_late_days"].to_numpy(), bucket_end).astype(np.int64)
    patient = np.minimum(good_until, calendar.horizon - 1).astype(np.int64)
    money = {currency: float(rates[0]) for currency, rates in exchange_rates(network).items()}
    values = {
        item: float(value) * money.get(currency, 1.0)
        for item, value, currency in network["items"].select("item", "value", "currency").iter_rows()
    }
    late, lost = [], []
    for item, price, currency, per_day, gone in demand.select(
        "item", "price", "currency", "late_per_day", "lost_cost"
    ).iter_rows():
        rate = money.get(currency, 1.0)
        asked_price = float(price or 0) * rate
        late.append(asked_price * float(network.settings.late_rate) if per_day is None else float(per_day) * rate)
        lost.append(float(gone) * rate if gone is not None else asked_price if price is not None else values[item])
    return Demands(
        node=_whole([nodes[item, market] for item, market in demand.select("item", "market").iter_rows()]),
        first_day=due,
        due_day=patient,
        quantity=demand["quantity"].to_numpy().astype(np.float64),
        min_shipment=demand["min_shipment"].to_numpy().astype(np.float64),
        max_late_days=last - patient,
        priority=demand["priority"].to_numpy().astype(np.int64),
        late_per_day=_real(late),
        lost_cost=_real(lost),
    )


def _guide(network: Network, tables: Tables, pieces: list[Piece], demands: list[str]) -> Guide:
    edges = np.asarray(network.calendar.edges, dtype=np.int64)
    windows: dict[tuple[int, Key], list[int]] = defaultdict(list)
    for row, piece in enumerate(pieces):
        windows[piece.kind, piece.key].append(row)
    starts = np.zeros((len(pieces), edges.size - 1))
    for kind, table, key in (
        (BUILD, "builds", ["site", "item", "option"]),
        (BUY, "buys", ["offer", "destination"]),
        (SHIP, "shipments", ["origin", "destination", "mode", "lane_item", "item"]),
        (PICK, "alternates", ["site", "parent", "option", "group", "component"]),
    ):
        for *name, bucket, quantity in tables[table].select(*key, "bucket", "quantity").iter_rows():
            rows = windows[kind, tuple(name)]
            day = edges[bucket]
            held = [row for row in rows if pieces[row].first_day <= day <= pieces[row].last_day]
            if held:
                starts[held[0], bucket] += quantity
    number = {name: row for row, name in enumerate(demands)}
    given = tables["deliveries"].select("demand", "bucket", "quantity").rows()
    return Guide(
        edges,
        starts,
        _whole([number[name] for name, _, _ in given]),
        _whole([bucket for _, bucket, _ in given]),
        _real([quantity for *_, quantity in given]),
    )
