"""The answer to why a demand is late or short: how it is served, what stands in the way, and what it would take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.errors import UsageError
from boxbuild.network.issues import did_you_mean
from boxbuild.plan.why.binding import Binding, bindings
from boxbuild.plan.why.chain import Chain, chain
from boxbuild.plan.why.lead import Leads, Leg
from boxbuild.plan.why.priced import priced
from boxbuild.plan.why.relief import Lever, levers
from boxbuild.plan.why.resolve import Resolver, Solved
from boxbuild.plan.why.sentences import sentences
from boxbuild.plan.why.ways import Ways

if TYPE_CHECKING:
    from collections.abc import Iterable

    from boxbuild.model.model import Model
    from boxbuild.plan.plan import Plan

SOME: Final = 1e-6
"""Units from which something is late or lost."""


@dataclass(frozen=True)
class Served:
    """What a demand gets in one bucket; ``cost`` is a unit's at the plan's prices, ``late`` its part for being late."""

    start: date
    quantity: float
    late_days: int
    cost: float
    late: float


@dataclass(frozen=True)
class Dated:
    """What a demand gets by its dated orders: units on time, units late, and the day of the last."""

    timely: float
    late: float
    last: date | None


@dataclass(frozen=True)
class Why:
    """Why a demand is served as it is.

    Parameters
    ----------
    demand, item, market, due, quantity
        The demand.
    status
        ``on time``, ``late``, ``short`` or ``late and short``.
    served
        What it gets, by bucket.
    dated
        The same by its dated orders, which are whole lots on whole days; ``None`` where the plan has none.
    short, lost_cost
        Units never delivered, and what losing one costs.
    cost
        What one more unit on time costs at the prices of the plan, discounted home currency; ``None`` where there is
        no way to it.
    premium
        What having a late or lost unit on time costs above what the plan does: the price of the first unit, and no
        less for any other.
    ordinary, timing
        Parts of ``cost`` that bind nothing: by kind (buy, build, ship, keep, ...); and by when it arrives.
    saves
        What a unit earns at rows that reward it (minima of contracts, duty-free parts): 0 or below.
    binding
        What binds, the heaviest first.
    levers
        What it would take, cheapest first; from outside last.
    legs
        Lead times of the quickest way from nothing, where there is no way on time.
    first
        First day on which a unit can be there beyond what is there, where there is none on time.
    solved
        What a re-solve found, where it was asked for.
    currency
        Home currency.
    slack
        How far the prices are from proven together, home currency of the whole plan.
    note
        Where the prices come from, where that is not the plan.
    sentences
        The answer in words.
    """

    demand: str
    item: str
    market: str
    due: date
    quantity: float
    status: str
    served: tuple[Served, ...]
    dated: Dated | None
    short: float
    lost_cost: float
    cost: float | None
    premium: float
    ordinary: dict[str, float]
    timing: float
    saves: float
    binding: tuple[Binding, ...]
    levers: tuple[Lever, ...]
    legs: tuple[Leg, ...]
    first: date | None
    solved: Solved | None
    currency: str
    slack: float
    note: str
    sentences: tuple[str, ...] = ()

    @property
    def missed(self) -> float:
        """Units that are late or lost."""
        return self.short + sum(one.quantity for one in self.served if one.late_days > 0)

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        return {
            "question": "demand",
            "demand": self.demand,
            "item": self.item,
            "market": self.market,
            "due": self.due.isoformat(),
            "quantity": self.quantity,
            "status": self.status,
            "missed": self.missed,
            "served": [{**vars(one), "start": one.start.isoformat()} for one in self.served],
            "by_orders": None
            if self.dated is None
            else {**vars(self.dated), "last": self.dated.last.isoformat() if self.dated.last else None},
            "short": self.short,
            "lost_cost": self.lost_cost,
            "currency": self.currency,
            "cost": self.cost,
            "premium": self.premium if isfinite(self.premium) else None,
            "parts": {"ordinary": self.ordinary, "timing": self.timing, "saves": self.saves},
            "binding": [one.as_dict() for one in self.binding],
            "levers": [one.as_dict() for one in self.levers],
            "lead_times": [vars(leg) for leg in self.legs],
            "first_possible": self.first.isoformat() if self.first else None,
            "solved": self.solved.as_dict() if self.solved else None,
            "slack": self.slack if isfinite(self.slack) else None,
            "note": self.note,
            "sentences": list(self.sentences),
        }


def why_demand(plan: Plan, demand: str, *, solve: bool = False) -> Why:
    """Return why a demand is late or short, and what it would take to have it on time.

    Parameters
    ----------
    plan
        The plan.
    demand
        The demand.
    solve
        Whether to solve the model again with the demand forced on time, for the true price.

    Raises
    ------
    UsageError
        There is no such demand in the plan's horizon.
    """
    known = plan.network["demand"]["demand"]
    if demand not in known:
        raise UsageError(
            f"there is no demand {demand!r}", did_you_mean(demand, known) or "boxbuild show lists the worst"
        )
    return _why(Ways(priced(plan)), demand, solve=solve)


def why_demands(plan: Plan, demands: Iterable[str], model: Model | None = None) -> list[Why]:
    """Return the answers for several demands of a plan, whose model is assembled once, unless it is given."""
    asked = list(demands)
    if not asked:
        return []
    ways = Ways(priced(plan, model))
    return [_why(ways, demand) for demand in asked]


def worst(plan: Plan, most: int) -> list[str]:
    """Return the demands with the most money in units that are late or lost, the worst first."""
    late = plan["deliveries"].filter(pl.col("late_days") > 0).select("demand", "quantity")
    lost = plan["shortages"].select("demand", "quantity")
    missed = pl.concat([late, lost]).group_by("demand").agg(pl.col("quantity").sum()).filter(pl.col("quantity") > SOME)
    values = plan.network["items"].select("item", worth=pl.col("value").cast(pl.Float64).fill_null(0.0))
    items = plan.network["demand"].select("demand", "item").join(values, on="item", how="left")
    rated = missed.join(items, on="demand").with_columns(money=pl.col("quantity") * pl.col("worth"))
    return rated.sort("money", "quantity", "demand", descending=[True, True, False]).head(most)["demand"].to_list()


def _why(ways: Ways, demand: str, *, solve: bool = False) -> Why:
    model, plan = ways.priced.model, ways.priced.plan
    lost = model.columns["short"].filter(pl.col("demand") == demand)
    if lost.is_empty():
        day = plan.network["demand"].filter(pl.col("demand") == demand)["due"][0]
        raise UsageError(f"demand {demand!r} is due on {day}, after the plan's horizon", "plan more buckets")
    keys = lost.row(0, named=True)
    delivering = model.columns["deliver"].filter(pl.col("demand") == demand).sort("bucket")
    served = _served(ways, delivering)
    short = float(ways.priced.values[keys["column"]])
    late = any(one.late_days > 0 for one in served)
    status = {(False, False): "on time", (True, False): "late", (False, True): "short", (True, True): "late and short"}
    timely = delivering.filter(pl.col("bucket") == pl.col("due_bucket"))
    root = ways.served(int(timely["column"][0])) if timely.height else None
    found = chain(ways, root) if root is not None else None
    answer = Why(
        demand=demand,
        item=keys["item"],
        market=keys["market"],
        due=keys["due"],
        quantity=float(keys["quantity"]),
        status=status[late, short > SOME],
        served=served,
        dated=_dated(ways, demand),
        short=short if short > SOME else 0.0,
        lost_cost=float(model.cost[keys["column"]]),
        cost=None,
        premium=float("inf"),
        ordinary={},
        timing=0.0,
        saves=0.0,
        binding=(),
        levers=(),
        legs=(),
        first=None,
        solved=None,
        currency=plan.summary.home_currency,
        slack=ways.priced.slack,
        note=ways.priced.note,
    )
    if found is None:
        answer = _impossible(ways, answer, delivering, keys["due_bucket"])
    else:
        answer = _possible(ways, answer, found)
    if solve and answer.missed > SOME:
        items = {ways.priced.row(row).get("item") for row in (found.links if found else ())} | {answer.item}
        resolver = Resolver(ways.priced, closure(plan, {item for item in items if item}))
        answer = replace(answer, solved=resolver.on_time(demand, keys["due_bucket"]))
    return replace(answer, sentences=sentences(answer, model.flows.calendar))


def _dated(ways: Ways, demand: str) -> Dated | None:
    found = ways.priced.ordered
    if found is None:
        return None
    mine = found.filter(pl.col("demand") == demand)
    late = pl.col("late_days") > 0
    timely, behind = (float(mine.filter(part)["quantity"].sum()) for part in (~late, late))
    last = mine.select(pl.col("day").max()).item()
    return Dated(timely, behind, last if isinstance(last, date) else None)


def _served(ways: Ways, delivering: pl.DataFrame) -> tuple[Served, ...]:
    found = []
    for row in delivering.iter_rows(named=True):
        moved = float(ways.priced.values[row["column"]])
        if moved > SOME:
            late = float(ways.priced.model.cost[row["column"]])
            cost = ways.served(row["column"])
            paid = cost.own + sum(paid for _, paid in cost.limits)
            paid += sum(each * float(ways.priced.price[at]) for at, each in cost.inputs)
            found.append(Served(row["start"], moved, int(row["late_days"]), paid, late))
    return tuple(found)


def _possible(ways: Ways, answer: Why, found: Chain) -> Why:
    model = ways.priced.model
    at = model.first_row("demand") + model.families["demand"].keys["demand"].to_list().index(answer.demand)
    worth = float(ways.priced.price[at])
    premium = max(found.cost - worth, 0.0)
    if premium <= ways.priced.tolerance * (abs(found.cost) + abs(worth)):
        premium = 0.0
    bound = bindings(ways, found)
    return replace(
        answer,
        cost=found.cost,
        premium=premium,
        ordinary=dict(found.own),
        timing=found.timing,
        saves=sum(paid for paid in found.limits.values() if paid < 0),
        binding=tuple(bound),
        levers=tuple(levers(ways, found, bound, premium)) if answer.missed > SOME else (),
    )


def _impossible(ways: Ways, answer: Why, delivering: pl.DataFrame, due_bucket: int) -> Why:
    """No way on time, whatever it costs: lead times, or nothing leads there at all."""
    network = ways.priced.plan.network
    days, legs = Leads.of(network, answer.item).quickest(answer.item, answer.market)
    first = None
    for bucket in range(due_bucket, network.calendar.count):
        row = ways.priced.node_row(answer.item, answer.market, bucket)
        if row is not None and isfinite(ways.find(row).cost):
            first = network.calendar.first_days[bucket]
            break
    if not isfinite(days):
        return replace(answer, first=first)
    ready = network.calendar.start + timedelta(days=int(days))
    early = int(days) - max((answer.due - network.calendar.start).days, 0)
    lever = Lever("earlier order", f"orders placed {early} days before the plan's first day", 0.0, "", inside=False)
    stock = Lever(
        "stock", f"{answer.item} in stock at {answer.market}, or parts of it on the way", 0.0, "", inside=False
    )
    return replace(
        answer,
        legs=legs,
        first=first or (ready if ready < network.calendar.end else None),
        levers=(lever, stock) if early > 0 else (),
    )


def closure(plan: Plan, items: set[str]) -> set[str]:
    """Items, and all that they are made of."""
    boms = plan.network["boms"].select("parent", "component").unique()
    known = items
    while True:
        below = boms.filter(pl.col("parent").is_in(list(known)))["component"].to_list()
        grown = known | set(below)
        if grown == known:
            return known
        known = grown
