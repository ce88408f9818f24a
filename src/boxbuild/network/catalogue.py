"""The catalogue: the schema of every table, as data. One CSV per table stands in ``catalogue/``.

Row checks, defaults, templates, changes and the reference page all come from here.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final, Literal, cast

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["text", "choice", "currency", "yes_no", "date", "number", "whole", "money"]

MONEY_DECIMALS: Final = 9
MONEY: Final = pl.Decimal(38, MONEY_DECIMALS)

DTYPES: Final[Mapping[Kind, pl.DataType]] = {
    "text": pl.String(),
    "choice": pl.String(),
    "currency": pl.String(),
    "yes_no": pl.Boolean(),
    "date": pl.Date(),
    "number": pl.Float64(),
    "whole": pl.Int64(),
    "money": MONEY,
}

TABLES: Final = (
    "partners",
    "sites",
    "items",
    "boms",
    "operations",
    "resources",
    "uses",
    "sources",
    "lanes",
    "demand",
    "stock",
    "receipts",
    "contracts",
    "tiers",
    "flex",
    "forecasts",
    "options",
    "targets",
    "locks",
    "rates",
    "duties",
    "schemes",
    "applications",
    "law",
)
"""Names of the tables, in the order in which they are shown."""

LATER: Final = frozenset({"locks"})
"""Tables that are younger than stored plans: an empty one has no part in a network's digest."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, as the catalogue describes it."""

    name: str
    type: Kind
    unit: str
    required: bool
    key: bool
    default: str
    references: tuple[str, str] | None
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    meaning: str
    example: str

    @property
    def dtype(self) -> pl.DataType:
        """The polars type of the column."""
        return DTYPES[self.type]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name and its columns, in order."""

    name: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pl.Schema:
        """The polars schema of the table."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that together name a row."""
        return tuple(column.name for column in self.columns if column.key)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column of that name; ``KeyError`` where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def empty(self) -> pl.DataFrame:
        """Return the table without rows."""
        return pl.DataFrame(schema=self.schema)


@cache
def table(name: str) -> Table:
    """Return one table of the catalogue (or ``settings``); ``KeyError`` where there is none."""
    if name not in TABLES and name != "settings":
        raise KeyError(name)
    rows = [*_rows(name), *([] if name == "settings" else _rows("_every"))]
    return Table(name, tuple(_column(row) for row in rows))


def tables() -> tuple[Table, ...]:
    """Return every table of the catalogue, in order."""
    return tuple(table(name) for name in TABLES)


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("boxbuild.network").joinpath("catalogue", f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _column(row: dict[str, str]) -> Column:
    references = tuple(row["references"].split(".")) if row["references"] else None
    return Column(
        name=row["column"],
        type=cast("Kind", row["type"]),
        unit=row["unit"],
        required=row["required"] == "yes",
        key=row["key"] == "yes",
        default=row["default"],
        references=cast("tuple[str, str] | None", references),
        choices=tuple(filter(None, row["choices"].split("|"))),
        minimum=float(row["minimum"]) if row["minimum"] else None,
        maximum=float(row["maximum"]) if row["maximum"] else None,
        meaning=row["meaning"],
        example=row["example"],
    )
