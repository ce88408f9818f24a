"""The answer about a part: who needs it, who gets it, where and when it is short, and what more of it is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from boxbuild.errors import UsageError
from boxbuild.network.issues import did_you_mean
from boxbuild.plan.pegging import pegging
from boxbuild.plan.why.answer import closure
from boxbuild.plan.why.binding import Binding, bindings
from boxbuild.plan.why.chain import chain
from boxbuild.plan.why.priced import priced
from boxbuild.plan.why.resolve import Resolver
from boxbuild.plan.why.ways import Way, Ways
from boxbuild.plan.why.words import amount, when

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boxbuild.plan.plan import Plan

THOUSAND: Final = 1000.0
"""Units whose worth is asked for."""

DOUBLINGS: Final = 4
"""Times that the units are doubled or halved to see where more of them stop being worth anything."""

SOME: Final = 1e-6


@dataclass(frozen=True)
class Flow:
    """Units that come or go: ``how`` (stock, buy, build, ship; build, use, deliver, ship), by ``what``, at ``site``."""

    how: str
    what: str
    site: str
    quantity: float


@dataclass(frozen=True)
class Week:
    """What one more unit is worth at a site in a bucket.

    Parameters
    ----------
    worth
        What one more unit there saves at most, discounted home currency.
    scarce
        Part of it that is above what getting one costs where nothing binds.
    there
        Whether one can be there by then at all.
    """

    site: str
    start: date
    when: str
    worth: float
    scarce: float
    there: bool
    row: int


@dataclass(frozen=True)
class Saved:
    """What more units save together, by a re-solve, and what the next one after them would."""

    units: float
    saved: float
    next: float


@dataclass(frozen=True)
class PartWhy:
    """Who needs a part, who gets it, and what more of it is worth.

    Parameters
    ----------
    item, site
        The part, and the one site that was asked about.
    gets, needs
        Where units come from and where they go, over the horizon, the largest first.
    demands
        Demands that it feeds: ``demand``, ``item``, ``market``, ``due``, ``quantity`` (units of the part),
        ``late_days``.
    weeks
        What one more unit is worth by site and bucket, in the order of the sites and buckets.
    binding
        What binds where it is worth most beyond its cost.
    saved
        What a thousand more save there and then, and more, where that was asked for.
    """

    item: str
    site: str | None
    currency: str
    gets: tuple[Flow, ...]
    needs: tuple[Flow, ...]
    demands: pl.DataFrame
    weeks: tuple[Week, ...]
    binding: tuple[Binding, ...]
    saved: tuple[Saved, ...]
    whole: bool
    slack: float
    note: str

    @property
    def best(self) -> Week | None:
        """Where and when one more unit saves most beyond its cost; the earliest of equals."""
        return max(self.weeks, key=lambda week: (week.there, week.scarce, -week.start.toordinal()), default=None)

    @property
    def short(self) -> list[Week]:
        """Weeks in which it is worth more than its cost."""
        return [week for week in self.weeks if week.scarce > max(1e-3 * abs(week.worth), SOME)]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer in words."""
        return tuple(_sentences(self))

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        told = self.demands.with_columns(pl.col(pl.Date).cast(pl.String))
        return {
            "question": "part",
            "item": self.item,
            "site": self.site,
            "currency": self.currency,
            "gets": [vars(one) for one in self.gets],
            "needs": [vars(one) for one in self.needs],
            "demands": told.to_dicts(),
            "weeks": [
                {"site": one.site, "start": one.start.isoformat(), "worth": one.worth, "scarce": one.scarce}
                for one in self.weeks
            ],
            "thousand": self.best.worth * THOUSAND if self.best else None,
            "binding": [one.as_dict() for one in self.binding],
            "saved": [vars(one) for one in self.saved],
            "slack": self.slack if isfinite(self.slack) else None,
            "note": self.note,
            "sentences": list(self.sentences),
        }


def why_part(plan: Plan, item: str, site: str | None = None, *, solve: bool = False) -> PartWhy:
    """Return who needs a part and who gets it, and what another thousand would be worth.

    Parameters
    ----------
    plan
        The plan.
    item, site
        The part; only what is at this site.
    solve
        Whether to solve the model again with more of it, for what that truly saves and where it stops.

    Raises
    ------
    UsageError
        There is no such item or site.
    """
    items, sites = plan.network["items"]["item"], plan.network["sites"]["site"]
    if item not in items:
        raise UsageError(f"there is no part {item!r}", did_you_mean(item, items))
    if site is not None and site not in sites:
        raise UsageError(f"there is no site {site!r}", did_you_mean(site, sites))
    ways = Ways(priced(plan))
    nodes = ways.priced.model.flows.nodes.filter(pl.col("item") == item)
    places = [place for place in nodes["site"].to_list() if site in (None, place)]
    gets, needs = _flows(ways, item, places)
    weeks = tuple(_weeks(ways, item, places))
    answer = PartWhy(
        item=item,
        site=site,
        currency=plan.summary.home_currency,
        gets=gets,
        needs=needs,
        demands=_demands(plan, item, site) if gets else _NOBODY.to_frame(),
        weeks=weeks,
        binding=(),
        saved=(),
        whole=True,
        slack=ways.priced.slack,
        note=ways.priced.note,
    )
    best = answer.best
    if best is None:
        return answer
    found = chain(ways, _at(best.row))
    answer = replace(answer, binding=tuple(bindings(ways, found)) if found else ())
    if solve:
        saved, whole = _saved(ways, item, best)
        answer = replace(answer, saved=saved, whole=whole)
    return answer


def _at(row: int) -> Way:
    return Way(column=-1, sign=1, brings=1.0, own=0.0, inputs=((row, 1.0),), limits=(), extra=0.0)


_NOBODY: Final = pl.Schema(
    {
        **dict.fromkeys(("demand", "item", "market"), pl.String()),
        "due": pl.Date(),
        "quantity": pl.Float64(),
        "late_days": pl.Int64(),
    }
)


def _demands(plan: Plan, item: str, site: str | None) -> pl.DataFrame:
    pegs = pegging(plan)
    try:
        fed = pegs.demands(pegs.part(item, site))
    except UsageError:
        return _NOBODY.to_frame()  # none of it is in the plan
    return fed.select(list(_NOBODY)).cast(dict(_NOBODY))  # type: ignore[arg-type]


def _flows(ways: Ways, item: str, places: list[str]) -> tuple[tuple[Flow, ...], tuple[Flow, ...]]:
    """Add up what comes to the balances of an item, and what goes."""
    priced, count = ways.priced, ways.priced.model.flows.calendar.count
    gets: dict[tuple[str, str, str], float] = {}
    needs: dict[tuple[str, str, str], float] = {}
    for site in places:
        first = priced.node_row(item, site, 0)
        if first is None:
            continue
        lies = -priced.model.row_upper[first : first + count].sum()
        if lies > SOME:
            gets["stock and open orders", "", site] = float(lies)
        block = priced.rows[first : first + count].tocoo()
        moved = block.data * priced.values[block.col]
        for column, units in zip(block.col[moved != 0].tolist(), moved[moved != 0].tolist(), strict=True):
            kind = priced.kind(column)
            if kind == "keep":
                continue
            told, side = _other(kind, priced.column(column), coming=units > 0), gets if units > 0 else needs
            side[kind, told, site] = side.get((kind, told, site), 0.0) + abs(units)
    return _sorted(gets), _sorted(needs)


def _other(kind: str, column: dict[str, Any], *, coming: bool) -> str:
    """Who is at the other end of a flow."""
    if kind == "ship":
        return f"from {column['origin']}" if coming else f"to {column['destination']}"
    if kind == "buy":
        return f"{column['offer']}"
    if kind == "deliver":
        return str(column["market"])
    return str(column.get("parent") or column["item"])


def _sorted(found: dict[tuple[str, str, str], float]) -> tuple[Flow, ...]:
    flows = [Flow(*key, quantity) for key, quantity in found.items() if quantity > SOME]
    return tuple(sorted(flows, key=lambda flow: (-flow.quantity, flow.how, flow.what, flow.site)))


def _weeks(ways: Ways, item: str, places: list[str]) -> Iterator[Week]:
    priced, calendar = ways.priced, ways.priced.model.flows.calendar
    for site in places:
        for bucket in range(calendar.count):
            row = priced.node_row(item, site, bucket)
            if row is None:
                continue
            pool = ways.pool(row)
            worth = float(priced.price[row]) + (float(priced.price[pool]) if pool is not None else 0.0)
            there = ways.find(row)
            at = row if isfinite(there.cost) else ways.later(row, bucket)
            scarce = _scarce(ways, at) if at is not None else worth
            start = calendar.first_days[bucket]
            yield Week(site, start, when(calendar, bucket), worth, min(scarce, worth), isfinite(there.cost), row)


def _scarce(ways: Ways, row: int) -> float:
    """What one more unit is worth above what one costs where nothing binds."""
    price = float(ways.priced.price[row])
    if ways.find(row).cost > price + ways.priced.tolerance * (1 + abs(price)):
        return 0.0
    taken = chain(ways, _at(row))
    return sum(one.scarce for one in bindings(ways, taken)) if taken is not None else 0.0


def _saved(ways: Ways, item: str, best: Week) -> tuple[tuple[Saved, ...], bool]:
    """Solve with a thousand more, then with twice or half as many, until it shows where more stops being worth it."""
    plan = ways.priced.plan
    resolver = Resolver(ways.priced, closure(plan, _above(plan, item)))
    pool = ways.pool(best.row)
    rows = [best.row] if pool is None else [best.row, pool]
    found: list[Saved] = []
    cheap = best.worth - 0.99 * best.scarce

    def saved(units: float) -> Saved:
        more = resolver.with_more(dict.fromkeys(rows, units))
        return Saved(units, resolver.base.cost - more.cost, float(more.prices[rows].sum()))

    base = saved(THOUSAND)
    found.append(base)
    factor = 2.0 if base.next > cheap else 0.5
    while len(found) <= DOUBLINGS and (found[-1].next > cheap) == (base.next > cheap):
        found.append(saved(found[-1].units * factor))
    return tuple(sorted(found, key=lambda one: one.units)), resolver.whole


def _above(plan: Plan, item: str) -> set[str]:
    """An item, and all that is made of it."""
    boms = plan.network["boms"].select("parent", "component").unique()
    known = {item}
    while True:
        grown = known | set(boms.filter(pl.col("component").is_in(list(known)))["parent"].to_list())
        if grown == known:
            return known
        known = grown


def _sentences(answer: PartWhy) -> Iterator[str]:
    money = answer.currency
    place = f" at {answer.site}" if answer.site else ""
    if not answer.weeks:
        yield f"{answer.item}{place}: nothing in this plan needs it."
        return
    needed = [one for one in answer.needs if one.how in ("build", "use", "deliver")]
    total = sum(one.quantity for one in needed)
    users: dict[str, float] = {}
    for one in needed:
        users[one.what] = users.get(one.what, 0.0) + one.quantity
    top = sorted(users.items(), key=lambda pair: -pair[1])
    told = ", ".join(f"{what} {amount(units)}" for what, units in top[:3])
    more = f" and {len(top) - 3} more" if len(top) > 3 else ""
    yield f"{answer.item}{place}: the plan uses {amount(total)}" + (f", for {told}{more}." if told else ".")
    yield _short(answer)
    best = answer.best
    if best is None or best.scarce <= SOME:
        yield "Another thousand would save no more than what they cost."
        return
    yield (
        f"Another thousand at {best.site} in {best.when} would save up to {money} {amount(THOUSAND * best.worth)}, "
        f"{money} {amount(THOUSAND * best.scarce)} of it beyond what they cost where nothing binds."
    )
    yield from _solved(answer)


def _solved(answer: PartWhy) -> Iterator[str]:
    money, rest = answer.currency, "" if answer.whole else ", the rest of the plan as it is"
    thousand = next((one for one in answer.saved if one.units == THOUSAND), None)
    if thousand is None:
        return
    yield f"Solved again{rest}: {amount(THOUSAND)} more save {money} {amount(thousand.saved)}."
    most = max(answer.saved, key=lambda one: one.saved)
    if most.next > SOME:
        yield f"{amount(most.units)} save {money} {amount(most.saved)}, and the next one {money} {amount(most.next)}."
    else:
        yield f"Of the numbers tried, {amount(most.units)} save most, {money} {amount(most.saved)}; more save nothing."


def _short(answer: PartWhy) -> str:
    short = answer.short
    if not short:
        return "It is short nowhere: one more unit is worth no more than it costs."
    sites = sorted({week.site for week in short})
    places = f"{', '.join(sites[:3])}{' and others' if len(sites) > 3 else ''}"
    spans = (
        f"{short[0].when}"
        if len(short) == 1
        else f"{len(short)} buckets, first {min(short, key=lambda week: week.start).when}"
    )
    return f"It is short at {places}: in {spans}."
