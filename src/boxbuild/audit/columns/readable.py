"""Readable: whether every row of a table has a meaning, for the whole table at once."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from boxbuild.audit.columns.flows import Tables
from boxbuild.audit.columns.pairs import Ints
from boxbuild.audit.columns.rows import coded, heads

_LANE: Final = ("origin", "destination", "mode", "lane_item")
_OF_LANE: Final = ("origin", "destination", "mode", "item")
_OPERATION: Final = ("site", "item", "option")

Named = tuple[tuple[str, ...], str, tuple[str, ...]]
"""Columns of a plan's table that name a row, the table of the network, and its columns."""

_ITEM: Final[Named] = (("item",), "items", ("item",))
_SITE: Final[Named] = (("site",), "sites", ("site",))
_DEMAND: Final[Named] = (("demand",), "demand", ("demand",))

NAMES: Final[dict[str, tuple[Named, ...]]] = {
    "builds": ((_OPERATION, "operations", _OPERATION),),
    "buys": ((("offer",), "sources", ("offer",)), (("destination",), "sites", ("site",))),
    "shipments": ((_LANE, "lanes", _OF_LANE), _ITEM),
    "stock": (_ITEM, _SITE),
    "deliveries": (_DEMAND,),
    "shortages": (_DEMAND,),
    "reasons": (_DEMAND,),
    "capacity": ((("resource",), "resources", ("resource",)),),
    "value_added": (_ITEM, _SITE),
    "ledger": (),
    "orders": (),
}
"""The tables that are read by columns, with what names their rows."""

ORDERS: Final[dict[str, Named]] = {
    "build": (("site", "item", "reference"), "operations", _OPERATION),
    "buy": (("reference",), "sources", ("offer",)),
    "ship": (("site", "destination", "reference", "lane_item"), "lanes", _OF_LANE),
    "deliver": (("reference",), "demand", ("demand",)),
}
"""What an order of each kind refers to."""


def readable(
    table: str, frame: pl.DataFrame, tables: Tables, key: tuple[str, ...], accounts: frozenset[str], *, signed: bool
) -> bool:
    """Return whether all rows of a table can be read; ``False`` where some may not.

    Parameters
    ----------
    table, frame
        Name and rows of one of the tables of a plan.
    key
        What names a row; in the ledger several rows may have one name.
    accounts
        The accounts of the ledger.
    signed
        Whether its numbers may be negative.
    """
    if table not in NAMES or not frame.select(_sound(frame, signed=signed)).to_series().all():
        return False
    if "bucket" in frame.columns and not _dated(frame, tables):
        return False
    if table == "ledger":
        return set(frame["account"].unique()) <= accounts
    if table == "orders" and not _refer(frame, tables):
        return False
    return all(_known(frame, named, tables) for named in NAMES[table]) and not _twice(frame.select(key), tables)


def _sound(frame: pl.DataFrame, *, signed: bool) -> pl.Expr:
    """Numbers are finite, amounts and days are there."""
    fine = [pl.lit(value=True)]
    for name, dtype in frame.schema.items():
        if dtype == pl.Float64:
            fine.append(pl.col(name).is_finite().fill_null(value=False).all())
            if not signed:
                fine.append((pl.col(name) >= 0).all())
        elif name in ("amount", "present") or (name in ("start", "end") and "bucket" not in frame.columns):
            fine.append(pl.col(name).is_not_null().all())
    return pl.all_horizontal(fine)


def _dated(frame: pl.DataFrame, tables: Tables) -> bool:
    bucket = frame["bucket"]
    if bucket.has_nulls() or not bucket.is_between(0, tables.buckets - 1).all():
        return False
    if "start" not in frame.columns:
        return True
    first = pl.Series([tables.days.date(edge) for edge in tables.days.edges[:-1]], dtype=pl.Date)
    return bool((frame["start"].eq_missing(first.gather(bucket))).all())


def _known(frame: pl.DataFrame, named: Named, tables: Tables) -> bool:
    columns, table, of = named
    known = tables.network[table].select(of).unique(maintain_order=True)
    return bool((coded(frame.select(columns), known) >= 0).all())


def _refer(frame: pl.DataFrame, tables: Tables) -> bool:
    kinds = frame["kind"]
    if kinds.has_nulls() or not set(kinds.unique()) <= set(ORDERS):
        return False
    return all(_known(frame.filter(kinds == kind), named, tables) for kind, named in ORDERS.items())


def _twice(keys: pl.DataFrame, tables: Tables) -> bool:
    """Return whether a name is there twice; runs of a name are looked at once, and their buckets in order."""
    if "bucket" not in keys.columns or keys.is_empty():
        return bool(keys.is_duplicated().any())
    names, bucket = keys.drop("bucket"), keys["bucket"].to_numpy()
    run, first = heads(names)
    if not names[first].is_duplicated().any():
        place: Ints = run * tables.buckets + bucket
        if (np.diff(place) > 0).all():
            return False
    return bool(keys.is_duplicated().any())
