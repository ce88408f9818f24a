"""Values as a person or a TOML file writes them, brought to the type of their column."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from boxbuild.network.catalogue import MONEY_DECIMALS, Column
from boxbuild.network.issues import did_you_mean

YES = {"yes": True, "true": True, "no": False, "false": False}


class CellError(ValueError):
    """A value that a column cannot take; carries a hint."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.hint = hint


def cell(column: Column, value: object) -> object:
    """Return a value in the type of its column, within its limits; ``None`` for a blank text.

    Raises
    ------
    CellError
        The column cannot take it.
    """
    typed = typed_cell(column, value)
    if typed is None and column.required:
        raise CellError("must not be blank")
    check_limits(column, typed)
    return typed


def typed_cell(column: Column, value: object) -> object:
    """Return a value in the type of its column, whatever its limits."""
    if value is None or value == "":
        return None
    if column.type == "date":
        return _date(value)
    if column.type == "yes_no":
        return _yes_no(value)
    if column.type in ("number", "whole", "money"):
        return amount(column, decimal(value))
    if not isinstance(value, str):
        raise CellError("is not a text", "put it between quotes")
    if column.choices and value not in column.choices:
        hint = did_you_mean(value, column.choices) or f"choices are {', '.join(column.choices)}"
        raise CellError("is not one of the choices", hint)
    return value


def check_limits(column: Column, value: object) -> None:
    """Raise ``CellError`` when a number is outside the column's limits."""
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        return
    if column.minimum is not None and value < column.minimum:
        raise CellError(f"is below {column.minimum:g}")
    if column.maximum is not None and value > column.maximum:
        raise CellError(f"is above {column.maximum:g}")


def amount(column: Column, value: Decimal) -> float | int | Decimal:
    """Return an exact amount as the number, whole number or money of a column."""
    if column.type == "money":
        return value.quantize(Decimal(1).scaleb(-MONEY_DECIMALS), ROUND_HALF_UP)
    if column.type == "whole":
        whole = value.to_integral_value(ROUND_HALF_UP)
        if whole != value:
            raise CellError("is not a whole number")
        return int(whole)
    return float(value)


def decimal(value: object) -> Decimal:
    """Return a number, or a text that is one, as a decimal: exactly what was written."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise CellError("is not a number")
    try:
        number = Decimal(str(value).replace("_", ""))
    except InvalidOperation:
        raise CellError("is not a number", "write 1234.5") from None
    if not math.isfinite(number):
        raise CellError("is not a finite number")
    return number


def shifted(when: date, days: Decimal) -> date:
    """Return a date some whole days later."""
    return when + timedelta(days=int(days))


def _date(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise CellError("is not a date", "write 2023-06-05") from None


def _yes_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in YES:
        return YES[value.lower()]
    raise CellError("is neither yes nor no")
