"""A trace as a tree of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from textwrap import wrap
from typing import Final

from boxbuild.law.trace import Read, Trace
from boxbuild.plan.landed import SUM
from boxbuild.plan.questions import Document
from boxbuild.views.explain.accounts import by_account
from boxbuild.views.explain.numbers import is_cost, result, shown
from boxbuild.views.text import WIDTH, bar, cut, heading, percent

LEAST: Final = Decimal("0.02")
"""Parts of a cost below this share of it are drawn together."""


def tree(document: Document, *, whole: bool = False) -> list[str]:
    """Return an answer as lines.

    Parameters
    ----------
    document
        The answer.
    whole
        Whether to draw small parts of a cost too.
    """
    trace = document.trace
    plan = document.plan
    law = f"law {plan['law']}" + (f" as known on {plan['known_on']}" if plan["known_on"] else "")
    head = [
        f"{trace.name}: {result(trace)}" if trace.unit else trace.name,
        f"{plan['network']}, {plan['scenario']}, {plan['start']} {plan['buckets']} · {law}",
        *wrap(trace.note, WIDTH),
    ]
    accounts = by_account(trace)
    if accounts:
        head += ["", heading("By account"), *_table(accounts, trace.value), "", heading("Where it comes from")]
    else:
        head += [*_facts(replace(trace, note=""), ""), ""]
    least = Decimal(0) if whole or not accounts else abs(trace.value) * LEAST
    reads = _reads(trace)
    law_lines = ["", heading("Read in the law"), *reads] if reads else []
    return [*head, *_parts(trace, "", least), *law_lines, "", f"sha256 {trace.digest}"]


def _table(accounts: list[tuple[str, Decimal]], total: Decimal) -> list[str]:
    width = max(len(name) for name, _ in accounts)
    lines = []
    for name, amount in accounts:
        share = float(amount / total) if total else 0.0
        money = f"{amount:,.2f}".rjust(14)
        lines.append(f"  {name.ljust(width)} {money} {percent(share):>8}  {bar(share, 24)}".rstrip())
    return lines


def _parts(step: Trace, indent: str, least: Decimal) -> Iterator[str]:
    large = [part for part in step.parts if not is_cost(part) or abs(part.value) >= least]
    if not large:
        return
    small = [part for part in step.parts if is_cost(part) and abs(part.value) < least]
    for place, part in enumerate(large):
        last = place == len(large) - 1 and not small
        names, inner = [part.name], part
        while is_cost(part) and len(inner.parts) == 1 and inner.parts[0].rule.startswith("landed."):
            inner = inner.parts[0]
            names.append(inner.name)
        value = f"{part.value:,.2f}" if is_cost(part) else result(part)
        yield _row(f"{indent}{'└ ' if last else '├ '}", ", ".join(names), value)
        below = f"{indent}{'  ' if last else '│ '}"
        if not is_cost(part):
            yield from _facts(part, below + ("│ " if part.parts else "  "))
        yield from _parts(inner, below, least)
    if small:
        total = sum((part.value for part in small), Decimal(0))
        yield _row(f"{indent}└ ", f"{len(small)} smaller {'part' if len(small) == 1 else 'parts'}", f"{total:,.2f}")


def _row(indent: str, name: str, value: str) -> str:
    room = WIDTH - len(indent) - len(value) - 2
    name = cut(name, max(room, 12))
    return f"{indent}{name} {'·' * (room - len(name))} {value}" if value else f"{indent}{name}"


def _facts(step: Trace, indent: str) -> Iterator[str]:
    """The formula, the inputs and the parameters of a step that is no cost."""
    room = max(WIDTH - len(indent), 40)
    if step.formula and step.formula != SUM:
        yield from _wrapped(f"= {step.formula}", indent, room)
    for one in step.given:
        place = f" ({one.place})" if one.place else ""
        yield from _wrapped(f"{one.name}: {shown(one.value, one.unit)}{place}", indent, room)
    for read in step.reads:
        yield from _wrapped(f"§ {_read(read)}", indent, room)
    if step.note:
        yield from _wrapped(step.note, indent, room)


def _wrapped(text: str, indent: str, room: int) -> list[str]:
    return [indent + line for line in wrap(text, room, subsequent_indent="  ", break_long_words=False)]


def _read(read: Read) -> str:
    return f"{read.parameter} = {shown(read.value, read.unit)} since {read.since}, {read.instrument}"


def _reads(trace: Trace) -> list[str]:
    found: dict[tuple[str, object], Read] = {}
    for step in trace.walk():
        for read in step.reads:
            found.setdefault((read.parameter, read.since), read)
    lines = []
    for _, read in sorted(found.items(), key=lambda pair: (pair[0][0], str(pair[0][1]))):
        lines += wrap(f"{read.parameter}: {read.title}", WIDTH, initial_indent="  ", subsequent_indent="    ")
        known = f"; published {read.published}" if read.published else ""
        text = f"{shown(read.value, read.unit)} since {read.since}, {read.instrument}{known}"
        lines += wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ")
        if read.reference:
            lines.append(f"    {read.reference}")
    return lines
