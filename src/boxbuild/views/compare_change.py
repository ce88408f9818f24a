"""What moved between two plans and why, as lines of text."""

from __future__ import annotations

import re
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from boxbuild.views.compare import claim_sentences, input_lines
from boxbuild.views.sections import NAMES
from boxbuild.views.text import WIDTH, heading, percent, short

if TYPE_CHECKING:
    from datetime import date

    from boxbuild.study.change_why import ChangeWhy, Move, Reason

INPUTS: Final = 12
ACCOUNTS: Final = 6
PERIODS: Final = 4
"""Inputs, accounts and periods that are told."""

SURE: Final = ("input", "option", "rate", "need", "instead")
"""Grounds that are rows, rates and counts; what limits are worth stands beside a move and measures nothing."""


MARKS: Final = "- rests on rows, rates and counts; ~ is a price that goes with a move, and does not measure it."
"""What the marks before reasons mean."""


UNEXPLAINED: Final = "no row, rate, need or price of its own explains it"


def change_page(found: ChangeWhy) -> list[str]:
    """Return what moved and why as lines of a hundred signs."""
    base, other = found.comparison.names
    currency = found.comparison.plans[0].summary.home_currency
    lines = [f"From {base} to {other}", ""]
    for sentence in claim_sentences(other, base, currency, found.claim):
        lines += wrap(sentence, WIDTH, break_on_hyphens=False)
    accounts = [
        f"{NAMES.get(account, account)} {'+' if value > 0 else '-'}{short(abs(value))}"
        for account, value in found.accounts.head(ACCOUNTS).iter_rows()
    ]
    if accounts:
        lines += _wrapped(f"What changes most: {', '.join(accounts)}.", "", "")
    lines += ["", heading("What was changed"), *_inputs(found)]
    if found.moves:
        lines += ["", heading("What moved", f"by value in {currency}; {_periods(found)}")]
    for place, (move, reasons) in enumerate(found.moves, 1):
        lines += ["", *_move(found, place, move, reasons)]
    if not found.moves:
        lines += ["", "Nothing moved."]
    return [*lines, "", *_notes(found)]


def move_sentence(move: Move) -> str:
    """Return a move as a sentence without its periods."""
    part = f" ({'+' if move.change > 0 else '-'}{percent(abs(move.change) / move.before)})" if move.before else ""
    units = f"{short(abs(move.change))} {'more' if move.change > 0 else 'fewer'} {move.item}{part}"
    if abs(move.change) <= 1e-6 * max(move.before, 1.0) or move.shifted > 4 * abs(move.change):
        units = f"{short(move.shifted)} {move.item} in other periods"
    return {
        "build": f"{move.site} builds {units}",
        "buy": f"{move.site} buys {units} from {move.origin} ({move.reference})",
        "ship": f"{move.origin} ships {units} to {move.site} by {move.reference}",
        "deliver": f"{move.site} gets {units}",
    }[move.kind]


def _move(found: ChangeWhy, place: int, move: Move, reasons: tuple[Reason, ...]) -> list[str]:
    ranked = sorted(move.periods.items(), key=lambda pair: -abs(pair[1]))[:PERIODS]
    told = [f"{_day(found, day)} {'+' if units > 0 else '-'}{short(abs(units))}" for day, units in sorted(ranked)]
    when = ", ".join(told)
    more = f", {len(move.periods) - PERIODS} more" if len(move.periods) > PERIODS else ""
    head = f"{place:>3}. {move_sentence(move)}; {short(move.money)}: {when}{more}"
    lines = _wrapped(head, "", " " * 5)
    for reason in reasons:
        mark = "-" if reason.ground in SURE else "~"
        lines += _wrapped(f"{mark} {reason.says}", " " * 5, " " * 7)
    if not reasons:
        lines.append(f"     ? {UNEXPLAINED}")
    return lines


def _wrapped(text: str, first: str, other: str) -> list[str]:
    """Lines of a text in which a number stays with its unit."""
    held = re.sub(r"(\d) (k|m|bn|%)(?!\w)", "\\1\u00a0\\2", text)
    lines = wrap(held, WIDTH, initial_indent=first, subsequent_indent=other, break_on_hyphens=False)
    return [line.replace("\u00a0", " ") for line in lines]


def _day(found: ChangeWhy, day: date) -> str:
    return f"{day:%Y-%m}" if found.months else day.isoformat()


def _periods(found: ChangeWhy) -> str:
    return "by the month in which a bucket begins" if found.months else "by bucket"


def _inputs(found: ChangeWhy) -> list[str]:
    if found.inputs.is_empty():
        return ["  nothing: the tables and settings are the same"]
    every = input_lines(found.inputs)
    more = len(every) - INPUTS
    lines = [line for text in every[:INPUTS] for line in _wrapped(text, "  ", " " * 6)]
    return [*lines, *([f"  ... and {more:,} more"] if more > 0 else [])]


def _notes(found: ChangeWhy) -> list[str]:
    gaps = " and ".join(percent(plan.summary.gap, 2) for plan in found.comparison.plans)
    notes = [MARKS]
    if found.open_moves or any(plan.summary.gap > 1e-6 for plan in found.comparison.plans):
        notes.append(f"The gaps are {gaps}: within them plans of nearly the same cost differ without any other reason.")
    if not found.priced:
        notes.append("A plan keeps no prices of its rows: nothing is said of lines, offers and lanes that became full.")
    if found.left_out[0]:
        notes.append(f"{found.left_out[0]:,} smaller moves ({short(found.left_out[1])} in all) are left out; --all.")
    return [line for note in notes for line in wrap(note, WIDTH)]
