"""A report as one HTML file: the text first, the pictures drawn from data by scripts whose hashes the page names."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from html import escape
from typing import Final

from boxbuild.views.charts import Chart, Report, Section
from boxbuild.views.page import assets
from boxbuild.views.page.embed import chart_data, embedded
from boxbuild.views.page.static import numbers, picture

DRAWN: Final = ("bars", "lines", "sankey", "waterfall", "map")
"""Kinds that a script draws; the others are HTML."""


def render(report: Report) -> str:
    """Return a report as HTML: one file that loads nothing, and reads without a script, too.

    Parameters
    ----------
    report
        What is shown.

    Returns
    -------
    str
        The page. Its content security policy allows its own style and scripts by hash, and nothing else.

    Raises
    ------
    ValueError
        A number of the report is infinite or is none, or two charts have one name.
    """
    names = [chart.name for section in report.sections for chart in section.charts]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"charts of one name: {', '.join(twice)}")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            *_head(report.title),
            '<body class="single">' if len(report.sections) < 2 else "<body>",
            '<a class="skip" href="#main">Skip to the report</a>',
            *_top(report),
            *_menu(report),
            '<main id="main" tabindex="-1">',
            *(line for section in report.sections for line in _section(section, told=section.title == report.title)),
            *_origin(report),
            "</main>",
            *_licences(),
            '<p id="said" class="unseen" role="status" aria-live="polite"></p>',
            *(f"<script>{script}</script>" for script in assets.scripts()),
            "</body>",
            "</html>",
            "",
        ]
    )


def still(chart: Chart) -> str:
    """Return a chart as a small page without scripts: its title, what it says, its first picture or its numbers."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            *_head(chart.title, policy(scripts=False)),
            '<body class="single"><main>',
            *_parts(chart),
            "</figure>",
            "</main></body>",
            "</html>",
        ]
    )


@cache
def policy(*, scripts: bool = True) -> str:
    """Return the content security policy of every page, or of one without scripts."""
    ran = " ".join(_digest(script) for script in assets.scripts()) if scripts else "'none'"
    own = f"script-src {ran}; style-src {_digest(assets.style())}"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _head(title: str, allowed: str = "") -> Iterator[str]:
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(allowed or policy())}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{escape(title)}</title>"
    yield f"<style>{assets.style()}</style>"
    yield "</head>"


def _top(report: Report) -> Iterator[str]:
    yield f'<header class="top"><div><h1>{escape(report.title)}</h1><p>{escape(report.subtitle)}</p></div>'
    yield '<div class="tools" hidden>'
    yield '<button type="button" id="scheme" aria-pressed="false">Dark</button>'
    yield '<button type="button" id="patterns" aria-pressed="false">Patterns</button>'
    yield '<button type="button" id="paper">Print</button>'
    yield "</div></header>"


def _menu(report: Report) -> Iterator[str]:
    yield f'<nav class="menu" aria-label="Sections"{" hidden" if len(report.sections) < 2 else ""}>'
    yield '<button type="button" id="menu" aria-expanded="false" aria-controls="sections" hidden>Sections</button>'
    yield '<ol id="sections">'
    for section in report.sections:
        yield f'<li><a href="#s-{escape(section.name)}">{escape(section.title)}</a></li>'
    if report.origin:
        yield '<li><a href="#origin">What it was made from</a></li>'
    yield "</ol></nav>"


def _section(section: Section, *, told: bool) -> Iterator[str]:
    name, unseen = escape(section.name), ' class="unseen"' if told else ""
    yield f'<section id="s-{name}" aria-labelledby="h-{name}"><h2 id="h-{name}"{unseen}>{escape(section.title)}</h2>'
    for chart in section.charts:
        yield from figure(chart, told=chart.title == section.title)
    yield "</section>"


def figure(chart: Chart, *, told: bool = False) -> Iterator[str]:
    """Yield a chart: its title (unseen where it was told), what it says, what to choose, its picture, numbers, data."""
    yield from _parts(chart, told=told)
    yield f'<script type="application/json">{embedded(chart_data(chart))}</script></figure>'


def _parts(chart: Chart, *, told: bool = False) -> Iterator[str]:
    name, unseen = escape(chart.name), ' class="unseen"' if told else ""
    yield f'<figure id="c-{name}" class="chart k-{chart.kind}" aria-labelledby="t-{name}"><figcaption>'
    yield f'<h3 id="t-{name}"{unseen}>{escape(chart.title)}</h3><p class="says" id="y-{name}">{escape(chart.says)}</p>'
    yield "</figcaption>"
    if chart.choices:
        yield f'<p class="choose" hidden><label for="p-{name}">{escape(chart.by.capitalize())}</label>'
        options = (f'<option value="{place}">{escape(one.label)}</option>' for place, one in enumerate(chart.choices))
        yield f'<select id="p-{name}">{"".join(options)}</select></p>'
        yield f'<p class="chosen">{escape(chart.by.capitalize())}: <b>{escape(chart.choices[0].label)}</b></p>'
    yield '<div class="body">'
    yield from picture(chart)
    yield "</div>"
    if chart.kind in DRAWN:
        yield from numbers(chart)


def _origin(report: Report) -> Iterator[str]:
    if not report.origin:
        return
    yield '<section id="origin" aria-labelledby="h-origin"><h2 id="h-origin">What it was made from</h2>'
    yield '<dl class="origin">'
    for name, text in report.origin.items():
        yield f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>"
    yield "</dl></section>"


def _licences() -> Iterator[str]:
    yield "<footer><details><summary>Libraries in this page, and their licences</summary>"
    for line, text in assets.licences():
        yield f"<h3>{escape(line)}</h3><pre>{escape(text)}</pre>"
    yield "</details></footer>"
