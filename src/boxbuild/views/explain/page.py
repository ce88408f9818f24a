"""A trace as one page that stands alone: no script, nothing loaded, every value with what it was computed from."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from html import escape
from importlib import resources
from typing import Final

from boxbuild.law.trace import Read, Trace
from boxbuild.plan.landed import SUM
from boxbuild.plan.questions import Document
from boxbuild.views.explain.accounts import by_account
from boxbuild.views.explain.numbers import is_cost, result, shown
from boxbuild.views.text import percent

OPEN: Final = Decimal("0.1")
"""Steps from this share of the whole on are open when the page is."""

_OPEN_DEPTH: Final = 3
"""Steps of a long answer that is no cost are open down to this depth."""

_FEW: Final = 60
"""Answers of so few steps are open down to the last."""


def page(document: Document) -> str:
    """Return an answer as HTML: one file, with a content security policy that allows nothing but its own style."""
    trace, style = document.trace, _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(trace.name)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            "<main>",
            *_head(document),
            *_accounts(trace),
            "<h2>How it was computed</h2>",
            *([] if by_account(trace) else _facts(replace(trace, note=""))),
            '<ul class="tree">',
            *(line for part in trace.parts for line in _step(part, trace, 1, _depth(trace))),
            "</ul>",
            *_reads(trace),
            *_origin(document),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


@cache
def _style() -> str:
    return resources.files("boxbuild.views.explain").joinpath("page.css").read_text("utf-8")


def _head(document: Document) -> Iterator[str]:
    trace, plan = document.trace, document.plan
    law = f"law: {plan['law']}" + (f", as known on {plan['known_on']}" if plan["known_on"] else "")
    yield f"<h1>{escape(trace.name)}</h1>"
    if trace.unit:
        yield f'<p class="answer">{escape(result(trace))}</p>'
    about = (plan["network"], f"scenario {plan['scenario']}", f"plan from {plan['start']}, {plan['buckets']}", law)
    yield f'<p class="soft">{escape(" · ".join(about))}</p>'
    if trace.note:
        yield f'<p class="note">{escape(trace.note)}</p>'


def _accounts(trace: Trace) -> Iterator[str]:
    accounts = by_account(trace)
    if not accounts:
        return
    most = max(abs(amount) for _, amount in accounts) or Decimal(1)
    yield "<h2>By account</h2>"
    yield f'<table><thead><tr><th>account</th><th class="number">{escape(trace.unit)}</th>'
    yield '<th class="number">share</th><th class="wide"></th></tr></thead><tbody>'
    for name, amount in accounts:
        share = percent(float(amount / trace.value)) if trace.value else ""
        drawn = _bar(float(abs(amount) / most), credit=amount < 0)
        cells = f'<td class="number">{amount:,.2f}</td><td class="number">{share}</td><td class="wide">{drawn}</td>'
        yield f"<tr><td>{escape(name)}</td>{cells}</tr>"
    yield f'<tr><th>total</th><th class="number">{trace.value:,.2f}</th><td></td><td></td></tr></tbody></table>'


def _bar(share: float, *, credit: bool = False) -> str:
    kind = "bar credit" if credit else "bar"
    rect = f'<rect width="{share * 100:.1f}" height="10"/>'
    return f'<svg class="{kind}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{rect}</svg>'


def _depth(trace: Trace) -> int:
    return _FEW if sum(1 for _ in trace.walk()) <= _FEW else _OPEN_DEPTH


def _step(step: Trace, top: Trace, depth: int, opened: int) -> Iterator[str]:
    cost, total = is_cost(step), top.value
    share = f'<span class="share">{percent(float(step.value / total))}</span>' if cost and total else ""
    value = f'<span class="value">{escape(result(step)) if step.unit else ""}</span>'
    line = f'<span class="name">{escape(step.name)}</span>{value}{share}'
    large = abs(step.value) >= OPEN * abs(total) if cost else depth <= opened
    yield "<li>"
    yield f"<details{' open' if large and (step.parts or not cost) else ''}><summary>{line}</summary>"
    yield from _facts(step)
    if step.parts:
        yield "<ul>"
        for part in step.parts:
            yield from _step(part, top, depth + 1, opened)
        yield "</ul>"
    yield "</details></li>"


def _facts(step: Trace) -> Iterator[str]:
    if not (step.formula not in ("", SUM) or step.given or step.reads or step.note):
        return
    yield '<div class="facts">'
    if step.formula and step.formula != SUM:
        yield f'<p class="formula">= {escape(step.formula)}</p>'
    if step.given:
        yield "<dl>"
        for one in step.given:
            place = f' <span class="soft">({escape(one.place)})</span>' if one.place else ""
            yield f"<dt>{escape(one.name)}</dt><dd>{escape(shown(one.value, one.unit))}{place}</dd>"
        yield "</dl>"
    for read in step.reads:
        said = f"{read.parameter} = {shown(read.value, read.unit)} since {read.since}, {read.instrument}"
        yield f'<p class="law">§ {escape(said)}</p>'
    if step.note:
        yield f'<p class="note">{_with_links(step.note)}</p>'
    yield "</div>"


def _reads(trace: Trace) -> Iterator[str]:
    found: dict[tuple[str, str], Read] = {}
    for step in trace.walk():
        for read in step.reads:
            found.setdefault((read.parameter, read.since.isoformat()), read)
    if not found:
        return
    cells = '<th>parameter</th><th class="number">value</th><th>since</th><th>published</th><th>instrument</th>'
    yield "<h2>Read in the law</h2>"
    yield f'<div class="scroll"><table class="reads"><thead><tr>{cells}</tr></thead><tbody>'
    for _, read in sorted(found.items()):
        name = f'<code>{escape(read.parameter)}</code><br><span class="soft">{escape(read.title)}</span>'
        number = escape(shown(read.value, read.unit))
        row = [
            f"<td>{name}</td>",
            f'<td class="number">{number}</td>',
            f'<td class="date since">{read.since}</td>',
            f'<td class="date published">{read.published or "–"}</td>',
            f"<td>{_linked(read)}</td>",
        ]
        yield f"<tr>{''.join(row)}</tr>"
    yield "</tbody></table></div>"


def _with_links(text: str) -> str:
    words = (_link(word, escape(word)) if _is_address(word) else escape(word) for word in text.split(" "))
    return " ".join(words)


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}" rel="noreferrer">{text}</a>'


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _linked(read: Read) -> str:
    text = escape(read.instrument)
    if _is_address(read.reference):
        return _link(read.reference, text)
    return f"{text}<br>{escape(read.reference)}" if read.reference else text


def _origin(document: Document) -> Iterator[str]:
    plan = document.plan
    ask = f"boxbuild explain PLAN {document.question} {document.subject}"
    rows = {
        "question": ask,
        "network": plan["network"],
        "input hash": plan["input_hash"],
        "plan": plan["sha256"],
        "made with": f"boxbuild {plan['version']}".rstrip(),
        "this answer": document.trace.digest,
    }
    yield "<h2>What it was computed from, and how to check it</h2>"
    yield "<dl>"
    for name, text in rows.items():
        yield f"<dt>{name}</dt><dd><code>{escape(text)}</code></dd>"
    yield "</dl>"
    yield "<p>The hashes are SHA-256. Ask the plan again and compare: the same plan gives the same answer, and the same"
    yield "hash. With the answer as JSON, boxbuild recomputes the hash, the sums and, from the plan, every value:</p>"
    yield f"<pre>{escape(ask)} --out answer.json\nboxbuild explain PLAN --verify answer.json</pre>"
