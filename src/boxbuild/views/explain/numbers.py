"""Numbers of a trace as a reader sees them: thousands apart, and only as many digits as help."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from boxbuild.law.trace import Trace

_MOST: Final = 5
"""Decimals of numbers from 1 on."""


def is_cost(step: Trace) -> bool:
    """Whether a step is a part of a landed cost."""
    return step.rule.startswith(("landed.", "account."))


def result(step: Trace) -> str:
    """Return the value of a step: to the paisa where it is a part of a cost, else with the digits that it has."""
    return f"{step.unit} {step.value:,.2f}".lstrip() if is_cost(step) else shown(step.value, step.unit)


def shown(value: Decimal, unit: str = "") -> str:
    """Return a number with its unit, to five decimals; numbers below 1 to four significant digits at least.

    A fraction is shown in percent.
    """
    if unit == "yes_no":
        return "yes" if value else "no"
    if unit == "fraction":
        return f"{_digits(value * 100)} %"
    text = _digits(value)
    if unit == "percent":
        return f"{text} %"
    return f"{unit} {text}" if _is_currency(unit) else f"{text} {unit}".rstrip()


def _digits(value: Decimal) -> str:
    if value == value.to_integral_value():
        return f"{value:,.0f}"
    places = min(max(3 - value.adjusted(), _MOST), 12)
    whole, _, part = f"{value:,.{places}f}".partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"


def _is_currency(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()
