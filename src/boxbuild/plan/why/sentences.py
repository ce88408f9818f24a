"""Sentences: the answer to why, in words."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING, Final

from boxbuild.plan.why.words import amount, when

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar
    from boxbuild.plan.why.answer import Served, Why
    from boxbuild.plan.why.resolve import Solved

PART: Final = 1e-3
"""Part of a demand by which its orders have to differ from the plan to be told."""

MANY: Final = 3
"""Buckets of late units that are told one by one."""


def sentences(answer: Why, calendar: Calendar) -> tuple[str, ...]:
    """Return the answer in words: what happens, what it costs, what binds, what it would take."""
    return (*_happens(answer, calendar), *_ordered(answer), *_stands(answer, calendar), *_takes(answer))


def _happens(answer: Why, calendar: Calendar) -> Iterator[str]:
    what = f"{answer.demand}: {amount(answer.quantity)} {answer.item} at {answer.market}, due {_day(answer)}"
    parts = _parts(answer, calendar)
    if answer.short > 0:
        parts.append(f"{amount(answer.short)} never")
    if answer.status == "on time":
        fine = answer.dated is None or answer.dated.timely >= answer.quantity * (1 - PART)
        yield f"{what}{'. Nothing is wrong' if fine else ''}: {amount(answer.quantity)} on time."
        return
    yield f"{what}: {', '.join(parts)}."


def _ordered(answer: Why) -> Iterator[str]:
    """What its dated orders make of it, where that is not what the plan by buckets says."""
    dated = answer.dated
    timely = sum(one.quantity for one in answer.served if one.late_days <= 0)
    if dated is None or abs(dated.timely - timely) <= PART * answer.quantity:
        return
    never = max(answer.quantity - dated.timely - dated.late, 0.0)
    parts = [f"{amount(dated.timely)} on time"]
    parts += [f"{amount(dated.late)} late"] if dated.late > 0 else []
    parts += [f"{amount(never)} never"] if never > PART * answer.quantity else []
    last = f", the last on {dated.last.day} {dated.last:%B %Y}" if dated.last else ""
    yield f"By its dated orders, in whole lots on whole days: {', '.join(parts)}{last}."


def _parts(answer: Why, calendar: Calendar) -> list[str]:
    """What it gets: bucket by bucket, or late ones together where there are many."""
    late = [one for one in answer.served if one.late_days > 0]
    if len(late) <= MANY:
        return [_part(one, calendar) for one in answer.served]
    timely = [_part(one, calendar) for one in answer.served if one.late_days <= 0]
    units = sum(one.quantity for one in late)
    return [*timely, f"{amount(units)} in {len(late)} buckets, {late[0].late_days} to {late[-1].late_days} days late"]


def _part(one: Served, calendar: Calendar) -> str:
    if one.late_days <= 0:
        return f"{amount(one.quantity)} on time"
    bucket = calendar.first_days.index(one.start)
    return f"{amount(one.quantity)} in {when(calendar, bucket)}, {one.late_days} days late"


def _day(answer: Why) -> str:
    return f"{answer.due.day} {answer.due:%B %Y}"


def _stands(answer: Why, calendar: Calendar) -> Iterator[str]:
    if answer.cost is None:
        yield from _forbidden(answer, calendar)
        return
    money = answer.currency
    scarce = sum(one.scarce for one in answer.binding)
    part = f", of which {money} {amount(scarce)} is" if scarce <= answer.cost else f"; {money} {amount(scarce)} is"
    yield f"One more unit on time costs {money} {amount(answer.cost)} at the prices of this plan{part} for what binds."
    if answer.status == "on time":
        return
    late = [one for one in answer.served if one.late_days > 0]
    for one in dict.fromkeys((*late[:1], *late[-1:])):
        yield (
            f"A unit that is {one.late_days} days late costs {money} {amount(one.cost)}, "
            f"{money} {amount(one.late)} of it for being late."
        )
    if answer.short > 0:
        yield f"A unit that is never delivered costs {money} {amount(answer.lost_cost)}."
    if answer.premium > 0:
        more = amount(answer.premium)
        least = "about" if answer.slack > 0 else "at least"
        yield f"To have it on time costs {least} {money} {more} a unit more than the plan: so it waits."
    else:
        yield "At these prices on time costs as much as what the plan does: what binds decides how many units are."
    if not answer.binding and answer.timing > 1e-3 * abs(answer.cost):
        yield (
            f"Nothing is full: what leaves in one bucket arrives over two, and {money} {amount(answer.timing)} of the "
            "cost is for having all of it in time."
        )
    elif not answer.binding:
        yield "Nothing binds: it is the cost of the unit itself that is not worth it."


def _forbidden(answer: Why, calendar: Calendar) -> Iterator[str]:
    if not answer.legs:
        yield f"N{forbidden(answer)[1:]}."
        return
    first = ""
    if answer.first is not None:
        bucket = when(calendar, calendar.bucket(calendar.day(answer.first)))
        first = f"; in the plan's buckets the first unit can be there in {bucket}"
    yield f"L{forbidden(answer)[1:]}{first}."


def forbidden(answer: Why) -> str:
    """Return why there is no way on time, whatever it costs."""
    if not answer.legs:
        return f"nothing can bring {answer.item} to {answer.market}: no offer, operation or lane leads there"
    days = sum(leg.days for leg in answer.legs)
    told = " + ".join(f"{leg.what} {leg.days} d" for leg in answer.legs if leg.days)
    return f"lead times alone forbid it: {told or 'the quickest way'} is {days} days from the plan's first day"


def _takes(answer: Why) -> Iterator[str]:
    money = answer.currency
    inside = [one for one in answer.levers if one.inside]
    if not inside and answer.binding and answer.missed > 0:
        yield f"No other way of this network goes around {answer.binding[0].thing}."
    if inside and answer.missed > 0:
        best = inside[0]
        price = f"about {money} {amount(best.price)} a unit above the plan"
        yield f"The cheapest other way is {best.kind}: {best.what}, {price}."
    for one in answer.levers:
        if not one.inside:
            worth = f", worth up to {money} {amount(one.price)} per {one.unit}" if one.price else ""
            yield f"From outside: {one.what}{worth}."
            break
    if answer.solved is not None:
        yield _solved(answer, answer.solved)
    elif answer.missed > 0 and answer.cost is not None and answer.premium > 0 and isfinite(answer.premium):
        total = answer.premium * answer.missed
        yield (
            f"All {amount(answer.missed)} units on time cost {'about' if answer.slack > 0 else 'at least'} {money} "
            f"{amount(total)} by these prices; the later ones may cost more (--solve says)."
        )


def _solved(answer: Why, solved: Solved) -> str:
    money = answer.currency
    rest = "" if solved.whole else ", the rest of the plan as it is,"
    there = f"{amount(solved.units)} of {amount(solved.wanted)} units" if solved.units is not None else "it"
    sentence = (
        f"Solved again{rest} with as many units on time as there can be: {there} on time, and the plan costs "
        f"{money} {amount(solved.price)} more ({amount(solved.before)} before, {amount(solved.after)} after)."
    )
    later: dict[str, float] = {}
    for one in solved.moved:
        if one.kind in ("deliver", "short") and one.name != answer.demand:
            later[one.name] = later.get(one.name, 0.0) + one.after - one.before
    worse = sorted(((units, name) for name, units in later.items() if units > 0), reverse=True)
    if worse:
        names = ", ".join(f"{name} ({amount(units)} units)" for units, name in worse[:3])
        sentence += f" Later or lost instead: {names}."
    return sentence
