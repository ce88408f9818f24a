"""Apply changes to a network: tables in, tables out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import polars as pl

from boxbuild.errors import ChangeError
from boxbuild.network import catalogue
from boxbuild.network.catalogue import Column
from boxbuild.network.changes.cells import CellError, amount, cell, check_limits, decimal, shifted
from boxbuild.network.changes.change import Change
from boxbuild.network.changes.cut import DURING, cut
from boxbuild.network.changes.matching import matching
from boxbuild.network.changes.problems import problems
from boxbuild.network.network import Network

if TYPE_CHECKING:
    from boxbuild.network.scenario import Scenario


def apply(network: Network, scenario: Scenario) -> Network:
    """Return the network as it is in a scenario.

    The changes are applied in order, each to what the one before left. The result keeps to the catalogue's types and
    limits, but may be wrong in other ways: check it.

    Raises
    ------
    ChangeError
        A change has no meaning, or no row that it speaks of exists.
    """
    return apply_changes(network, scenario.changes)


def apply_changes(network: Network, changes: Iterable[Change]) -> Network:
    """Return a network after some changes, in order; see `apply`."""
    for number, change in enumerate(changes, start=1):
        try:
            network = _applied(network, change)
        except ChangeError as error:
            raise ChangeError(f"change {number} ({change.table}): {error.message}", error.hint) from None
    return network


def _applied(network: Network, change: Change) -> Network:
    found = problems(change)
    if found:
        first = found[0]
        shown = ": ".join(filter(None, (first.column, first.value, first.reason)))
        raise ChangeError(shown, first.hint)
    if change.table == "settings":
        return _set_settings(network, change)
    if change.add:
        return network.with_table(change.table, _with_new_rows(network, change))
    raw = network.tables[change.table]
    rows = cut(raw, matching(network, change.table, change.where), change)
    if change.remove:
        return network.with_table(change.table, rows.filter(~pl.col(DURING)).drop(DURING))
    return network.with_table(change.table, _edited(rows, change).drop(DURING))


def _set_settings(network: Network, change: Change) -> Network:
    shape = catalogue.table("settings")
    values = {}
    for name, value in change.set.items():
        exact = shape.column(name).type == "number"
        values[name] = decimal(value) if exact else cell(shape.column(name), value)
    settings = replace(network.settings, **values)  # type: ignore[arg-type]
    return replace(network, settings=settings)


def _with_new_rows(network: Network, change: Change) -> pl.DataFrame:
    shape = catalogue.table(change.table)
    known: dict[str, object] = {"from": change.from_, "until": change.until, "source": change.source or None}
    default = {name: value for name, value in known.items() if value is not None and name in shape.names}
    rows = [
        {
            column.name: cell(column, row[column.name]) if column.name in row else default.get(column.name)
            for column in shape.columns
        }
        for row in change.add
    ]
    new = pl.DataFrame(rows, schema=shape.schema, orient="row")
    old = network.tables[change.table]
    again = new.join(old, on=list(shape.key), how="semi", nulls_equal=True)
    if not again.is_empty():
        named = ", ".join(f"{name} {again[name][0]}" for name in shape.key if again[name][0] is not None)
        raise ChangeError(f"the table has a row with {named} already", "set it, or give the new row another key")
    return pl.concat([old, new])


def _edited(rows: pl.DataFrame, change: Change) -> pl.DataFrame:
    shape = catalogue.table(change.table)
    edits: dict[str, Callable[[object], object]] = {}
    for name, value in change.set.items():
        edits[name] = _constant(cell(shape.column(name), value))
    for name, value in change.scale.items():
        edits[name] = _scaled(shape.column(name), decimal(value))
    for name, value in change.plus.items():
        edits[name] = _moved(shape.column(name), decimal(value))
    if change.source and "source" not in edits:
        edits["source"] = _constant(change.source)
    for name, edit in edits.items():
        rows = _with_edit(rows, shape.column(name), edit)
    for name in (*change.scale, *change.plus):
        if rows.filter(pl.col(DURING))[name].is_null().all():
            raise ChangeError(f"column {name} is blank in every row that is meant", "set it to a value")
    return rows


def _with_edit(rows: pl.DataFrame, column: Column, edit: Callable[[object], object]) -> pl.DataFrame:
    old = rows.filter(pl.col(DURING))[column.name].to_list()
    try:
        new = [edit(value) for value in old]
        for value in new:
            check_limits(column, value)
    except CellError as error:
        raise ChangeError(f"column {column.name} {error}", error.hint) from None
    positions = rows.with_row_index("position").filter(pl.col(DURING))["position"]
    values = rows[column.name].to_list()
    for position, value in zip(positions, new, strict=True):
        values[position] = value
    return rows.with_columns(pl.Series(column.name, values, dtype=column.dtype))


def _constant(value: object) -> Callable[[object], object]:
    return lambda _: value


def _scaled(column: Column, factor: Decimal) -> Callable[[object], object]:
    def scaled(value: object) -> object:
        old = cell(column, column.default) if value is None and column.default else value
        if isinstance(old, float):
            return old * float(factor)
        if old is None:
            return None
        exact = decimal(old) * factor
        return amount(column, exact.to_integral_value(ROUND_HALF_UP) if column.type == "whole" else exact)

    return scaled


def _moved(column: Column, by: Decimal) -> Callable[[object], object]:
    def moved(value: object) -> object:
        old = cell(column, column.default) if value is None and column.default else value
        if old is None:
            return None
        if isinstance(old, date):
            return shifted(old, by)
        return amount(column, decimal(old) + by)

    return moved
