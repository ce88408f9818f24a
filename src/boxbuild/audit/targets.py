"""Targets: what was measured, what was asked for, and what is short of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from boxbuild.audit.claims import Scope, scope_of, value_added_sides
from boxbuild.audit.flows import Flows
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Target, decimal
from boxbuild.audit.tally import Tally, plain
from boxbuild.law.value_added import DEFINITIONS
from boxbuild.plan.plan import Plan

ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount that a target may count, with what a scope can ask of it."""

    bucket: int
    item: str
    site: str
    value: Decimal
    counts: bool = True
    served: bool = False


def targets(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check every target with a bucket in its window: numerator + short >= at_least x denominator."""
    tally = Tally("targets", "figures and bounds of targets")
    columns = ("target", "numerator", "denominator", "short")
    stated = {row[0]: [decimal(value) for value in row[1:]] for row in plan["targets"].select(columns).iter_rows()}
    for name, row in reading.targets.items():
        if not reading.window(row.first, row.last):
            continue
        numerator, denominator = measured(row, flows, reading)
        told_numerator, told_denominator, short = stated.get(name, [ZERO, denominator, ZERO])
        place = ("targets", name, None)
        sentence = f"{row.metric} counts {plain(numerator)}, the table says {plain(told_numerator)}"
        tally.equal(place, numerator, told_numerator, denominator + numerator, sentence)
        sentence = f"{row.metric} is measured on {plain(denominator)}, the table says {plain(told_denominator)}"
        tally.equal(place, denominator, told_denominator, denominator, sentence)
        if row.penalty is None:
            sentence = f"{plain(short)} short, and the target has no penalty"
            tally.at_most(place, ZERO, short, ZERO, sentence)
        wanted = row.at_least * denominator
        sentence = f"{plain(numerator)} and {plain(short)} short are less than the {plain(wanted)} asked for"
        tally.at_most(place, numerator + short, wanted, denominator + wanted, sentence)
    return tally


def measured(row: Target, flows: Flows, reading: Reading) -> tuple[Decimal, Decimal]:
    """Return the numerator and the denominator of a target; the denominator of a count is 1."""
    if row.metric in DEFINITIONS:
        return value_added_sides(row, flows, reading)
    scope, window = scope_of(row.scope), reading.window(row.first, row.last)
    numerator = denominator = ZERO
    for amount in _METRICS[row.metric](flows, reading):
        if amount.bucket in window and _inside(scope, amount, reading):
            denominator += amount.value
            numerator += amount.value if amount.counts else ZERO
    if row.metric == "on_time_share":
        denominator = sum(
            (a.value for a in _wanted(reading) if a.bucket in window and _inside(scope, a, reading)), ZERO
        )
    return numerator, ONE if row.metric.startswith("units_") else denominator


def _inside(scope: Scope, amount: _Amount, reading: Reading) -> bool:
    site = reading.sites[amount.site]
    facts = {
        "item": amount.item,
        "family": reading.items[amount.item].family,
        "partner": site.partner,
        "site": site.site,
        "country": site.country,
    }
    if amount.served:
        facts["market"] = site.site
    return all(facts[name] in values for name, values in scope.items() if name in facts)


def _built(flows: Flows, reading: Reading) -> Iterator[_Amount]:
    for build in flows.builds:
        yield _Amount(build.bucket, build.operation.item, build.operation.site, build.quantity)


def _bought(flows: Flows, reading: Reading) -> Iterator[_Amount]:
    for buy in flows.buys:
        yield _Amount(buy.bucket, buy.offer.item, buy.offer.supplier, buy.quantity)


def _purchases(flows: Flows, reading: Reading) -> Iterator[_Amount]:
    home = reading.settings.home_country
    for buy in flows.buys:
        offer = buy.offer
        value = reading.exchange.home(offer.price, offer.currency, buy.bucket) * buy.quantity
        yield _Amount(buy.bucket, offer.item, offer.supplier, value, counts=reading.origin(offer) == home)


def _delivered(flows: Flows, reading: Reading) -> Iterator[_Amount]:
    for delivery in flows.deliveries:
        demand = delivery.demand
        yield _Amount(delivery.bucket, demand.item, demand.market, delivery.quantity, served=True)


def _exported(flows: Flows, reading: Reading) -> Iterator[_Amount]:
    home = reading.settings.home_country
    for amount in _delivered(flows, reading):
        abroad = reading.country(amount.site) != home
        yield _Amount(amount.bucket, amount.item, amount.site, amount.value, counts=abroad, served=True)


def _on_time(flows: Flows, reading: Reading) -> Iterator[_Amount]:
    for delivery in flows.deliveries:
        demand, due = delivery.demand, reading.due_bucket(delivery.demand)
        if due is not None:
            on_time = reading.late_days(demand, delivery.bucket, delivery.day) == 0
            yield _Amount(due, demand.item, demand.market, delivery.quantity, counts=on_time, served=True)


def _wanted(reading: Reading) -> Iterator[_Amount]:
    for demand in reading.demands.values():
        due = reading.due_bucket(demand)
        if due is not None:
            yield _Amount(due, demand.item, demand.market, demand.quantity, served=True)


_METRICS: Final[dict[str, Callable[[Flows, Reading], Iterator[_Amount]]]] = {
    "units_built": _built,
    "units_delivered": _delivered,
    "units_bought": _bought,
    "export_share": _exported,
    "on_time_share": _on_time,
    "local_purchase_share": _purchases,
}
