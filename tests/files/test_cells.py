"""Every kind of bad cell is found, named and explained."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from boxbuild.files.cells import read_column
from boxbuild.network.catalogue import table


def read(place: str, *texts: str | None, form: str = "csv"):
    name, column = place.split(".")
    return read_column(table(name).column(column), pl.Series(texts, dtype=pl.String), form)


NUMBER, MONEY, WHOLE = "items.weight_kg", "sources.price", "sources.lead_days"
DATE, FLAG, CHOICE, SHARE = "demand.due", "items.semiconductor", "items.kind", "operations.yield"

BAD = [
    (NUMBER, "1,25", "bad-number", "is not a decimal number", "did you mean 1.25?"),
    (MONEY, "1,25", "bad-money", "is not a decimal number", "did you mean 1.25?"),
    (MONEY, "1,234", "bad-money", "is not a decimal number", "write 1234, or 1.234 if the comma is a decimal one"),
    (MONEY, "1,234,567.50", "bad-money", "is not a decimal number", "did you mean 1234567.5?"),
    (MONEY, "12,34,567", "bad-money", "is not a decimal number", "did you mean 1234567?"),
    (MONEY, "1.234,5", "bad-money", "is not a decimal number", "did you mean 1234.5?"),
    (MONEY, "1 234.5", "bad-money", "is not a decimal number", "did you mean 1234.5?"),
    (MONEY, "1'234.5", "bad-money", "is not a decimal number", "did you mean 1234.5?"),
    (MONEY, "$ 5", "bad-money", "is not a decimal number", "did you mean 5? The currency stands in its own column"),
    (MONEY, "5 USD", "bad-money", "is not a decimal number", "did you mean 5? The currency stands in its own column"),
    (
        MONEY,
        "₹1,200.00",
        "bad-money",
        "is not a decimal number",
        "did you mean 1200? The currency stands in its own column",
    ),
    (MONEY, "5 ", "bad-money", "is not a decimal number", "did you mean 5? There is a space around it"),
    (MONEY, "1.5E+06", "bad-money", "is not a decimal number", "did you mean 1500000?"),
    (MONEY, "0.1234567891", "bad-money", "has more than 9 decimals", ""),
    (MONEY, "1" * 30, "bad-money", "has more than 29 digits before the point", ""),
    (MONEY, "tbd", "bad-money", "is not a decimal number", ""),
    (NUMBER, "n/a", "bad-number", "is not a decimal number", "leave the cell blank where there is no value"),
    (NUMBER, "inf", "bad-number", "is not a finite number", ""),
    (NUMBER, "NaN", "bad-number", "is not a finite number", "leave the cell blank where there is no value"),
    (NUMBER, "1e999", "bad-number", "is not a decimal number", ""),
    (NUMBER, "-0.5", "minimum", "is less than 0", ""),
    (NUMBER, "1001", "maximum", "is more than 1000", ""),
    (MONEY, "-0.01", "minimum", "is less than 0", ""),
    (WHOLE, "1.5", "bad-whole", "is not a whole number", ""),
    (WHOLE, "731", "maximum", "is more than 730", ""),
    (WHOLE, "-1", "minimum", "is less than 0", ""),
    (SHARE, "98%", "bad-number", "is not a decimal number", "did you mean 0.98?"),
    (SHARE, "98", "maximum", "is more than 1", "a fraction: did you mean 0.98?"),
    (DATE, "31/05/2023", "bad-date", "is not a date", "did you mean 2023-05-31?"),
    (DATE, "5/31/2023", "bad-date", "is not a date", "did you mean 2023-05-31?"),
    (DATE, "05/06/2023", "bad-date", "is not a date", "write 2023-06-05 or 2023-05-06: year, month, day"),
    (DATE, "31.05.23", "bad-date", "is not a date", "did you mean 2023-05-31?"),
    (DATE, "2023/5/31", "bad-date", "is not a date", "did you mean 2023-05-31?"),
    (DATE, "2023-5-31", "bad-date", "is not a date", "did you mean 2023-05-31?"),
    (DATE, "20230531", "bad-date", "is not a date", "did you mean 2023-05-31?"),
    (DATE, "31 May 2023", "bad-date", "is not a date", "did you mean 2023-05-31?"),
    (DATE, "31-May-23", "bad-date", "is not a date", "did you mean 2023-05-31?"),
    (DATE, "May 31st, 2023", "bad-date", "is not a date", "did you mean 2023-05-31?"),
    (DATE, "45077", "bad-date", "is not a date", "did you mean 2023-05-31? It looks like a day number of Excel"),
    (DATE, "2023-02-30", "bad-date", "is not a date", "there is no such day"),
    (DATE, "2023-05-31 12:30", "bad-date", "is not a date", "did you mean 2023-05-31? A date has no time of day"),
    (DATE, "soon", "bad-date", "is not a date", "write year-month-day, for example 2023-06-05"),
    (FLAG, "true", "bad-yes-no", "is not yes or no", "did you mean yes?"),
    (FLAG, "1", "bad-yes-no", "is not yes or no", "did you mean yes?"),
    (FLAG, "No", "bad-yes-no", "is not yes or no", "did you mean no?"),
    (FLAG, "perhaps", "bad-yes-no", "is not yes or no", "write yes or no"),
    (CHOICE, "Finished", "bad-choice", "is not a kind that is known", "did you mean finished?"),
    (CHOICE, "finishd", "bad-choice", "is not a kind that is known", "did you mean finished?"),
    (CHOICE, "zzz", "bad-choice", "is not a kind that is known", "one of finished, assembly, component"),
]


@pytest.mark.parametrize(("place", "text", "code", "reason", "hint"), BAD, ids=[f"{b[0]}-{b[1][:12]}" for b in BAD])
def test_a_bad_cell_is_named_explained_and_null(place, text, code, reason, hint):
    """A bad cell has exactly one fault with its value and becomes null; its good neighbours keep their values."""
    good = {DATE: "2023-05-31", FLAG: "yes", CHOICE: "finished"}.get(place, "1")
    values, faults = read(place, good, text, good)
    assert [(f.row, f.code, f.value, f.reason, f.hint, f.severity) for f in faults] == [
        (1, code, text, reason, hint, "error")
    ]
    assert values.is_null().to_list() == [False, True, False]


@pytest.mark.parametrize(
    ("place", "text", "value"),
    [
        (NUMBER, "1e2", 100.0),
        (NUMBER, ".5", 0.5),
        (WHOLE, "7", 7),
        (WHOLE, "7.0", 7),
        (MONEY, "17.90", Decimal("17.9")),
        (MONEY, "12345678901234567890.123456789", Decimal("12345678901234567890.123456789")),
        (DATE, "2024-02-29", date(2024, 2, 29)),
        (FLAG, "no", False),
        (CHOICE, "assembly", "assembly"),
    ],
)
def test_a_good_cell_is_read_exactly(place, text, value):
    values, faults = read(place, text)
    assert faults == []
    assert values.to_list() == [value]


def test_a_required_blank_is_named_and_an_optional_one_is_not():
    assert [(f.row, f.code) for f in read(MONEY, "1", None)[1]] == [(1, "blank")]
    assert read(NUMBER, None)[1] == []


def test_a_space_around_a_text_is_a_warning_and_is_kept():
    values, faults = read("items.item", "phone ", "phone")
    assert [(f.row, f.code, f.severity) for f in faults] == [(0, "space", "warning")]
    assert values.to_list() == ["phone ", "phone"]


def test_workbooks_may_hold_true_dates_and_truth_values_where_csv_may_not():
    assert read(DATE, "2023-05-31 00:00:00", form="xlsx")[0].to_list() == [date(2023, 5, 31)]
    assert read(FLAG, "true", "FALSE", form="xlsx")[0].to_list() == [True, False]
    assert read(DATE, "2023-05-31 00:00:00")[1][0].code == "bad-date"


def test_float_noise_of_a_workbook_is_no_error_and_rounding_is_told():
    """A formula that gives 0.30000000000000004 means 0.3; one that gives a third is rounded and says so."""
    values, faults = read(MONEY, "0.30000000000000004", "33.333333333333336", form="xlsx")
    assert values.to_list() == [Decimal("0.3"), Decimal("33.333333333")]
    assert [(f.row, f.code, f.severity) for f in faults] == [(1, "rounded", "warning")]
