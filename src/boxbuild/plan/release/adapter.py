"""A network and its plan as a release problem, and the orders of the release as tables of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from boxbuild.network.currency import exchange_rates
from boxbuild.network.network import Network
from boxbuild.plan.release.days import days_of
from boxbuild.plan.release.guide import guide_of
from boxbuild.plan.release.limits import Limits, weekly_limits
from boxbuild.plan.release.pieces import NODE, Pieces, pieces
from boxbuild.plan.release.problem import BUILD, Activities, Demands, Floats, Integers, Receipts, ReleaseProblem
from boxbuild.plan.release.release import release
from boxbuild.plan.release.tables import order_tables

Tables = Mapping[str, pl.DataFrame]

_PLACE: Final = ("item", "site")


@dataclass(frozen=True)
class Released:
    """The orders of a plan.

    Parameters
    ----------
    tables
        ``orders`` and ``order_alternates`` (:mod:`boxbuild.plan.schemas`).
    """

    tables: Tables


def release_orders(network: Network, tables: Tables) -> Released:
    """Return the orders that a plan is released as.

    Parameters
    ----------
    network
        The network of the plan, changes applied.
    tables
        The plan's tables of quantities.
    """
    problem, found, demand = problem_of(network, tables)
    return Released(order_tables(network, found, demand, release(problem)))


def problem_of(network: Network, tables: Tables) -> tuple[ReleaseProblem, Pieces, pl.DataFrame]:
    """Return the release problem of a plan, and what its activities and its demands stand for, row by row.

    Parameters
    ----------
    network, tables
        As for :func:`release_orders`.
    """
    days = days_of(network, tables["options"])
    money = _money(network)
    limits = weekly_limits(network, tables["capacity"], days)
    found = pieces(network, tables["shipments"], days, limits, money)
    demand = network["demand"].filter(pl.col("due") < network.calendar.end).sort("demand")
    firm = network["receipts"].filter(pl.col("firm"))
    places = [network["stock"], firm, demand.rename({"market": "site"})]
    nodes = _nodes(found, [frame.select(_PLACE) for frame in places])
    held, arriving, asked = (_numbers(frame.select(_PLACE), nodes) for frame in places)
    problem = ReleaseProblem(
        horizon_days=days.horizon,
        stock=np.bincount(held, weights=network["stock"]["quantity"].to_numpy(), minlength=nodes.height).astype(
            np.float64
        ),
        receipts=Receipts(arriving, _whole(firm.select(day=days.number("due"))["day"]), _real(firm["quantity"])),
        activities=_activities(network, found, nodes, limits),
        capacity=limits.weeks,
        demands=_demands(network, demand, asked, money),
        guide=guide_of(network, tables, found.rows, demand["demand"]),
    )
    return problem, found, demand


def _money(network: Network) -> pl.DataFrame:
    """Return the home currency of one unit of each currency, on the first day."""
    rates = {currency: float(rates[0]) for currency, rates in exchange_rates(network).items()}
    return pl.DataFrame({"currency": list(rates), "rate": list(rates.values())})


def _nodes(found: Pieces, places: list[pl.DataFrame]) -> pl.DataFrame:
    """Number everything that has a stock, in the order in which the rows speak of it."""
    outputs = found.outputs.with_row_index("row").select(pl.col("row").cast(pl.Int64), *NODE)
    named = pl.concat([outputs, found.inputs.select("row", *NODE)]).sort("row", maintain_order=True).select(NODE)
    every = pl.concat([named, *places], how="diagonal").unique(maintain_order=True)
    return every.with_columns(node=pl.int_range(pl.len(), dtype=pl.Int64))


def _numbers(names: pl.DataFrame, nodes: pl.DataFrame) -> Integers:
    """Return the numbers of nodes by name, of items at sites or by all columns."""
    known = nodes if len(names.columns) > len(_PLACE) else nodes.filter(pl.col("group").is_null())
    found = names.join(known, on=names.columns, how="left", nulls_equal=True, maintain_order="left")
    return _whole(found["node"])


def _whole(values: pl.Series) -> Integers:
    return values.cast(pl.Int64).to_numpy()


def _real(values: pl.Series) -> Floats:
    return values.cast(pl.Float64).to_numpy()


def _starts(rows: Integers, count: int) -> Integers:
    """Return where the entries of each row begin, given the row of each entry in order."""
    return np.searchsorted(rows, np.arange(count + 1)).astype(np.int64)


def _activities(network: Network, found: Pieces, nodes: pl.DataFrame, limits: Limits) -> Activities:
    rows, inputs = found.rows, found.inputs.sort("row", maintain_order=True)
    uses = _uses(network, rows, limits)
    return Activities(
        _whole(rows["kind"]),
        _numbers(found.outputs.select(NODE), nodes),
        _real(rows["gain"]),
        _whole(rows["lead_days"]),
        _real(rows["lot_min"]),
        _real(rows["lot_multiple"]),
        _whole(rows["first_day"]),
        _whole(rows["last_day"]),
        _real(rows["unit_cost"]),
        _starts(_whole(inputs["row"]), rows.height),
        _numbers(inputs.select(NODE), nodes),
        _real(inputs["quantity"]),
        _starts(_whole(uses["row"]), rows.height),
        _whole(uses["limit"]),
        _real(uses["quantity"]),
    )


def _uses(network: Network, rows: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Return ``row``, ``limit`` and ``quantity``: what each row uses of the weekly limits, in the order of the rows."""
    numbers = pl.DataFrame({"resource": limits.resources, "limit": np.arange(limits.resources.len())})
    hours = (
        network["uses"]
        .filter(pl.col("quantity") > 0)
        .join(numbers, on="resource", maintain_order="left")
        .select(*_PLACE, "limit", "quantity")
    )
    numbered = rows.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))
    built = numbered.filter(pl.col("kind") == BUILD).select("row", *_PLACE)
    spent = built.join(hours, on=_PLACE, maintain_order="left_right").select("row", "limit", "quantity")
    one = numbered.filter(pl.col("limit").is_not_null()).select("row", "limit", quantity=pl.lit(1.0))
    return pl.concat([spent, one])


def _demands(network: Network, demand: pl.DataFrame, node: Integers, money: pl.DataFrame) -> Demands:
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
    values = network["items"].join(money, on="currency", how="left", maintain_order="left")
    rate = pl.col("rate").fill_null(1.0)
    worth = values.select("item", worth=pl.col("value").cast(pl.Float64) * rate)
    amounts = pl.col("price", "late_per_day", "lost_cost").cast(pl.Float64) * rate
    priced = (
        demand.join(money, on="currency", how="left", maintain_order="left")
        .join(worth, on="item", how="left", maintain_order="left")
        .with_columns(amounts)
    )
    late_rate = float(network.settings.late_rate)
    return Demands(
        node=node,
        first_day=due,
        due_day=patient,
        quantity=_real(demand["quantity"]),
        min_shipment=_real(demand["min_shipment"]),
        max_late_days=last - patient,
        priority=_whole(demand["priority"]),
        late_per_day=_real(
            priced.select(late=pl.coalesce("late_per_day", pl.col("price").fill_null(0.0) * late_rate))["late"]
        ),
        lost_cost=_real(priced.select(lost=pl.coalesce("lost_cost", "price", "worth"))["lost"]),
    )
