"""A plot with logarithmic axes as SVG, in greys and a blue that can be read on white and on black."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, MARGIN = 380, 280, 56
GREY, BLUE = "#808080", "#3b82f6"


@dataclass(frozen=True)
class Line:
    """Points of one panel, and the power law through them.

    Parameters
    ----------
    title
        What goes up, with its unit.
    across, up
        The points; above 0.
    law
        Exponent and factor, where there is a fit to draw.
    """

    title: str
    across: Sequence[float]
    up: Sequence[float]
    law: tuple[float, float] | None


def plot(lines: Sequence[Line], across: str) -> str:
    """Return the panels side by side.

    Parameters
    ----------
    lines
        One panel each.
    across
        What goes across.
    """
    panels = [
        f'<g transform="translate({number * WIDTH},0)">{_panel(line, across)}</g>'
        for number, line in enumerate(lines)
        if line.across
    ]
    size = f'width="{WIDTH * len(lines)}" height="{HEIGHT}" viewBox="0 0 {WIDTH * len(lines)} {HEIGHT}"'
    style = f'font-family="sans-serif" font-size="12" fill="{GREY}" stroke-width="1.5"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n' + "\n".join(panels) + "\n</svg>\n"


def _panel(line: Line, across: str) -> str:
    left, right = _span(line.across)
    low, high = _span(line.up)

    def x(value: float) -> float:
        return MARGIN + (math.log10(value) - left) / (right - left) * (WIDTH - MARGIN - 20)

    def y(value: float) -> float:
        return HEIGHT - MARGIN - (math.log10(value) - low) / (high - low) * (HEIGHT - MARGIN - 36)

    law = "" if line.law is None else f", exponent {line.law[0]:.2f}"
    parts = [f'<text x="{MARGIN}" y="20">{escape(line.title + law)}</text>']
    parts.append(f'<text x="{WIDTH - 20}" y="{HEIGHT - 12}" text-anchor="end">{escape(across)}</text>')
    for power in range(left, right + 1):
        at = x(10.0**power)
        parts.append(_stroke(at, HEIGHT - MARGIN, at, 36, 0.3))
        parts.append(f'<text x="{at:.1f}" y="{HEIGHT - MARGIN + 18}" text-anchor="middle">{_power(power)}</text>')
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(_stroke(MARGIN, at, WIDTH - 20, at, 0.3))
        parts.append(f'<text x="{MARGIN - 6}" y="{at + 4:.1f}" text-anchor="end">{_power(power)}</text>')
    if line.law:
        exponent, factor = line.law
        ends = [min(line.across), max(line.across)]
        first, last = (factor * at**exponent for at in ends)
        parts.append(_stroke(x(ends[0]), y(first), x(ends[1]), y(last), 1.0))
    parts += [
        f'<circle cx="{x(at):.1f}" cy="{y(up):.1f}" r="4" fill="{BLUE}"><title>{at:,.0f}: {up:,.2f}</title></circle>'
        for at, up in zip(line.across, line.up, strict=True)
    ]
    return "\n".join(parts)


def _stroke(x1: float, y1: float, x2: float, y2: float, opacity: float) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{GREY}" opacity="{opacity}"/>'


def _span(values: Sequence[float]) -> tuple[int, int]:
    """Return the powers of ten below and above all values; two different ones."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _power(power: int) -> str:
    return f"{10.0**power:g}" if -3 < power < 4 else f"1e{power}"
