"""Quantities by bucket: balances, rows, deliveries, capacity and weekly limits, a whole table at once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from boxbuild.audit.columns.flows import Moves, Tables, moves
from boxbuild.audit.columns.pairs import Floats, Ints, Mask, Pairs, stacked, told
from boxbuild.audit.columns.rows import coded, distinct, windows
from boxbuild.audit.tally import ABSOLUTE, EXACT_RULE, RELATIVE, Tally
from boxbuild.plan.plan import Plan

SEVEN: Final = Pairs.one(Decimal(7))
PLACE: Final = ("item", "site")


@dataclass(frozen=True)
class Buckets:
    """The flows of a plan by bucket.

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
    def builds(self) -> Moves:
        """Builds by the rows of operations."""
        return moves(self.tables, "operations", self.plan["builds"], ("site", "item", "option"))

    @cached_property
    def buys(self) -> Moves:
        """Buys by the rows of sources."""
        return moves(self.tables, "sources", self.plan["buys"], ("offer",))

    @cached_property
    def shipments(self) -> Moves:
        """Shipments by the rows of lanes."""
        names = ("origin", "destination", "mode", "lane_item")
        return moves(self.tables, "lanes", self.plan["shipments"], names)

    @cached_property
    def good(self) -> Pairs:
        """Good units of each build."""
        return self.builds.quantity * self.tables.number("operations", "yield")[self.builds.row]

    @cached_property
    def _needs(self) -> tuple[Ints, pl.Series, Pairs]:
        builds = self.builds
        return self.tables.needs(builds.frame["site"], builds.frame["item"], self.tables.edges[builds.bucket])

    @cached_property
    def parents(self) -> pl.Series:
        """What is built, for each row of ``used``."""
        return pl.concat([self.builds.frame["item"].gather(self._needs[0]), self.plan["alternates"]["parent"]])

    @cached_property
    def used(self) -> tuple[pl.DataFrame, Ints, Pairs]:
        """``item`` and ``site``, bucket and quantity of what builds take."""
        builds, (build, component, per_unit) = self.builds, self._needs
        places = pl.DataFrame({"item": component, "site": builds.frame["site"].gather(build)})
        taken = self.plan["alternates"]
        return (
            pl.concat([places, taken.select("site", item="component").select(PLACE)]),
            np.concatenate([builds.bucket[build], taken["bucket"].to_numpy()]),
            stacked([builds.quantity[build] * per_unit, Pairs.of(taken["quantity"])]),
        )

    @cached_property
    def demanded(self) -> Ints:
        """Row of the demand of each delivery."""
        return coded(self.plan["deliveries"].select("demand"), self.tables.demand.select("demand"))


def within(off: Floats, gross: Floats) -> Mask:
    """Return whether differences are let pass; ``gross`` is the size of the flows behind them."""
    return (off <= float(ABSOLUTE)) | (off <= float(ABSOLUTE) + float(RELATIVE) * np.abs(gross))


def close(tally: Tally, expected: Pairs, found: Pairs, gross: Floats) -> bool:
    """Count the comparisons of quantities, and return whether all are let pass."""
    return counted(tally, expected.distance(found), gross)


def below(tally: Tally, limit: Pairs, found: Pairs, gross: Floats) -> bool:
    """Count the comparisons of quantities with their limits, and return whether all are let pass."""
    return counted(tally, np.maximum(told((found - limit).high), 0.0), gross)


def counted(tally: Tally, off: Floats, gross: Floats) -> bool:
    """Count differences, and return whether all are let pass."""
    tally.count += len(off)
    tally.deviation = max(tally.deviation, Decimal(repr(float(off.max(initial=0.0)))))
    return bool(within(off, gross).all())


def balances(flows: Buckets) -> Tally | None:
    """Check the balance of every item, site and bucket; see :func:`boxbuild.audit.balances.balances`."""
    tally = Tally("balances", "items × sites × buckets")
    plan, tables = flows.plan, flows.tables
    count = tables.buckets
    stock = plan["stock"]
    places, bucket, quantity = _movements(flows)
    opening = tables.network["stock"]
    nodes = distinct([*places, opening.select(PLACE), stock.select(PLACE)])
    here = np.concatenate([coded(each, nodes) for each in places])
    cells = nodes.height * count
    moved = here * count + np.concatenate(bucket)
    net = stacked(quantity).summed(moved, cells)
    after = Pairs.of(stock["quantity"]).summed(
        coded(stock.select(PLACE), nodes) * count + stock["bucket"].to_numpy(), cells
    )
    first = Pairs.of(opening["quantity"]).summed(coded(opening.select(PLACE), nodes), nodes.height)
    before = Pairs(_shifted(after.high, first.high, count), _shifted(after.low, first.low, count))
    gross: Floats = np.abs(before.high) + np.bincount(moved, np.abs(stacked(quantity).high), minlength=cells)
    if (after.high < 0).any():
        return None
    return tally if close(tally, before + net, after, gross) else None


def _shifted(after: Floats, first: Floats, count: int) -> Floats:
    """Return what is there before each bucket: what is left of the one before, at first the opening stock."""
    table = after.reshape(-1, count)
    found: Floats = np.concatenate([first[:, None], table[:, :-1]], axis=1).ravel()
    return found


def _movements(flows: Buckets) -> tuple[list[pl.DataFrame], list[Ints], list[Pairs]]:
    """Item and site, bucket and signed quantity of everything that moves."""
    tables, plan = flows.tables, flows.plan
    builds, buys, shipments = flows.builds, flows.buys, flows.shipments
    offered = tables.network["sources"]["item"].gather(buys.row)
    receipts = tables.network["receipts"].filter("firm")
    due = np.maximum((receipts["due"] - tables.days.start).dt.total_days().to_numpy(), 0)
    inside = due < tables.days.horizon
    receipts = receipts.filter(inside)
    deliveries = plan["deliveries"]
    taken, taken_in, used = flows.used
    found = [
        (receipts.select(PLACE), tables.bucket(due[inside]), Pairs.of(receipts["quantity"])),
        (
            pl.DataFrame({"item": offered, "site": buys.frame["destination"]})[buys.part],
            buys.arrival,
            buys.arrived,
        ),
        (shipments.frame.select("item", site="origin"), shipments.bucket, -shipments.quantity),
        (shipments.frame.select("item", site="destination")[shipments.part], shipments.arrival, shipments.arrived),
        (builds.frame.select(PLACE)[builds.part], builds.arrival, flows.good[builds.part] * builds.fraction),
        (taken, taken_in, -used),
        (
            tables.demand.select("item", site="market")[flows.demanded],
            deliveries["bucket"].to_numpy(),
            -Pairs.of(deliveries["quantity"]),
        ),
    ]
    return [each[0] for each in found], [each[1] for each in found], [each[2] for each in found]


def alternates(flows: Buckets) -> Tally | None:
    """Return the tally of a plan without groups of alternates; see :func:`boxbuild.audit.needs.alternates`."""
    if flows.tables.grouped_boms or flows.plan["alternates"].height:
        return None
    return Tally("alternates", "builds × groups, and rows taken")


def builds(flows: Buckets) -> Tally | None:
    """Check builds; see :func:`boxbuild.audit.rows.builds`."""
    tally, made = Tally("builds", "builds"), flows.builds
    if not (made.holds.all() and made.arrives):
        return None
    good = Pairs.of(made.frame["good"])
    return tally if close(tally, flows.good, good, made.quantity.high) else None


def buys(flows: Buckets) -> Tally | None:
    """Check buys; see :func:`boxbuild.audit.rows.buys`."""
    made, network = flows.buys, flows.tables.network
    if not (made.holds.all() and made.arrives):
        return None
    offers = network["sources"].select("item", "supplier", "destination")[made.row]
    asked = pl.DataFrame({"item": offers["item"], "site": made.frame["destination"]})
    named = (offers["destination"] == made.frame["destination"]).to_numpy()
    anywhere = offers["destination"].is_null().to_numpy()
    served = np.where(anywhere, coded(asked, needed(flows.tables)) >= 0, named)
    same = offers.select("item", "supplier").equals(made.frame.select("item", "supplier"))
    return Tally("buys", "buys", EXACT_RULE, len(made.row)) if same and served.all() else None


def needed(tables: Tables) -> pl.DataFrame:
    """Return ``item`` and ``site``: plants with an operation whose bill of materials has the item."""
    network = tables.network
    plants = network["sites"].filter(kind="plant").select("site")
    built = network["operations"].select("site", parent="item").unique().join(plants, on="site", how="semi")
    return (
        network["boms"]
        .select("parent", "component", at="site")
        .join(built, on="parent")
        .filter(pl.col("at").is_null() | (pl.col("at") == pl.col("site")))
        .select(item="component", site="site")
        .unique()
    )


def shipments(flows: Buckets) -> Tally | None:
    """Check shipments; see :func:`boxbuild.audit.rows.shipments`."""
    made = flows.shipments
    carries = flows.tables.network["lanes"]["item"].gather(made.row)
    fits = (carries.is_null() | (carries == made.frame["item"])).all()
    fine = fits and made.holds.all() and made.arrives
    return Tally("shipments", "shipments", EXACT_RULE, len(made.row)) if fine else None


def deliveries(flows: Buckets) -> Tally | None:
    """Check deliveries; see :func:`boxbuild.audit.service.deliveries`."""
    stated, tables = flows.plan["deliveries"], flows.tables
    demand, due = tables.demand[flows.demanded], tables.due_bucket[flows.demanded]
    late = tables.edges[stated["bucket"].to_numpy()] - tables.edges[due]
    in_time = (due >= 0) & (late >= 0) & (late <= demand["max_late_days"].to_numpy())
    same = demand.select("item", "market").equals(stated.select("item", "market"))
    told_late = stated["late_days"].is_null().any() or (stated["late_days"].to_numpy() != late).any()
    fine = same and in_time.all() and not told_late
    return Tally("deliveries", "deliveries", EXACT_RULE, stated.height) if fine else None


def demand(flows: Buckets) -> Tally | None:
    """Check that demands are met or short; see :func:`boxbuild.audit.service.demand`."""
    tally, tables = Tally("demand", "demands"), flows.tables
    known, short = tables.demand, flows.plan["shortages"]
    lacking = coded(short.select("demand"), known.select("demand"))
    if not known.select("item", "market")[lacking].equals(short.select("item", "market")):
        return None
    got = Pairs.of(flows.plan["deliveries"]["quantity"]).summed(flows.demanded, known.height)
    missed = Pairs.of(short["quantity"]).summed(lacking, known.height)
    asked = tables.number("demand", "quantity")
    inside = tables.due_bucket >= 0
    wanted = Pairs(np.where(inside, asked.high, 0.0), np.where(inside, asked.low, 0.0))
    return tally if close(tally, wanted, got + missed, wanted.high) else None


def given(tables: Tables, names: pl.DataFrame, left: Ints, right: Ints) -> tuple[Pairs, Pairs]:
    """Return the regular capacity and the overtime of resources on spans of days ``[left, right)``.

    Returns
    -------
    tuple
        Of shape ``(resources × spans)``, resource by resource.
    """
    rows = tables.network["resources"]
    first, last = windows(rows, tables.days.start)
    first = np.maximum(first, tables.ready["resources"])
    days = np.minimum(right, last[:, None] + 1) - np.maximum(left, first[:, None])
    row, span = np.nonzero(days > 0)
    cell = coded(rows.select("resource"), names)[row] * len(left) + span
    each = Pairs.whole(days[row, span])
    parts = (
        (tables.number("resources", column)[row] * each / SEVEN).summed(cell, names.height * len(left))
        for column in ("per_week", "overtime_per_week")
    )
    regular, overtime = parts
    return regular, overtime


def loads(tables: Tables, names: pl.DataFrame, made: pl.DataFrame, quantity: Pairs) -> tuple[Ints, Ints, Pairs]:
    """Return what builds of ``site`` and ``item`` take of resources: the build, the resource, and how much."""
    uses = tables.network["uses"].with_row_index("use")
    asked = made.select("site", "item").with_row_index("build")
    each = asked.join(uses.select("site", "item", "resource", "use"), on=["site", "item"], maintain_order="left")
    build, use = each["build"].cast(pl.Int64).to_numpy(), each["use"].cast(pl.Int64).to_numpy()
    return build, coded(each.select("resource"), names), quantity[build] * tables.number("uses", "quantity")[use]


def capacity(flows: Buckets) -> Tally | None:
    """Check what is used of resources; see :func:`boxbuild.audit.capacity.capacity`."""
    tally, tables = Tally("capacity", "resources × buckets"), flows.tables
    names = tables.network["resources"].select("resource").unique(maintain_order=True)
    stated, count = flows.plan["capacity"], tables.buckets
    cells = names.height * count
    place = coded(stated.select("resource"), names) * count + stated["bucket"].to_numpy()
    if len(place) != cells or len(np.unique(place)) != cells:
        return None
    order = np.argsort(place)
    told_used, told_regular, overtime, told_limit = (
        Pairs.of(stated[name])[order] for name in ("used", "regular", "overtime", "overtime_limit")
    )
    made = flows.builds
    build, resource, load = loads(tables, names, made.frame, made.quantity)
    used = load.summed(resource * count + made.bucket[build], cells)
    regular, limit = given(tables, names, tables.edges[:-1], tables.edges[1:])
    fine = [
        close(tally, used, told_used, used.high),
        close(tally, regular, told_regular, regular.high),
        close(tally, limit, told_limit, limit.high),
        below(tally, limit, overtime, limit.high),
        below(tally, regular + overtime, used, used.high),
    ]
    return tally if all(fine) else None


def supply(flows: Buckets) -> Tally | None:
    """Check what offers sell; see :func:`boxbuild.audit.capacity.supply`."""
    return _weekly(Tally("supply", "limited offers × buckets"), flows, "sources", flows.buys)


def carriage(flows: Buckets) -> Tally | None:
    """Check what lanes carry; see :func:`boxbuild.audit.capacity.carriage`."""
    return _weekly(Tally("carriage", "limited lanes × buckets"), flows, "lanes", flows.shipments)


def _weekly(tally: Tally, flows: Buckets, table: str, made: Moves) -> Tally | None:
    tables = flows.tables
    limited = tables.network[table]["per_week"].is_not_null().gather(made.row).to_numpy()
    cells, cell = np.unique((made.row * tables.buckets + made.bucket)[limited], return_inverse=True)
    row, bucket = cells // tables.buckets, cells % tables.buckets
    limit = tables.number(table, "per_week")[row] * Pairs.whole(tables.lengths[bucket]) / SEVEN
    return tally if below(tally, limit, made.quantity[limited].summed(cell, len(cells)), limit.high) else None
