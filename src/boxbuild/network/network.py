"""The network: every table of the catalogue, typed and immutable, with the settings of the plan."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING

import polars as pl

from boxbuild.network import catalogue

if TYPE_CHECKING:
    from boxbuild.network.calendar import Calendar
    from boxbuild.network.settings import Settings


@dataclass(frozen=True)
class Network:
    """What is true: validated tables.

    Parameters
    ----------
    settings
        What holds for the whole plan.
    tables
        One frame per table of the catalogue, with its columns and types; a blank is a null. Tables that are
        missing are empty.
    name
        Short name, for titles and folders.
    law_files
        The project's own files of law, name to text: parameters that add to the book or replace it.

    Notes
    -----
    ``network.tables[name]`` is the table as it was written; ``network[name]`` is the same with the catalogue's
    defaults in place of blanks.
    """

    settings: Settings
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    name: str = "network"
    law_files: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Bring every table to the catalogue's columns and types."""
        unknown = sorted(set(self.tables) - set(catalogue.TABLES))
        if unknown:
            raise KeyError(f"no such table: {', '.join(unknown)}")
        full = {name: _conform(catalogue.table(name), self.tables.get(name)) for name in catalogue.TABLES}
        object.__setattr__(self, "tables", MappingProxyType(full))
        object.__setattr__(self, "law_files", MappingProxyType(dict(sorted(self.law_files.items()))))

    def __getitem__(self, table: str) -> pl.DataFrame:
        """Return a table with defaults in place of blanks."""
        return self._filled[table]

    @cached_property
    def _filled(self) -> Mapping[str, pl.DataFrame]:
        return {name: _fill(catalogue.table(name), self.tables[name]) for name in catalogue.TABLES}

    @property
    def calendar(self) -> Calendar:
        """The horizon, cut into buckets."""
        return self.settings.calendar

    def with_table(self, name: str, frame: pl.DataFrame) -> Network:
        """Return a network in which one table is another."""
        return replace(self, tables={**self.tables, name: frame})

    @cached_property
    def digest(self) -> str:
        """SHA-256 of settings, tables and law, in hexadecimal: the same network has the same digest."""
        settings = [
            f"{name}={value.normalize() if isinstance(value, Decimal) else value}"
            for name, value in vars(self.settings).items()
            if name != "calendar"
        ]
        total = hashlib.sha256("\n".join(settings).encode())
        for name in catalogue.TABLES:
            if name in catalogue.LATER and self.tables[name].is_empty():
                continue
            buffer = io.BytesIO()
            self.tables[name].write_csv(buffer)
            total.update(name.encode())
            total.update(buffer.getvalue())
        for file, text in self.law_files.items():
            total.update(f"{file}\n{text}".encode())
        return total.hexdigest()

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as settings, plain tables, name and law, so that studies can plan in several processes."""
        return (Network, (self.settings, dict(self.tables), self.name, dict(self.law_files)))

    def __repr__(self) -> str:
        """Return the name, the horizon and the number of rows of each table."""
        rows = ", ".join(f"{frame.height} {name}" for name, frame in self.tables.items() if frame.height)
        return f"Network({self.name!r}, {self.settings.start} {self.settings.buckets}: {rows})"

    def _repr_html_(self) -> str:
        title = escape(self.settings.title or self.name)
        span = f"{self.settings.start}, {escape(self.settings.buckets)}, {escape(self.settings.home_currency)}"
        rows = "".join(
            f"<tr><td>{name}</td><td>{frame.height:,}</td></tr>" for name, frame in self.tables.items() if frame.height
        )
        head = "<thead><tr><th>table</th><th>rows</th></tr></thead>"
        return f"<p><b>{title}</b> ({span})</p><table>{head}<tbody>{rows}</tbody></table>"


def _conform(table: catalogue.Table, frame: pl.DataFrame | None) -> pl.DataFrame:
    if frame is None:
        return table.empty()
    unknown = [name for name in frame.columns if name not in table.names]
    if unknown:
        raise KeyError(f"table {table.name} has no column {', '.join(unknown)}")
    return frame.select(
        (pl.col(column.name) if column.name in frame.columns else pl.lit(None)).cast(column.dtype).alias(column.name)
        for column in table.columns
    )


def _fill(table: catalogue.Table, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.col(column.name).fill_null(pl.lit(_value(column)).cast(column.dtype))
        for column in table.columns
        if column.default
    )


def _value(column: catalogue.Column) -> object:
    text = column.default
    if column.type == "yes_no":
        return text == "yes"
    if column.type in ("number", "whole"):
        return float(text)
    if column.type == "money":
        return Decimal(text)
    if column.type == "date":
        return date.fromisoformat(text)
    return text
