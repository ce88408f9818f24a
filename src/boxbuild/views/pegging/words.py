"""How a peg is said."""

from __future__ import annotations

from boxbuild.plan.pegging import Peg
from boxbuild.views.text import number


def units(value: float) -> str:
    """Return a quantity: whole where it is, else to two decimals; never 0 for what is not."""
    if 0.0 < value < 0.005:
        return "<0.01"
    return number(value, 0 if abs(value - round(value)) < 5e-7 * max(1.0, abs(value)) else 2)


def amount(peg: Peg) -> str:
    """Return the quantity of a peg with what it counts."""
    return f"{units(peg.quantity)} {peg.unit_of}"


def said(peg: Peg) -> str:
    """Return what a peg is, in a few words: ``built at works on 2024-01-15``."""
    by = f" by {peg.reference}" if peg.reference else ""
    match peg.kind:
        case "demand":
            return f"demand {peg.key}, {peg.item} at {peg.site}, due {peg.end}"
        case "deliver":
            late = f", {days(peg.late_days)} late" if peg.late_days else ""
            return f"delivered to {peg.reference} at {peg.site} on {peg.end}{late}"
        case "ship":
            return f"{peg.item} shipped {peg.source} → {peg.site}{by}, {span(peg)}"
        case "build":
            return f"{peg.item} built at {peg.site}, {span(peg)}"
        case "buy":
            return f"{peg.item} bought from {peg.source} for {peg.site}, {span(peg)}"
        case "receipt":
            return f"{peg.item} on its way to {peg.site}, there {peg.end}"
        case "stock":
            origin = f" from {peg.reference}" if peg.reference else ""
            return f"{peg.item}{origin} in stock at {peg.site} at the start"
        case "left":
            return f"left as {peg.item} at {peg.site} at the end"
        case "short":
            return f"never delivered at {peg.site}"
        case "uncovered":
            return f"{peg.item} at {peg.site}, taken before it is there"
        case _:
            return f"{peg.kind} {peg.key}"


def named(peg: Peg) -> str:
    """Return a peg in words, after the name of its order; flows by bucket have no names but their words."""
    order = peg.kind in ("deliver", "ship", "build", "buy", "receipt") and "|" not in peg.key
    return f"{peg.key}  {said(peg)}" if order else said(peg)


def span(peg: Peg) -> str:
    """Return the days of an order: one where it takes no time, and the year once where it is one."""
    if peg.start is None or peg.end is None or peg.start == peg.end:
        return str(peg.end)
    same = peg.start.year == peg.end.year
    return f"{peg.start} to {peg.end:%m-%d}" if same else f"{peg.start} to {peg.end}"


def days(count: int | None) -> str:
    """Return a number of days in words."""
    return "1 day" if count == 1 else f"{number(count or 0)} days"
