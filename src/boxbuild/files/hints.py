"""Hints: what a cell that cannot be read was probably meant to say."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from boxbuild.files.grid import closest
from boxbuild.files.texts import plain as in_full
from boxbuild.network.catalogue import Column

_NOTHING: Final = frozenset({"-", "--", "n/a", "na", "#n/a", "none", "null", "nil", "nan", "tbd", "?", "."})
_SIGN: Final = r"(?:rs\.?|inr|usd|eur|cny|rmb|gbp|jpy|[$€₹£¥])"
_CURRENCY: Final = re.compile(rf"(?i)^{_SIGN}\s*|\s*{_SIGN}$")
_FORMATS: Final = (
    "%d %B %Y",
    "%d %b %Y",
    "%B %d %Y",
    "%b %d %Y",
    "%d %b %y",
    "%d %B %y",
    "%Y%m%d",
    "%Y %m %d",
)
_YES: Final = frozenset({"y", "yes", "true", "t", "1", "1.0", "x", "ja", "oui", "on", "✓"})
_NO: Final = frozenset({"n", "no", "false", "f", "0", "0.0", "nein", "non", "off"})


def hint(column: Column, text: str) -> str:
    """Return what a cell of a column was probably meant to say; nothing where it cannot be guessed."""
    if text.strip().lower() in _NOTHING:
        return "leave the cell blank where there is no value" if not column.required else ""
    if text.startswith("#") and text.strip("#").rstrip("!?").isupper():
        return "the formula of the cell gives an error"
    if column.type in ("number", "whole", "money"):
        return _number(column, text)
    if column.type == "date":
        return _date(text)
    if column.type == "yes_no":
        return _yes_no(text)
    if column.type == "choice":
        close = closest(text, column.choices)
        return f"did you mean {close}?" if close else f"one of {', '.join(column.choices)}"
    return ""


def _number(column: Column, text: str) -> str:
    if re.match(r"\d{4}-\d\d-\d\d", text):
        return "the cell holds a date: format it as a number"
    plain = text.strip()
    if _decimal(plain) is not None and plain != text:
        return f"did you mean {plain}? There is a space around it"
    bare = _CURRENCY.sub("", plain)
    if bare != plain:
        value = _grouped(bare)
        return f"did you mean {value}? The currency stands in its own column" if value else ""
    if plain.endswith("%"):
        share = _decimal(_grouped(plain.rstrip("% ")))
        if share is None:
            return ""
        return (
            f"did you mean {in_full(share / 100)}?"
            if column.unit.startswith("fraction")
            else f"did you mean {in_full(share)}?"
        )
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", plain):
        whole = plain.replace(",", "")
        return f"write {whole}, or {plain.replace(',', '.')} if the comma is a decimal one"
    meant = _grouped(plain)
    return _did(meant) if meant != plain else ""


def _grouped(text: str) -> str:
    """Return a number without thousands separators and with a decimal point; nothing where it is not one."""
    text = re.sub(r"(?<=\d)[\s\u00a0\u202f'’_](?=\d)", "", text.strip())
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        text = text.replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})*,\d+", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?", text):
        text = text.replace(",", "")
    value = _decimal(text)
    return "" if value is None else in_full(value)


def _date(text: str) -> str:
    plain = text.strip()
    parts = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})", plain)
    if parts:
        year = int(parts[3]) + (2000 if len(parts[3]) == 2 else 0)
        first, second = int(parts[1]), int(parts[2])
        meant = [found for found in (_day(year, second, first), _day(year, first, second)) if found]
        if len(meant) == 2 and meant[0] != meant[1]:
            return f"write {meant[0]} or {meant[1]}: year, month, day"
        return f"did you mean {meant[0]}?" if meant else ""
    parts = re.match(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?!\d)(.*)$", plain)
    if parts:
        found = _day(int(parts[1]), int(parts[2]), int(parts[3]))
        if found and parts[4]:
            return f"did you mean {found}? A date has no time of day"
        return _did(found) or "there is no such day"
    if re.fullmatch(r"\d{5}(\.0)?", plain):
        found = (date(1899, 12, 30) + timedelta(days=int(float(plain)))).isoformat()
        return f"did you mean {found}? It looks like a day number of Excel"
    words = re.sub(r"[\s,\-/.]+", " ", re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", plain))
    for form in _FORMATS:
        try:
            return f"did you mean {datetime.strptime(words, form).date()}?"  # noqa: DTZ007
        except ValueError:
            continue
    return "write year-month-day, for example 2023-06-05"


def _yes_no(text: str) -> str:
    plain = text.strip().lower()
    if plain in _YES:
        return "did you mean yes?"
    return "did you mean no?" if plain in _NO else "write yes or no"


def _did(meant: str) -> str:
    return f"did you mean {meant}?" if meant else ""


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 30 else None
