"""Pools: what came to each item at each place, from where, for how much, and where it went, over the horizon.

Units and money are decimals, so that sums do not depend on their order and everything adds up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import polars as pl

from boxbuild.network.currency import exchange_rates
from boxbuild.network.windows import bucket_of
from boxbuild.plan import spared
from boxbuild.plan.consumption import consumption

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

Pool = tuple[str, str]
"""An item and the site where it lies."""

Money = Mapping[str, Decimal]
"""Account to home currency, present value."""

UNITS: Final = pl.Decimal(38, 8)
ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class Inflow:
    """What came to a pool in one way.

    Parameters
    ----------
    kind
        ``opening``, ``receipt``, ``buy``, ``ship`` or ``build``.
    key
        What the ledger calls it: the offer and destination, the lane and item, the site and item; parts joined by
        ``|``. Of a receipt, its reference.
    units
        Units that came, good ones of a build.
    money
        What the ledger charges for it by account; of stock and receipts, their standard value as ``standard``; of
        exports under a scheme, the duty that their inputs were spared as ``spared``.
    taken
        Units taken for it out of other pools.
    """

    kind: str
    key: str
    units: Decimal
    money: Money
    taken: Mapping[Pool, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Pools:
    """Every pool of a plan, and the amounts of the ledger that belong to none.

    Parameters
    ----------
    inflows
        What came to each pool.
    holding
        What it cost to keep stock in each pool.
    delivered, closing
        Units that left each pool for demand, and units that are left in it at the end.
    rest
        Present amounts by account that belong to no unit.
    """

    inflows: Mapping[Pool, tuple[Inflow, ...]]
    holding: Mapping[Pool, Decimal]
    delivered: Mapping[Pool, Decimal]
    closing: Mapping[Pool, Decimal]
    rest: Money

    @classmethod
    def of(cls, plan: Plan) -> Pools:
        """Return the pools of a plan."""
        charges = _Charges(plan)
        credits = _credits(plan, charges)
        inflows: dict[Pool, list[Inflow]] = defaultdict(list)
        for pool, inflow in (
            *_opening(plan),
            *_bought(plan, charges),
            *_shipped(plan, charges, credits),
            *_built(plan, charges),
        ):
            inflows[pool].append(inflow)
        holding = _held(plan, charges)
        delivered = _sums(plan["deliveries"], ["item", "market"])
        last = plan.network.calendar.count - 1
        closing = _sums(plan["stock"].filter(pl.col("bucket") == last), ["item", "site"])
        ways = {pool: tuple(found) for pool, found in inflows.items()}
        return cls(ways, holding, _pools(delivered), _pools(closing), charges.rest())

    def out(self) -> Mapping[Pool, Decimal]:
        """Return the units that left each pool: delivered, taken by builds and lanes, or left at the end."""
        total: dict[Pool, Decimal] = defaultdict(Decimal)
        for units in (self.delivered, self.closing):
            for pool, quantity in units.items():
                total[pool] += quantity
        for ways in self.inflows.values():
            for inflow in ways:
                for pool, quantity in inflow.taken.items():
                    total[pool] += quantity
        return total


class _Charges:
    """The ledger by key and account; what is taken from it is not part of the rest."""

    def __init__(self, plan: Plan) -> None:
        lines = plan["ledger"].group_by("account", "key").agg(pl.col("present").sum()).sort("account", "key")
        self._by_key: dict[str, dict[str, Decimal]] = defaultdict(dict)
        for account, key, present in lines.iter_rows():
            self._by_key[key][account] = present
        self._plan = plan

    def take(self, key: str, without: Iterable[str] = ("holding", "overtime", "tier")) -> dict[str, Decimal]:
        """Return the amounts of a key by account, but for accounts whose keys mean something else."""
        found = self._by_key.get(key, {})
        return {account: found.pop(account) for account in [*found] if account not in without}

    def take_one(self, key: str, account: str) -> Decimal:
        """Return one amount of a key."""
        return self._by_key.get(key, {}).pop(account, ZERO)

    def take_account(self, account: str) -> dict[str, Decimal]:
        """Return the amounts of an account by key."""
        return {key: found.pop(account) for key, found in self._by_key.items() if account in found}

    def rest(self) -> dict[str, Decimal]:
        """Return what has not been taken, by account."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for found in self._by_key.values():
            for account, amount in found.items():
                sums[account] += amount
        return dict(sums)

    def overtime(self) -> dict[Pool, Decimal]:
        """Return the overtime of each item and site: that of a resource goes to its builds by their hours."""
        self.take_account("overtime")
        plan = self._plan
        paid = plan["ledger"].filter(pl.col("account") == "overtime").select("key", "bucket", "present")
        worked = (
            plan["builds"]
            .join(plan.network["uses"].select("site", "item", "resource", hours="quantity"), on=["site", "item"])
            .with_columns(hours=pl.col("hours") * pl.col("quantity"))
        )
        hours: dict[tuple[str, int], dict[Pool, Decimal]] = defaultdict(dict)
        for (resource, bucket, item, site), part in _sums(
            worked, ["resource", "bucket", "item", "site"], "hours"
        ).items():
            hours[str(resource), int(bucket)][item, site] = part
        spread: dict[Pool, Decimal] = defaultdict(Decimal)
        left = ZERO
        for resource, bucket, amount in paid.sort("key", "bucket").iter_rows():
            parts = hours.get((resource, bucket), {})
            total = sum(parts.values(), ZERO)
            left += ZERO if total else amount
            for pool, part in parts.items():
                spread[pool] += amount * part / total if total else ZERO
        if left:
            self._by_key["|overtime"] = {"overtime": left}
        return spread

    def tiers(self) -> dict[str, Decimal]:
        """Return what ladders of prices change, by offer; ladders of contracts stay in the rest."""
        by_offer: dict[str, Decimal] = defaultdict(Decimal)
        for key, found in self._by_key.items():
            offer = key.split("|")[1] if key.count("|") >= 2 else ""
            if "tier" in found and offer:
                by_offer[offer] += found.pop("tier")
        return by_offer


def _opening(plan: Plan) -> Iterable[tuple[Pool, Inflow]]:
    network, calendar = plan.network, plan.network.calendar
    rates, home = exchange_rates(network), network.settings.home_currency
    values = {item: (value, currency or home) for item, value, currency in _values(plan)}

    def standard(item: str, units: Decimal, bucket: int) -> dict[str, Decimal]:
        value, currency = values[item]
        return {"standard": units * value * rates[currency][bucket]}

    stock = _sums(network["stock"], ["item", "site"])
    for (item, site), units in stock.items():
        if units:
            yield (item, site), Inflow("opening", f"{item}|{site}", units, standard(item, units, 0))
    firm = network["receipts"].filter(pl.col("firm") & (pl.col("due") < calendar.end)).sort("reference", "item", "site")
    dated = firm.select("item", "site", "reference", "quantity", bucket_of(calendar, firm["due"]))
    for item, site, reference, quantity, bucket in dated.iter_rows():
        units = _exact(quantity)
        yield (item, site), Inflow("receipt", reference, units, standard(item, units, bucket))


def _bought(plan: Plan, charges: _Charges) -> Iterable[tuple[Pool, Inflow]]:
    tiers = charges.tiers()
    bought = _sums(plan["buys"], ["offer", "item", "destination"])
    by_offer: dict[str, Decimal] = defaultdict(Decimal)
    for (offer, _, _), units in bought.items():
        by_offer[offer] += units
    for (offer, item, destination), units in bought.items():
        key = f"{offer}|{destination}"
        money = charges.take(key)
        if tiers.get(offer):
            money["tier"] = tiers[offer] * units / by_offer[offer]
        yield (item, destination), Inflow("buy", key, units, money)


def _credits(plan: Plan, charges: _Charges) -> dict[str, Decimal]:
    """Take what imports under schemes saved, and return what each export is credited with for it."""
    saved: dict[spared.Node, Decimal] = defaultdict(Decimal)
    for key, parts in spared.imports(plan).items():
        amount = charges.take_one(key, "exemption")
        total = sum(parts.values(), ZERO)
        for node, units in parts.items():
            saved[node] += amount * units / total if total else ZERO
    return spared.spared(plan, saved)


def _shipped(plan: Plan, charges: _Charges, credits: Mapping[str, Decimal]) -> Iterable[tuple[Pool, Inflow]]:
    lanes = _sums(plan["shipments"], ["origin", "destination", "mode", "lane_item", "item"])
    for (origin, destination, mode, lane_item, item), units in lanes.items():
        key = "|".join((origin, destination, mode, lane_item or "", item))
        money = charges.take(key)
        if credits.get(key):
            money["spared"] = credits[key]
        yield (item, destination), Inflow("ship", key, units, money, {(item, origin): units})


def _built(plan: Plan, charges: _Charges) -> Iterable[tuple[Pool, Inflow]]:
    used: dict[Pool, dict[Pool, Decimal]] = defaultdict(dict)
    for (parent, component, site), units in _sums(consumption(plan), ["parent", "component", "site"]).items():
        used[parent, site][component, site] = units
    money: dict[Pool, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for site, item, option in _keys(plan["builds"], ["site", "item", "option"]):
        for account, amount in charges.take("|".join((site, item, option or ""))).items():
            money[item, site][account] += amount
    overtime = charges.overtime()
    for (item, site), units in _sums(plan["builds"], ["item", "site"], "good").items():
        pool = (item, site)
        if overtime.get(pool):
            money[pool]["overtime"] = overtime[pool]
        yield pool, Inflow("build", f"{site}|{item}", units, dict(money[pool]), used[pool])


def _values(plan: Plan) -> Iterable[tuple[str, Decimal, str | None]]:
    return plan.network["items"].select("item", "value", "currency").iter_rows()


def _keys(frame: pl.DataFrame, keys: list[str]) -> Iterable[tuple[str, ...]]:
    return frame.select(keys).unique().sort(keys, nulls_last=False).iter_rows()


def _sums(frame: pl.DataFrame, keys: list[str], quantity: str = "quantity") -> dict[tuple[str, ...], Decimal]:
    """Return the units of each key, in order of the keys."""
    exact = pl.col(quantity).round(8).cast(UNITS).sum()
    sums = frame.group_by(keys).agg(exact).sort(keys, nulls_last=False)
    return {tuple(row[:-1]): row[-1] for row in sums.iter_rows()}


def _pools(sums: Mapping[tuple[str, ...], Decimal]) -> dict[Pool, Decimal]:
    return {(item, site): units for (item, site), units in sums.items()}


def _held(plan: Plan, charges: _Charges) -> dict[Pool, Decimal]:
    pools = {f"{item}|{site}": (item, site) for item, site in plan["stock"].select("item", "site").unique().iter_rows()}
    return {pools[key]: amount for key, amount in charges.take_account("holding").items()}


def _exact(value: float) -> Decimal:
    return Decimal(repr(round(value, 8)))
