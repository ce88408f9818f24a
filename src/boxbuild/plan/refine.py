"""Refine: a plan in long buckets, timed again by weeks, so that its orders know when in a month they are due.

In a bucket of a month everything that is due in it is on time, whenever it is made; dated orders cannot live by
that. So the decisions of the plan (options, steps of price ladders, thresholds of incentives that are reached) are
kept, every bucket is cut into pieces of a week at the most, and the quantities are solved again. The plan itself, its
cost and its bound stay as they are: only the orders follow the finer quantities. What is under export schemes is not
decided again: each flow keeps the part that the plan has under them, and is priced so. What is claimed under trade
agreements is: without it the weeks would not buy what makes goods originate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.law.schemes import SCHEMES
from boxbuild.model.assemble import assemble
from boxbuild.model.columns import KEYS
from boxbuild.model.constraints.exempt.worth import forgone, savings
from boxbuild.model.model import Model
from boxbuild.network.network import Network
from boxbuild.plan.exempt import LANE, joined
from boxbuild.plan.order_flows.exempt import FLOW, exempt_shares
from boxbuild.plan.quantities import quantities
from boxbuild.solve.session import Options, run
from boxbuild.solve.solution import Solution

WEEK = 7

AIM_DAYS = 7
"""Days before the due day that orders aim at, where there is room: lots and days eat what is timed to the day."""

LADDER = ["contract", "offer", "from_quantity"]


@dataclass(frozen=True)
class Refined:
    """A network by weeks with the quantities that orders are to follow.

    ``note`` says what the user should know; empty where there is nothing to say.
    """

    network: Network
    tables: Mapping[str, pl.DataFrame]
    note: str = ""


def refined(network: Network, tables: Mapping[str, pl.DataFrame], seconds: float | None = None) -> Refined:
    """Return the plan timed again by weeks; the plan as it is where no bucket is longer than a week.

    Parameters
    ----------
    network, tables
        The network and the plan's tables of quantities.
    seconds
        Wall seconds that it may take; the plan is returned as it is when they do not suffice, and the note says so.
    """
    calendar = network.calendar
    if int(calendar.lengths.max()) <= WEEK:
        return Refined(network, tables)
    finer = replace(network, settings=replace(network.settings, buckets=calendar.cut(WEEK)))
    model = assemble(unschemed(finer.with_table("demand", _aimed(finer))))
    model = replace(model, cost=model.cost + schemed_cost(model, exempt_shares(tables)))
    fixed = _decided(model, network, tables)
    outcome = run(fixed, Options(seconds=seconds, algorithm="ipm"), relaxed=True)
    note = ""
    if outcome.values is None and model.columns["qualify"].height:
        fixed = _freed(fixed, model)
        outcome = run(fixed, Options(seconds=seconds, algorithm="ipm"), relaxed=True)
        note = "by weeks not every threshold of an incentive is reached: the orders may miss one"
    if outcome.values is None:
        return Refined(network, tables, "the orders follow the plan's long buckets: by weeks its promises do not hold")
    values = np.clip(outcome.values, fixed.lower, fixed.upper)
    cost = float(model.cost @ values)
    return Refined(finer, quantities(model, Solution(values, cost, -np.inf, "feasible", "by weeks")), note)


def unschemed(network: Network) -> Network:
    """Return a network without export schemes: their streams by weeks would be most of the model."""
    regime = pl.when(pl.col("regime").is_in(list(SCHEMES))).then(pl.lit("dta")).otherwise("regime")
    plain = network.with_table("schemes", network.tables["schemes"].clear())
    return plain.with_table("sites", network.tables["sites"].with_columns(regime=regime))


def schemed_cost(model: Model, shares: pl.DataFrame) -> NDArray[np.float64]:
    """Return what schemes change in the cost of a unit of each flow, where the plan's part of it is under them.

    Parameters
    ----------
    model
        A model without the streams of schemes.
    shares
        Which part of each flow is under which scheme (:func:`boxbuild.plan.order_flows.exempt.exempt_shares`).

    Returns
    -------
    array
        Shape ``(columns,)``, discounted home currency per unit.
    """
    change = np.zeros(model.cost.size)
    if shares.is_empty():
        return change
    keyed = pl.concat(
        [
            model.columns["buy"].select(
                flow="column", kind=pl.lit("buy"), item="item", site="destination", key="offer"
            ),
            model.columns["ship"].select(
                flow="column", kind=pl.lit("ship"), item="item", site="destination", key=joined(LANE)
            ),
        ]
    )
    saved = savings(model.flows, model.columns).join(keyed, on=["kind", "flow"])
    saved = saved.join(shares, left_on=["scheme", "site", "kind", "item", "key"], right_on=list(FLOW))
    given_up = forgone(model.flows, model.columns).join(keyed.drop("kind", "site"), on="flow")
    exported = shares.filter(pl.col("flow") == "export").drop("flow", "site")
    given_up = given_up.join(exported, on=["scheme", "item", "key"])
    np.add.at(change, saved["flow"].to_numpy(), -(saved["saving"] * saved["share"]).to_numpy())
    np.add.at(change, given_up["flow"].to_numpy(), (given_up["forgone"] * given_up["share"]).to_numpy())
    return change


def _aimed(network: Network) -> pl.DataFrame:
    """Demands of the horizon, due earlier by the days that orders aim at, but not before the start."""
    due = pl.col("due") - pl.duration(days=AIM_DAYS)
    inside = network.tables["demand"].filter(pl.col("due") < network.calendar.end)
    return inside.with_columns(due=pl.max_horizontal(due, pl.lit(network.settings.start)))


def _decided(model: Model, network: Network, tables: Mapping[str, pl.DataFrame]) -> Model:
    """Hold the yes-or-no decisions to those of the plan."""
    lower, upper = model.lower.copy(), model.upper.copy()
    decisions = {
        "take": _taken(model, network, tables),
        "reach": _reached(model, tables),
        "qualify": _qualified(model, tables),
    }
    for kind, chosen in decisions.items():
        numbers = model.columns[kind]["column"].to_numpy()
        lower[numbers] = upper[numbers] = chosen
    return replace(model, lower=lower, upper=upper)


def _taken(model: Model, network: Network, tables: Mapping[str, pl.DataFrame]) -> NDArray[np.float64]:
    days = pl.Series(network.calendar.starts)
    taken = tables["options"].select("option", day=days.gather(tables["options"]["bucket"]), taken=pl.lit(1.0))
    starts = pl.DataFrame({"bucket": range(model.flows.calendar.count), "day": model.flows.calendar.starts})
    take = model.columns["take"].select("option", "bucket").join(starts, on="bucket", maintain_order="left")
    found = take.join(taken, on=["option", "day"], how="left", maintain_order="left")
    return found["taken"].fill_null(0.0).to_numpy()


def _qualified(model: Model, tables: Mapping[str, pl.DataFrame]) -> NDArray[np.float64]:
    """The years that reach their thresholds are to reach them by weeks too; the others are given up."""
    names = list(KEYS["qualify"])
    reached = tables["incentives"].select(*names, pl.col("reached").cast(pl.Float64))
    found = model.columns["qualify"].select(names).join(reached, on=names, how="left", maintain_order="left")
    return found["reached"].fill_null(0.0).to_numpy()


def _freed(decided: Model, model: Model) -> Model:
    """Let go of the thresholds of incentives."""
    lower, upper = decided.lower.copy(), decided.upper.copy()
    numbers = model.columns["qualify"]["column"].to_numpy()
    lower[numbers], upper[numbers] = model.lower[numbers], model.upper[numbers]
    return replace(decided, lower=lower, upper=upper)


def _reached(model: Model, tables: Mapping[str, pl.DataFrame]) -> NDArray[np.float64]:
    """All units: the step that holds the volume, else the first. Incremental: every step with volume, and the first."""
    steps = (
        model.columns["step"]
        .select(*LADDER, "kind")
        .join(
            tables["tiers"].select(*LADDER, "quantity"), on=LADDER, how="left", nulls_equal=True, maintain_order="left"
        )
    )
    volume = pl.col("quantity").fill_null(0.0)
    ladder = ["contract", "offer"]
    best = (volume == volume.max().over(ladder)) & (volume > 0)
    empty = (volume.sum().over(ladder) == 0) & (pl.col("from_quantity") == 0)
    incremental = (volume > 0) | (pl.col("from_quantity") == 0)
    chosen = pl.when(pl.col("kind") == "all_unit").then(best | empty).otherwise(incremental)
    return steps.select(chosen.cast(pl.Float64).alias("chosen"))["chosen"].to_numpy()
