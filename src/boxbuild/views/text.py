"""Text: numbers, bars and tables for a terminal of a hundred columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

WIDTH: Final = 100
"""Columns of a page."""

DASH: Final = "–"
"""Stands where there is nothing to say."""

_EIGHTHS: Final = "▏▎▍▌▋▊▉█"
_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("▋▊▉█", "#"),
        **dict.fromkeys("▏▎▍▌", ""),
        "─": "-",
        "├": "|",
        "└": "`",
        "│": "|",
        "›": ">",
        "§": "#",
        "₹": "Rs",
        "·": ".",
        "–": "-",
        "×": "x",
        "→": ">",
        "…": "~",
        chr(0x2800): " ",
        **{chr(0x2800 + dots): "." if dots.bit_count() > 3 else " " for dots in range(1, 256)},
    }
)


def plain(text: str) -> str:
    """Return the text for a terminal that has nothing but ASCII."""
    return text.translate(_PLAIN).encode("ascii", "replace").decode()


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number with thousands apart; a dash where there is none."""
    if value is None:
        return DASH
    text = f"{value:,.{decimals}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def short(value: float | None) -> str:
    """Return a number in five or six signs: 1,234 or 12.3 k, 4.56 m, 7.89 bn."""
    if value is None:
        return DASH
    for size, unit in ((1e9, " bn"), (1e6, " m"), (1e4, " k")):
        if abs(value) >= size:
            scaled = value / (1e3 if unit == " k" else size)
            return f"{scaled:,.{2 if abs(scaled) < 100 else 1}f}{unit}"
    return number(value, 0 if abs(value) >= 100 or value == round(value) else 2)


def percent(value: float | None, decimals: int = 1) -> str:
    """Return a fraction as a percentage; never 0.0 % or 100.0 % for what is not quite."""
    if value is None:
        return DASH
    step = 10.0**-decimals
    shown = value * 100
    if 0 < shown < step:
        return f"<{step:.{decimals}f} %"
    if 100 - step < shown < 100 - 1e-7:
        return f">{100 - step:.{decimals}f} %"
    return f"{number(shown, decimals)} %"


def bar(share: float | None, width: int, offset: float = 0.0) -> str:
    """Return a bar for a share between 0 and 1, pushed right by another share."""
    if share is None or share <= 0:
        return ""
    eighths = round(min(share, 1.0) * width * 8)
    blocks = "█" * (eighths // 8) + (_EIGHTHS[eighths % 8 - 1] if eighths % 8 else "")
    return " " * round(offset * width) + (blocks or "▏")


def heading(title: str, note: str = "") -> str:
    """Return a heading that fills the page."""
    text = f"── {title} " + (f"({note}) " if note else "")
    return text + "─" * max(WIDTH - len(text), 2)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: Iterable[int] = (0,)) -> list[str]:
    """Return a table as lines; columns are set right, but for those in ``left``."""
    body = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
    lefts = set(left)

    def line(cells: Sequence[str]) -> str:
        parts = (
            cell.ljust(width) if index in lefts else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return ("  " + "  ".join(parts)).rstrip()

    return [line(head), *map(line, body)]


def cut(text: str, width: int) -> str:
    """Return a text that fits a width."""
    return text if len(text) <= width else text[: width - 1] + "…"
