"""Cells: the text of a column becomes values of its type, all rows at once, and every bad cell is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

import polars as pl

from boxbuild.files.grid import Form
from boxbuild.files.hints import hint
from boxbuild.network.catalogue import MONEY, MONEY_DECIMALS, Column
from boxbuild.network.issues import Severity

_MONEY: Final = r"^[+-]?(?:\d{1,29}\.?\d{0,9}|\.\d{1,9})$"
_LONG: Final = r"^[+-]?\d{0,29}(?:\.\d{10,}|(?:\.\d+)?[eE]-\d+)$"
_WHOLE: Final = r"^[+-]?\d{1,18}(?:\.0*)?$"
_DATE: Final = r"^\d{4}-\d\d-\d\d$"
_MIDNIGHT: Final = " 00:00:00"
_NAMES: Final = {
    "number": "a decimal number",
    "whole": "a whole number",
    "money": "a decimal number",
    "date": "a date",
    "yes_no": "yes or no",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell of a column."""

    row: int
    code: str
    value: str
    reason: str
    hint: str = ""
    severity: Severity = "error"


def read_column(column: Column, cells: pl.Series, form: Form) -> tuple[pl.Series, list[Fault]]:
    """Return the values of a column and everything that is wrong with its cells.

    Parameters
    ----------
    column
        What the catalogue says about it.
    cells
        Texts as written (or values that have the column's type already); null where blank.
    form
        A cell of a workbook may be a true date or truth value where a CSV holds text.

    Returns
    -------
    tuple
        Values of the catalogue's type, null where blank or bad; faults by row.
    """
    if cells.dtype == column.dtype and column.dtype != pl.String:
        values, faults = cells, list(_not_finite(cells))
        if faults:
            values = values.replace([float("inf"), float("-inf"), float("nan")], None)
    else:
        texts = cells if cells.dtype == pl.String else cells.cast(pl.String)
        values, faults = _parse(column, texts, form)
        cells = texts
    if column.required and cells.null_count():
        faults += [Fault(row, "blank", "", "must not be blank") for row in cells.is_null().arg_true().to_list()]
    values, beyond = _bounded(column, values)
    return values.alias(column.name), [*faults, *beyond]


def failure(row: int, text: str) -> Fault:
    """Return the fault of a cell of a workbook that shows an error or a formula without a value."""
    if text.startswith("="):
        hint = "open the workbook in Excel and save it"
        return Fault(row, "formula", text, "is a formula whose value is not stored", hint)
    return Fault(row, "formula", text, "is an error of a formula", "mend the formula, or leave the cell blank")


def standing_in(column: Column, start: date) -> object:
    """Return a harmless value for a bad amount or day, so that what is checked next can go on; else ``None``."""
    if column.type == "date":
        return start
    if column.type in ("number", "whole", "money"):
        return min(max(1.0, column.minimum or 0.0), column.maximum or 1.0)
    return None


def blanked(values: pl.Series, rows: Sequence[int]) -> pl.Series:
    """Return values with null in some rows."""
    keep = pl.repeat(value=True, n=values.len(), eager=True).scatter(rows, False)
    return pl.select(pl.when(keep).then(values)).to_series()


def _parse(column: Column, texts: pl.Series, form: Form) -> tuple[pl.Series, list[Fault]]:
    if column.type in ("text", "currency"):
        return texts, list(_spaced(texts))
    rounded: list[Fault] = []
    if column.type == "money" and form == "xlsx":
        texts, rounded = _without_noise(texts)
    values = _values(column, texts, form)
    bad = values.is_null() & texts.is_not_null()
    if not bad.any():
        return values, rounded
    return values, [*rounded, *_refused(column, texts, bad)]


def _values(column: Column, texts: pl.Series, form: Form) -> pl.Series:
    if column.type == "number":
        numbers = texts.cast(pl.Float64, strict=False)
        return numbers.set(~numbers.is_finite(), None)
    if column.type == "whole":
        fits = texts.str.contains(_WHOLE)
        return _where(texts, fits).str.replace(r"\.0*$", "").cast(pl.Int64, strict=False)
    if column.type == "money":
        return _where(texts, texts.str.contains(_MONEY)).cast(MONEY, strict=False)
    if column.type == "date":
        if form != "csv":
            texts = texts.str.strip_suffix(_MIDNIGHT)
        return _where(texts, texts.str.contains(_DATE)).str.to_date("%Y-%m-%d", strict=False)
    if column.type == "yes_no":
        words = {"yes": True, "no": False}
        if form != "csv":
            words |= {"true": True, "false": False, "TRUE": True, "FALSE": False}
        return texts.replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.Boolean)
    return _where(texts, texts.is_in(list(column.choices)))


def _where(texts: pl.Series, good: pl.Series) -> pl.Series:
    return texts.set(~good, None)


def _without_noise(texts: pl.Series) -> tuple[pl.Series, list[Fault]]:
    """Bring money with over nine decimals to the fifteen digits of a workbook; tell where that rounds."""
    long = texts.str.contains(_LONG).fill_null(value=False)
    rows = long.arg_true().to_list()
    if not rows:
        return texts, []
    faults = []
    quantum = Decimal(1).scaleb(-MONEY_DECIMALS)
    meant: list[str] = []
    for row, text in zip(rows, texts.filter(long).to_list(), strict=True):
        shown = Decimal(f"{float(text):.15g}")
        value = shown.quantize(quantum, ROUND_HALF_EVEN)
        meant.append(f"{value:f}")
        if value != shown:
            reason = f"has more than {MONEY_DECIMALS} decimals and is read as {value:f}"
            faults.append(Fault(row, "rounded", text, reason, severity="warning"))
    return texts.scatter(rows, meant), faults


def _refused(column: Column, texts: pl.Series, bad: pl.Series) -> Iterator[Fault]:
    hints: dict[str, str] = {}
    for row, text in zip(bad.arg_true().to_list(), texts.filter(bad).to_list(), strict=True):
        if text not in hints:
            hints[text] = hint(column, text)
        yield Fault(row, f"bad-{column.type.replace('_', '-')}", text, _reason(column, text), hints[text])


def _reason(column: Column, text: str) -> str:
    if column.type == "choice":
        return f"is not a {column.name} that is known"
    if column.type in ("number", "money", "whole") and text.strip("+-").lower() in ("inf", "infinity", "nan"):
        return "is not a finite number"
    if column.type == "money":
        digits = text.strip().lstrip("+-").partition(".")
        if digits[0].isdecimal() and digits[2].isdecimal() and len(digits[2]) > MONEY_DECIMALS:
            return f"has more than {MONEY_DECIMALS} decimals"
        if digits[0].isdecimal() and len(digits[0]) > 29:
            return "has more than 29 digits before the point"
    return f"is not {_NAMES[column.type]}"


def _spaced(texts: pl.Series) -> Iterator[Fault]:
    spaced = (texts.str.strip_chars() != texts).fill_null(value=False)
    if not spaced.any():
        return
    for row, text in zip(spaced.arg_true().to_list(), texts.filter(spaced).to_list(), strict=True):
        yield Fault(row, "space", text, "has a space around it", "remove it if it is not meant", "warning")


def _not_finite(values: pl.Series) -> Iterator[Fault]:
    if values.dtype != pl.Float64:
        return
    bad = (~values.is_finite()).fill_null(value=False)
    for row, value in zip(bad.arg_true().to_list(), values.filter(bad).to_list(), strict=True):
        yield Fault(row, "bad-number", str(value), "is not a finite number")


def _bounded(column: Column, values: pl.Series) -> tuple[pl.Series, list[Fault]]:
    faults: list[Fault] = []
    for code, limit, beyond in (
        ("minimum", column.minimum, values < column.minimum if column.minimum is not None else None),
        ("maximum", column.maximum, values > column.maximum if column.maximum is not None else None),
    ):
        if beyond is None or limit is None or not beyond.any():
            continue
        word = "less" if code == "minimum" else "more"
        for row, value in zip(beyond.arg_true().to_list(), values.filter(beyond).to_list(), strict=True):
            faults.append(Fault(row, code, _short(value), f"is {word} than {limit:g}", _range_hint(column, value)))
    if faults:
        values = blanked(values, [fault.row for fault in faults])
    return values, faults


def _short(value: object) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def _range_hint(column: Column, value: object) -> str:
    if not column.unit.startswith("fraction") or not isinstance(value, float) or not 1 < value <= 100:
        return ""
    return f"a fraction: did you mean {_short(round(value / 100, 12))}?"
