"""Orders: dates, lots, stock by day, weekly limits, deliveries and cost, for all orders at once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
import polars as pl

from boxbuild.audit.columns import money
from boxbuild.audit.columns.flows import NAMES, Moves, Tables
from boxbuild.audit.columns.pairs import Ints, Mask, Pairs, stacked, told
from boxbuild.audit.columns.quantities import PLACE, below, close, given, loads, needed
from boxbuild.audit.columns.rows import coded, distinct, in_force
from boxbuild.audit.money import HALF_CENT, RELATIVE
from boxbuild.audit.tally import EXACT_RULE, Tally
from boxbuild.plan.plan import Plan

WEEK = 7


@dataclass(frozen=True)
class Dated:
    """Orders of one kind.

    Parameters
    ----------
    frame
        The orders, with the names of the rows that they go by under the names of a plan's tables.
    row, holds
        Row of the network that each goes by, and whether it holds and can be used on the day that the order starts.
    start, end
        Day numbers.
    quantity
        How much.
    """

    frame: pl.DataFrame
    row: Ints
    holds: Mask
    start: Ints
    end: Ints
    quantity: Pairs


_KINDS = {
    "operations": ("build", {"site": "site", "item": "item", "option": "reference"}),
    "sources": ("buy", {"offer": "reference"}),
    "lanes": ("ship", {"origin": "site", "destination": "destination", "mode": "reference", "lane_item": "lane_item"}),
}


@dataclass(frozen=True)
class Orders:
    """The orders of a plan.

    Parameters
    ----------
    plan
        The plan; every row of its tables can be read.
    tables
        Its network.
    """

    plan: Plan
    tables: Tables

    @cached_property
    def builds(self) -> Dated:
        """Build orders by the rows of operations."""
        return self._dated("operations")

    @cached_property
    def buys(self) -> Dated:
        """Buy orders by the rows of sources."""
        return self._dated("sources")

    @cached_property
    def shipments(self) -> Dated:
        """Shipments by the rows of lanes."""
        return self._dated("lanes")

    @cached_property
    def deliveries(self) -> Dated:
        """Deliveries by the rows of demand."""
        frame = self.plan["orders"].filter(kind="deliver")
        row = coded(frame.select("reference"), self.tables.demand.select("demand"))
        return Dated(frame, row, row >= 0, *self._days(frame), Pairs.of(frame["quantity"]))

    def _dated(self, table: str) -> Dated:
        kind, names = _KINDS[table]
        found = self.plan["orders"].filter(kind=kind)
        frame = found.select("item", "site", "destination", "quantity", "start", "end", "reference", "lane_item")
        frame = frame.with_columns(**{name: column for name, column in names.items() if name != column})
        start, end = self._days(frame)
        rows = self.tables.network[table].select(*NAMES[table], "from", "until")
        row, holds = in_force(frame.select(*names), rows, start, self.tables.days.start)
        usable = self.tables.ready[table][row] <= start
        return Dated(frame, row, holds & usable, start, end, Pairs.of(frame["quantity"]))

    def _days(self, frame: pl.DataFrame) -> tuple[Ints, Ints]:
        first = self.tables.days.start
        start, end = ((frame[name] - first).dt.total_days().to_numpy() for name in ("start", "end"))
        return start.astype(np.int64), end.astype(np.int64)

    @cached_property
    def moved(self) -> tuple[pl.DataFrame, Ints, Ints, Pairs]:
        """``item`` and ``site`` of nodes; node, day and signed quantity of everything that moves."""
        tables, made, sent = self.tables, self.builds, self.shipments
        receipts = tables.network["receipts"].filter("firm")
        due = np.maximum((receipts["due"] - tables.days.start).dt.total_days().to_numpy(), 0)
        inside = due < tables.days.horizon
        receipts = receipts.filter(inside)
        build, component, per_unit = tables.needs(made.frame["site"], made.frame["item"], made.start)
        parts = [
            (receipts.select(PLACE), due[inside], Pairs.of(receipts["quantity"])),
            (
                made.frame.select(PLACE),
                made.end,
                made.quantity * tables.number("operations", "yield")[made.row],
            ),
            (self.deliveries.frame.select(PLACE), self.deliveries.start, -self.deliveries.quantity),
            (sent.frame.select(PLACE), sent.start, -sent.quantity),
            (sent.frame.select("item", site="destination"), sent.end, sent.quantity),
            (self.buys.frame.select("item", site="destination"), self.buys.end, self.buys.quantity),
            (
                pl.DataFrame({"item": component, "site": made.frame["site"].gather(build)}),
                made.start[build],
                -(made.quantity[build] * per_unit),
            ),
        ]
        places = [place for place, _, _ in parts]
        nodes = distinct([*places, tables.network["stock"].select(PLACE)])
        node = np.concatenate([coded(place, nodes) for place in places])
        return nodes, node, np.concatenate([day for _, day, _ in parts]), stacked([each for _, _, each in parts])

    @cached_property
    def opening(self) -> Pairs:
        """Opening stock of each node."""
        nodes, stock = self.moved[0], self.tables.network["stock"]
        return Pairs.of(stock["quantity"]).summed(coded(stock.select(PLACE), nodes), nodes.height)

    @cached_property
    def resources(self) -> pl.DataFrame:
        """Names of the resources."""
        return self.tables.network["resources"].select("resource").unique(maintain_order=True)

    @cached_property
    def worked(self) -> tuple[Ints, Pairs, Pairs, Pairs]:
        """Cells that builds use, ``resource × weeks + week``; what they use, regular capacity and overtime of each."""
        made, weeks = self.builds, self.weeks
        build, resource, load = loads(self.tables, self.resources, made.frame, made.quantity)
        cell, group = np.unique(resource * weeks + made.start[build] // WEEK, return_inverse=True)
        left = np.arange(weeks) * WEEK
        right = np.minimum(left + WEEK, self.tables.days.horizon)
        regular, overtime = given(self.tables, self.resources, left, right)
        return cell, load.summed(group, len(cell)), regular[cell], overtime[cell]

    @property
    def weeks(self) -> int:
        """Weeks of the horizon, the last one begun."""
        return -(-self.tables.days.horizon // WEEK)


def order_dates(orders: Orders) -> Tally | None:
    """Check dates; see :func:`boxbuild.audit.orders.dates.order_dates`."""
    network, horizon = orders.tables.network, orders.tables.days.horizon
    for table, made in (("operations", orders.builds), ("sources", orders.buys), ("lanes", orders.shipments)):
        lead = network[table]["lead_days"].gather(made.row).to_numpy()
        if not (made.holds & (made.end == made.start + lead)).all():
            return None
    sent, bought, met = orders.shipments, orders.buys, orders.deliveries
    ends = (orders.builds, bought, sent, met)
    inside = all(((each.start >= 0) & (each.end < horizon)).all() for each in ends)
    carries = network["lanes"]["item"].gather(sent.row)
    offers = network["sources"].select("item", "supplier", "destination")[bought.row]
    wanted = orders.tables.demand.select("item", "market")[met.row]
    served = np.where(
        offers["destination"].is_null().to_numpy(),
        coded(bought.frame.select("item", site="destination"), needed(orders.tables)) >= 0,
        (offers["destination"] == bought.frame["destination"]).fill_null(value=False).to_numpy(),
    )
    fine = [
        inside,
        (carries.is_null() | (carries == sent.frame["item"])).all(),
        offers["item"].equals(bought.frame["item"]),
        offers["supplier"].equals(bought.frame["site"]),
        served.all(),
        wanted["item"].equals(met.frame["item"]),
        wanted["market"].equals(met.frame["site"]),
        (met.end == met.start).all(),
    ]
    return Tally("order dates", "orders", EXACT_RULE, orders.plan["orders"].height) if all(fine) else None


def order_lots(orders: Orders) -> Tally | None:
    """Check lots; see :func:`boxbuild.audit.orders.lots.order_lots`."""
    tally, fine = Tally("order lots", "build and buy orders × rules"), True
    for table, made in (("operations", orders.builds), ("sources", orders.buys)):
        least = orders.tables.number(table, "lot_min")[made.row]
        fine &= below(tally, made.quantity, least, np.zeros(len(made.row)))
        multiple = orders.tables.number(table, "lot_multiple")[made.row]
        whole = multiple.high != 0
        step, quantity = multiple[whole], made.quantity[whole]
        lots = Pairs.whole(np.rint(quantity.high / step.high).astype(np.int64))
        fine &= close(tally, lots * step, quantity, np.zeros(len(lots)))
    return tally if fine else None


def order_alternates(orders: Orders) -> Tally | None:
    """Return the tally of orders without alternates."""
    if orders.tables.grouped_boms or orders.plan["order_alternates"].height:
        return None
    return Tally("order alternates", "build orders × groups")


def order_stock(orders: Orders) -> Tally | None:
    """Check stock by day; see :func:`boxbuild.audit.orders.stock.order_stock`."""
    tally = Tally("order stock", "items × sites × days with a movement")
    if orders.tables.grouped_boms or orders.plan["order_alternates"].height:
        return None
    if orders.plan["orders"].is_empty():
        return tally
    _, node, day, quantity = orders.moved
    span = int(day.max(initial=0)) + 1
    cell, group = np.unique(node * span + day, return_inverse=True)
    of, change = cell // span, quantity.summed(group, len(cell))
    stock, gross = change[np.arange(len(cell))], np.abs(change.high)
    first = np.flatnonzero(np.diff(of, prepend=-1))
    sizes = np.diff(first, append=len(of))
    high, low = stock.high.copy(), stock.low.copy()
    before, size = orders.opening[of[first]], orders.opening.high[of[first]]
    for step in range(int(sizes.max(initial=0))):
        going = sizes > step
        first, before, size, sizes = first[going], before[going], size[going], sizes[going]
        at = first + step
        before, size = before + Pairs(high[at], low[at]), size + gross[at]
        high[at], low[at], gross[at] = before.high, before.low, size
    nothing = Pairs(np.zeros(len(cell)), np.zeros(len(cell)))
    return tally if below(tally, Pairs(high, low), nothing, gross) else None


def order_weeks(orders: Orders) -> Tally | None:
    """Check weekly limits; see :func:`boxbuild.audit.orders.weeks.order_weeks`."""
    tally = Tally("order weeks", "resources, offers, lanes × weeks")
    _, used, regular, overtime = orders.worked
    limit = regular + overtime
    fine = below(tally, limit, used, limit.high)
    for table, made in (("sources", orders.buys), ("lanes", orders.shipments)):
        limited = orders.tables.network[table]["per_week"].is_not_null().gather(made.row).to_numpy()
        cells, cell = np.unique((made.row * orders.weeks + made.start // WEEK)[limited], return_inverse=True)
        most = orders.tables.number(table, "per_week")[cells // orders.weeks]
        fine &= below(tally, most, made.quantity[limited].summed(cell, len(cells)), most.high)
    return tally if fine else None


def order_deliveries(orders: Orders) -> Tally | None:
    """Check deliveries by day; see :func:`boxbuild.audit.orders.deliveries.order_deliveries`."""
    tally, tables, made = Tally("order deliveries", "delivery orders, and demands"), orders.tables, orders.deliveries
    order = np.lexsort((made.start, made.row))
    row, start, quantity = made.row[order], made.start[order], made.quantity[order]
    due, demand = tables.due_bucket[row], tables.demand
    good_until = np.maximum(demand["due"].to_numpy(), 0) + demand["grace_days"].to_numpy()
    last = np.maximum((good_until + demand["max_late_days"].to_numpy())[row], tables.edges[due + 1] - 1)
    if not ((due >= 0) & (start >= tables.edges[due]) & (start <= last)).all():
        return None
    wanted, least = tables.number("demand", "quantity")[row], tables.number("demand", "min_shipment")[row]
    first = np.flatnonzero(np.diff(row, prepend=-1))
    sizes = np.diff(first, append=len(row))
    group = np.repeat(np.arange(len(first)), sizes)
    got = quantity.summed(group, len(first))
    # only the part that completes a demand may be small: the last one of a demand that is met
    completes = np.zeros(len(row), dtype=np.bool_)
    ends = first + sizes - 1
    completes[ends] = told((got - wanted[first]).high) >= 0
    early = ~completes
    met = told((got - quantity[ends] - wanted[first]).high) >= 0
    if met.any():
        return None
    tally.count = len(row)
    fine = below(tally, quantity[early], least[early], wanted.high[early])
    fine &= below(tally, wanted[first], got, wanted.high[first])
    return tally if fine else None


def release_cost(orders: Orders) -> Tally | None:
    """Check the cost of the orders; see :func:`boxbuild.audit.orders.cost.release_cost`."""
    tally, stated = Tally("release cost", "cost of the orders", "1e-6 of the amounts"), orders.plan.summary.release_cost
    plan, tables = orders.plan, orders.tables
    if plan["orders"].is_empty() and stated is None:
        return tally
    grouped = tables.grouped_boms or plan["order_alternates"].height
    committed = any(tables.network[name].height for name in ("contracts", "tiers", "targets"))
    if stated is None or not np.isfinite(stated) or grouped or committed or money.by_rows(plan, tables):
        return None
    parts = _amounts(orders)
    book = None if parts is None else money.Book.of([*parts, *money.opened(plan, tables)], tables)
    if book is None:
        return None
    computed = book.total
    tally.count, tally.deviation = 1, abs(Decimal(stated) - computed.cost)
    allowed = RELATIVE * computed.gross + HALF_CENT * (computed.count + 1)
    return tally if tally.deviation <= allowed else None


def _amounts(orders: Orders) -> list[money.Amounts] | None:
    """Return what orders cost, priced by the rows of the first day of their buckets."""
    tables, priced = orders.tables, []
    for table, made in (("operations", orders.builds), ("sources", orders.buys), ("lanes", orders.shipments)):
        one = _priced(tables, table, made)
        if one is None:
            return None
        priced.append(one)
    builds, buys, shipments = priced
    return [
        *money.buying(tables, buys),
        *money.carrying(tables, shipments),
        money.conversion(tables, builds),
        _overtime(orders),
        _holding(orders),
        *_serving(orders),
    ]


def _priced(tables: Tables, table: str, made: Dated) -> Moves | None:
    """Return orders as flows; ``None`` where a row begins within a bucket on whose first day none holds."""
    bucket = _bucket(tables, made.start)
    names = made.frame.select(*_KINDS[table][1])
    rows = tables.network[table].select(*NAMES[table], "from", "until")
    row, holds = in_force(names, rows, tables.edges[bucket], tables.days.start)
    if not holds.all():
        return None
    whole = np.arange(len(row))
    arrival = _bucket(tables, made.end)
    return Moves(made.frame, row, holds, bucket, made.quantity, whole, arrival, Pairs.whole(np.ones(len(row), int)))


def _bucket(tables: Tables, days: Ints) -> Ints:
    return np.clip(tables.bucket(days), 0, tables.buckets - 1)


def _overtime(orders: Orders) -> money.Amounts:
    """What each week uses beyond its regular hours, in the bucket in which the week starts."""
    cell, used, regular, limit = orders.worked
    over = used - regular
    beyond = over.high > 0
    capped = beyond & (told((over - limit).high) > 0)
    taken = Pairs(np.where(capped, limit.high, over.high), np.where(capped, limit.low, over.low))[beyond]
    names = orders.resources[cell[beyond] // orders.weeks]
    return money.overtime(orders.tables, names, _bucket(orders.tables, cell[beyond] % orders.weeks * WEEK), taken)


def _holding(orders: Orders) -> money.Amounts:
    """What is in stock at the end of buckets."""
    nodes, node, day, quantity = orders.moved
    count = orders.tables.buckets
    change = quantity.summed(node * count + _bucket(orders.tables, day), nodes.height * count)
    stock, kept = orders.opening, []
    for bucket in range(count):
        stock = stock + change[np.arange(nodes.height) * count + bucket]
        kept.append(stock)
    every = stacked(kept)
    there = np.flatnonzero(told(every.high) > 0)
    return money.holding(orders.tables, nodes[there % nodes.height], there // nodes.height, every[there])


def _serving(orders: Orders) -> tuple[money.Amounts, money.Amounts]:
    tables, made = orders.tables, orders.deliveries
    bucket, demand = _bucket(tables, made.start), tables.demand
    good_until = np.maximum(demand["due"].to_numpy(), 0) + demand["grace_days"].to_numpy()
    late = np.maximum(tables.edges[bucket] - tables.edges[tables.due_bucket[made.row]], 0)
    late = np.where(made.start <= good_until[made.row], 0, late)
    left = tables.number("demand", "quantity") - made.quantity.summed(made.row, demand.height)
    short = np.flatnonzero((tables.due_bucket >= 0) & (told(left.high) > 0))
    return money.lateness(tables, made.row, bucket, late, made.quantity), money.losses(tables, short, left[short])
