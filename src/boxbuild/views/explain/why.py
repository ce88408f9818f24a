"""Why a demand is late or short, and what a part is worth, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from boxbuild.views.text import WIDTH, bar, cut, heading, number, table

if TYPE_CHECKING:
    from boxbuild.plan.why import PartWhy, Why
    from boxbuild.plan.why.binding import Binding

MOST: Final = 8
"""Rows of a table of what binds."""

KINDS: Final = {
    "buy": "buying",
    "build": "building",
    "ship": "freight and duty",
    "keep": "keeping",
    "use": "alternates",
    "deliver": "delivery",
}
"""Kinds of columns, as costs."""


def parts(answer: Why) -> list[tuple[str, float]]:
    """Return what one unit on time costs, part by part; the parts add up to its cost."""
    found = [(KINDS.get(kind, kind), amount) for kind, amount in answer.ordinary.items() if abs(amount) > 0]
    shown = answer.binding[:MOST]
    found += [(f"{one.thing}{', ' + one.when if one.when else ''}", one.scarce) for one in shown]
    if answer.cost is not None:
        rest = answer.cost - sum(amount for _, amount in found)
        if abs(rest) > 1e-4 * max(abs(answer.cost), 1e-9):
            found.append(("timing, and what is small", rest))
    return found


def why_page(answer: Why) -> list[str]:
    """Return the answer about a demand as lines."""
    lines = [heading(f"{answer.demand} · {answer.status}"), *_sentences(answer.sentences, answer.note)]
    if answer.binding:
        lines += ["", heading("What binds", "adds to a unit · one more of it saves up to"), *_bound(answer.binding)]
        top = answer.binding[0]
        if top.path:
            lines += ["", heading(f"The way to {top.thing}"), *_steps(top)]
    if answer.cost is not None and answer.status != "on time":
        lines += ["", heading("What one more unit on time costs", answer.currency), *_bars(answer)]
    inside = [one for one in answer.levers if one.inside]
    if inside:
        lines += ["", heading("What it would take", f"{answer.currency} per unit above the plan")]
        rows = [(one.kind, cut(one.what, 64), number(one.price, 2)) for one in inside]
        lines += table(("", "", "price"), rows, left=(0, 1))
    outside = [one for one in answer.levers if not one.inside]
    if outside:
        lines += ["", heading("From outside", f"{answer.currency}, at most")]
        worth = [f"{number(one.price, 2)} per {one.unit}" if one.price else "" for one in outside]
        rows = [(one.kind, cut(one.what, 58), paid) for one, paid in zip(outside, worth, strict=True)]
        lines += table(("", "", "worth"), rows, left=(0, 1))
    if answer.slack > 0 and answer.binding:
        note = f"prices are proven to within {answer.currency} {number(answer.slack)} of the whole plan's cost"
        lines += ["", *wrap(f"These {note}: a weight is an estimate, and --solve gives the price.", WIDTH)]
    return lines


def part_page(answer: PartWhy) -> list[str]:
    """Return the answer about a part as lines."""
    place = f"{answer.item} at {answer.site}" if answer.site else answer.item
    lines = [heading(place), *_sentences(answer.sentences, answer.note)]
    for title, flows in (("Where it comes from", answer.gets), ("Who needs it", answer.needs)):
        if flows:
            rows = [(one.how, one.what, one.site, number(one.quantity)) for one in flows[:MOST]]
            more = f"{len(flows):,} in all" if len(flows) > MOST else ""
            lines += ["", heading(title, more), *table(("", "", "at", "units"), rows, left=(0, 1, 2))]
    if answer.demands.height:
        more = f"{answer.demands.height:,} demands" if answer.demands.height > MOST else ""
        lines += ["", heading("Who gets it", more), *_demands(answer)]
    short = sorted(answer.short, key=lambda week: -week.scarce)[:MOST]
    if short:
        note = f"{answer.currency} a unit: worth · beyond its cost"
        rows = [(one.site, one.when, number(one.worth, 2), number(one.scarce, 2)) for one in short]
        lines += ["", heading("Where it is short", note), *table(("", "", "worth", "beyond"), rows, left=(0, 1))]
    if answer.binding:
        lines += ["", heading("What binds there"), *_bound(answer.binding)]
    return lines


def _sentences(sentences: tuple[str, ...], note: str) -> Iterator[str]:
    for sentence in (*sentences, f"({note})" if note else ""):
        yield from wrap(sentence, WIDTH)


def _bound(binding: tuple[Binding, ...]) -> list[str]:
    rows = []
    for one in binding[:MOST]:
        unit = f"/{one.unit}" if one.unit else ""
        use = f"{one.used:,.0f} of {one.limit:,.0f}" if one.used is not None and one.limit is not None else ""
        rows.append((cut(one.thing, 36), one.when, use, number(one.scarce, 2), f"{number(one.price, 2)}{unit}"))
    lines = table(("", "", "used", "adds", "saves"), rows, left=(0, 1))
    if len(binding) > MOST:
        lines.append(f"  ... and {len(binding) - MOST} more (--json)")
    return lines


def _steps(one: Binding) -> Iterator[str]:
    for depth, step in enumerate(one.path):
        mark = "  " * depth + ("└ " if depth else "")
        yield from wrap(step, WIDTH, initial_indent=f"  {mark}", subsequent_indent="  " + "  " * depth + "  ")
    yield from wrap(
        one.sentence, WIDTH, initial_indent="  " * len(one.path) + "  └ ", subsequent_indent="  " * (len(one.path) + 2)
    )


def _bars(answer: Why) -> list[str]:
    found = parts(answer)
    most = max((abs(amount) for _, amount in found), default=1.0) or 1.0
    rows = [(cut(name, 50), number(amount, 2), bar(abs(amount) / most, 24)) for name, amount in found]
    rows.append(("one more unit on time", number(answer.cost, 2), ""))
    return table(("", answer.currency, ""), rows, left=(0, 2))


def _demands(answer: PartWhy) -> list[str]:
    rows = []
    for row in answer.demands.head(MOST).iter_rows(named=True):
        late = f"{row['late_days']} d late" if row["late_days"] else "on time"
        rows.append((row["demand"], row["item"], row["market"], str(row["due"]), late, number(row["quantity"])))
    return table(("", "", "", "due", "", "units"), rows, left=(0, 1, 2, 3, 4))
