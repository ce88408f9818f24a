"""Random networks: any value that a table can hold, however unlikely."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
from hypothesis import strategies as st

from boxbuild.files.texts import plain
from boxbuild.network import catalogue
from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

TRICKY = (
    "01",
    "1.0",
    "2023-05-31",
    "=1+1",
    "#N/A",
    "# unit",
    "TRUE",
    "yes",
    "a,b",
    'say "x"',
    "two\nlines",
    "é 中文 🙂",
    "1e5",
    "-",
    "'x",
    "@a",
    "_x0041_",
    "a\tb",
    " x",
    "nan",
    "31/05/2023",
    "a;b",
    "http://x.y",
    "\u00a0x",
)


def is_text(text: str) -> bool:
    """A text of blanks only is a blank; a workbook holds no control characters."""
    return bool(text.strip()) and all(sign >= " " or sign in "\n\t" for sign in text)


TEXTS = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=8).filter(is_text),
)


def values(column: catalogue.Column) -> st.SearchStrategy[object]:
    """Return every value that a column may hold."""
    low, high = column.minimum, column.maximum
    if column.type == "money":
        return st.decimals(low, high or 10**28, places=9) | st.decimals(low, high or 10**7, places=2)
    if column.type == "number":
        return st.floats(low, high, allow_nan=False, allow_infinity=False)
    if column.type == "whole":
        return st.integers(int(low) if low is not None else -(10**17), int(high) if high is not None else 10**17)
    if column.type == "date":
        return st.dates(date(1, 1, 1), date(9999, 12, 31)) | st.dates(date(2023, 1, 1), date(2025, 12, 31))
    if column.type == "yes_no":
        return st.booleans()
    return st.sampled_from(column.choices) if column.choices else TEXTS


def frames(table: catalogue.Table) -> st.SearchStrategy[pl.DataFrame]:
    """Return tables of up to four rows; what is required is filled in, the rest may be blank."""
    cells = {column.name: values(column) if column.required else st.none() | values(column) for column in table.columns}
    rows = st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=4)
    return rows.map(lambda found: pl.DataFrame(found, schema=table.schema))


def rates(low: str, high: str) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=6).map(lambda rate: Decimal(plain(rate)))


SETTINGS = st.builds(
    Settings,
    start=st.dates(date(1900, 3, 1), date(9000, 1, 1)),
    title=st.just("") | TEXTS,
    buckets=st.sampled_from(("13w", "14d+6w+10m", "1d")),
    home_currency=st.sampled_from(("INR", "EUR")),
    home_country=st.sampled_from(("IN", "DE")),
    holding_rate=rates("0", "10"),
    discount_rate=rates("0", "1"),
    late_rate=rates("0", "1"),
)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Return a network with up to three random tables."""
    chosen = draw(st.lists(st.sampled_from(catalogue.TABLES), max_size=3, unique=True))
    tables = {name: draw(frames(catalogue.table(name))) for name in chosen}
    return Network(draw(SETTINGS), tables, draw(TEXTS))
