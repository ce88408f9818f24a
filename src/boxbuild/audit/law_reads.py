"""The table ``law_reads``: it has every value of the book that the flows of a plan depend on, as the book has it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from boxbuild.audit.flows import Flows
from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import Tally
from boxbuild.law.incentives import evaluate
from boxbuild.law.schemes import SCHEMES, exempted, forgone, surplus
from boxbuild.law.subsidies import assess
from boxbuild.law.trace import Trace, plain
from boxbuild.plan.plan import Plan

ZERO: Final = Decimal(0)
SAME: Final = ("unit", "published", "instrument", "reference", "rules")

Name = tuple[str, date]


def law_reads(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check the values of law that a plan states: each is the book's, none is missing and none is too many.

    What was read for imports and exports was noted when the ledger's lines were evaluated, which therefore has to be
    done before.
    """
    tally = Tally("law reads", "values of law", "none")
    expected = _expected(plan, flows, reading) if reading.law.by_book else {}
    stated: dict[Name, dict[str, dict[str, Any]]] = {}
    for row in plan["law_reads"].iter_rows(named=True):
        stated.setdefault((row["parameter"], row["since"]), {})[row["value"]] = row
    for name in sorted({*expected, *stated}):
        _compare(tally, name, expected.get(name, {}), stated.get(name, {}))
    return tally


def _compare(tally: Tally, name: Name, should: dict[str, dict[str, Any]], said: dict[str, dict[str, Any]]) -> None:
    parameter, since = name
    place = ("law_reads", f"{parameter}|{since}", None)
    missing, strange = sorted(set(should) - set(said)), sorted(set(said) - set(should))
    if missing and strange:
        then, now = ", ".join(strange), ", ".join(missing)
        tally.fail(place, now, then, f"{parameter} since {since} was {then} for the plan, and the book says {now}")
    elif missing:
        now = ", ".join(missing)
        tally.fail(place, now, "no row", f"the plan depends on {parameter} = {now} since {since} and does not say so")
    elif strange:
        then = ", ".join(strange)
        sentence = f"the plan says that it depends on {parameter} = {then} since {since}, and by the book it does not"
        tally.fail(place, "no row", then, sentence)
    for value in sorted(set(should) & set(said)):
        tally.count += 1
        for column in SAME:
            one, other = should[value][column], said[value][column]
            if one != other:
                sentence = f"{column} of {parameter} since {since} is {other}, and the book says {one}"
                tally.fail(place, one, other, sentence)


def _expected(plan: Plan, flows: Flows, reading: Reading) -> dict[Name, dict[str, dict[str, Any]]]:
    for trace in (*_granted(flows, reading), *_exempt(plan, reading)):
        reading.noted(trace)
    found: dict[Name, dict[str, dict[str, Any]]] = {}
    for (parameter, since, value), (read, rules) in reading.met.items():
        # rows of the network's own table of duties are no parameters
        if parameter in reading.law.book.parameters:
            row = {**read.as_dict(), "published": read.published, "rules": ", ".join(sorted(rules))}
            found.setdefault((parameter, since), {})[plain(value)] = row
    return found


def _granted(flows: Flows, reading: Reading) -> Iterator[Trace]:
    for claim in reading.applications:
        yield evaluate(claim, ZERO, ZERO)
    for option, taken in flows.taken.items():
        row = reading.subsidised.get(option)
        granted = assess(reading.law, row, taken) if row is not None else None
        if granted is not None:
            yield granted


def _exempt(plan: Plan, reading: Reading) -> Iterator[Trace]:
    law, days = reading.law, reading.days
    rows = sorted(set(plan["exempt"].select("scheme", "flow", "bucket").iter_rows()))
    for scheme, flow, bucket in rows:
        if flow in ("buy", "ship"):
            yield exempted(law, scheme, {}, days.date(days.edges[bucket]))
        elif flow == "export":
            yield forgone(law, scheme, {}, days.date(days.edges[bucket]))
    for scheme in sorted({scheme for scheme, _, _ in rows}):
        if SCHEMES[scheme].obliged:
            yield surplus(law, scheme, ZERO, ZERO)
