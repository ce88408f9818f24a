"""Claims of value added: which builds a target counts, and what its builds and its inputs are worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from boxbuild.audit.flows import Attributed, Build, Flows
from boxbuild.audit.reading import Reading, grouped, on_day
from boxbuild.audit.records import Offer, Operation, Target, records
from boxbuild.law.customs import Assessor, Entry, charges
from boxbuild.law.law import Law
from boxbuild.law.value_added import DEFINITIONS, leaf, levels, sides

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)

Scope = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Declared:
    """What an offer declares beside its price."""

    offer: str
    first: int
    last: int
    imported_content: Decimal
    form: str | None
    end_use: str | None
    agreement: str | None
    rvc: Decimal | None
    tariff_shift: bool


Row = TypeVar("Row", Offer, Operation, Declared)


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a plant invoices for what an operation builds."""

    site: str
    item: str
    option: str | None
    first: int
    last: int
    invoice_price: Decimal | None


class Worth:
    """The value of builds and of inputs, in home currency."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        network = reading.network
        rows = network["items"].select("item", "kind", "semiconductor").iter_rows()
        self.kinds = {item: (kind, ONE if semiconductor else ZERO) for item, kind, semiconductor in rows}
        self.declared = grouped((row.offer, row) for row in records(network, "sources", Declared))
        invoices = records(network, "operations", Invoice)
        self.invoices = grouped(((row.site, row.item, row.option), row) for row in invoices)
        self._assessor = Assessor(Law.of(network))
        self._leaves: dict[tuple[str, str, str, int], dict[str, Decimal]] = {}

    def standard(self, item: str, bucket: int) -> Decimal:
        """Return the standard value of one unit."""
        row = self.reading.items[item]
        return self.reading.exchange.home(row.value, row.currency, bucket)

    def made(self, build: Build) -> dict[str, Decimal]:
        """Return sales, standard value and conversion of a build."""
        operation, bucket = build.operation, build.bucket
        exchange, good = self.reading.exchange, build.quantity * operation.yields
        rows = self.invoices[operation.site, operation.item, operation.option]
        row = on_day(rows, self.reading.days.edges[bucket]) or rows[0]
        standard = self.standard(operation.item, bucket)
        price = row.invoice_price
        sold = standard if price is None else exchange.home(price, operation.currency, bucket)
        return {
            "sales": good * sold,
            "fob": good * standard,
            "conversion": build.quantity * exchange.home(operation.cost, operation.currency, bucket),
        }

    def through(self, row: Attributed) -> bool:
        """Whether a class of supply is built in the home country."""
        return row.kind == "built" and self.reading.country(way(row.key)[0]) == self.reading.settings.home_country

    def conversion(self, row: Attributed) -> Decimal:
        """Return the conversion of one good unit of what is built."""
        site, option, _ = way(row.key)
        operation = of_day(self.reading.operations[site, row.item, option], self.reading.days.edges[row.first])
        return self.reading.exchange.home(operation.cost, operation.currency, row.first) / operation.yields

    def leaf(self, row: Attributed) -> dict[str, Decimal]:
        """Return the components of one unit that is not looked through."""
        name = (row.item, row.kind, row.key, row.first)
        if name not in self._leaves:
            self._leaves[name] = leaf(self._known(row))
        return self._leaves[name]

    def value(self, row: Attributed) -> tuple[Decimal, str | None]:
        """Return the value of one unit on the first day of its claim, and its country of origin."""
        if row.kind == "offer":
            offer: Offer = of_day(self.reading.offers[row.key], self.reading.days.edges[row.first])
            rate = self.reading.exchange.rate(offer.currency, row.first)
            return (offer.price + offer.freight) * rate, self.reading.origin(offer)
        origin = self.reading.country(way(row.key)[0]) if row.kind == "built" else row.key or None
        return self.standard(row.item, row.first), origin

    def _known(self, row: Attributed) -> dict[str, Decimal]:
        reading, bucket = self.reading, row.first
        known = dict.fromkeys(("content", "licence"), ZERO)
        declared: Declared | None = None
        known["value"], origin = self.value(row)
        if row.kind == "offer":
            offer: Offer = of_day(reading.offers[row.key], reading.days.edges[bucket])
            declared = of_day(self.declared[row.key], reading.days.edges[bucket])
            rate = reading.exchange.rate(offer.currency, bucket)
            known["content"] = offer.price * rate * declared.imported_content
            known["licence"] = offer.royalty * rate
        known["local"] = ONE if origin == reading.settings.home_country else ZERO
        known["semiconductor"] = self.kinds[row.item][1]
        known["paid"] = self._paid(row, origin, declared, known)
        return known

    def _paid(
        self, row: Attributed, origin: str | None, declared: Declared | None, known: dict[str, Decimal]
    ) -> Decimal:
        reading = self.reading
        entry = Entry(reading.settings.home_country, row.item, reading.items[row.item].hs, origin)
        if declared is not None:
            entry = Entry(
                entry.country,
                entry.item,
                entry.hs,
                origin,
                declared.form,
                declared.end_use,
                declared.agreement,
                declared.rvc,
                declared.tariff_shift,
            )
        day = reading.days.date(reading.days.edges[row.first])
        trace = self._assessor.assess(entry, {"fob": known["value"], "royalty": known["licence"]}, day)
        costs = charges(trace)
        return sum((costs.get(account, ZERO) for account in ("duty", "surcharge", "antidumping")), ZERO)


def value_added_sides(row: Target, flows: Flows, reading: Reading) -> tuple[Decimal, Decimal]:
    """Return the numerator and the denominator of a target that measures value added.

    Orders have no attribution: of them nothing is measured.
    """
    definition = DEFINITIONS[row.metric]
    depth = levels(definition, row.depth)
    worth = Worth(reading)
    numerator = denominator = ZERO
    if flows.dated:
        return numerator, denominator
    for components, quantity in (*_builds(row, flows, worth), *_inputs(row, flows, worth, depth)):
        one, other = sides(definition, components)
        numerator += one * quantity
        denominator += other * quantity
    return numerator, denominator


def _builds(row: Target, flows: Flows, worth: Worth) -> Iterator[tuple[dict[str, Decimal], Decimal]]:
    products, window = counted(row, worth), worth.reading.window(row.first, row.last)
    for build in flows.builds:
        if build.bucket in window and (build.operation.site, build.operation.item) in products:
            yield worth.made(build), ONE


def _inputs(row: Target, flows: Flows, worth: Worth, depth: int | None) -> Iterator[tuple[dict[str, Decimal], Decimal]]:
    for one in flows.attributed:
        if row.target not in one.claim.split("+") or one.kind == "use" or (depth is not None and one.level > depth):
            continue
        if worth.through(one) and one.level != depth:
            yield {"conversion": worth.conversion(one)}, one.quantity
        else:
            yield worth.leaf(one), one.quantity


def counted(row: Target, worth: Worth) -> set[tuple[str, str]]:
    """Return the sites and items whose builds a target counts: products built in the home country, in its scope."""
    reading, scope = worth.reading, scope_of(row.scope)
    found = set()
    for site, item, _ in reading.operations:
        place = reading.sites[site]
        facts = {
            "item": item,
            "family": reading.items[item].family,
            "partner": place.partner,
            "site": site,
            "country": place.country,
        }
        inside = all(facts.get(name) in values for name, values in scope.items())
        if inside and place.country == reading.settings.home_country:
            found.add((site, item))
    finished = {(site, item) for site, item in found if worth.kinds[item][0] == "finished"}
    if "item" in scope or ("family" in scope and not finished):
        return found
    return finished


def scope_of(text: str | None) -> Scope:
    """Return the terms ``name=value; name=value`` of a scope; several values of one name are alternatives."""
    found: Scope = {}
    for term in filter(None, (part.strip() for part in (text or "").split(";"))):
        name, _, value = term.partition("=")
        found.setdefault(name.strip(), set()).add(value.strip())
    return found


def way(key: str) -> tuple[str, str | None, int | None]:
    """Return site, option and bucket of a way to build, from ``site|option@bucket``; only the site is always there."""
    name, _, bucket = key.partition("@")
    site, _, option = name.partition("|")
    return site, option or None, int(bucket) if bucket else None


def of_day(rows: list[Row], day: int) -> Row:
    """Return the row that holds on a day; else the first that begins later, else the last before it."""
    ordered = sorted(rows, key=lambda row: row.first)
    return next((row for row in ordered if row.last >= day), ordered[-1])
