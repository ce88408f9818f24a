"""Low-level codes: how deep an item stands in all the bills of materials together."""

from __future__ import annotations

import polars as pl

from boxbuild.bom.cycles import require_no_cycle
from boxbuild.network.graph import levels


def low_level_codes(rows: pl.DataFrame, items: pl.Series | None = None) -> pl.DataFrame:
    """Return the low-level code of each item: 0 for what is in nothing, always above those of its components.

    Parameters
    ----------
    rows
        BOM rows: ``parent`` and ``component``.
    items
        Items to return as well if no row names them, with level 0.

    Returns
    -------
    DataFrame
        ``item`` and ``level``, sorted by level and item.

    Raises
    ------
    DataError
        An item contains itself.
    """
    found = levels(rows)
    if (found["level"] < 0).any():
        require_no_cycle(rows)
    if items is not None:
        alone = items.drop_nulls().unique().alias("item")
        alone = alone.filter(~alone.is_in(found["item"].implode()))
        found = pl.concat([found, pl.DataFrame({"item": alone, "level": 0}, schema=found.schema)])
    return found.sort("level", "item")
