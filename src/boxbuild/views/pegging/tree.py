"""A tree of pegs as lines of text: the largest first, small ones drawn together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from boxbuild.plan.pegging import Peg
from boxbuild.views.pegging.words import named, units
from boxbuild.views.text import WIDTH, cut, number

MOST: Final = 6
"""Branches of a node that are drawn one by one."""

LEAST: Final = 0.01
"""Units below which a branch is drawn together with others: dust of the roundings of orders."""

LINES: Final = 60
"""Lines of a tree that is not asked for whole: it is drawn as deep as fits."""


def tree(peg: Peg, depth: int | None = None, *, whole: bool = False) -> list[str]:
    """Return what is below a peg as lines.

    Parameters
    ----------
    peg
        The root; it is not drawn itself.
    depth
        Levels to draw; ``None``: as many as fit :data:`LINES` or, where it is drawn whole, all.
    whole
        Whether to draw every branch.
    """
    most = None if whole else MOST
    if whole or depth is not None:
        lines = _cut(peg, depth, most, None)
        return lines if lines is not None else []
    level, found = 1, _cut(peg, 1, most, None) or []
    while (deeper := _cut(peg, level + 1, most, LINES)) is not None and deeper != found:
        level, found = level + 1, deeper
    return found


def _cut(peg: Peg, depth: int | None, most: int | None, limit: int | None) -> list[str] | None:
    """Return the lines of a tree to a depth; ``None`` where there are more than a limit."""
    lines: list[str] = []
    for line in _branches(peg, "", depth, most):
        lines.append(line)
        if limit is not None and len(lines) > limit:
            return None
    return lines


def _branches(peg: Peg, indent: str, depth: int | None, most: int | None) -> Iterator[str]:
    if depth == 0:
        return
    shown, more, rest = peg.folded(most, 0.0 if most is None else LEAST)
    ranked = sorted(shown, key=lambda child: -child.quantity)
    for place, child in enumerate(ranked):
        last = place == len(ranked) - 1 and not more
        yield row(f"{indent}{'└ ' if last else '├ '}", named(child), units(child.quantity))
        below = f"{indent}{'  ' if last else '│ '}"
        yield from _branches(child, below, None if depth is None else depth - 1, most)
    if more:
        kinds = {child.unit_of for child in peg.children}
        yield row(f"{indent}└ ", f"and {number(more)} more", units(rest) if len(kinds) == 1 else "")


def row(indent: str, name: str, value: str) -> str:
    """Return a line of a tree: what it is on the left, how much on the right."""
    if not value:
        return f"{indent}{name}"
    room = WIDTH - len(indent) - len(value) - 2
    name = cut(name, max(room, 12))
    return f"{indent}{name} {'·' * max(room - len(name), 0)} {value}"
