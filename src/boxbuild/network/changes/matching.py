"""Which rows of a table a change speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce

import polars as pl

from boxbuild.errors import ChangeError
from boxbuild.network import catalogue
from boxbuild.network.catalogue import Column
from boxbuild.network.changes.cells import typed_cell
from boxbuild.network.closest import closest_hints
from boxbuild.network.network import Network


def matching(network: Network, table: str, where: Mapping[str, object]) -> pl.Series:
    """Return, for every row of a table, whether it has all the values that are asked for.

    Raises
    ------
    ChangeError
        No row has; the hint names the closest value.
    """
    masks = {name: _has(network, table, catalogue.table(table).column(name), wanted) for name, wanted in where.items()}
    every = pl.Series([True] * network.tables[table].height, dtype=pl.Boolean)
    found = reduce(lambda one, other: one & other, masks.values(), every)
    if not found.any():
        raise ChangeError(f"no row of {table} {_described(where)}", _closest(network, table, where, masks))
    return found


def _has(network: Network, table: str, column: Column, wanted: object) -> pl.Series:
    raw, filled = network.tables[table][column.name], network[table][column.name]
    if isinstance(wanted, Mapping) and column.references:
        target, name = column.references
        chosen = network.tables[target].filter(matching(network, target, wanted))[name]
        return raw.is_in(chosen.implode()).fill_null(value=False)
    values = wanted if isinstance(wanted, list | tuple) else [wanted]
    masks = [_equals(raw, filled, column, value).fill_null(value=False) for value in values]
    return reduce(lambda one, other: one | other, masks, pl.Series([False] * len(raw), dtype=pl.Boolean))


def _equals(raw: pl.Series, filled: pl.Series, column: Column, value: object) -> pl.Series:
    if value is None or value == "":
        return raw.is_null()
    if isinstance(value, str) and column.type in ("text", "choice", "currency"):
        if "*" in value or "?" in value:
            return filled.str.contains(_pattern(value))
        return filled == value
    return filled == pl.Series([typed_cell(column, value)], dtype=column.dtype)


def _pattern(glob: str) -> str:
    signs = {"*": ".*", "?": "."}
    return "(?s)^" + "".join(signs.get(sign, re.escape(sign)) for sign in glob) + "$"


def _described(where: Mapping[str, object]) -> str:
    return "has " + " and ".join(f"{name} = {wanted!r}" for name, wanted in where.items()) if where else "is there"


def _closest(network: Network, table: str, where: Mapping[str, object], masks: Mapping[str, pl.Series]) -> str:
    for name, wanted in where.items():
        if masks[name].any() or isinstance(wanted, Mapping):
            continue
        known = network[table][name].drop_nulls().unique(maintain_order=True).cast(pl.String)
        words = [str(value) for value in (wanted if isinstance(wanted, list | tuple) else [wanted])]
        hints = closest_hints(words, known)
        if hints:
            return next(iter(hints.values()))
        if len(known):
            return f"column {name} has {', '.join(known.head(5))}" + (" and others" if len(known) > 5 else "")
    return "there are rows with each of them, but none with all" if len(where) > 1 else ""
