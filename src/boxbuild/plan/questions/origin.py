"""How local a product is, by every definition, and the inputs that it is made of."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final

from boxbuild.errors import UsageError
from boxbuild.law.average import Average, Input
from boxbuild.law.trace import Given, Trace
from boxbuild.law.value_added import DEFINITIONS, evaluate
from boxbuild.network.issues import did_you_mean
from boxbuild.plan.questions.agreements import verdicts
from boxbuild.plan.value_added import Attribution

if TYPE_CHECKING:
    from boxbuild.plan.plan import Plan

DIGITS: Final = 40
STEP: Final = Decimal("0.000001")
HEADINGS: Final = {4: "heading", 6: "subheading"}
"""Digits of a classification, and what they are called."""


def origin(plan: Plan, subject: str) -> Trace:
    """Return the value added of ``ITEM`` at each site and in each financial year, with the inputs behind it.

    ``ITEM@SITE`` asks for what one site builds, ``ITEM@MARKET`` for what the sites build from which shipments reach the
    market. Where the plan goes by the law book, each agreement of the book of the site's or the market's country has a
    verdict (:mod:`boxbuild.plan.questions.agreements`).

    Raises
    ------
    UsageError
        There is no such item or site, or the plan builds none.
    """
    item, _, where = subject.partition("@")
    items, sites = plan.network["items"]["item"].to_list(), plan.network["sites"]["site"].to_list()
    if item not in items:
        raise UsageError(f"there is no item {item!r}", did_you_mean(item, items))
    if where and where not in sites:
        raise UsageError(f"there is no site {where!r}", did_you_mean(where, sites))
    with localcontext() as context:
        context.prec = DIGITS
        attribution = Attribution(plan)
        average = attribution.average()
        made = [key for key in sorted(average.made) if key[0] == item and average.made[key].units]
        if not made:
            raise UsageError(f"the plan builds no {item}", "origin is of what is built")
        chosen = [key for key in made if not where or key[1] == where or where in _reached(plan, item, key[1])]
        if not chosen:
            built = ", ".join(sorted({site for _, site, _ in made}))
            raise UsageError(f"no {item} is built at {where} or shipped there", f"it is built at {built}")
        market = attribution.countries[where] if where else None
        parts = tuple(_built(plan, attribution, average, key, market) for key in chosen)
    note = (
        "inputs by the average of their pools, financial year by financial year; what the site's country makes is local"
    )
    return Trace(f"value added of {subject}", Decimal(0), "", "origin", parts=parts, note=note)


def _built(
    plan: Plan, attribution: Attribution, average: Average, key: tuple[str, str, int], market: str | None
) -> Trace:
    item, site, period = key
    own = frozenset({attribution.countries[site]})
    label = f"{item} at {site}, {attribution.years[period]}"
    parts = []
    for name, definition in DEFINITIONS.items():
        components = average.components(item, site, period, own, definition.depth)
        rounded = {one: amount.quantize(STEP) for one, amount in components.items()}
        parts.append(_rounded(evaluate(definition, rounded, f"{name}: {definition.title}", plan.summary.home_currency)))
    inputs = _inputs(plan, average.inputs(item, site, period), item, own)
    judged = verdicts(attribution, average, key, market)
    return Trace(label, average.made[key].units, "units", "origin.built", parts=(*parts, *judged, inputs))


def _inputs(plan: Plan, inputs: list[Input], product: str, own: frozenset[str]) -> Trace:
    codes = dict(plan.network["items"].select("item", "hs").iter_rows())
    money = plan.summary.home_currency
    parts = []
    for one in inputs:
        mark = "local" if one.country in own else "not local"
        shift = "" if one.country in own else f"; {_shift(codes[one.item], codes[product])}"
        given = (Given("units", one.units.quantize(STEP), "units"),)
        note = f"{mark}, origin {one.country or 'not known'}, HS {codes[one.item] or 'none'}{shift}"
        name = f"{one.item}: {one.kind} {one.key}".rstrip()
        parts.append(Trace(name, one.value.quantize(STEP), money, "origin.input", given=given, note=note))
    total = sum((part.value for part in parts), Decimal(0))
    ordered = tuple(sorted(parts, key=lambda part: (-part.value, part.name)))
    note = "first level of the bill of materials; assemblies at standard value"
    return Trace("inputs used", total, money, "origin.inputs", "sum of the parts", parts=ordered, note=note)


def _shift(given: str | None, made: str | None) -> str:
    """Say whether a classification changes from an input to the product."""
    if not given or not made:
        return "no classification: whether it changes is not known"
    same = [name for digits, name in HEADINGS.items() if given[:digits] == made[:digits]]
    return f"stays in the same {' and '.join(same)} as the product" if same else "changes heading"


def _reached(plan: Plan, item: str, site: str) -> set[str]:
    """Sites that shipments of an item reach from a site."""
    lanes = plan["shipments"].filter(item=item).select("origin", "destination").unique().rows()
    reached, fresh = {site}, {site}
    while fresh:
        fresh = {there for here, there in lanes if here in fresh} - reached
        reached |= fresh
    return reached - {site}


def _rounded(trace: Trace) -> Trace:
    value = trace.value.quantize(STEP)
    return Trace(
        trace.name, value, trace.unit, f"origin.{trace.rule}", trace.formula, trace.given, (), trace.parts, trace.note
    )
