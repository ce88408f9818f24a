"""Texts: the values of a table as text, exactly; reading the text back gives the same value."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from boxbuild.network.catalogue import Column, Table


def to_texts(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table as texts, with the columns that are required, part of the key, or not wholly blank."""
    return frame.select(
        to_text(column, frame.get_column(column.name))
        for column in table.columns
        if column.required or column.key or frame.get_column(column.name).is_not_null().any()
    )


def plain(value: Decimal) -> str:
    """Return a decimal without exponent and without zeros at its end: the same value, always the same text."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def to_text(column: Column, values: pl.Series) -> pl.Series:
    """Return the values of a column as text; null where blank."""
    if column.type == "money":
        return values.cast(pl.String).str.replace(r"0+$", "").str.strip_suffix(".")
    if column.type == "number":
        return values.cast(pl.String).str.strip_suffix(".0")
    if column.type == "date":
        return values.dt.strftime("%Y-%m-%d")
    if column.type == "yes_no":
        return values.replace_strict([True, False], ["yes", "no"], default=None, return_dtype=pl.String)
    return values.cast(pl.String)
