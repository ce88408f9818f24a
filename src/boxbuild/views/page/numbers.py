"""Numbers for people: thousands apart in tables, five or six signs in pictures, and the words of a status."""

from __future__ import annotations

from typing import Any, Final

from boxbuild.views.text import DASH, number, percent

SIGNS: Final = {"good": "✓", "warn": "▲", "bad": "✕"}
"""The sign of a status, so that it is read without its colour."""

TEXT_KINDS: Final = ("text", "date", "status")
"""Kinds of columns that are set left."""


def shown(value: Any, kind: str, decimals: int | None = None) -> str:
    """Return a cell as a text: a dash where there is none."""
    if value is None or value == "":
        return DASH
    if kind in TEXT_KINDS or isinstance(value, str):
        return str(value)
    if kind == "percent":
        return percent(float(value), 1 if decimals is None else decimals)
    if decimals is None:
        decimals = places(float(value), kind)
    return number(float(value), decimals)


def places(value: float, kind: str) -> int:
    """Return the decimals of a number where its column names none: none for whole and for large ones."""
    if kind == "money" and abs(value) < 1e5:
        return 2
    return 0 if value == round(value) or abs(value) >= 1000 else 2


def status(cell: str) -> tuple[str, str]:
    """Return a cell of kind status as its status and its word: ``bad: missed`` is (bad, missed)."""
    head, colon, word = cell.partition(":")
    if colon and head in ("good", "warn", "bad", "none"):
        return head, word.strip()
    return "none", cell
