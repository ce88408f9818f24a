"""Contracts: what is built and bought under each, its bounds and shares, and the shortfall that is paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from boxbuild.audit.flows import Flows
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Contract, decimal
from boxbuild.audit.tally import Tally, plain
from boxbuild.plan.plan import Plan

ZERO = Decimal(0)


def contracts(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check every contract with a bucket in its window.

    quantity = units started at the partner's sites + bought from them, of what it covers, in its window;
    total = the same over all partners; quantity + shortfall >= min and >= min_share x total;
    quantity <= max and <= max_share x total. Without a shortfall_cost nothing may fall short.
    """
    tally = Tally("contracts", "figures and bounds of contracts")
    columns = ("contract", "quantity", "total", "shortfall")
    stated = {row[0]: [decimal(value) for value in row[1:]] for row in plan["contracts"].select(columns).iter_rows()}
    computed = under_contract(flows, reading)
    for name, row in reading.contracts.items():
        if not reading.window(row.first, row.last):
            continue
        quantity, total = computed[name]
        told_quantity, told_total, shortfall = stated.get(name, [ZERO, ZERO, ZERO])
        place = ("contracts", name, None)
        sentence = f"{plain(quantity)} built and bought under it, the table says {plain(told_quantity)}"
        tally.equal(place, quantity, told_quantity, quantity, sentence)
        sentence = f"{plain(total)} built and bought of any partner, the table says {plain(told_total)}"
        tally.equal(place, total, told_total, total, sentence)
        if row.shortfall_cost is None:
            sentence = f"{plain(shortfall)} short, and the contract has no shortfall cost"
            tally.at_most(place, ZERO, shortfall, ZERO, sentence)
        for limit, what in bounds_below(row, total):
            sentence = f"{plain(quantity)} and {plain(shortfall)} short are less than {what} {plain(limit)}"
            tally.at_most(place, quantity + shortfall, limit, total, sentence)
        for limit, what in _most(row, total):
            sentence = f"{plain(quantity)} is more than {what} {plain(limit)}"
            tally.at_most(place, limit, quantity, total, sentence)
    return tally


def bounds_below(row: Contract, total: Decimal) -> Iterator[tuple[Decimal, str]]:
    """Yield what a contract asks for at least, with its name."""
    if row.least is not None:
        yield row.least, "the minimum"
    if row.min_share is not None:
        yield row.min_share * total, f"the share {plain(row.min_share)} of {plain(total)}, that is"


def _most(row: Contract, total: Decimal) -> Iterator[tuple[Decimal, str]]:
    if row.most is not None:
        yield row.most, "the maximum"
    if row.max_share is not None:
        yield row.max_share * total, f"the share {plain(row.max_share)} of {plain(total)}, that is"


def under_contract(flows: Flows, reading: Reading) -> dict[str, tuple[Decimal, Decimal]]:
    """Return the quantity and the total of each contract."""
    made: dict[str, dict[str, dict[int, Decimal]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))
    for build in flows.builds:
        partner = reading.sites[build.operation.site].partner
        made[build.operation.item][partner][build.bucket] += build.quantity
    for buy in flows.buys:
        partner = reading.sites[buy.offer.supplier].partner
        made[buy.offer.item][partner][buy.bucket] += buy.quantity
    families: dict[str | None, list[str]] = defaultdict(list)
    for item in made:
        families[reading.items[item].family].append(item)
    found = {}
    for name, row in reading.contracts.items():
        window = reading.window(row.first, row.last)
        quantity = total = ZERO
        for item in _covered(row, made, families):
            for partner, by_bucket in made[item].items():
                inside = sum((q for bucket, q in by_bucket.items() if bucket in window), ZERO)
                total += inside
                quantity += inside if partner == row.partner else ZERO
        found[name] = quantity, total
    return found


def _covered(row: Contract, made: Collection[str], families: Mapping[str | None, list[str]]) -> Collection[str]:
    """Return the items that are made and that a contract covers."""
    items = made if row.family is None else families.get(row.family, [])
    if row.item is None:
        return items
    return [row.item] if row.item in items else []
